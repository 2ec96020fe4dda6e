#include "core/storage/unit_of_work.h"

#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

namespace cairn::storage::unit_of_work_test {
namespace {

using domain::ShipGroupEvent;
using test::bin;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;

const std::string kFeed = "site:store";

/// A device that knows group 1: two of A1, one of A2.
struct Device : test::Store {
  explicit Device(domain::FulfilmentMethod method = domain::FulfilmentMethod::kShip)
      : Store(test::site_identity(node(1), site("store"))) {
    Store hub(test::hub_identity(node(77)));
    auto group = test::allocated(group_id(1), order_id(1), {{1, "A1", 2}, {2, "A2", 1}});
    group.method = method;
    hub.append(ShipGroupEvent(group), domain::ship_group_key(group_id(1)), site("store"));
    REQUIRE(take_feed(hub.frame_of(kFeed)));
  }
  Result<std::vector<EventRef>> perform(const domain::ShipGroupCommand& command,
                                        std::uint64_t group = 1) {
    return job([&command, group](UnitOfWork& work) {
      return work.perform(group_id(group), command, test::user(4));
    });
  }
  wire::Record read(const EventRef& ref) {
    const auto logged = replica().log().read(ref);
    REQUIRE(logged);
    const auto record = wire::decode_record(logged->record);
    REQUIRE(record);
    return *record;
  }
  void pick_all() {
    REQUIRE(perform(domain::ClaimTask{"bench-1"}));
    REQUIRE(perform(domain::ConfirmPick{"bench-1", LineNo(1), pieces(2), bin("B-1")}));
    REQUIRE(perform(domain::ConfirmPick{"bench-1", LineNo(2), pieces(1), bin("B-2")}));
  }
  void pack_all() {
    const auto package = perform(
        domain::ClosePackage{{{LineNo(1), pieces(2)}, {LineNo(2), pieces(1)}}, 1'000'000, {}});
    REQUIRE(package);
    REQUIRE(perform(
        domain::AssignLabel{package->front(), test::sscc_of(1), domain::tracking_number(1)}));
    REQUIRE(perform(domain::CheckLabel{package->front(), true}));
  }
};

TEST_CASE("unit of work: a command writes its event for the group's site and the person",
          "[storage][unit_of_work]") {
  Device device;
  const auto done = device.perform(domain::ClaimTask{"bench-1"});
  REQUIRE(done);
  REQUIRE(done->size() == 1);
  const wire::Record record = device.read(done->front());
  CHECK(record.type == domain::TaskClaimed::kTypeId);
  CHECK(record.actor == test::user(4));
  CHECK(record.site == site("store"));
  CHECK(record.key == domain::ship_group_key(group_id(1)).bytes());
  CHECK(device.replica().ship_group(group_id(1)).claim->actor == test::user(4));
}

TEST_CASE("unit of work: a command that has nothing to do writes nothing",
          "[storage][unit_of_work]") {
  Device device;
  REQUIRE(device.perform(domain::ClaimTask{"bench-1"}));
  const auto again = device.perform(domain::ClaimTask{"bench-1"});
  REQUIRE(again);
  CHECK(again->empty());
  CHECK(device.replica().log().author(node(1), Incarnation(1)).head == 1);
}

/// The record behind an event: what it means for the stock.
wire::Record next_of(Device& device, const EventRef& ref, std::uint64_t by = 1) {
  return device.read({ref.node, ref.inc, ref.seq + by});
}

std::string cells(Device& device) {
  return device.rows(
      "SELECT sku, location, on_hand_milli FROM stock_cell WHERE on_hand_milli <> 0 ORDER BY 1, 2",
      3);
}

const std::string kTote = domain::tote_of(group_id(1)).text();

TEST_CASE("unit of work: a pick brings its stock movement, which names its cause",
          "[storage][unit_of_work]") {
  Device device;
  REQUIRE(device.perform(domain::ClaimTask{"bench-1"}));
  const auto done =
      device.perform(domain::ConfirmPick{"bench-1", LineNo(1), pieces(2), bin("B-1")});
  REQUIRE(done);
  REQUIRE(done->size() == 1);
  CHECK(device.read(done->at(0)).type == domain::LinePicked::kTypeId);
  const wire::Record movement = next_of(device, done->at(0));
  CHECK(movement.type == domain::StockMoved::kTypeId);
  CHECK(movement.key.empty());
  CHECK(movement.own_causes == std::vector<std::uint32_t>{1});
  CHECK(movement.actor == test::user(4));
  CHECK(movement.site == site("store"));
  CHECK(cells(device) == "A1|B-1|-2000\nA1|" + kTote + "|2000\n");
  CHECK(device.changes.ship_groups == std::set<ShipGroupId>{group_id(1)});
  CHECK(device.changes.stock);
}

TEST_CASE("unit of work: each movement of a shipment points back at the shipment",
          "[storage][unit_of_work]") {
  Device device;
  device.pick_all();
  device.pack_all();
  const auto done = device.perform(domain::ShipGroupOut{});
  REQUIRE(done);
  REQUIRE(done->size() == 1);
  CHECK(device.read(done->at(0)).type == domain::ShipGroupShipped::kTypeId);
  for (const std::uint32_t i : {1U, 2U}) {
    const wire::Record movement = next_of(device, done->at(0), i);
    CHECK(movement.type == domain::StockMoved::kTypeId);
    CHECK(movement.own_causes == std::vector<std::uint32_t>{i});
  }
  // What was picked has left: the tote is empty.
  CHECK(cells(device) == "A1|B-1|-2000\nA2|B-2|-1000\n");
  CHECK(device.replica().ship_group(group_id(1)).status() == domain::ShipGroupStatus::kShipped);
}

TEST_CASE("unit of work: a short brings its count or its movement", "[storage][unit_of_work]") {
  Device device;
  REQUIRE(device.perform(domain::ClaimTask{"bench-1"}));
  device.append(domain::StockEvent(test::counted("A1", "B-1", pieces(7))), {}, site("store"));
  const auto damaged = device.perform(domain::ReportShort{
      "bench-1", LineNo(1), pieces(1), domain::ShortReason::kDamaged, bin("B-1")});
  REQUIRE(damaged);
  CHECK(next_of(device, damaged->at(0)).type == domain::StockMoved::kTypeId);
  CHECK(cells(device) == "A1|B-1|6000\nA1|HOLD-DAMAGED|1000\n");
  const auto empty = device.perform(domain::ReportShort{
      "bench-1", LineNo(1), pieces(1), domain::ShortReason::kNotInStock, bin("B-1")});
  REQUIRE(empty);
  CHECK(next_of(device, empty->at(0)).type == domain::StockCounted::kTypeId);
  CHECK(cells(device) == "A1|HOLD-DAMAGED|1000\n");
}

TEST_CASE("unit of work: what a put-back and an undone hand-over mean for the stock",
          "[storage][unit_of_work]") {
  Device device(domain::FulfilmentMethod::kPickup);
  device.pick_all();
  const EventRef surplus =
      device.append(ShipGroupEvent(domain::LinePicked{LineNo(1), pieces(1), bin("B-9")}),
                    domain::ship_group_key(group_id(1)), site("store"));
  device.append(domain::StockEvent(test::moved("A1", "B-9", kTote, pieces(1))), {}, site("store"));
  REQUIRE(device.perform(domain::ConfirmPutBack{surplus, LineNo(1), pieces(1), bin("B-9")}));
  CHECK(cells(device) ==
        "A1|B-1|-2000\nA1|" + kTote + "|2000\nA2|B-2|-1000\nA2|" + kTote + "|1000\n");
  REQUIRE(device.perform(domain::GiveToCustomer{domain::Approval{test::user(8), "known"}}));
  CHECK(cells(device) == "A1|B-1|-2000\nA2|B-2|-1000\n");
  REQUIRE(device.perform(domain::UndoHandOver{}));
  CHECK(cells(device) ==
        "A1|B-1|-2000\nA1|" + kTote + "|2000\nA2|B-2|-1000\nA2|" + kTote + "|1000\n");
}

TEST_CASE("unit of work: the business key of a command is on its event, not on its stock",
          "[storage][unit_of_work]") {
  Device device;
  REQUIRE(device.perform(domain::ClaimTask{"bench-1"}));
  const auto done = device.job([](UnitOfWork& work) {
    return work.perform(group_id(1),
                        domain::ConfirmPick{"bench-1", LineNo(1), pieces(1), bin("B-1")},
                        test::user(4), "pick 17");
  });
  REQUIRE(done);
  CHECK(device.read(done->at(0)).biz_key == "pick 17");
  CHECK(next_of(device, done->at(0)).biz_key.empty());
  CHECK(device.replica().has_effect("pick 17"));
}

TEST_CASE("unit of work: a refused command writes nothing", "[storage][unit_of_work]") {
  Device device;
  REQUIRE(device.perform(domain::ClaimTask{"bench-1"}));
  const std::string rows = test::dump_projections(device.connection());
  struct Row {
    domain::ShipGroupCommand command;
    std::uint64_t group;
    ErrorCode code;
    std::string reason;
  };
  const std::vector<Row> refused{
      {domain::ClaimTask{"bench-1"}, 9, ErrorCode::kNotFound, "no_such_group"},
      {domain::ClaimTask{"bench-2"}, 1, ErrorCode::kConflict, "claimed_by_other"},
      {domain::ConfirmPick{"bench-2", LineNo(1), 1000, bin("B-1")}, 1, ErrorCode::kRejected,
       "not_claimed_here"},
      {domain::ConfirmPick{"bench-1", LineNo(1), pieces(3), bin("B-1")}, 1, ErrorCode::kRejected,
       "over_pick"},
      {domain::ConfirmPick{"bench-1", LineNo(9), 1000, bin("B-1")}, 1, ErrorCode::kNotFound,
       "no_such_line"},
      {domain::ShipGroupOut{}, 1, ErrorCode::kRejected, "not_picked"},
  };
  for (const Row& row : refused) {
    CAPTURE(row.reason);
    const auto done = device.perform(row.command, row.group);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == row.code);
    CHECK(done.error().reason == row.reason);
  }
  CHECK(device.replica().log().author(node(1), Incarnation(1)).head == 1);
  CHECK(test::dump_projections(device.connection()) == rows);
}

TEST_CASE("unit of work: now() is the hub's time as far as it is known",
          "[storage][unit_of_work]") {
  Device device;
  device.replica().clock().set_offset(std::chrono::seconds(90));
  UnitOfWork work(device.replica());
  CHECK(work.now() == UtcTime{device.clock.now.us + 90'000'000});
}

}  // namespace
}  // namespace cairn::storage::unit_of_work_test
