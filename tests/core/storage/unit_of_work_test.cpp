#include "core/storage/unit_of_work.h"

#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

namespace cairn::storage {
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
  Device() : Store(test::site_identity(node(1), site("store"))) {
    Store hub(test::hub_identity(node(77)));
    hub.append(
        ShipGroupEvent(test::allocated(group_id(1), order_id(1), {{1, "A1", 2}, {2, "A2", 1}})),
        domain::ship_group_key(group_id(1)), site("store"));
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

TEST_CASE("unit of work: a pick brings its stock movement, which names its cause",
          "[storage][unit_of_work]") {
  Device device;
  REQUIRE(device.perform(domain::ClaimTask{"bench-1"}));
  const auto done =
      device.perform(domain::ConfirmPick{"bench-1", LineNo(1), pieces(2), bin("B-1")});
  REQUIRE(done);
  REQUIRE(done->size() == 2);
  CHECK(device.read(done->at(0)).type == domain::LinePicked::kTypeId);
  const wire::Record movement = device.read(done->at(1));
  CHECK(movement.type == domain::StockMoved::kTypeId);
  CHECK(movement.key.empty());
  CHECK(movement.own_causes == std::vector<std::uint32_t>{1});
  CHECK(device.rows("SELECT location, on_hand_milli FROM stock_cell ORDER BY 1", 2) ==
        "B-1|-2000\n" + domain::tote_of(group_id(1)).text() + "|2000\n");
  CHECK(device.changes.ship_groups == std::set<ShipGroupId>{group_id(1)});
  CHECK(device.changes.stock);
}

TEST_CASE("unit of work: each movement of a shipment points back at the shipment",
          "[storage][unit_of_work]") {
  Device device;
  device.pick_all();
  const auto done = device.perform(domain::ShipGroupOut{});
  REQUIRE(done);
  REQUIRE(done->size() == 3);
  CHECK(device.read(done->at(0)).type == domain::ShipGroupShipped::kTypeId);
  for (std::size_t i = 1; i < done->size(); ++i) {
    const wire::Record movement = device.read(done->at(i));
    CHECK(movement.type == domain::StockMoved::kTypeId);
    REQUIRE(movement.own_causes.size() == 1);
    CHECK(done->at(i).seq - movement.own_causes[0] == done->at(0).seq);
  }
  // What was picked has left: the tote is empty.
  CHECK(device.rows("SELECT sku, sum(on_hand_milli) FROM stock_cell GROUP BY sku ORDER BY sku",
                    2) == "A1|-2000\nA2|-1000\n");
  CHECK(device.replica().ship_group(group_id(1)).status() == domain::ShipGroupStatus::kShipped);
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
}  // namespace cairn::storage
