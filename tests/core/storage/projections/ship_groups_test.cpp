#include "core/storage/projections/ship_groups.h"

#include "core/storage/migrate.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

namespace cairn::storage {
namespace {

using domain::ShipGroupEvent;
using test::at_ms;
using test::bin;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;

struct Hub : test::Store {
  Hub() : Store(test::hub_identity(node(77))) {}

  void allocate(std::uint64_t group, std::string_view at = "store",
                const std::vector<test::Wanted>& lines = {{1, "A1", 2}}) {
    clock.advance(std::chrono::seconds(1));
    append(ShipGroupEvent(test::allocated(group_id(group), order_id(group), lines)),
           domain::ship_group_key(group_id(group)), site(at));
  }
  void happens(std::uint64_t group, const ShipGroupEvent& event, std::uint64_t author = 1,
               std::string_view at = "store") {
    take_uplink(
        node(author), Incarnation(1), site(at),
        {test::octets(event, domain::ship_group_key(group_id(group)), site(at), at_ms(++ms_))});
  }
  void claim(std::uint64_t group, const std::string& station, std::uint64_t author = 1) {
    happens(group, domain::TaskClaimed{station}, author);
  }
  void pick(std::uint64_t group, std::int64_t units, std::uint32_t line = 1,
            std::uint64_t author = 1) {
    happens(group, domain::LinePicked{LineNo(line), pieces(units), bin("B-1")}, author);
  }
  void ship(std::uint64_t group, std::int64_t units, std::uint32_t line = 1) {
    happens(group, domain::ShipGroupShipped{{{LineNo(line), pieces(units)}}});
  }
  std::string ids(const ShipGroupFilter& filter) {
    std::string text;
    for (const ShipGroupRow& row : ship_groups(connection(), filter)) {
      for (std::uint64_t i = 1; i < 10; ++i) {
        if (row.id == group_id(i)) text += std::to_string(i) + " ";
      }
    }
    return text;
  }

 private:
  std::uint64_t ms_ = 0;
};

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
  CHECK(row->open_milli == pieces(3));
  CHECK_FALSE(row->claim_node);
  CHECK_FALSE(row->claim_actor);

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
  CHECK(row->open_milli == 0);
  CHECK(row->picked_milli == pieces(3));

  hub.ship(1, 2);
  hub.ship(1, 1, 2);
  row = ship_group_row(hub.connection(), group_id(1));
  CHECK(row->status == "SHIPPED");
  CHECK(row->shipped_milli == pieces(3));
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
  CHECK(lines[1].open_milli == pieces(1));
  CHECK(lines[1].picked_milli == pieces(1));
  CHECK(lines[1].shipped_milli == 0);
  CHECK(ship_group_lines(hub.connection(), group_id(9)).empty());
}

TEST_CASE("ship groups: lists are filtered and come in the order of allocation, in pages",
          "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(3);
  hub.allocate(1, "depot");
  hub.allocate(2);
  hub.allocate(4);
  hub.claim(2, "bench-1");
  hub.pick(4, 2);
  CHECK(hub.ids({}) == "3 1 2 4 ");
  ShipGroupFilter at_store;
  at_store.site = site("store");
  CHECK(hub.ids(at_store) == "3 2 4 ");
  ShipGroupFilter allocated;
  allocated.statuses = {"ALLOCATED"};
  CHECK(hub.ids(allocated) == "3 1 ");
  ShipGroupFilter under_way;
  under_way.statuses = {"PICKING", "PICKED"};
  CHECK(hub.ids(under_way) == "2 4 ");
  ShipGroupFilter claimed;
  claimed.claimed_at = std::pair(node(1), std::string("bench-1"));
  CHECK(hub.ids(claimed) == "2 ");
  ShipGroupFilter of_order;
  of_order.order = order_id(4);
  CHECK(hub.ids(of_order) == "4 ");

  ShipGroupFilter page;
  page.limit = 2;
  CHECK(hub.ids(page) == "3 1 ");
  const auto last = ship_groups(hub.connection(), page).back();
  page.after_hlc = last.allocated_at.value;
  page.after_id = last.id.value();
  CHECK(hub.ids(page) == "2 4 ");
}

TEST_CASE("station task: the one claimed last that has not left", "[storage][ship_groups]") {
  Hub hub;
  for (const std::uint64_t group : {1U, 2U, 3U}) hub.allocate(group);
  CHECK_FALSE(station_task(hub.connection(), node(1), "bench-1"));
  hub.claim(1, "bench-1");
  CHECK(station_task(hub.connection(), node(1), "bench-1") == group_id(1));
  CHECK_FALSE(station_task(hub.connection(), node(1), "bench-2"));
  CHECK_FALSE(station_task(hub.connection(), node(2), "bench-1"));
  hub.pick(1, 2);
  hub.claim(2, "bench-1");
  CHECK(station_task(hub.connection(), node(1), "bench-1") == group_id(2));
  hub.pick(2, 2);
  hub.ship(2, 2);
  CHECK(station_task(hub.connection(), node(1), "bench-1") == group_id(1));
  hub.ship(1, 2);
  CHECK_FALSE(station_task(hub.connection(), node(1), "bench-1"));
}

TEST_CASE("put-backs and exceptions: what clashes is listed with its cause",
          "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1);
  hub.claim(1, "bench-1");
  hub.claim(1, "bench-2", 2);
  hub.pick(1, 2);
  hub.pick(1, 1, 1, 2);  // one too many
  hub.pick(1, 1, 9, 2);  // a line that is not there
  const auto backs = put_backs(hub.connection(), site("store"));
  REQUIRE(backs.size() == 2);
  CHECK(backs[0].put_back.cause == EventRef{node(2), Incarnation(1), 2});
  CHECK(backs[0].put_back.milli == pieces(1));
  CHECK(backs[0].put_back.to == bin("B-1"));
  CHECK(backs[0].sku == sku("A1"));
  CHECK(backs[0].order_reference == "web-1");
  CHECK(backs[1].put_back.line == LineNo(9));
  CHECK(backs[1].sku == Sku{});
  CHECK(put_backs(hub.connection(), site("depot")).empty());

  const auto clashes = ship_group_exceptions(hub.connection(), site("store"));
  REQUIRE(clashes.size() == 2);
  CHECK(clashes[0].kind == "LOST_CLAIM");
  CHECK(clashes[0].cause == EventRef{node(2), Incarnation(1), 1});
  CHECK(clashes[1].kind == "UNKNOWN_LINE");
  CHECK(clashes[1].milli == pieces(1));
  CHECK(ship_group_exceptions(hub.connection(), std::nullopt).size() == 2);
  CHECK(ship_group_exceptions(hub.connection(), site("depot")).empty());
}

TEST_CASE("ship group totals: by site and status", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1, "store", {{1, "A1", 2}, {2, "A2", 3}});
  hub.allocate(2);
  hub.allocate(3, "depot");
  hub.pick(1, 2);
  hub.pick(2, 2);
  hub.ship(2, 2);
  std::string text;
  for (const ShipGroupTotals& row : ship_group_totals(hub.connection())) {
    text += row.site.text() + " " + row.status + " " + std::to_string(row.groups) + ": " +
            milli_text(row.ordered_milli) + " " + milli_text(row.picked_milli) + " " +
            milli_text(row.shipped_milli) + "\n";
  }
  CHECK(text == "depot ALLOCATED 1: 2 0 0\nstore PICKING 1: 5 2 0\nstore SHIPPED 1: 2 0 2\n");
}

/// Any two successive states of a group.
class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    apply(test::allocated(group_id(1), order_id(1), {{1, "A1", 4}, {2, "A2", 3}}));
  }
  void step() {
    const auto line = LineNo(static_cast<std::uint32_t>(random_.between(1, 3)));
    const auto milli = pieces(random_.between(1, 2));
    switch (random_.between(0, 4)) {
      case 0:
        return apply(domain::TaskClaimed{random_.one_in(2) ? "bench-1" : "bench-2"});
      case 1:
        return apply(domain::TaskReleased{state.claim ? state.claim->ref : EventRef{}});
      case 2:
        return apply(domain::ShipGroupShipped{{{line, milli}}});
      default:
        return apply(domain::LinePicked{line, milli, bin("B-1")});
    }
  }
  domain::ShipGroup state;

 private:
  void apply(const ShipGroupEvent& event) {
    ++seq_;
    const domain::Envelope meta{
        {node(1), Incarnation(1), seq_}, at_ms(seq_), test::user(1), site("store")};
    domain::evolve(state, {meta, event});
  }
  sim::SimRandom random_;
  std::uint64_t seq_ = 0;
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
}  // namespace cairn::storage
