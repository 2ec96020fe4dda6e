#include "edge-agent/workflows/returns.h"

#include "tests/edge-agent/support/device.h"

namespace cairn::agent::returns_test {
namespace {

using namespace test;
using domain::ReturnCondition;
using storage::ReturnDraft;
using What = ScanVerdict::What;

const ReturnId kReturn{storage::test::uuid(900)};

/// Two A1 of order-1 were shipped with label 1; one A1 of order-2 was picked up with the code
/// 471100; order-3 is not sold yet. A refund of up to 3.00 needs nobody else.
struct Desk : Device {
  Desk() {
    allocate(1, {{1, "A1", 2}});
    sold(1, 2, 1);
    allocate(2, {{1, "A1", 1}}, domain::FulfilmentMethod::kPickup);
    picked(2, 1, 1);
    mint(2, "471100");
    perform(2, domain::GiveToCustomer{});
    allocate(3, {{1, "A1", 1}});
  }

  std::optional<domain::Sale> find(const std::string& text) {
    UnitOfWork work(replica());
    return find_sale(work, text);
  }
  domain::Sale sale(const std::string& text) {
    auto found = find(text);
    REQUIRE(found);
    return *std::move(found);
  }
  static auto beginning(std::string text, const Operator& by = kBench1) {
    return [text, by](UnitOfWork& work) { return begin_return(work, by, text); };
  }
  void begin(const std::string& text, const Operator& by = kBench1) {
    REQUIRE(job(beginning(text, by)));
  }
  static auto scanning(const Barcode& barcode, const Operator& by = kBench1) {
    return [barcode, by](UnitOfWork& work) { return return_one(work, by, barcode); };
  }
  static auto conditioning(ReturnCondition condition, const Operator& by = kBench1) {
    return [condition, by](UnitOfWork& work) { return set_condition(work, by, condition); };
  }
  static auto keying(const ReturnDraft::Unit& unit, const Operator& by = kBench1) {
    return [unit, by](UnitOfWork& work) { return set_units(work, by, unit); };
  }
  static auto taking(TakeDraft take = {"too small", {}, 300}, ReturnId id = kReturn,
                     const Operator& by = kBench1) {
    return [take, id, by](UnitOfWork& work) { return take_draft(work, by, take, id); };
  }
  static auto looking(const Operator& by = kBench1) {
    return [by](UnitOfWork& work) { return current_return(work, by.station); };
  }
  ReturnView view(const Operator& by = kBench1) {
    const auto now = job(looking(by));
    REQUIRE(now);
    return *now;
  }
  /// The hub was asked, and told this device of a sale of another site: three A2 at 1.99.
  void hear_of_sale(const std::string& asked, const std::string& reference = "order-70") {
    domain::Sale sale{group_id(70), order_id(70), reference, {}};
    sale.lines = {
        {{LineNo(1), sku("A2"), "Article A2", Quantity::pieces(3), pounds(199)}, {gtin(2)}}};
    REQUIRE(job([&](UnitOfWork& work) -> Result<bool> {
      storage::save_found_sale(work.connection(), sale, asked, clock.now);
      return true;
    }));
  }
};

ReturnDraft::Unit unit(std::int64_t milli, ReturnCondition condition = ReturnCondition::kRestock,
                       std::uint32_t line = 1) {
  return {LineNo(line), condition, milli};
}

// ---- what was sold ----

TEST_CASE("return: a sale is found by its label, its receipt or its pickup code",
          "[agent][returns]") {
  Desk desk;
  for (const std::string& text : {Device::sscc(1), "00" + Device::sscc(1),
                                  domain::tracking_number(1), std::string("order-1")}) {
    CAPTURE(text);
    const auto sale = desk.find(text);
    REQUIRE(sale);
    CHECK(sale->group == group_id(1));
    CHECK(sale->sold_milli() == pieces(2));
  }
  CHECK(desk.sale("471100").group == group_id(2));
  for (const std::string& text : {Device::sscc(9), std::string("order-3"), std::string("471101"),
                                  std::string(), std::string("order-%")}) {
    CAPTURE(text);
    CHECK_FALSE(desk.find(text));
  }
}

TEST_CASE("return: of several sales of an order the one is found that can still come back",
          "[agent][returns]") {
  Desk desk;
  auto second = storage::test::allocated(group_id(5), order_id(1), {{1, "A1", 1}});
  second.order_reference = "order-1";
  desk.decide(5, second);
  desk.hear();
  desk.sold(5, 1, 5);
  CHECK(desk.sale("order-1").group == group_id(1));
  desk.begin("order-1");
  REQUIRE(desk.job(Desk::keying(unit(pieces(2)))));
  REQUIRE(desk.job(Desk::taking({"", kLead, 0})));
  CHECK(desk.sale("order-1").group == group_id(5));
  // The label names its own group, whatever is left of it.
  CHECK(desk.sale(Device::sscc(1)).group == group_id(1));
}

TEST_CASE("return: what another site sold is found once the hub was asked", "[agent][returns]") {
  Desk desk;
  CHECK_FALSE(desk.find("CN70"));
  desk.hear_of_sale("CN70");
  CHECK(desk.sale("CN70").group == group_id(70));
  CHECK(desk.sale("order-70").group == group_id(70));
  desk.begin("CN70");
  const auto verdict = desk.job(Desk::scanning(label_of(2)));
  REQUIRE(verdict);
  CHECK(verdict->open_milli == pieces(2));
  REQUIRE(desk.job(Desk::taking()));
  const auto taken = storage::find_return(desk.connection(), kReturn);
  REQUIRE(taken);
  CHECK(taken->group == group_id(70));
  CHECK(taken->site == site("store"));
  CHECK(taken->refund == pounds(199));
  // Nothing of it was here before: nobody knows its bin.
  CHECK(desk.on_hand("A2", "MAIN") == pieces(1));
  desk.begin("order-70");
  CHECK(desk.view().lines.at(0).returned_milli == pieces(1));
}

TEST_CASE(
    "return: of what this site fills the hub's word about a sale that was undone is not taken",
    "[agent][returns]") {
  Desk desk;
  desk.allocate(70, {{1, "A2", 3}}, domain::FulfilmentMethod::kPickup);
  desk.hear_of_sale("CN70");
  CHECK_FALSE(desk.find("CN70"));
  CHECK_FALSE(desk.find("order-70"));
  desk.refused(ErrorCode::kNotFound, "unknown_sale", Desk::beginning("CN70"));
}

TEST_CASE("return: what another site took back cannot come back here", "[agent][returns]") {
  Desk desk;
  desk.tell();
  const EventRef at_the_depot{node(6), Incarnation(1), 1};
  desk.decide(1, domain::UnitsReturned{LineNo(1), pieces(1), at_the_depot});
  desk.hear();
  CHECK(desk.sale("order-1").sold_milli() == pieces(1));
  desk.begin("order-1");
  CHECK(desk.view().lines.at(0).left_milli == pieces(1));
  desk.refused(ErrorCode::kRejected, "already_returned", Desk::keying(unit(pieces(2))));
  REQUIRE(desk.job(Desk::scanning(label_of(1))));
  desk.refused(ErrorCode::kRejected, "already_returned", Desk::scanning(label_of(1)));
  REQUIRE(desk.job(Desk::taking()));
  CHECK(desk.done(Desk::beginning("order-1")).open_milli == 0);
}

// ---- the draft ----

TEST_CASE("return: it begins with what was sold", "[agent][returns]") {
  Desk desk;
  const auto verdict = desk.job(Desk::beginning("order-1"));
  REQUIRE(verdict);
  CHECK(verdict->kind == ScanVerdict::Kind::kOk);
  CHECK(verdict->what == What::kReturnFind);
  CHECK(verdict->group == group_id(1));
  CHECK(verdict->order_reference == "order-1");
  CHECK(verdict->line == LineNo());
  CHECK(verdict->open_milli == pieces(2));
  CHECK(verdict->event == EventRef{});
  const ReturnView view = desk.view();
  CHECK(view.group == group_id(1));
  CHECK(view.order == order_id(1));
  CHECK(view.order_reference == "order-1");
  CHECK(view.condition == ReturnCondition::kRestock);
  REQUIRE(view.lines.size() == 1);
  CHECK(view.lines[0].sale.sold.sold.milli == pieces(2));
  CHECK(view.lines[0].returned_milli == 0);
  CHECK(view.lines[0].left_milli == pieces(2));
  CHECK(view.units.empty());
  CHECK(view.refund == pounds(0));
}

TEST_CASE("return: what nobody sold begins none, and spoils none that was begun",
          "[agent][returns]") {
  Desk desk;
  desk.refused(ErrorCode::kNotFound, "unknown_sale", Desk::beginning("4711"));
  desk.begin("order-1");
  desk.refused(ErrorCode::kNotFound, "unknown_sale", Desk::beginning("4711"));
  desk.refused(ErrorCode::kNotFound, "unknown_sale", Desk::beginning("order-3"));
}

TEST_CASE("return: another code begins another one; what was not taken counts for nothing",
          "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  REQUIRE(desk.job(Desk::scanning(label_of(1))));
  const std::uint64_t written = desk.written();
  desk.begin("471100");
  CHECK(desk.view().group == group_id(2));
  CHECK(desk.view().units.empty());
  desk.begin("order-1");
  CHECK(desk.view().lines.at(0).left_milli == pieces(2));
  CHECK(desk.written() == written);
}

TEST_CASE("return: each station has its own", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1", kBench1);
  desk.begin("471100", kBench2);
  REQUIRE(desk.job(Desk::scanning(label_of(1), kBench1)));
  CHECK(desk.view(kBench1).units.size() == 1);
  CHECK(desk.view(kBench2).units.empty());
  REQUIRE(desk.job([](UnitOfWork& work) -> Result<bool> {
    drop_return(work, kBench1);
    return true;
  }));
  desk.refused(ErrorCode::kNotFound, "no_return", Desk::looking(kBench1));
  CHECK(desk.view(kBench2).group == group_id(2));
}

TEST_CASE("return: before one is begun there is nothing to do", "[agent][returns]") {
  Desk desk;
  desk.refused(ErrorCode::kNotFound, "no_return", Desk::looking());
  desk.refused(ErrorCode::kNotFound, "no_return", Desk::scanning(label_of(1)));
  desk.refused(ErrorCode::kNotFound, "no_return", Desk::conditioning(ReturnCondition::kDamaged));
  desk.refused(ErrorCode::kNotFound, "no_return", Desk::keying(unit(pieces(1))));
  desk.refused(ErrorCode::kNotFound, "no_return", Desk::taking());
}

// ---- units ----

TEST_CASE("return: a scan is one unit, in the condition that is set", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  const auto good = desk.job(Desk::scanning(label_of(1)));
  REQUIRE(good);
  CHECK(good->what == What::kReturnUnit);
  CHECK(good->group == group_id(1));
  CHECK(good->line == LineNo(1));
  CHECK(good->sku == sku("A1"));
  CHECK(good->name == "Article A1");
  CHECK(good->taken_milli == pieces(1));
  CHECK(good->line_open_milli == pieces(1));
  CHECK(good->open_milli == pieces(1));
  CHECK(good->event == EventRef{});
  CHECK(good->note == "RESTOCK");
  REQUIRE(desk.job(Desk::conditioning(ReturnCondition::kDamaged)));
  const auto broken = desk.job(Desk::scanning({"", "A1"}));
  REQUIRE(broken);
  CHECK(broken->note == "DAMAGED");
  CHECK(broken->open_milli == 0);
  const ReturnView view = desk.view();
  CHECK(view.condition == ReturnCondition::kDamaged);
  REQUIRE(view.units.size() == 2);
  CHECK(view.refund == pounds(398));
  CHECK(view.lines.at(0).left_milli == 0);
  desk.refused(ErrorCode::kRejected, "already_returned", Desk::scanning(label_of(1)));
}

TEST_CASE("return: a scan that is not of the sale is refused with its reason", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  desk.refused(ErrorCode::kRejected, "unknown_item", Desk::scanning(label_of(99)));
  desk.refused(ErrorCode::kRejected, "unknown_item", Desk::scanning({"", ""}));
  const std::string wrong =
      desk.refused(ErrorCode::kRejected, "wrong_item", Desk::scanning(label_of(2)));
  CHECK_THAT(wrong, Catch::Contains("Article A2") && Catch::Contains("order-1"));
}

TEST_CASE("return: units are keyed for a condition, and taken off again", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  REQUIRE(desk.job(Desk::keying(unit(pieces(2)))));
  CHECK(desk.view().refund == pounds(398));
  REQUIRE(desk.job(Desk::keying(unit(pieces(1)))));
  REQUIRE(desk.job(Desk::keying(unit(pieces(1), ReturnCondition::kQcHold))));
  CHECK(desk.view().units.size() == 2);
  REQUIRE(desk.job(Desk::keying(unit(0))));
  REQUIRE(desk.view().units.size() == 1);
  CHECK(desk.view().units[0].condition == ReturnCondition::kQcHold);
  CHECK(desk.view().refund == pounds(199));
}

TEST_CASE("return: keyed units that cannot be are refused with their reason", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  REQUIRE(desk.job(Desk::keying(unit(pieces(1), ReturnCondition::kDamaged))));
  desk.refused(ErrorCode::kNotFound, "no_such_line",
               Desk::keying(unit(pieces(1), ReturnCondition::kRestock, 9)));
  desk.refused(ErrorCode::kRejected, "already_returned", Desk::keying(unit(pieces(2))));
  for (const std::int64_t milli : {-pieces(1), std::int64_t{500}}) {
    CAPTURE(milli);
    desk.refused(ErrorCode::kInvalid, "bad_return", Desk::keying(unit(milli)));
  }
}

// ---- taking it ----

TEST_CASE("return: once it is taken it is a fact, and the station has none", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  REQUIRE(desk.job(Desk::scanning(label_of(1))));
  const auto taken = desk.job(Desk::taking());
  REQUIRE(taken);
  CHECK(*taken == kReturn);
  const auto row = storage::find_return(desk.connection(), kReturn);
  REQUIRE(row);
  CHECK(row->refund == pounds(199));
  CHECK(row->actor == kBench1.user);
  CHECK(row->approved_by == UserId{});
  CHECK(row->reason == "too small");
  CHECK(desk.group(1).find(LineNo(1))->in.returned_milli == pieces(1));
  CHECK(desk.on_hand("A1", "B-1") == pieces(8));  // ten, less three sold, and one back
  desk.refused(ErrorCode::kNotFound, "no_return", Desk::looking());
  // What came back before is known to the next one.
  desk.begin("order-1");
  const ReturnView view = desk.view();
  CHECK(view.lines.at(0).returned_milli == pieces(1));
  CHECK(view.lines.at(0).left_milli == pieces(1));
}

TEST_CASE("return: units lie where their condition says", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  REQUIRE(desk.job(Desk::keying(unit(pieces(1), ReturnCondition::kDamaged))));
  REQUIRE(desk.job(Desk::keying(unit(pieces(1), ReturnCondition::kQcHold))));
  REQUIRE(desk.job(Desk::taking({"", kLead, 0})));
  CHECK(desk.on_hand("A1", domain::hold_damaged().text()) == pieces(1));
  CHECK(desk.on_hand("A1", domain::hold_qc().text()) == pieces(1));
  CHECK(desk.on_hand("A1", "B-1") == pieces(7));
}

TEST_CASE("return: above the limit a second person has to let it pass", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  REQUIRE(desk.job(Desk::keying(unit(pieces(2)))));
  desk.refused(ErrorCode::kRejected, "needs_approval", Desk::taking({"", {}, 397}));
  desk.refused(ErrorCode::kRejected, "approver_is_operator", Desk::taking({"", kBench1.user, 397}));
  SECTION("exactly the limit is not above it") { CHECK(desk.job(Desk::taking({"", {}, 398}))); }
  SECTION("somebody else lets it pass") {
    REQUIRE(desk.job(Desk::taking({"", kLead, 0})));
    CHECK(storage::find_return(desk.connection(), kReturn)->approved_by == kLead);
  }
}

TEST_CASE("return: a draft that cannot be taken stays", "[agent][returns]") {
  Desk desk;
  desk.begin("order-1");
  desk.refused(ErrorCode::kInvalid, "bad_return", Desk::taking());
  REQUIRE(desk.job(Desk::scanning(label_of(1))));
  desk.refused(ErrorCode::kInvalid, "bad_return", Desk::taking({std::string(201, 'x'), {}, 300}));
  desk.refused(ErrorCode::kInvalid, "bad_return", Desk::taking({"\xff", {}, 300}));
  CHECK(desk.view().units.size() == 1);
}

TEST_CASE("return: what another station took meanwhile cannot come back twice",
          "[agent][returns]") {
  Desk desk;
  for (const Operator& by : {kBench1, kBench2}) {
    desk.begin("order-1", by);
    REQUIRE(desk.job(Desk::keying(unit(pieces(2)), by)));
  }
  REQUIRE(desk.job(Desk::taking({"", kLead, 0}, kReturn, kBench2)));
  CHECK(desk.view().lines.at(0).left_milli == 0);
  desk.refused(ErrorCode::kRejected, "already_returned", Desk::taking({"", kLead, 0}));
  desk.refused(ErrorCode::kRejected, "already_returned", Desk::scanning(label_of(1)));
  REQUIRE(desk.job(Desk::keying(unit(0))));
  desk.refused(ErrorCode::kRejected, "already_returned", Desk::keying(unit(pieces(1))));
  const auto verdict = desk.job(Desk::beginning("order-1"));
  REQUIRE(verdict);
  CHECK(verdict->open_milli == 0);
}

}  // namespace
}  // namespace cairn::agent::returns_test
