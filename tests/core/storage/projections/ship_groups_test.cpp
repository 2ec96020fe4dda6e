#include "core/storage/projections/ship_groups.h"

#include "core/storage/migrate.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/domain/support/any_story.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

namespace cairn::storage::ship_groups_test {
namespace {

using domain::ShipGroupEvent;
using test::at_ms;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;
namespace facts = domain::test;

using Hub = test::GroupHub;

TEST_CASE("ship groups: a row shows the view, through all of its life", "[storage][ship_groups]") {
  Hub hub;
  CHECK_FALSE(ship_group_row(hub.connection(), group_id(1)));
  hub.allocate(1, "store", {{1, "A1", 2}, {2, "A2", 1}});
  auto row = ship_group_row(hub.connection(), group_id(1));
  REQUIRE(row);
  CHECK(row->site == site("store"));
  CHECK(row->order == order_id(1));
  CHECK(row->order_reference == "web-1");
  CHECK(row->method == "SHIP");
  CHECK(row->status == "ALLOCATED");
  CHECK(row->line_count == 2);
  CHECK(row->ordered_milli == pieces(3));
  CHECK(row->in == domain::LineBuckets{.open_milli = pieces(3)});
  CHECK_FALSE(row->claim_node);
  CHECK_FALSE(row->claim_actor);
  CHECK_FALSE(row->code_minted);

  hub.claim(1, "bench-1");
  row = ship_group_row(hub.connection(), group_id(1));
  CHECK(row->status == "PICKING");
  CHECK(row->claim_node == node(1));
  CHECK(row->claim_station == "bench-1");
  CHECK(row->claim_actor == test::user(9));

  hub.pick(1, 2);
  hub.pick(1, 1, 2);
  row = ship_group_row(hub.connection(), group_id(1));
  CHECK(row->status == "PICKED");
  CHECK(row->in == domain::LineBuckets{.picked_milli = pieces(3)});

  hub.pack(1, 2);
  hub.pack(1, 1, 2);
  row = ship_group_row(hub.connection(), group_id(1));
  CHECK(row->status == "PACKED");
  CHECK(row->in == domain::LineBuckets{.packed_milli = pieces(3)});

  hub.ship(1, 2);
  hub.ship(1, 1, 2);
  row = ship_group_row(hub.connection(), group_id(1));
  CHECK(row->status == "SHIPPED");
  CHECK(row->in == domain::LineBuckets{.shipped_milli = pieces(3)});

  hub.happens(1, domain::UnitsReturned{LineNo(1), pieces(1), {node(1), Incarnation(1), 3}});
  row = ship_group_row(hub.connection(), group_id(1));
  CHECK(row->status == "SHIPPED");
  CHECK(row->in == domain::LineBuckets{.shipped_milli = pieces(2), .returned_milli = pieces(1)});
}

TEST_CASE("ship groups: the row of a pickup shows its code and its hand-over",
          "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1, "store", {{1, "A1", 3}}, domain::FulfilmentMethod::kPickup);
  const auto row = [&hub] { return *ship_group_row(hub.connection(), group_id(1)); };
  CHECK(row().method == "PICKUP");
  hub.decides(1, domain::PickupCodeMinted{Bytes(16, 's'), Bytes(16, 'h')});
  CHECK(row().code_minted);
  CHECK(row().wrong_codes == 0);
  hub.pick(1, 1);
  hub.shorted(1, 1);
  hub.cancel(1, 1);
  CHECK(row().status == "READY");
  hub.happens(1, domain::PickupCodeRefused{});
  hub.happens(1, domain::PickupCodeRefused{}, 2);
  CHECK(row().wrong_codes == 2);
  const EventRef handed = hub.hand_over(1, 1);
  CHECK(row().status == "HANDED_OVER");
  CHECK(row().in == domain::LineBuckets{.handed_over_milli = pieces(1),
                                        .short_milli = pieces(1),
                                        .cancelled_milli = pieces(1)});
  hub.happens(1, domain::HandOverUndone{handed});
  CHECK(row().status == "READY");
  hub.decides(1, domain::PickupCodeMinted{Bytes(16, 'S'), Bytes(16, 'H')});
  CHECK(row().wrong_codes == 0);
}

TEST_CASE("ship groups: an undone pick is open again in the rows", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1);
  const EventRef pick = hub.pick(1, 2);
  const auto row = [&hub] { return *ship_group_row(hub.connection(), group_id(1)); };
  CHECK(row().status == "PICKED");
  hub.happens(1, domain::PickUndone{pick, LineNo(1), pieces(2)});
  CHECK(row().status == "ALLOCATED");
  CHECK(row().in == domain::LineBuckets{.open_milli = pieces(2)});
}

TEST_CASE("ship groups: a released claim leaves no trace in the row", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1);
  hub.claim(1, "bench-1");
  hub.happens(1, domain::TaskReleased{{node(1), Incarnation(1), 1}});
  const auto row = ship_group_row(hub.connection(), group_id(1));
  REQUIRE(row);
  CHECK(row->status == "ALLOCATED");
  CHECK_FALSE(row->claim_node);
  CHECK(row->claim_station.empty());
  CHECK_FALSE(station_task(hub.connection(), node(1), "bench-1"));
}

TEST_CASE("ship groups: the lines of one group", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1, "store", {{3, "A1", 2}, {1, "A2", 5}});
  hub.allocate(2);
  hub.pick(1, 1, 3);
  const auto lines = ship_group_lines(hub.connection(), group_id(1));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].line == LineNo(1));
  CHECK(lines[0].sku == sku("A2"));
  CHECK(lines[0].name == "Article A2");
  CHECK(lines[0].ordered == Quantity::pieces(5));
  CHECK(lines[1].line == LineNo(3));
  CHECK(lines[1].in == domain::LineBuckets{.open_milli = pieces(1), .picked_milli = pieces(1)});
  CHECK(ship_group_lines(hub.connection(), group_id(9)).empty());
}

/// Successive states of a group.
class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) { apply(facts::event_of({0, 0, 0, 3, 0}, {})); }
  void step() {
    const auto octet = [this] { return static_cast<std::uint8_t>(random_.between(0, 255)); };
    apply(facts::event_of({octet(), octet(), octet(), octet(), octet()}, seen_));
  }
  domain::ShipGroup state;

 private:
  void apply(const ShipGroupEvent& event) {
    const EventRef ref{node(1), Incarnation(1), seen_.size() + 1};
    domain::evolve(state, {{ref, at_ms(ref.seq), test::user(1), site("store")}, event});
    seen_.push_back(ref);
  }
  sim::SimRandom random_;
  std::vector<EventRef> seen_;
};

Connection database() {
  auto opened = Connection::open_writer(":memory:", Connection::Durability::kSimulated);
  REQUIRE(opened);
  REQUIRE(migrate(*opened));
  return *std::move(opened);
}

TEST_CASE("ship groups: writing only what changed leaves the rows that writing all would",
          "[storage][ship_groups][property]") {
  Connection sparing = database();
  Connection thorough = database();
  ShipGroups some(sparing);
  ShipGroups all(thorough);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    some.reset();
    all.reset();
    Walk walk(seed);
    std::optional<domain::ShipGroup> before;
    for (int i = 0; i < 25; ++i) {
      some.save(walk.state, before ? &*before : nullptr);
      before = walk.state;
      all.reset();
      all.save(walk.state, nullptr);
      CAPTURE(seed, i);
      REQUIRE(test::dump_ship_groups(sparing) == test::dump_ship_groups(thorough));
      walk.step();
    }
  }
}

}  // namespace
}  // namespace cairn::storage::ship_groups_test
