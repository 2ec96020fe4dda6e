#include "core/storage/replica.h"

#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

namespace cairn::storage::replica_test {
namespace {

using domain::OrderEvent;
using domain::ReferenceEvent;
using domain::ShipGroupEvent;
using domain::StockEvent;
using test::bin;
using test::dump_projections;
using test::dump_ship_groups;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;
using test::Store;

constexpr std::uint64_t kHubInc = 77;

Identity hub() { return test::hub_identity(node(77), kHubInc); }
Identity device() { return test::site_identity(node(1), site("store")); }

void define_product(Store& store, std::string_view text, std::uint64_t number = 1) {
  store.append(ReferenceEvent(domain::ProductDefined{test::product(text, number)}),
               domain::product_key(sku(text)), {});
}

void allocate(Store& store, ShipGroupId group, const std::vector<test::Wanted>& lines,
              OrderId order = order_id(1)) {
  store.append(ShipGroupEvent(test::allocated(group, order, lines)), domain::ship_group_key(group),
               site("store"));
}

/// Feed name and position of an own record.
std::string place_of(Store& store, const EventRef& ref) {
  const auto logged = store.replica().log().read(ref);
  REQUIRE(logged);
  return logged->feed + "@" + std::to_string(logged->fseq);
}

// ---- append ----

TEST_CASE("replica: an own event at a site is logged, chained, projected and unconfirmed",
          "[storage][replica]") {
  Store store(device());
  const EventRef first =
      store.append(StockEvent(test::moved("A1", "", "B-1", pieces(5))), {}, site("store"));
  CHECK(first == EventRef{node(1), Incarnation(1), 1});
  CHECK(store.changes.own_head == 1);
  CHECK(store.changes.stock);
  CHECK(store.changes.feeds.empty());
  const EventRef second =
      store.append(StockEvent(test::moved("A1", "B-1", "B-2", pieces(2))), {}, site("store"));
  CHECK(second.seq == 2);
  CHECK(place_of(store, second) == "@0");
  CHECK(store.rows("SELECT location, on_hand_milli FROM stock_cell ORDER BY 1", 2) ==
        "B-1|3000\nB-2|2000\n");

  const Author own = store.replica().log().author(node(1), Incarnation(1));
  crypto::Hash128 chain = crypto::chain_start(node(1), Incarnation(1));
  for (const EventRef& ref : {first, second}) {
    chain = crypto::chain_next(chain, store.replica().log().read(ref)->record);
  }
  CHECK(own.chain == chain);
}

TEST_CASE("replica: the record holds what was to be said, and no more", "[storage][replica]") {
  Store store(device());
  store.clock.now = {1'790'000'000'123'000};
  const auto written = store.job([](UnitOfWork& work) {
    return work.record({StockEvent(test::moved("A1", "", "B-1", 500)),
                        {},
                        site("store"),
                        test::user(4),
                        {3},
                        "biz"});
  });
  REQUIRE(written);
  const auto record = wire::decode_record(store.replica().log().read(*written)->record);
  REQUIRE(record);
  CHECK(record->hlc == test::at_ms(123));
  CHECK(record->type == domain::StockMoved::kTypeId);
  CHECK(record->sv == 1);
  CHECK(record->actor == test::user(4));
  CHECK(record->site == site("store"));
  CHECK(record->key.empty());
  CHECK(record->own_causes == std::vector<std::uint32_t>{3});
  CHECK(record->biz_key == "biz");
}

TEST_CASE("replica: stamps only grow, also when the wall clock does not", "[storage][replica]") {
  Store store(device());
  std::uint64_t last = 0;
  for (int i = 0; i < 5; ++i) {
    store.clock.advance(std::chrono::seconds(i < 3 ? -10 : 1));
    const EventRef ref =
        store.append(StockEvent(test::moved("A1", "", "B-1", 1000)), {}, site("store"));
    const auto record = wire::decode_record(store.replica().log().read(ref)->record);
    REQUIRE(record);
    CHECK(record->hlc.value > last);
    last = record->hlc.value;
  }
}

TEST_CASE("replica: after a restart stamps and numbers go on", "[storage][replica]") {
  const test::TempFolder folder;
  std::uint64_t last = 0;
  {
    Store store(device(), folder.file("db"));
    const EventRef ref =
        store.append(StockEvent(test::moved("A1", "", "B-1", 1000)), {}, site("store"));
    last = wire::decode_record(store.replica().log().read(ref)->record)->hlc.value;
  }
  Store store(device(), folder.file("db"));
  store.clock.advance(-std::chrono::hours(1));
  const EventRef ref =
      store.append(StockEvent(test::moved("A1", "", "B-1", 1000)), {}, site("store"));
  CHECK(ref.seq == 2);
  CHECK(wire::decode_record(store.replica().log().read(ref)->record)->hlc.value > last);
}

TEST_CASE("replica: what the hub writes enters its feed at once, densely", "[storage][replica]") {
  Store store(hub());
  const auto reference = [&store](const ReferenceEvent& event, const domain::Key& key,
                                  const SiteId& at) {
    return place_of(store, store.append(event, key, at));
  };
  const auto product = domain::ProductDefined{test::product("A1", 1)};
  const auto facility =
      domain::FacilityDefined{{site("store"), "Store", domain::FacilityKind::kStore, {}, true}};
  const auto location = domain::LocationDefined{{bin("B-1"), domain::LocationType::kPick, 1}};
  const auto staff =
      domain::StaffAssigned{{test::user(3), "kim", domain::Role::kPicker, "x", true}};
  const auto agent = domain::NodeRegistered{{node(1), site("store"), "agent", true}};
  CHECK(reference(product, domain::product_key(sku("A1")), {}) == "cat@1");
  CHECK(reference(facility, domain::facility_key(site("store")), {}) == "cat@2");
  CHECK(reference(location, domain::location_key(site("store"), bin("B-1")), site("store")) ==
        "site:store@1");
  CHECK(reference(staff, domain::staff_key(site("store"), test::user(3)), site("store")) ==
        "site:store@2");
  CHECK(reference(staff, domain::staff_key({}, test::user(3)), {}) == "@0");  // head office
  CHECK(reference(agent, domain::node_key(node(1)), site("store")) ==
        wire::node_feed(node(1)) + "@1");
  CHECK(place_of(store, store.append(OrderEvent(test::placed("1", {{1, "A1", 1}})),
                                     domain::order_key(order_id(1)), {})) == "@0");
  CHECK(store.changes.feeds.empty());
  CHECK(place_of(store, store.append(StockEvent(test::counted("A1", "B-1", 1000)), {},
                                     site("store"))) == "site:store@3");
  CHECK(store.changes.feeds == std::set<std::string>{"site:store"});
  CHECK(place_of(store, store.append(StockEvent(test::counted("A1", "B-1", 1000)), {},
                                     site("depot"))) == "site:depot@1");
  CHECK(place_of(store, store.append(product, domain::product_key(sku("A1")), {})) == "cat@3");
  CHECK(store.changes.own_head == 10);
  for (const Feed& feed : store.replica().log().feeds()) {
    CHECK(feed.hub_gen == HubGeneration(kHubInc));
  }
}

TEST_CASE("replica: an event too large to be sent is refused and leaves no trace",
          "[storage][replica]") {
  Store store(hub());
  define_product(store, "A1");
  auto large = test::allocated(group_id(1), order_id(1), {{1, "A1", 1}});
  large.order_reference = std::string(wire::kMaxRecordSize, 'x');
  const auto refused = store.job([&large](UnitOfWork& work) {
    return work.record({ShipGroupEvent(large),
                        domain::ship_group_key(group_id(1)),
                        site("store"),
                        UserId{},
                        {},
                        {}});
  });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK(refused.error().reason == "record_too_large");
  CHECK(store.replica().log().author(node(77), Incarnation(kHubInc)).head == 1);
  CHECK(store.replica().log().feed("site:store").head == 0);
  CHECK(store.replica().ship_group(group_id(1)).status() == domain::ShipGroupStatus::kNone);
}

TEST_CASE("replica: a job that is undone leaves no trace, in memory either", "[storage][replica]") {
  Store store(hub());
  define_product(store, "A1");
  allocate(store, group_id(1), {{1, "A1", 2}});
  const std::string rows = dump_projections(store.connection());
  const domain::ShipGroup view = store.replica().ship_group(group_id(1));
  const Author author = store.replica().log().author(node(77), Incarnation(kHubInc));

  const auto undone = store.job([](UnitOfWork& work) -> Result<bool> {
    const auto second = test::allocated(group_id(2), order_id(1), {{1, "A1", 1}});
    const auto ignore = [](const Result<EventRef>& written) { REQUIRE(written); };
    ignore(work.record({ShipGroupEvent(second),
                        domain::ship_group_key(group_id(2)),
                        site("store"),
                        UserId{},
                        {},
                        {}}));
    ignore(work.record(
        {StockEvent(test::counted("A1", "B-1", 1000)), {}, site("store"), UserId{}, {}, "biz"}));
    REQUIRE(work.replica().take_uplink(
        {node(1), Incarnation(1), 1}, site("store"),
        {test::octets(ShipGroupEvent(domain::TaskClaimed{"bench-1"}),
                      domain::ship_group_key(group_id(1)), site("store"), test::at_ms(1))}));
    work.replica().save_views();
    REQUIRE(work.replica().ship_group(group_id(1)).claim);
    return fail(ErrorCode::kRejected, "changed_my_mind", "no");
  });
  REQUIRE_FALSE(undone);
  CHECK(dump_projections(store.connection()) == rows);
  CHECK(store.replica().ship_group(group_id(1)) == view);
  CHECK(store.replica().ship_group(group_id(2)).status() == domain::ShipGroupStatus::kNone);
  CHECK(store.replica().log().find_author(node(1), Incarnation(1)) == nullptr);
  CHECK(store.replica().log().author(node(77), Incarnation(kHubInc)).head == author.head);
  CHECK(store.replica().log().author(node(77), Incarnation(kHubInc)).chain == author.chain);
  CHECK_FALSE(store.replica().has_effect("biz"));

  // And the next one goes on as if nothing had been.
  allocate(store, group_id(3), {{1, "A1", 1}});
  CHECK(store.changes.own_head == author.head + 1);
  CHECK(store.changes.ship_groups == std::set<ShipGroupId>{group_id(3)});
  CHECK(store.replica().log().feed("site:store").head == 2);
}

TEST_CASE("replica: a business key is known once its event is recorded", "[storage][replica]") {
  Store store(hub());
  CHECK_FALSE(store.replica().has_effect("refund-1"));
  const auto written = store.job([](UnitOfWork& work) {
    return work.record({StockEvent(test::counted("A1", "B-1", 1000)),
                        {},
                        site("store"),
                        UserId{},
                        {},
                        "refund-1"});
  });
  REQUIRE(written);
  CHECK(store.replica().has_effect("refund-1"));
  CHECK_FALSE(store.replica().has_effect("refund-2"));
}

TEST_CASE("replica: an order's own events tell its state", "[storage][replica]") {
  Store store(hub());
  CHECK_FALSE(store.replica().order(order_id(1)));
  auto order = test::placed("1", {{1, "A1", 5}, {2, "A2", 1}});
  order.order = order_id(1);
  store.append(OrderEvent(order), domain::order_key(order_id(1)), {});
  store.append(OrderEvent(domain::OrderUnitsCancelled{LineNo(1), pieces(2),
                                                      domain::CancelReason::kCustomer, "c-1"}),
               domain::order_key(order_id(1)), {});
  const auto state = store.replica().order(order_id(1));
  REQUIRE(state);
  CHECK(state->placed == order);
  CHECK(state->find(LineNo(1))->wanted_milli() == pieces(3));
  CHECK(state->find(LineNo(2))->wanted_milli() == pieces(1));
  CHECK_FALSE(store.replica().order(order_id(2)));
}

TEST_CASE("replica: an unknown group is no group", "[storage][replica]") {
  Store store(device());
  CHECK(store.replica().ship_group(group_id(9)).status() == domain::ShipGroupStatus::kNone);
  CHECK(store.number("SELECT count(*) FROM ship_group") == 0);
}

TEST_CASE("replica: more groups than are kept in memory are the same groups",
          "[storage][replica]") {
  constexpr std::uint64_t kGroups = 300;  // the views keep 256
  Store store(hub());
  const auto all = store.job([](UnitOfWork& work) -> Result<bool> {
    for (std::uint64_t i = 1; i <= kGroups; ++i) {
      const auto event = test::allocated(group_id(i), order_id(i), {{1, "A1", 2}});
      const auto written = work.record({ShipGroupEvent(event),
                                        domain::ship_group_key(group_id(i)),
                                        site("store"),
                                        UserId{},
                                        {},
                                        {}});
      if (!written) return fail(written.error());
    }
    return true;
  });
  REQUIRE(all);
  CHECK(store.changes.ship_groups.size() == kGroups);
  std::vector<Bytes> picks;
  for (std::uint64_t i = 1; i <= kGroups; ++i) {
    picks.push_back(
        test::octets(ShipGroupEvent(domain::LinePicked{LineNo(1), pieces(1), bin("B-1")}),
                     domain::ship_group_key(group_id(i)), site("store"), test::at_ms(i)));
  }
  store.take_uplink(node(1), Incarnation(1), site("store"), picks);
  CHECK(store.number("SELECT count(*) FROM ship_group_line WHERE picked_milli = 1000") == kGroups);
  for (std::uint64_t i = 1; i <= kGroups; ++i) {
    if (store.replica().ship_group(group_id(i)).lines.at(0).in.picked_milli != pieces(1)) {
      FAIL("group " << i << " lost its pick");
    }
  }
  const std::string rows = dump_ship_groups(store.connection());
  store.rebuild();
  CHECK(dump_ship_groups(store.connection()) == rows);
}

TEST_CASE("replica: save_views() shows a job its own work", "[storage][replica]") {
  Store store(hub());
  auto order = test::placed("1", {{1, "A1", 5}});
  order.order = order_id(1);
  store.append(OrderEvent(order), domain::order_key(order_id(1)), {});
  const auto seen = store.job([](UnitOfWork& work) -> Result<std::pair<std::int64_t, bool>> {
    const auto event = test::allocated(group_id(1), order_id(1), {{1, "A1", 3}});
    const auto written = work.record({ShipGroupEvent(event),
                                      domain::ship_group_key(group_id(1)),
                                      site("store"),
                                      UserId{},
                                      {},
                                      {}});
    if (!written) return fail(written.error());
    const bool before = ship_group_row(work.connection(), group_id(1)).has_value();
    work.replica().save_views();
    return std::pair(order_lines(work.connection(), order_id(1)).at(0).progress.routed_milli,
                     before);
  });
  REQUIRE(seen);
  CHECK(seen->first == pieces(3));
  CHECK_FALSE(seen->second);
  CHECK(store.changes.ship_groups == std::set<ShipGroupId>{group_id(1)});
}

TEST_CASE("replica: a stamp far ahead in somebody else's record does not drag the clock along",
          "[storage][replica]") {
  Store store(hub());
  store.take_uplink(node(1), Incarnation(1), site("store"),
                    {test::octets(StockEvent(test::moved("A1", "", "B-1", 1000)), {}, site("store"),
                                  test::at_ms(365ULL * 24 * 3'600'000))});
  const EventRef ref = store.append(StockEvent(test::counted("A1", "B-2", 0)), {}, site("store"));
  const auto record = wire::decode_record(store.replica().log().read(ref)->record);
  CHECK(record->hlc.utc() <= UtcTime{store.clock.now.us + 1'000'000});
}

TEST_CASE(
    "replica: a stamp far ahead in somebody else's record does not drag the clock along after"
    " a restart",
    "[storage][replica]") {
  const test::TempFolder folder;
  {
    Store store(hub(), folder.file("db"));
    store.append(StockEvent(test::counted("A1", "B-2", 0)), {}, site("store"));
    store.take_uplink(node(1), Incarnation(1), site("store"),
                      {test::octets(StockEvent(test::moved("A1", "", "B-1", 1000)), {},
                                    site("store"), test::at_ms(365ULL * 24 * 3'600'000))});
  }
  Store store(hub(), folder.file("db"));
  const EventRef ref = store.append(StockEvent(test::counted("A1", "B-2", 0)), {}, site("store"));
  const auto record = wire::decode_record(store.replica().log().read(ref)->record);
  CHECK(record->hlc.utc() <= UtcTime{store.clock.now.us + 1'000'000});
}

TEST_CASE("replica: a near stamp of somebody else is taken into account", "[storage][replica]") {
  Store store(hub());
  store.take_uplink(node(1), Incarnation(1), site("store"),
                    {test::octets(StockEvent(test::moved("A1", "", "B-1", 1000)), {}, site("store"),
                                  test::at_ms(60'000))});
  const EventRef ref = store.append(StockEvent(test::counted("A1", "B-1", 0)), {}, site("store"));
  const auto record = wire::decode_record(store.replica().log().read(ref)->record);
  CHECK(record->hlc > test::at_ms(60'000));
}

}  // namespace
}  // namespace cairn::storage::replica_test
