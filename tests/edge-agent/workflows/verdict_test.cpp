#include "edge-agent/workflows/verdict.h"

#include "tests/edge-agent/support/device.h"

namespace cairn::agent::verdict_test {
namespace {

using namespace test;
using Kind = ScanVerdict::Kind;
using What = ScanVerdict::What;

const ReadContext kRead{"bench-1", "scanner-1", "9520000000011", Duration(1234)};

/// One unit of line 1 of order-1, one more to go of it, three of the whole task.
ScanVerdict one(What what, const std::string& note = "") {
  ScanVerdict verdict;
  verdict.what = what;
  verdict.group = group_id(1);
  verdict.order_reference = "order-1";
  verdict.line = LineNo(1);
  verdict.sku = sku("A1");
  verdict.name = "Article A1";
  verdict.taken_milli = pieces(1);
  verdict.line_open_milli = pieces(1);
  verdict.open_milli = pieces(3);
  verdict.event = {node(1), Incarnation(1), 7};
  verdict.note = note;
  return verdict;
}

std::string text(const Result<ScanVerdict>& verdict, const ReadContext& read = kRead) {
  return verdict_json(verdict, read).dump();
}

TEST_CASE("verdict: what was saved is said with all that a screen shows", "[agent][verdict]") {
  const std::string said = text(one(What::kPick));
  CHECK(said ==
        R"({"station":"bench-1","device":"scanner-1","verdict":"ok","reason":null,)"
        R"("message":"Article A1: 1 to go on this line","code":"9520000000011","what":"pick",)"
        R"("group":")" +
            group_id(1).value().text() +
            R"(","order_reference":"order-1","line":1,"sku":"A1","name":"Article A1",)"
            R"("taken_milli":1000,"line_open_milli":1000,"open_milli":3000,"event":")" +
            one(What::kPick).event.text() + R"(","scan_to_commit_us":1234,"scan":null})");
}

TEST_CASE("verdict: a read is told with its type, also when it is refused", "[agent][verdict]") {
  ReadContext read = kRead;
  read.scan = TypedScan{{"E0", read.code}, "", read.device, UtcTime{0}};
  for (const Result<ScanVerdict>& verdict :
       {Result<ScanVerdict>(one(What::kPick)),
        Result<ScanVerdict>(fail(ErrorCode::kRejected, "unknown_item", "no such article"))}) {
    CHECK_THAT(
        text(verdict, read),
        Catch::Contains(R"("scan":{"symbology":"EAN-13","aim":"]E0","text":"9520000000011")"));
  }
}

TEST_CASE("verdict: one sentence for each thing that can have happened", "[agent][verdict]") {
  const auto said = [](const ScanVerdict& verdict) {
    const std::string all = text(verdict);
    const auto begin = all.find("\"message\":\"") + 11;
    return all.substr(begin, all.find('"', begin) - begin);
  };
  ScanVerdict last = one(What::kPick);
  last.line_open_milli = last.open_milli = 0;
  CHECK(said(last) == "Article A1: order order-1 is complete");
  ScanVerdict pending = one(What::kPick);
  pending.kind = Kind::kPending;
  CHECK(said(pending) == "Article A1: key how many, up to 1");
  CHECK(said(one(What::kPutBack, "B-1")) == "Article A1: into B-1, 1 to go");
  CHECK(said(one(What::kReturnFind)) == "order order-1: 3 units can come back");
  CHECK(said(one(What::kReturnUnit, "DAMAGED")) == "Article A1: DAMAGED, 1 more can come back");
  ScanVerdict undone = one(What::kUndo, "B-1");
  CHECK(said(undone) == "Article A1: undone, put it back into B-1; 1 to go on this line");
  undone.event = {};
  CHECK(said(undone) == "Article A1: off the return, 1 more can come back");
}

TEST_CASE("verdict: what is not saved has no event", "[agent][verdict]") {
  ScanVerdict pending = one(What::kPick);
  pending.kind = Kind::kPending;
  CHECK_THAT(text(pending),
             Catch::Contains(R"("verdict":"pending")") && Catch::Contains(R"("event":null)"));
  ScanVerdict draft = one(What::kReturnUnit);
  draft.event = {};
  CHECK_THAT(text(draft),
             Catch::Contains(R"("verdict":"ok")") && Catch::Contains(R"("event":null)"));
}

TEST_CASE("verdict: what is about no line names none", "[agent][verdict]") {
  ScanVerdict found = one(What::kReturnFind);
  found.line = LineNo();
  CHECK_THAT(text(found), Catch::Contains(R"("line":null,"sku":null,"name":null)"));
}

TEST_CASE("verdict: a refusal is \"nok\" with its reason, and the same fields",
          "[agent][verdict]") {
  const Result<ScanVerdict> refused =
      fail(ErrorCode::kRejected, "wrong_item", "Article A3 is not on order 1; put it back");
  const std::string said = text(refused, {"bench-1", "", "", Duration(5)});
  CHECK_THAT(said, Catch::Contains(R"("device":null,"verdict":"nok","reason":"wrong_item",)") &&
                       Catch::Contains(R"("message":"Article A3 is not on order 1; put it back")"));
  const std::string good = text(one(What::kPick));
  for (const std::string name :
       {"station", "device", "verdict", "reason", "message", "code", "what", "group",
        "order_reference", "line", "sku", "name", "taken_milli", "line_open_milli", "open_milli",
        "event", "scan_to_commit_us"}) {
    CAPTURE(name);
    CHECK_THAT(said, Catch::Contains("\"" + name + "\":"));
    CHECK_THAT(good, Catch::Contains("\"" + name + "\":"));
  }
}

}  // namespace
}  // namespace cairn::agent::verdict_test
