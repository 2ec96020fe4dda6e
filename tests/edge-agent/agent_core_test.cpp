// Agents and the hub together, over a bus without faults: what is decided at one place arrives at
// the others. The world with faults is tests/sim.

#include "edge-agent/agent_core.h"

#include "central/orders/order_book.h"
#include "central/routing/routing_run.h"
#include "core/wire/feed_name.h"
#include "edge-agent/workflows/labels.h"
#include "edge-agent/workflows/pack.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/sim/world.h"
#include "tests/support/catch.h"

namespace cairn::agent::agent_core_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using storage::UnitOfWork;
using storage::Writer;
using storage::test::bin;
using storage::test::gtin;
using storage::test::pieces;
using storage::test::site;
using storage::test::sku;
using sync::LinkState;

const Operator kBench{storage::test::user(1), "bench-1"};

/// A hub, two agents at "store" and one at "depot"; everything is registered and in conversation.
class Shop {
 public:
  Shop() : world(1, folder_.file("world")) {
    world.network().faults = {0, 0, Duration(2000)};
    register_all();
    pass(seconds(35));  // refused at first: an unknown device asks again after a while
    REQUIRE(world.violations().empty());
    for (const int agent : {1, 2, 3}) REQUIRE(at(agent).sync().status().link == LinkState::kLive);
  }

 private:
  storage::test::TempFolder folder_;

 public:
  sim::World world;

  AgentCore& at(int agent) { return *world.endpoints()[static_cast<std::size_t>(agent)]->agent; }
  central::HubCore& hub() { return *world.hub().hub; }
  storage::Connection& rows(int agent) { return at(agent).replica().connection(); }
  storage::Connection& hub_rows() { return hub().replica().connection(); }
  void pass(Duration duration) { world.run(world.timeline().now() + duration); }

  /// Runs a job of the writer to its end and returns the answer.
  template <class T>
  Result<T> run(Writer& writer, const Writer::Job<T>& job) {
    std::optional<Result<T>> answer;
    writer.submit<T>(job, [&answer](Result<T> given) { answer = std::move(given); });
    while (!answer) pass(milliseconds(1));
    return *answer;
  }
  void write(const domain::Event& event, const domain::Key& key, const SiteId& where) {
    const auto written = run<EventRef>(hub().writer(), [&](UnitOfWork& work) {
      return work.record({event, key, where, {}, {}, {}});
    });
    REQUIRE(written);
  }

  Result<OrderId> place(const std::string& number,
                        const std::vector<storage::test::Wanted>& lines) {
    return run<OrderId>(hub().writer(), [&](UnitOfWork& work) {
      return central::place_order(work, storage::test::placed(number, lines), {});
    });
  }
  central::RoutingOutcome route() {
    const auto outcome = run<central::RoutingOutcome>(hub().writer(), [this](UnitOfWork& work) {
      return central::run_routing(work, hub().ids(), domain::PartialOrders::kWait, 0, 100, {});
    });
    REQUIRE(outcome);
    return *outcome;
  }
  Result<bool> claim(int agent, ShipGroupId group) {
    return run<bool>(at(agent).writer(), [&](UnitOfWork& work) -> Result<bool> {
      if (auto ok = at(agent).pick().claim(work, group, kBench); !ok) return fail(ok.error());
      return true;
    });
  }
  Result<ScanVerdict> scan(int agent, std::uint64_t article) {
    return run<ScanVerdict>(at(agent).writer(), [&](UnitOfWork& work) {
      return at(agent).pick().scan(work, kBench, {"E0", gtin(article).text()});
    });
  }
  /// Everything in one package with a label that somebody saw, then out of the door.
  Result<EventRef> pack_and_ship(int agent, ShipGroupId group) {
    return run<EventRef>(at(agent).writer(), [&](UnitOfWork& work) -> Result<EventRef> {
      const auto package = close_package(work, group, {{}, 750'000, {}}, kBench);
      if (!package) return package;
      const auto label = start_label(work, group, *package, "zebra", false, kBench);
      if (!label) return fail(label.error());
      const domain::EndLabelPrint printed{label->start, domain::PrintOutcome::kDone, ""};
      if (auto ok = end_label(work, group, printed); !ok) return fail(ok.error());
      return ship(work, group, kBench);
    });
  }
  std::vector<ShipGroupId> groups(storage::Connection& connection) {
    std::vector<ShipGroupId> ids;
    for (const auto& row : storage::ship_groups(connection, {})) ids.push_back(row.id);
    return ids;
  }
  void check_agreement() {
    for (const int agent : {1, 2}) {
      CAPTURE(agent);
      const auto status = at(agent).sync().status();
      CHECK(status.hwm == status.head);
      CHECK(status.behind == 0);
      CHECK(storage::test::dump_ship_groups(rows(agent)) ==
            storage::test::dump_ship_groups(hub_rows()));
      CHECK(storage::test::dump_site_log(rows(agent), "site:store") ==
            storage::test::dump_site_log(hub_rows(), "site:store"));
    }
    CHECK(storage::test::dump_stock(rows(1)) == storage::test::dump_stock(rows(2)));
  }

 private:
  void register_all() {
    for (const char* const name : {"store", "depot"}) {
      write(domain::ReferenceEvent(
                domain::FacilityDefined{{site(name),
                                         name,
                                         domain::FacilityKind::kStore,
                                         {51'500'000, name[0] == 's' ? -100'000 : -5'000'000},
                                         true}}),
            domain::facility_key(site(name)), {});
    }
    for (std::uint64_t i = 1; i <= 3; ++i) {
      const auto product = storage::test::product("A" + std::to_string(i), i);
      write(domain::ReferenceEvent(domain::ProductDefined{product}),
            domain::product_key(product.sku), {});
      write(domain::StockEvent(storage::test::counted(product.sku.text(), "B-1", pieces(10),
                                                      domain::CountSource::kImport)),
            {}, site("store"));
    }
    for (const int agent : {1, 2, 3}) {
      const auto& endpoint = *world.endpoints()[static_cast<std::size_t>(agent)];
      write(domain::ReferenceEvent(
                domain::NodeRegistered{{endpoint.node, endpoint.site, "agent", true}}),
            domain::node_key(endpoint.node), endpoint.site);
    }
  }
};

TEST_CASE("agent and hub: what the hub defines is at the agents of the site it concerns",
          "[agent][end_to_end]") {
  Shop shop;
  for (const int agent : {1, 2, 3}) {
    CAPTURE(agent);
    CHECK(storage::product_count(shop.rows(agent)) == 3);
    CHECK(storage::facilities(shop.rows(agent)).size() == 2);
    const auto on_hand = storage::site_on_hand_milli(shop.rows(agent), site("store"), sku("A1"));
    CHECK(on_hand == (agent == 3 ? 0 : pieces(10)));
    CHECK(shop.at(agent).sync().status().behind == 0);
  }
}

TEST_CASE("agent and hub: an order goes from placing to the door, and everybody agrees",
          "[agent][end_to_end]") {
  Shop shop;
  const auto order = shop.place("4711", {{1, "A1", 2}, {2, "A2", 1}});
  REQUIRE(order);
  const auto outcome = shop.route();
  CHECK(outcome.orders_routed == 1);
  CHECK(outcome.groups_opened == 1);
  shop.pass(seconds(1));
  const auto groups = shop.groups(shop.rows(1));
  REQUIRE(groups.size() == 1);
  CHECK(shop.groups(shop.rows(2)) == groups);
  CHECK(shop.groups(shop.rows(3)).empty());

  REQUIRE(shop.claim(1, groups[0]));
  shop.pass(seconds(1));
  const auto second = shop.claim(2, groups[0]);
  REQUIRE_FALSE(second);
  CHECK(second.error().reason == "claimed_by_other");
  for (const std::uint64_t article : {1U, 2U, 1U}) {
    const auto verdict = shop.scan(1, article);
    REQUIRE(verdict);
    CHECK(verdict->kind == ScanVerdict::Kind::kOk);
  }
  shop.pass(seconds(1));
  REQUIRE(shop.pack_and_ship(2, groups[0]));
  shop.pass(seconds(2));

  shop.check_agreement();
  const auto row = storage::ship_group_row(shop.hub_rows(), groups[0]);
  REQUIRE(row);
  CHECK(row->status == "SHIPPED");
  const auto lines = storage::order_lines(shop.hub_rows(), *order);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].progress.shipped_milli == pieces(2));
  CHECK(lines[1].progress.shipped_milli == pieces(1));
  std::vector<domain::LineProgress> progress;
  for (const auto& line : lines) progress.push_back(line.progress);
  CHECK(domain::status_of(progress) == domain::OrderStatus::kCompleted);
  CHECK(storage::site_on_hand_milli(shop.hub_rows(), site("store"), sku("A1")) == pieces(8));
  CHECK(shop.world.violations().empty());
}

TEST_CASE("agent and hub: two devices that pick the same units offline end with a put-back",
          "[agent][end_to_end]") {
  Shop shop;
  REQUIRE(shop.place("1", {{1, "A1", 1}}));
  shop.route();
  shop.pass(seconds(1));
  const auto groups = shop.groups(shop.rows(1));
  REQUIRE(groups.size() == 1);
  const auto link = [&shop](bool up) {
    for (const int agent : {1, 2}) {
      shop.world.network().set_link(agent, up);
      shop.world.lan().set_link(agent, up);
    }
  };
  link(false);
  for (const int agent : {1, 2}) {
    REQUIRE(shop.claim(agent, groups[0]));
    REQUIRE(shop.scan(agent, 1));
  }
  link(true);
  shop.pass(seconds(10));
  shop.check_agreement();
  CHECK(storage::put_backs(shop.hub_rows(), site("store")).size() == 1);
  CHECK(storage::ship_group_exceptions(shop.hub_rows(), std::nullopt).size() == 1);
  CHECK(storage::ship_group_lines(shop.hub_rows(), groups[0]).at(0).in.picked_milli == pieces(1));
}

TEST_CASE("agent: it works on without the hub, and its records arrive afterwards",
          "[agent][end_to_end]") {
  Shop shop;
  REQUIRE(shop.place("1", {{1, "A1", 3}}));
  shop.route();
  shop.pass(seconds(1));
  const auto group = shop.groups(shop.rows(1)).at(0);
  shop.world.network().set_link(1, false);
  shop.pass(seconds(1));
  REQUIRE(shop.claim(1, group));
  for (int i = 0; i < 3; ++i) REQUIRE(shop.scan(1, 1));
  REQUIRE(shop.pack_and_ship(1, group));
  CHECK(shop.at(1).sync().status().link == LinkState::kDown);
  CHECK(storage::ship_group_row(shop.hub_rows(), group)->status == "ALLOCATED");
  shop.world.network().set_link(1, true);
  shop.pass(seconds(10));
  CHECK(storage::ship_group_row(shop.hub_rows(), group)->status == "SHIPPED");
  shop.check_agreement();
}

TEST_CASE("agent: a restart loses nothing", "[agent][end_to_end]") {
  Shop shop;
  REQUIRE(shop.place("1", {{1, "A1", 2}}));
  shop.route();
  shop.pass(seconds(1));
  const auto group = shop.groups(shop.rows(1)).at(0);
  shop.world.network().set_link(1, false);
  shop.pass(seconds(1));
  REQUIRE(shop.claim(1, group));
  REQUIRE(shop.scan(1, 1));
  shop.world.crash(*shop.world.endpoints()[1]);
  shop.pass(seconds(5));
  shop.world.network().set_link(1, true);
  shop.pass(seconds(10));
  REQUIRE(shop.scan(1, 1));
  shop.pass(seconds(2));
  CHECK(storage::ship_group_row(shop.hub_rows(), group)->status == "PICKED");
  shop.check_agreement();
}

TEST_CASE("agent: after a restart of the hub it is in conversation again soon",
          "[agent][end_to_end]") {
  Shop shop;
  REQUIRE(shop.place("1", {{1, "A1", 2}}));
  shop.route();
  shop.pass(seconds(5));
  const auto group = shop.groups(shop.rows(1)).at(0);
  shop.world.crash(shop.world.hub());
  while (!shop.world.hub().running()) shop.pass(milliseconds(10));
  shop.pass(milliseconds(100));
  REQUIRE(shop.claim(1, group));
  const auto head = shop.at(1).sync().status().head;
  shop.pass(seconds(3));
  CHECK(shop.at(1).sync().status().hwm == head);
}

TEST_CASE("agent: one that got an empty database catches up", "[agent][end_to_end]") {
  Shop shop;
  REQUIRE(shop.place("1", {{1, "A1", 2}}));
  shop.route();
  shop.pass(seconds(1));
  const auto group = shop.groups(shop.rows(1)).at(0);
  REQUIRE(shop.claim(1, group));
  REQUIRE(shop.scan(1, 1));
  shop.pass(seconds(2));
  sim::Endpoint& first = *shop.world.endpoints()[1];
  first.database += "-new";
  shop.world.crash(first);
  shop.pass(seconds(40));
  CHECK(shop.at(1).sync().status().detail.empty());
  CHECK(storage::test::dump_ship_groups(shop.rows(1)) ==
        storage::test::dump_ship_groups(shop.hub_rows()));
}

TEST_CASE("agent: a database of another device is refused", "[agent]") {
  const storage::test::TempFolder folder;
  sim::Timeline timeline;
  sim::SimRandom random(1);
  sim::SimNetwork network(timeline, random);
  const auto transport = network.attach(1);
  sim::Endpoint machine(1, timeline, 1, Duration(0));
  machine.executor = std::make_unique<sim::SimExecutor>(timeline);
  const auto open = [&](std::uint64_t number, const char* where) {
    return AgentCore::open({folder.file("db"), storage::Connection::Durability::kSimulated,
                            storage::test::node(number), site(where), pieces(12)},
                           machine.env(), *transport, [](const Error&) {});
  };
  {
    const auto first = open(1, "store");
    REQUIRE(first);
    CHECK((*first)->replica().identity().inc != Incarnation{});
    CHECK((*first)->replica().identity().inc.value() <= static_cast<std::uint64_t>(INT64_MAX));
  }
  for (const auto& other : {open(2, "store"), open(1, "depot")}) {
    REQUIRE_FALSE(other);
    CHECK(other.error().reason == "wrong_data_dir");
  }
  CHECK(open(1, "store"));
}

}  // namespace
}  // namespace cairn::agent::agent_core_test
