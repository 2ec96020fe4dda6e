#include "edge-agent/workflows/put_back.h"

#include "tests/edge-agent/support/device.h"

namespace cairn::agent::put_back_test {
namespace {

using namespace test;

/// Of group 1 both A1, picked from B-1, are not wanted any more; of group 2 one A1.
struct Site : Device {
  Site() {
    allocate(1, {{1, "A1", 2}, {2, "A2", 1}});
    allocate(2, {{1, "A1", 1}});
    picked(1, 1, 2);
    picked(2, 1, 1, kBench2);
    cancel(1, 1, 2);
    cancel(2, 1, 1);
  }
  static auto scanning(const Barcode& barcode) {
    return [barcode](UnitOfWork& work) { return put_back_one(work, kBench1, barcode); };
  }
  static auto putting(PutBackUnits units) {
    return [units](UnitOfWork& work) { return put_back(work, units, kBench1); };
  }
  domain::PutBack planned(std::uint64_t number = 1) { return group(number).put_backs.at(0); }
  PutBackUnits of_group_1(std::int64_t milli) {
    return {group_id(1), planned().cause, LineNo(1), milli, std::nullopt};
  }
};

TEST_CASE("put back: a scan puts one unit of the oldest back into its bin", "[agent][put-back]") {
  Site site;
  CHECK(site.on_hand("A1", "B-1") == pieces(7));
  const auto verdict = site.job(Site::scanning(label_of(1)));
  REQUIRE(verdict);
  CHECK(verdict->kind == ScanVerdict::Kind::kOk);
  CHECK(verdict->what == ScanVerdict::What::kPutBack);
  CHECK(verdict->group == group_id(1));
  CHECK(verdict->order_reference == "order-1");
  CHECK(verdict->line == LineNo(1));
  CHECK(verdict->sku == sku("A1"));
  CHECK(verdict->name == "Article A1");
  CHECK(verdict->taken_milli == pieces(1));
  CHECK(verdict->line_open_milli == pieces(1));
  CHECK(verdict->open_milli == pieces(2));  // of the whole site
  CHECK(verdict->note == "B-1");
  CHECK(wire::decode_record(site.replica().log().read(verdict->event)->record)->type ==
        domain::PutBackDone::kTypeId);
  CHECK(site.on_hand("A1", "B-1") == pieces(8));
  CHECK(site.in_tote("A1", 1) == pieces(1));
}

TEST_CASE("put back: one order after the other, until nothing is left", "[agent][put-back]") {
  Site site;
  std::vector<ShipGroupId> groups;
  for (int i = 0; i < 3; ++i) {
    const auto verdict = site.job(Site::scanning({"", "A1"}));
    REQUIRE(verdict);
    groups.push_back(verdict->group);
  }
  CHECK(groups == std::vector<ShipGroupId>{group_id(1), group_id(1), group_id(2)});
  CHECK(site.on_hand("A1", "B-1") == pieces(10));
  site.refused(ErrorCode::kRejected, "nothing_to_put_back", Site::scanning(label_of(1)));
  CHECK(storage::put_backs(site.connection(), std::nullopt).empty());
}

TEST_CASE("put back: a scan that is not of anything to put back changes nothing",
          "[agent][put-back]") {
  Site site;
  site.refused(ErrorCode::kRejected, "unknown_item", Site::scanning(label_of(99)));
  site.refused(ErrorCode::kRejected, "unknown_item", Site::scanning({"", ""}));
  const std::string none =
      site.refused(ErrorCode::kRejected, "nothing_to_put_back", Site::scanning(label_of(2)));
  CHECK_THAT(none, Catch::Contains("Article A2"));
}

TEST_CASE("put back: units are keyed, into their bin or another one", "[agent][put-back]") {
  Site site;
  PutBackUnits units = site.of_group_1(pieces(1));
  units.to = bin("C-9");
  const auto elsewhere = site.job(Site::putting(units));
  REQUIRE(elsewhere);
  CHECK(elsewhere->note == "C-9");
  CHECK(site.on_hand("A1", "C-9") == pieces(1));
  const auto rest = site.job(Site::putting(site.of_group_1(pieces(1))));
  REQUIRE(rest);
  CHECK(rest->note == "B-1");
  CHECK(rest->line_open_milli == 0);
  CHECK(rest->open_milli == pieces(1));
  CHECK(site.planned().left_milli() == 0);
}

TEST_CASE("put back: keyed units that cannot be are refused with their reason",
          "[agent][put-back]") {
  Site site;
  site.refused(ErrorCode::kRejected, "over_put_back", Site::putting(site.of_group_1(pieces(3))));
  for (const std::int64_t milli : {std::int64_t{0}, -pieces(1), std::int64_t{500}}) {
    CAPTURE(milli);
    site.refused(ErrorCode::kInvalid, "bad_quantity", Site::putting(site.of_group_1(milli)));
  }
  PutBackUnits units = site.of_group_1(pieces(1));
  units.to = LocationCode();
  site.refused(ErrorCode::kInvalid, "bad_location", Site::putting(units));
  units = site.of_group_1(pieces(1));
  units.line = LineNo(2);
  site.refused(ErrorCode::kRejected, "nothing_to_put_back", Site::putting(units));
  units = site.of_group_1(pieces(1));
  units.cause = {node(9), Incarnation(1), 1};
  site.refused(ErrorCode::kRejected, "nothing_to_put_back", Site::putting(units));
  units.group = group_id(9);
  site.refused(ErrorCode::kNotFound, "no_such_group", Site::putting(units));
}

}  // namespace
}  // namespace cairn::agent::put_back_test
