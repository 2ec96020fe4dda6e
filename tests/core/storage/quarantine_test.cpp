// The quarantine after an upgrade: what a program of yesterday set aside, today's understands.

#include "core/storage/quarantine.h"

#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

namespace cairn::storage::quarantine_test {
namespace {

using domain::ShipGroupEvent;
using domain::StockEvent;
using test::at_ms;
using test::bin;
using test::dump_projections;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;

constexpr Incarnation kInc{1};
const Identity kHub = test::hub_identity(node(77));

/// A program from before there were claims, products and stock counts.
Interpretation yesterday(const Provenance& from, BytesView octets) {
  Interpretation found = interpret(from, octets);
  for (const std::uint32_t later : {domain::TaskClaimed::kTypeId, domain::ProductDefined::kTypeId,
                                    domain::StockCounted::kTypeId}) {
    if (found.record.type != later) continue;
    found.kind = Interpretation::Kind::kParked;
    found.reason = "unknown event type";
    found.event.reset();
  }
  return found;
}

/// A program that read records less strictly, or not at all.
Interpretation blind(const Provenance& from, BytesView octets) {
  Interpretation found;
  found.meta.ref = from.ref;
  found.reason = "record: too large";
  static_cast<void>(octets);
  return found;
}

wire::Record in_group(std::uint64_t group, const ShipGroupEvent& event, std::uint64_t ms) {
  return test::record(event, domain::ship_group_key(group_id(group)), site("store"), at_ms(ms));
}
wire::Record claim(std::uint64_t group, std::uint64_t ms) {
  return in_group(group, domain::TaskClaimed{"bench-1"}, ms);
}
wire::Record pick(std::uint64_t group, std::uint64_t ms, std::int64_t units = 1) {
  return in_group(group, domain::LinePicked{LineNo(1), pieces(units), bin("B-1")}, ms);
}
wire::Record stock(const StockEvent& event, std::uint64_t ms) {
  return test::record(event, {}, site("store"), at_ms(ms));
}

/// A hub's database that outlives programs, with groups 1 and 2 open.
struct Hub {
  explicit Hub(Interpreter first) {
    start(first);
    for (const std::uint64_t i : {1U, 2U}) {
      store->append(ShipGroupEvent(test::allocated(group_id(i), order_id(i), {{1, "A1", 5}})),
                    domain::ship_group_key(group_id(i)), site("store"));
    }
  }
  /// Ends the program and starts another.
  void start(Interpreter interpreter) {
    store.reset();
    store = std::make_unique<test::Store>(kHub, folder.file("hub.sqlite"), interpreter);
  }
  void take(const std::vector<wire::Record>& records, std::uint64_t author = 1) {
    std::vector<Bytes> octets;
    for (const wire::Record& record : records) octets.push_back(test::octets(record));
    store->take_uplink(node(author), kInc, site("store"), octets);
  }
  /// The names of what took effect.
  std::vector<EventRef> replay() {
    const auto taken = store->job([](UnitOfWork& work) -> Result<Replica::Taken> {
      return work.replica().replay_quarantine();
    });
    REQUIRE(taken);
    std::vector<EventRef> refs;
    for (const auto& one : *taken) refs.push_back(one.meta.ref);
    return refs;
  }
  std::string kinds() {
    return store->rows("SELECT seq, kind FROM quarantine ORDER BY author, seq", 2);
  }
  std::string projections() { return dump_projections(store->connection()); }
  std::vector<QuarantineRow> list() { return quarantine(store->connection(), {}); }

  test::TempFolder folder;
  std::unique_ptr<test::Store> store;
};

/// What a hub that understood all of it at once has.
std::string understood_at_once(const std::vector<wire::Record>& records) {
  Hub hub(interpret);
  hub.take(records);
  return hub.projections();
}

const std::vector<wire::Record> kDay{claim(1, 10),
                                     pick(1, 20, 2),
                                     pick(2, 30),
                                     stock(test::counted("A1", "B-1", pieces(9)), 40),
                                     stock(test::moved("A1", "", "B-1", pieces(1)), 50),
                                     pick(1, 60)};

TEST_CASE("replay: what today's program understands takes effect at its own place",
          "[storage][quarantine]") {
  Hub hub(yesterday);
  hub.take(kDay);
  REQUIRE(hub.kinds() == "1|PARKED\n4|PARKED\n");
  CHECK(hub.projections() != understood_at_once(kDay));
  hub.start(interpret);
  CHECK(hub.replay() == std::vector<EventRef>{{node(1), kInc, 1}, {node(1), kInc, 4}});
  CHECK(hub.kinds().empty());
  CHECK(hub.projections() == understood_at_once(kDay));
  hub.store->rebuild();
  CHECK(hub.projections() == understood_at_once(kDay));
  CHECK(hub.replay().empty());
}

TEST_CASE("replay: views in memory are made anew, and the job tells who changed",
          "[storage][quarantine]") {
  Hub hub(yesterday);
  hub.take({claim(1, 10), pick(1, 20, 2)});
  hub.start(interpret);
  // Loaded before the replay: with today's eyes, though its record is still in quarantine.
  CHECK(hub.store->replica().ship_group(group_id(2)).lines.size() == 1);
  hub.replay();
  CHECK(hub.store->changes.ship_groups == std::set<ShipGroupId>{group_id(1)});
  CHECK(ship_group_row(hub.store->connection(), group_id(1))->claim_station == "bench-1");
  CHECK(hub.store->replica().ship_group(group_id(1)).lines.at(0).in.picked_milli == pieces(2));
}

TEST_CASE("replay: what is still not understood stays, and so does what is behind it",
          "[storage][quarantine]") {
  Hub hub(yesterday);
  wire::Record tomorrow = pick(1, 15);
  tomorrow.type = 999;
  hub.take({claim(1, 10), tomorrow, pick(1, 20), pick(2, 30)});
  REQUIRE(hub.kinds() == "1|PARKED\n2|PARKED\n");
  hub.start(interpret);
  CHECK(hub.replay() == std::vector<EventRef>{{node(1), kInc, 1}});
  CHECK(hub.kinds() == "2|PARKED\n");
  CHECK(hub.store->replica().ship_group(group_id(1)).claim.has_value());
  CHECK(hub.store->replica().ship_group(group_id(1)).lines.at(0).in.picked_milli == 0);
  CHECK(hub.store->replica().ship_group(group_id(2)).lines.at(0).in.picked_milli == pieces(1));
}

TEST_CASE("replay: a definition that comes late does not undo a later one",
          "[storage][quarantine]") {
  const auto define = [](Hub& hub, std::string_view name) {
    auto product = test::product("A1", 1);
    product.name = std::string(name);
    hub.store->append(domain::ReferenceEvent(domain::ProductDefined{product}),
                      domain::product_key(test::sku("A1")), {});
  };
  // At a site: its hub is a step ahead.
  Hub hub(interpret);
  define(hub, "first");
  define(hub, "second");
  const auto identity = test::site_identity(node(1), site("store"));
  test::TempFolder folder;
  const auto name_of = [](test::Store& device) {
    return find_product(device.connection(), test::sku("A1"))->name;
  };
  {
    test::Store device(identity, folder.file("device.sqlite"), yesterday);
    REQUIRE(device.take_feed(hub.store->frame_of("cat")));
    REQUIRE(device.number("SELECT count(*) FROM quarantine") == 2);
  }
  test::Store device(identity, folder.file("device.sqlite"));
  define(hub, "third");
  REQUIRE(device.take_feed(hub.store->frame_of("cat", 2)));
  REQUIRE(name_of(device) == "third");
  const auto taken = device.job([](UnitOfWork& work) -> Result<std::size_t> {
    return work.replica().replay_quarantine().size();
  });
  CHECK(taken == 2U);
  CHECK(name_of(device) == "third");
}

TEST_CASE("replay: octets that could not be read at all get their key and stamp",
          "[storage][quarantine]") {
  Hub hub(blind);
  hub.take(kDay);
  REQUIRE(hub.kinds() == "1|PARKED\n2|PARKED\n3|PARKED\n4|PARKED\n5|PARKED\n6|PARKED\n");
  CHECK(hub.list().at(0).key.empty());
  hub.start(interpret);
  CHECK(hub.replay().size() == kDay.size());
  CHECK(hub.projections() == understood_at_once(kDay));
  CHECK(hub.store->number("SELECT count(*) FROM event_log WHERE hlc = 0") == 0);
}

TEST_CASE("replay: an effect that was impossible is tried again", "[storage][quarantine]") {
  Hub hub(interpret);
  hub.store->connection().execute(
      "CREATE TEMP TRIGGER planted BEFORE INSERT ON stock_movement"
      " BEGIN SELECT RAISE(ABORT, 'planted'); END");
  hub.take({stock(test::moved("A1", "", "B-1", pieces(1)), 50)});
  REQUIRE(hub.kinds() == "1|FAILED\n");
  CHECK(hub.replay().empty());
  CHECK(hub.kinds() == "1|FAILED\n");
  hub.store->connection().execute("DROP TRIGGER planted");
  CHECK(hub.replay().size() == 1);
  CHECK(hub.kinds().empty());
  CHECK(hub.store->number("SELECT on_hand_milli FROM stock_cell") == pieces(1));
}

TEST_CASE("uplink: what had no effect is not told to those who act on records",
          "[storage][quarantine]") {
  Hub hub(interpret);
  hub.store->connection().execute(
      "CREATE TEMP TRIGGER planted BEFORE INSERT ON stock_movement"
      " BEGIN SELECT RAISE(ABORT, 'planted'); END");
  const auto taken = hub.store->job([](UnitOfWork& work) {
    return work.replica().take_uplink(
        {node(1), kInc, 1}, site("store"),
        {test::octets(stock(test::moved("A1", "", "B-1", pieces(1)), 50)),
         test::octets(pick(1, 60)), "no record"});
  });
  REQUIRE(taken);
  REQUIRE(taken->size() == 1);
  CHECK(taken->front().meta.ref.seq == 2);
}

TEST_CASE("quarantine: a row tells why, where, and what waits behind it", "[storage][quarantine]") {
  Hub hub(yesterday);
  wire::Record elsewhere = pick(1, 25);
  elsewhere.site = site("depot");
  hub.take({claim(1, 10), pick(1, 20), elsewhere, pick(2, 30)});
  hub.take({pick(1, 40)}, 2);
  const auto rows = hub.list();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].ref == EventRef{node(1), kInc, 1});
  CHECK(rows[0].kind == "PARKED");
  CHECK(rows[0].reason == "unknown event type");
  CHECK(rows[0].site == site("store"));
  CHECK(rows[0].key == domain::ship_group_key(group_id(1)).bytes());
  CHECK(rows[0].record == test::octets(claim(1, 10)));
  CHECK(parked_behind(hub.store->connection(), rows[0]) ==
        std::vector<EventRef>{{node(1), kInc, 2}, {node(2), kInc, 1}});
  CHECK(rows[1].kind == "INADMISSIBLE");
  CHECK(parked_behind(hub.store->connection(), rows[1]).empty());
  CHECK(quarantine_count(hub.store->connection()) == 2);
  CHECK(quarantine_count(hub.store->connection(), node(1)) == 2);
  CHECK(quarantine_count(hub.store->connection(), node(2)) == 0);
  CHECK(quarantined(hub.store->connection(), {node(1), kInc, 3})->kind == "INADMISSIBLE");
  CHECK_FALSE(quarantined(hub.store->connection(), {node(1), kInc, 2}));
  const auto aside = set_aside(hub.store->connection(), node(1), kInc, 1);
  REQUIRE(aside.size() == 1);
  CHECK(aside[0].seq == 3);
  CHECK(quarantine(hub.store->connection(), {rows[0].author, rows[0].ref.seq, 10}).size() == 1);
  CHECK(quarantine(hub.store->connection(), {0, 0, 1}).size() == 1);
}

}  // namespace
}  // namespace cairn::storage::quarantine_test
