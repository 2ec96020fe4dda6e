// Orders by a rule set: the steps of the algorithm, queues, auto-cancel, decisions and simulation.

#include "central/orders/order_holds.h"
#include "central/orders/order_queue_book.h"
#include "central/routing/read_facts.h"
#include "central/routing/routing_run.h"
#include "central/routing/rule_decision.h"
#include "central/routing/rule_set_json.h"
#include "central/routing/simulation.h"
#include "core/domain/routing/rule_run.h"
#include "core/storage/full_sites.h"
#include "core/wire/routing_trace.h"
#include "tests/central/support/order_hub.h"
#include "tests/sim/sim_random.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace cairn::central::rule_routing_test {
namespace {

using namespace test;
using domain::ParkingQueue;
using domain::StockEvent;

/// A routing of waiting orders with these rules.
std::string routing(std::string_view rules, std::string_view queues = R"("BROKERING")") {
  return fmt::format(R"({{"routings":[{{"name":"standard","queues":[{}],"rules":[{}]}}])", queues,
                     rules);
}

constexpr const char* kNearest =
    R"({"name":"nearest","sorts":["DISTANCE"],"assignment":{"mode":"ORA_MULTI"}})";

NamedRules rules_of(const std::string& text) {
  const auto value = json::parse(text);
  REQUIRE(value);
  auto rules = read_rule_set(*value);
  INFO((rules ? std::string() : rules.error().message));
  REQUIRE(rules);
  return {"test", 1, *std::move(rules)};
}

/// A filter of the routing around the nearest sites.
std::string filtered(std::string_view filters) {
  return fmt::format(
      R"({{"routings":[{{"name":"standard","queues":["BROKERING"],"filters":{{{}}},"rules":[{}]}}]}})",
      filters, kNearest);
}

/// Two sites: "near" next to where the orders go, "far" some hundred kilometres away.
struct Hub : OrderHub {
  Hub() {
    define("near", {51'500'000, -100'000});
    define("far", {54'000'000, -100'000});
  }
  void define(std::string_view name, const GeoPoint& position) {
    append(domain::ReferenceEvent(domain::FacilityDefined{
               {site(name), std::string(name), domain::FacilityKind::kStore, position, true}}),
           domain::facility_key(site(name)), {});
  }
  void stock(std::string_view at, std::string_view article, std::int64_t units) {
    append(StockEvent(storage::test::counted(article, "B-1", pieces(units))), {}, site(at));
  }
  /// Every routing of the set, once.
  std::optional<RuleDecision> route_one(OrderId order, const std::string& text) {
    const NamedRules rules = rules_of(text);
    std::optional<RuleDecision> last;
    for (const domain::OrderRouting& each : domain::active_routings(rules.rules.run)) {
      const auto decision = job([&](UnitOfWork& work) {
        return route_by_rules(work, ids, order, {rules, each, ages, user(3)});
      });
      REQUIRE(decision);
      if (*decision) last = **decision;
    }
    return last;
  }
  std::string groups_of(OrderId order) {
    std::string text;
    storage::ShipGroupFilter filter;
    filter.order = order;
    for (const auto& row : storage::ship_groups(connection(), filter)) {
      text += row.site.text() + ":";
      for (const auto& line : storage::ship_group_lines(connection(), row.id)) {
        text += fmt::format(" {}x{}", line.line.value(), line.ordered.text());
      }
      text += "; ";
    }
    return text;
  }
  /// "QUEUE until", empty if nothing waits.
  std::string queue(OrderId order) {
    const auto found = storage::queue_of(connection(), order);
    if (!found) return "";
    return std::string(name_of(found->queue)) +
           (found->auto_cancel_at ? " " + found->auto_cancel_at->text() : "");
  }
  /// Why sites were no candidates of the last decision's first rule: "site WHY; ...".
  std::string left_out(OrderId order) {
    const auto rows = storage::decisions_of(connection(), order);
    REQUIRE_FALSE(rows.empty());
    const auto trace = wire::decode_routing_trace(rows.back().traces.front());
    REQUIRE(trace);
    std::string text;
    for (const domain::ExcludedSite& each : trace->excluded) {
      text += each.site.text() + " " + std::string(name_of(each.why)) + "; ";
    }
    return text;
  }

  sim::SimRandom random{1};
  IdSource ids{clock, random};
  SiteAges ages;
};

TEST_CASE("rule routing: what a channel says of a delivery, and what articles are, is asked for",
          "[central][routing]") {
  Hub hub;
  auto product = storage::test::product("A1", 1);
  product.hazmat = true;
  product.category = "solvents";
  hub.append(domain::ReferenceEvent(domain::ProductDefined{product}),
             domain::product_key(sku("A1")), {});
  hub.stock("near", "A1", 9);
  hub.stock("near", "A2", 9);
  auto told = storage::test::placed("1", {{1, "A1", 1}, {2, "A2", 1}});
  told.delivery = {7,
                   "EXPRESS",
                   1,
                   UtcTime{told.placed_at.us + 1},
                   UtcTime{told.placed_at.us + 2},
                   UtcTime{hub.clock.now.us + 2 * 86'400'000'000},
                   "GB"};
  told.lines[0].together = told.lines[1].together = 4;
  const auto placed =
      hub.job([&told](UnitOfWork& work) { return place_order(work, told, user(3)); });
  REQUIRE(placed);
  const OrderId order = *placed;
  const OrderId other = hub.place("2", {{1, "A2", 1}});

  const auto waiting = [&hub](OrderId id) {
    return waiting_order(*storage::find_order(hub.connection(), id),
                         storage::order_lines(hub.connection(), id),
                         *storage::queue_of(hub.connection(), id), hub.clock.now);
  };
  const domain::WaitingOrder first = waiting(order);
  CHECK(first.priority == 7);
  CHECK(first.shipping_method == "EXPRESS");
  CHECK(first.delivery_days == 1);
  CHECK(first.promise_days == 2);
  CHECK(first.ship_after == *told.delivery.ship_after);
  CHECK(first.ship_by == *told.delivery.ship_by);
  CHECK(first.country == "GB");
  CHECK(first.hazmat);
  CHECK(first.product_categories == std::vector<std::string>{"solvents"});
  CHECK(first.needs[1].together == 4);
  const domain::WaitingOrder second = waiting(other);
  CHECK(second.shipping_method == "SHIP");
  CHECK(second.ship_by == second.ordered_at);
  CHECK(second.promise_days == 0);
  CHECK_FALSE(second.hazmat);
  CHECK(second.product_categories.empty());
  CHECK(second.needs[0].together == 0);

  for (const char* const only_other :
       {R"("priority":{"none_of":["7"]})", R"("shipping_method":{"any_of":["SHIP"]})",
        R"("product_category":{"none_of":["solvents"]})", R"("promise_days_most":1)"}) {
    CAPTURE(only_other);
    CHECK_FALSE(hub.route_one(order, filtered(only_other)));
  }
  const auto where = [](std::string_view site) {
    return routing(kNearest) + fmt::format(R"(,"sites":[{{"site":"near",{}}}]}})", site);
  };
  hub.route_one(order, where(R"("takes_hazmat":false)"));
  CHECK(hub.left_out(order) == "far NOTHING; near HAZMAT; ");
  hub.route_one(order, where(R"("countries":{"any_of":["FR"]})"));
  CHECK(hub.left_out(order) == "far NOTHING; near COUNTRY; ");
  hub.route_one(order, where(R"("shipping_methods":{"none_of":["EXPRESS"]})"));
  CHECK(hub.left_out(order) == "far NOTHING; near METHOD; ");
  hub.route_one(order, filtered(R"("priority":{"any_of":["7"]})"));
  CHECK(hub.groups_of(order) == "near: 1x1 2x1; ");
}

TEST_CASE("rule routing: lines that go together are not parted", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 1);
  hub.stock("far", "A2", 1);
  auto set = storage::test::placed("1", {{1, "A1", 1}, {2, "A2", 1}});
  set.lines[0].together = set.lines[1].together = 1;
  const auto order = hub.job([&set](UnitOfWork& work) { return place_order(work, set, user(3)); });
  REQUIRE(order);
  hub.route_one(*order, routing(kNearest) + "}");
  CHECK(hub.groups_of(*order).empty());
  hub.stock("far", "A1", 1);
  hub.route_one(*order, routing(kNearest) + "}");
  CHECK(hub.groups_of(*order) == "far: 1x1 2x1; ");
}

TEST_CASE("rule routing: step 1, the first site that has all of it by the rule's sorts",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  hub.stock("far", "A1", 50);
  const OrderId order = hub.place("1", {{1, "A1", 3}});
  const auto decision = hub.route_one(order, routing(kNearest) + "}");
  REQUIRE(decision);
  CHECK(decision->groups == 1);
  CHECK_FALSE(decision->waits);
  CHECK(hub.groups_of(order) == "near: 1x3; ");
  CHECK(hub.queue(order).empty());
  // Nothing of it waits: nobody takes it again.
  CHECK_FALSE(hub.route_one(order, routing(kNearest) + "}"));

  const OrderId by_stock = hub.place("2", {{1, "A1", 1}});
  hub.route_one(by_stock, routing(R"({"name":"balance","sorts":["INVENTORY_BALANCE"],)"
                                  R"("assignment":{"mode":"ORA_SINGLE"}})") +
                              "}");
  CHECK(hub.groups_of(by_stock) == "far: 1x1; ");
}

TEST_CASE(
    "rule routing: step 2, MULTI takes from each site in turn; avail is ATP less the "
    "brokering safety stock",
    "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  hub.stock("far", "A1", 6);
  const OrderId order = hub.place("1", {{1, "A1", 10}});
  hub.route_one(order, routing(R"({"name":"multi","sorts":["DISTANCE"],)"
                               R"("filters":{"brokering_safety_milli":2000},)"
                               R"("assignment":{"mode":"ORA_MULTI"}})") +
                           "}");
  CHECK(hub.groups_of(order) == "near: 1x3; far: 1x4; ");
  CHECK(hub.line(order, 1).waiting_milli() == pieces(3));
  CHECK(hub.queue(order) == "BROKERING");
  CHECK(storage::decisions_of(hub.connection(), order).back().outcome == "PARTLY");
}

TEST_CASE("rule routing: avail, what a site keeps from the web may be given all the same",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  domain::SafetyStockRule web;
  web.name = "web";
  web.milli = pieces(4);
  hub.append(domain::PromiseEvent(domain::SafetyStockRuleDefined{web}),
             domain::safety_stock_key(web.name), {});
  const OrderId order = hub.place("1", {{1, "A1", 5}});
  hub.route_one(order, routing(kNearest) + "}");
  CHECK(hub.groups_of(order) == "near: 1x5; ");
}

TEST_CASE(
    "rule routing: F, groups, distance, capacity and freshness leave sites out, and the "
    "trace says why",
    "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 90);
  hub.stock("far", "A1", 90);
  const std::string wants_stores =
      routing(R"({"name":"stores","filters":{"facility_group":{"any_of":["stores"]}},)"
              R"("assignment":{"mode":"ORA_SINGLE"}})") +
      R"(,"sites":[{"site":"far","groups":["stores"],"order_limit":1}]})";
  const OrderId first = hub.place("1", {{1, "A1", 1}});
  hub.route_one(first, wants_stores);
  CHECK(hub.groups_of(first) == "far: 1x1; ");
  CHECK(hub.left_out(first) == "near GROUP; ");
  // Its limit of the day is used up.
  const OrderId second = hub.place("2", {{1, "A1", 1}});
  hub.route_one(second, wants_stores);
  CHECK(hub.groups_of(second).empty());
  CHECK(hub.left_out(second) == "far NO_CAPACITY; near GROUP; ");
  // Or it said that it is too busy.
  storage::note_full(hub.connection(), site("near"), domain::ShortReason::kStoreBusy,
                     hub.clock.now);
  const OrderId busy = hub.place("busy", {{1, "A1", 1}});
  hub.route_one(busy, routing(kNearest) + "}");
  CHECK(hub.groups_of(busy) == "far: 1x1; ");
  CHECK(hub.left_out(busy) == "near NO_CAPACITY; ");
  storage::reset_full(hub.connection(), site("near"), hub.clock.now);

  const OrderId third = hub.place("3", {{1, "A1", 1}});
  hub.route_one(third, routing(R"({"name":"close","filters":{"proximity":{"distance":100}},)"
                               R"("assignment":{"mode":"ORA_SINGLE"}})") +
                           "}");
  CHECK(hub.groups_of(third) == "near: 1x1; ");
  CHECK(hub.left_out(third) == "far TOO_FAR; ");

  // A device of the near site that was never heard.
  DeviceHeard device;
  device.node = node(1);
  hub.ages.note({{site("near"), {device}}}, hub.clock.now);
  const OrderId fourth = hub.place("4", {{1, "A1", 1}});
  hub.route_one(fourth, routing(kNearest) + R"(,"stale_after_s":600})");
  CHECK(hub.groups_of(fourth) == "far: 1x1; ");
  CHECK(hub.left_out(fourth) == "near STALE; ");
}

TEST_CASE("rule routing: cost mode takes the cheapest by the set's rates", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 9);
  hub.stock("far", "A1", 9);
  const OrderId order = hub.place("1", {{1, "A1", 1}});
  hub.route_one(order, routing(R"({"name":"cheapest","assignment":{"mode":"COST"}})") +
                           R"(,"rates":{"zones":[{"reach_m":20000000,"label_micro":3000000}]},)"
                           R"("sites":[{"site":"near","handling_micro":9000000}]})");
  CHECK(hub.groups_of(order) == "far: 1x1; ");
}

TEST_CASE(
    "rule routing: action, MOVE_TO_QUEUE and ADD_AUTO_CANCEL_DAYS; what is filled later is "
    "in no queue",
    "[central][routing]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  const std::string parks =
      routing(R"({"name":"nearest","assignment":{"mode":"ORA_MULTI"},)"
              R"("action":{"move_to":"UNFILLABLE_PARKING","add_auto_cancel_days":5}})",
              R"("BROKERING","UNFILLABLE_PARKING")") +
      "}";
  hub.route_one(order, parks);
  const UtcTime until{hub.clock.now.us + 5LL * 24 * 3600 * 1'000'000};
  CHECK(hub.queue(order) == "UNFILLABLE_PARKING " + until.text());
  storage::OrderPage parked;
  parked.queue = ParkingQueue::kUnfillable;
  CHECK(storage::orders(hub.connection(), parked).size() == 1);
  parked.queue = ParkingQueue::kBrokering;
  CHECK(storage::orders(hub.connection(), parked).empty());
  // Another run does not move the time away, and writes nothing.
  hub.clock.advance(std::chrono::hours(1));
  const auto before = hub.written();
  hub.route_one(order, parks);
  CHECK(hub.queue(order) == "UNFILLABLE_PARKING " + until.text());
  CHECK(hub.written() == before);
  CHECK(storage::decisions_of(hub.connection(), order).size() == 1);

  hub.stock("near", "A1", 2);
  hub.route_one(order, parks);
  CHECK(hub.queue(order).empty());
  CHECK_FALSE(storage::said_queue(hub.connection(), order));
  CHECK(storage::decisions_of(hub.connection(), order).size() == 1);
}

TEST_CASE("rule routing: reject, a site that was short is not asked for it again for this order",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 9);
  hub.stock("far", "A1", 9);
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  hub.route(order, 1, {{1, "A1", 2}}, "near");
  hub.happens(
      1, domain::LineShorted{LineNo(1), pieces(2), domain::ShortReason::kNotInStock, bin("B-1")}, 1,
      "near");
  CHECK(hub.queue(order) == "REJECTED_ITEM_PARKING");
  CHECK_FALSE(hub.route_one(order, routing(kNearest) + "}"));
  hub.route_one(order, routing(kNearest, R"("REJECTED_ITEM_PARKING")") + "}");
  CHECK(hub.groups_of(order) == "near: 1x2; far: 1x2; ");
}

TEST_CASE("rule routing: allocate, what one order was given the next one does not get",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 10);
  std::vector<OrderId> orders;
  for (int i = 1; i <= 4; ++i) orders.push_back(hub.place(std::to_string(i), {{1, "A1", 4}}));
  for (const OrderId order : orders) hub.route_one(order, routing(kNearest) + "}");
  std::int64_t given = 0;
  for (const OrderId order : orders) given += hub.line(order, 1).routed_milli;
  CHECK(given == pieces(10));
}

TEST_CASE("rule routing: more than there is would be given to nobody", "[central][routing]") {
  domain::RoutingFacts facts;
  facts.order.needs = {{LineNo(1), sku("A1"), 3000, 0, 0}, {LineNo(2), sku("A1"), 3000, 0, 0}};
  facts.sites = {{site("near"), true, 0, 0, 0, {{5000, 0, false}, {5000, 0, false}}}};
  const auto gives = [](std::int64_t first, std::int64_t second, std::string_view at) {
    return std::vector<domain::RoutedGroup>{
        {site(at), {{LineNo(1), sku("A1"), first}, {LineNo(2), sku("A1"), second}}}};
  };
  CHECK(is_within_stock(facts, gives(3000, 2000, "near")));
  CHECK_FALSE(is_within_stock(facts, gives(3000, 2001, "near")));
  CHECK_FALSE(is_within_stock(facts, gives(1000, 1000, "far")));
}

TEST_CASE("auto-cancel: what waits when its time is up is cancelled once, and only that",
          "[central][orders]") {
  Hub hub;
  hub.stock("near", "A1", 1);
  const OrderId order = hub.place("1", {{1, "A1", 3}});
  hub.route_one(order, routing(R"({"name":"n","assignment":{"mode":"ORA_MULTI"},)"
                               R"("action":{"move_to":"UNFILLABLE_PARKING",)"
                               R"("add_auto_cancel_days":1}})") +
                           "}");
  const auto cancel = [&hub, order] {
    return hub.job([order](UnitOfWork& work) { return cancel_expired(work, order); }).value();
  };
  CHECK(storage::orders_to_cancel(hub.connection(), hub.clock.now, 9).empty());
  CHECK(cancel() == 0);
  hub.clock.advance(std::chrono::hours(24));
  CHECK(storage::orders_to_cancel(hub.connection(), hub.clock.now, 9) == std::vector{order});
  CHECK(cancel() == pieces(2));
  CHECK(hub.line(order, 1).cancelled_milli == pieces(2));
  CHECK(hub.line(order, 1).routed_milli == pieces(1));
  const auto written = hub.written();
  CHECK(cancel() == 0);
  CHECK(hub.written() == written);
  CHECK(storage::orders_to_cancel(hub.connection(), hub.clock.now, 9).empty());
}

TEST_CASE("auto-cancel: what is held is not cancelled, and its time is gone when it is released",
          "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 3}});
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return park_order(work, order, ParkingQueue::kUnfillable, hub.clock.now, user(3));
  }));
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return hold_order(work, order, domain::HoldReason::kFraud, "look", user(3));
  }));
  hub.clock.advance(std::chrono::hours(24));
  CHECK(storage::orders_to_cancel(hub.connection(), hub.clock.now, 9).empty());
  const auto cancel = [&hub, order] {
    return hub.job([order](UnitOfWork& work) { return cancel_expired(work, order); }).value();
  };
  CHECK(cancel() == 0);
  CHECK(hub.line(order, 1).cancelled_milli == 0);
  REQUIRE(hub.job([&](UnitOfWork& work) { return release_hold(work, order, "fine", user(3)); }));
  CHECK(cancel() == 0);
  CHECK(hub.queue(order) == "UNFILLABLE_PARKING");
}

TEST_CASE("queues: people move orders; a hold has no end", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 3}});
  const auto move = [&hub](OrderId id, ParkingQueue queue, std::optional<UtcTime> until = {}) {
    return hub.job([&](UnitOfWork& work) -> Result<> {
      const auto moved = move_order(work, id, queue, until, user(3));
      if (!moved) return fail(moved.error());
      return {};
    });
  };
  const UtcTime until{hub.clock.now.us + 1'000'000};
  CHECK(move(order, ParkingQueue::kBackorder, until));
  CHECK(hub.queue(order) == "BACKORDER_PARKING " + until.text());
  CHECK(move(order, ParkingQueue::kUnfillableHold));
  CHECK(hub.queue(order) == "UNFILLABLE_HOLD");
  check_refused(move(order, ParkingQueue::kUnfillableHold, until), ErrorCode::kInvalid,
                "hold_has_no_end");
  check_refused(move(order, ParkingQueue::kPickupRejected), ErrorCode::kRejected,
                "is_customers_choice");
  check_refused(move(OrderId(storage::test::uuid(99)), ParkingQueue::kBrokering),
                ErrorCode::kNotFound, "no_such_order");
  // No rule of a waiting order takes it from there; a person's move does.
  hub.stock("near", "A1", 3);
  CHECK_FALSE(hub.route_one(order, routing(kNearest) + "}"));
  // Nor does a run without rules take it from a hold.
  const auto run_plainly = [&hub] {
    return hub.job([&hub](UnitOfWork& work) {
      return run_routing(work, hub.ids, domain::PartialOrders::kWait, 0, 100, user(3));
    });
  };
  CHECK(run_plainly()->orders_seen == 0);
  CHECK(move(order, ParkingQueue::kBackorder, until));
  CHECK(run_plainly()->orders_routed == 1);
  CHECK_FALSE(storage::said_queue(hub.connection(), order));
  check_refused(move(order, ParkingQueue::kBrokering), ErrorCode::kRejected, "no_units_wait");
}

TEST_CASE("queues: from PREORDER_PARKING and BACKORDER_PARKING to a site once supply has arrived",
          "[central][orders]") {
  const std::string sold_ahead =
      routing(kNearest, R"("PREORDER_PARKING","BACKORDER_PARKING")") + "}";
  for (const ParkingQueue parked : {ParkingQueue::kPreorder, ParkingQueue::kBackorder}) {
    CAPTURE(name_of(parked));
    Hub hub;
    const OrderId order = hub.place("1", {{1, "A1", 2}});
    REQUIRE(
        hub.job([&](UnitOfWork& work) { return park_order(work, order, parked, {}, user(3)); }));
    hub.route_one(order, sold_ahead);
    CHECK(hub.groups_of(order).empty());
    CHECK(hub.queue(order) == name_of(parked));
    hub.stock("far", "A1", 2);
    // Only a routing that looks there takes it.
    CHECK_FALSE(hub.route_one(order, routing(kNearest) + "}"));
    hub.route_one(order, sold_ahead);
    CHECK(hub.groups_of(order) == "far: 1x2; ");
    CHECK(hub.queue(order).empty());
  }
}

TEST_CASE("rule sets: versions, what is in use, and nothing written for the same again",
          "[central][routing]") {
  Hub hub;
  const auto define = [&hub](const std::string& name, const std::string& text, bool active = true) {
    const auto value = json::parse(text);
    REQUIRE(value);
    return hub.job([&](UnitOfWork& work) -> Result<> {
      const auto row = define_rule_set(work, name, active, *value, user(3));
      if (!row) return fail(row.error());
      return {};
    });
  };
  const auto in_use = [&hub] {
    const auto row = storage::rule_set_in_use(hub.connection());
    return row ? fmt::format("{} {}", row->defined.name, row->defined.version) : std::string();
  };
  const std::string nearest = routing(kNearest) + "}";
  CHECK(in_use().empty());
  CHECK(define("week", nearest));
  CHECK(in_use() == "week 1");
  const auto written = hub.written();
  CHECK(define("week", nearest));
  CHECK(hub.written() == written);
  CHECK(define("peak", nearest));
  CHECK(in_use() == "peak 1");
  CHECK(define("week", nearest));
  CHECK(in_use() == "week 2");
  CHECK(define("week", nearest, false));
  CHECK(in_use() == "peak 1");
  CHECK(storage::find_rule_set(hub.connection(), "week", 1)->defined.active);
  CHECK_FALSE(storage::find_rule_set(hub.connection(), "week")->defined.active);
  CHECK(storage::rule_sets(hub.connection()).size() == 2);
  check_refused(define("week", routing(kNearest) + R"(,"sites":[{"site":"nowhere"}]})"),
                ErrorCode::kNotFound, "no_such_site");
  check_refused(define("week", R"({"routings":[],"colour":"red"})"), ErrorCode::kInvalid,
                "bad_request");
  check_refused(define("", nearest), ErrorCode::kInvalid, "bad_rule_set");
  // The log has every version: rows made anew from it are the same.
  hub.job([](UnitOfWork& work) -> Result<> {
    work.replica().rebuild();
    return {};
  });
  CHECK(in_use() == "peak 1");
  CHECK(storage::find_rule_set(hub.connection(), "week", 2)->defined.version == 2);
}

TEST_CASE("rule sets: each wrong member is named", "[central][routing]") {
  const auto value =
      json::parse(R"({"routings":[{"name":"","queues":["NOWHERE"],"sorts":["COLOUR"],"rules":[)"
                  R"({"name":"r","sorts":[7],"assignment":{"mode":"MAGIC","shipments_most":-1},)"
                  R"("action":{"move_to":"PICKUP_REJECTED"}}]}],"sites":[{"site":"NO SITE"}]})");
  REQUIRE(value);
  const auto rules = read_rule_set(*value);
  REQUIRE_FALSE(rules);
  CHECK(rules.error().reason == "bad_request");
  for (const char* const path :
       {"/routings/0/name", "/routings/0/queues", "/routings/0/sorts", "/routings/0/rules/0/sorts",
        "/routings/0/rules/0/assignment/mode", "/routings/0/rules/0/assignment/shipments_most",
        "/routings/0/rules/0/action/move_to", "/sites/0/site"}) {
    CAPTURE(path);
    CHECK(rules.error().message.find(path) != std::string::npos);
  }
}

TEST_CASE("simulation: other rules on what was decided, side by side", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  hub.stock("far", "A1", 50);
  const OrderId first = hub.place("1", {{1, "A1", 3}});
  const OrderId second = hub.place("2", {{1, "A1", 9}});
  const std::string single = routing(R"({"name":"single","sorts":["DISTANCE"],)"
                                     R"("assignment":{"mode":"ORA_SINGLE"}})");
  hub.route_one(first, single + "}");
  hub.route_one(second, single + "}");
  CHECK(hub.groups_of(first) + hub.groups_of(second) == "near: 1x3; far: 1x9; ");
  const storage::DecisionSpan all{UtcTime{0}, UtcTime{hub.clock.now.us + 1}};

  const auto same = simulate(hub.connection(), rules_of(single + "}").rules, all);
  CHECK(same.orders == 2);
  CHECK(same.decisions == 2);
  CHECK(same.differing == 0);
  CHECK(same.before.figures == same.after.figures);
  CHECK(same.before.figures.shipments == 2);

  const std::string close = routing(R"({"name":"close","filters":{"proximity":{"distance":100}},)"
                                    R"("assignment":{"mode":"ORA_MULTI"}})") +
                            R"(,"rates":{"zones":[{"reach_m":100000,"label_micro":3000000}]}})";
  const auto near_only = simulate(hub.connection(), rules_of(close).rules, all);
  CHECK(near_only.differing == 1);
  REQUIRE(near_only.differences.size() == 1);
  CHECK(near_only.differences[0].decision.order == second);
  CHECK(near_only.before.figures.unpriced == 1);
  CHECK(near_only.before.unfilled_milli == 0);
  CHECK(near_only.after.figures.cost_micro == 6'000'000);
  CHECK(near_only.after.unfilled_milli == pieces(7));
  CHECK(simulate(hub.connection(), rules_of(close).rules, {all.to, all.to}).decisions == 0);
}

TEST_CASE("decisions: stored traces decide the same again, octet for octet", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 2);
  hub.stock("far", "A1", 9);
  const OrderId order = hub.place("1", {{1, "A1", 3}});
  hub.route_one(order, routing(kNearest) + "}");
  for (const auto& row : storage::decisions_of(hub.connection(), order)) {
    CHECK(storage::find_decision(hub.connection(), row.id)->traces == row.traces);
    for (const Bytes& octets : row.traces) {
      auto trace = wire::decode_routing_trace(octets).value();
      trace.assigned = domain::replay(trace).value();
      CHECK(wire::encode(trace).value() == octets);
    }
  }
}

}  // namespace
}  // namespace cairn::central::rule_routing_test
