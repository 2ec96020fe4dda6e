#include "core/storage/projections/stock_on_hand.h"

#include "core/base/assert.h"
#include "core/storage/event_log.h"
#include "core/storage/migrate.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/in_child.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace cairn::storage::stock_on_hand_test {
namespace {

using domain::CountSource;
using domain::ReferenceEvent;
using domain::ShipGroupEvent;
using domain::StockEvent;
using sim::SimRandom;
using test::at_ms;
using test::bin;
using test::dump_stock;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr Incarnation kInc{1};

using Event = domain::Recorded<StockEvent>;

Event by(std::uint64_t author, std::uint64_t seq, Hlc hlc, StockEvent event) {
  return {{{node(author), kInc, seq}, hlc, UserId{}, site("store")}, std::move(event)};
}

/// A projection with nothing around it.
class Ledger {
 public:
  Ledger() : connection_(open()), log_(connection_), stock_(connection_) {}

  Ledger& apply(const Event& event) {
    stock_.apply(event, log_.author(event.meta.ref.node, event.meta.ref.inc).id);
    return *this;
  }
  std::int64_t on_hand(std::string_view location, std::string_view article = "A1") {
    Statement& select = connection_.prepare(
        "SELECT on_hand_milli FROM stock_cell WHERE site = 'store' AND sku = ?1 AND location = ?2");
    const std::int64_t milli = select.bind(article, location).step() ? select.integer(0) : 0;
    select.reset();
    return milli;
  }
  void reset() { stock_.reset(); }
  Connection& connection() { return connection_; }

 private:
  static Connection open() {
    auto opened = Connection::open_writer(":memory:", Connection::Durability::kSimulated);
    CAIRN_ASSERT(opened && migrate(*opened), "a test's database opens");
    return *std::move(opened);
  }

  Connection connection_;
  EventLog log_;
  StockOnHand stock_;
};

/// What the rule says about one cell, from all events at once.
std::int64_t by_the_rule(const std::vector<Event>& events, std::string_view location) {
  std::vector<domain::CellCount> counts;
  std::vector<domain::CellMovement> movements;
  for (const Event& event : events) {
    const domain::StockPosition at{event.meta.hlc, event.meta.ref};
    if (const auto* const counted = std::get_if<domain::StockCounted>(&event.event)) {
      if (counted->location.text() == location) counts.push_back({at, counted->quantity.milli});
      continue;
    }
    const auto& moved = std::get<domain::StockMoved>(event.event);
    if (moved.from.text() == location) movements.push_back({at, -moved.quantity.milli});
    if (moved.to.text() == location) movements.push_back({at, moved.quantity.milli});
  }
  return domain::on_hand_milli(counts, movements);
}

TEST_CASE("stock: a movement takes from one cell and gives to another", "[storage][stock]") {
  Ledger ledger;
  ledger.apply(by(1, 1, at_ms(1), test::moved("A1", "", "B-1", 5000)))
      .apply(by(1, 2, at_ms(2), test::moved("A1", "B-1", "B-2", 2000)))
      .apply(by(1, 3, at_ms(3), test::moved("A1", "B-2", "", 500)));
  CHECK(ledger.on_hand("B-1") == 3000);
  CHECK(ledger.on_hand("B-2") == 1500);
  CHECK(ledger.on_hand("B-1", "A2") == 0);
}

TEST_CASE("stock: it can be short, and that shows", "[storage][stock]") {
  Ledger ledger;
  ledger.apply(by(1, 1, at_ms(1), test::moved("A1", "B-1", "B-2", 2000)));
  CHECK(ledger.on_hand("B-1") == -2000);
}

TEST_CASE("stock: a count is a checkpoint: what came before it is in it, what comes after counts",
          "[storage][stock]") {
  Ledger ledger;
  ledger.apply(by(1, 1, at_ms(10), test::counted("A1", "B-1", 9000)));
  ledger.apply(by(2, 1, at_ms(5), test::moved("A1", "B-1", "", 1000)));  // made before, sent later
  CHECK(ledger.on_hand("B-1") == 9000);
  ledger.apply(by(2, 2, at_ms(15), test::moved("A1", "B-1", "", 2000)));
  CHECK(ledger.on_hand("B-1") == 7000);
  ledger.apply(by(1, 2, at_ms(12), test::counted("A1", "B-1", 100'000)));
  CHECK(ledger.on_hand("B-1") == 98'000);
  ledger.apply(by(1, 3, at_ms(3), test::counted("A1", "B-1", 1)));  // an older count
  CHECK(ledger.on_hand("B-1") == 98'000);
}

TEST_CASE("stock: a count of zero empties the cell", "[storage][stock]") {
  Ledger ledger;
  ledger.apply(by(1, 1, at_ms(1), test::moved("A1", "", "B-1", 5000)))
      .apply(by(1, 2, at_ms(2), test::counted("A1", "B-1", 0)));
  CHECK(ledger.on_hand("B-1") == 0);
}

TEST_CASE("stock: events of the same instant are settled by their author and number",
          "[storage][stock]") {
  const Event count = by(2, 5, at_ms(10), test::counted("A1", "B-1", 1000));
  const std::vector<Event> movements{
      by(1, 9, at_ms(10), test::moved("A1", "", "B-1", 10)),  // before the count
      by(2, 4, at_ms(10), test::moved("A1", "", "B-1", 20)),  // before
      by(2, 6, at_ms(10), test::moved("A1", "", "B-1", 40)),  // after
      by(3, 1, at_ms(10), test::moved("A1", "", "B-1", 80)),  // after
  };
  Ledger count_first;
  count_first.apply(count);
  for (const Event& event : movements) count_first.apply(event);
  CHECK(count_first.on_hand("B-1") == 1120);
  Ledger count_last;
  for (const Event& event : movements) count_last.apply(event);
  count_last.apply(count);
  CHECK(count_last.on_hand("B-1") == 1120);
}

TEST_CASE("stock: every order of the same events gives what the rule gives",
          "[storage][stock][property]") {
  const std::vector<Event> events{
      by(1, 1, at_ms(10), test::counted("A1", "B-1", 7000)),
      by(2, 1, at_ms(10), test::moved("A1", "B-1", "B-2", 1000)),
      by(2, 2, at_ms(20), test::counted("A1", "B-1", 5000)),
      by(1, 2, at_ms(20), test::moved("A1", "", "B-1", 300)),
      by(1, 3, at_ms(25), test::moved("A1", "B-2", "B-1", 20)),
      by(3, 1, at_ms(15), test::moved("A1", "B-1", "", 4000)),
  };
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), 0U);
  Ledger ledger;
  std::string rows;
  int orders = 0;
  do {
    ledger.reset();
    for (const std::size_t i : order) ledger.apply(events[i]);
    REQUIRE(ledger.on_hand("B-1") == by_the_rule(events, "B-1"));
    REQUIRE(ledger.on_hand("B-2") == by_the_rule(events, "B-2"));
    if (rows.empty()) rows = dump_stock(ledger.connection());
    REQUIRE(dump_stock(ledger.connection()) == rows);
    ++orders;
  } while (std::ranges::next_permutation(order).found);
  CHECK(orders == 720);
}

TEST_CASE("stock: random sets of events in random orders give what the rule gives",
          "[storage][stock][property]") {
  Ledger ledger;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SimRandom random(seed);
    std::vector<Event> events;
    for (std::uint64_t i = 1; i <= 20; ++i) {
      const Hlc at = at_ms(static_cast<std::uint64_t>(random.between(0, 10)));
      const auto author = static_cast<std::uint64_t>(random.between(1, 3));
      const std::int64_t milli = random.between(0, 100);
      if (random.one_in(3)) {
        events.push_back(by(author, i, at, test::counted("A1", "B-1", milli)));
      } else if (random.one_in(2)) {
        events.push_back(by(author, i, at, test::moved("A1", "B-1", "B-2", milli + 1)));
      } else {
        events.push_back(by(author, i, at, test::moved("A1", "", "B-1", milli + 1)));
      }
    }
    for (int round = 0; round < 3; ++round) {
      for (std::size_t i = events.size() - 1; i > 0; --i) {
        std::swap(
            events[i],
            events[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(i)))]);
      }
      ledger.reset();
      for (const Event& event : events) ledger.apply(event);
      CAPTURE(seed, round);
      REQUIRE(ledger.on_hand("B-1") == by_the_rule(events, "B-1"));
      REQUIRE(ledger.on_hand("B-2") == by_the_rule(events, "B-2"));
    }
  }
}

TEST_CASE("stock: the cell's unit does not depend on the order of arrival", "[storage][stock]") {
  Event kilograms = by(1, 1, at_ms(1), test::moved("A1", "", "B-1", 250));
  std::get<domain::StockMoved>(kilograms.event).quantity.uom = Uom::kKilogram;
  const Event piece = by(2, 1, at_ms(2), test::moved("A1", "", "B-1", 1000));
  Ledger one;
  one.apply(kilograms).apply(piece);
  Ledger other;
  other.apply(piece).apply(kilograms);
  CHECK(dump_stock(one.connection()) == dump_stock(other.connection()));
}

/// What two devices send, taken by a hub one after the other.
std::string taken(const std::vector<std::pair<std::uint64_t, Bytes>>& records) {
  test::Store hub(test::hub_identity(node(77)));
  for (const auto& [author, octets] : records) {
    hub.take_uplink(node(author), kInc, site("store"), {octets});
  }
  return dump_stock(hub.connection());
}

TEST_CASE("stock: a stamp beyond all reason means the same in every order of arrival",
          "[storage][stock]") {
  const std::pair movement(std::uint64_t{1},
                           test::octets(StockEvent(test::moved("A1", "", "B-1", 1000)), {},
                                        site("store"), Hlc{0x8000'0000'0000'0001}));
  const std::pair count(std::uint64_t{2}, test::octets(StockEvent(test::counted("A1", "B-1", 7000)),
                                                       {}, site("store"), at_ms(5)));
  CHECK(taken({movement, count}) == taken({count, movement}));
}

TEST_CASE("stock: figures beyond all reason do not run over", "[storage][stock]") {
  const std::pair movement(
      std::uint64_t{1},
      test::octets(StockEvent(test::moved("A1", "", "B-1", kMost)), {}, site("store"), at_ms(20)));
  const std::pair count(std::uint64_t{2}, test::octets(StockEvent(test::counted("A1", "B-1", 1000)),
                                                       {}, site("store"), at_ms(10)));
  const std::string end = test::in_child([&movement, &count] {
    if (taken({movement, count}) != taken({count, movement})) _exit(3);
  });
  CHECK(end == "ok");
}

// ---- the memory of imports ----

TEST_CASE("stock: the last imported figure of a cell is remembered", "[storage][stock]") {
  Ledger ledger;
  Connection& connection = ledger.connection();
  CHECK(imported_milli(connection, site("store"), sku("A1"), bin("B-1")) == std::nullopt);
  ledger.apply(by(77, 1, at_ms(1), test::counted("A1", "B-1", 40'000, CountSource::kImport)));
  CHECK(imported_milli(connection, site("store"), sku("A1"), bin("B-1")) == 40'000);
  ledger.apply(by(1, 1, at_ms(2), test::moved("A1", "B-1", "", 1000)));
  ledger.apply(by(1, 2, at_ms(3), test::counted("A1", "B-1", 38'000)));
  CHECK(imported_milli(connection, site("store"), sku("A1"), bin("B-1")) == 40'000);
  ledger.apply(by(77, 2, at_ms(4), test::counted("A1", "B-1", 50'000, CountSource::kImport)));
  CHECK(imported_milli(connection, site("store"), sku("A1"), bin("B-1")) == 50'000);
  CHECK(imported_milli(connection, site("store"), sku("A1"), bin("B-2")) == std::nullopt);
  CHECK(imported_milli(connection, site("depot"), sku("A1"), bin("B-1")) == std::nullopt);
}

TEST_CASE("stock: a cell that was only moved to or recounted was never imported",
          "[storage][stock]") {
  Ledger ledger;
  ledger.apply(by(1, 1, at_ms(1), test::moved("A1", "", "B-1", 1000)));
  ledger.apply(by(1, 2, at_ms(2), test::counted("A1", "B-2", 1000)));
  Connection& connection = ledger.connection();
  CHECK(imported_milli(connection, site("store"), sku("A1"), bin("B-1")) == std::nullopt);
  CHECK(imported_milli(connection, site("store"), sku("A1"), bin("B-2")) == std::nullopt);
}

TEST_CASE("stock: an import is remembered although a later count came first", "[storage][stock]") {
  const Event import =
      by(77, 1, at_ms(1), test::counted("A1", "B-1", 40'000, CountSource::kImport));
  const Event recount = by(1, 1, at_ms(2), test::counted("A1", "B-1", 38'000));
  Ledger hub;
  hub.apply(import).apply(recount);
  Ledger device;
  device.apply(recount).apply(import);
  CHECK(dump_stock(hub.connection()) == dump_stock(device.connection()));
}

// ---- queries ----

/// A hub with locations and stock.
struct Hub : test::Store {
  Hub() : Store(test::hub_identity(node(77))) {}

  void define(std::string_view code, std::uint32_t sequence, std::string_view at = "store") {
    append(
        ReferenceEvent(domain::LocationDefined{{bin(code), domain::LocationType::kPick, sequence}}),
        domain::location_key(site(at), bin(code)), site(at));
  }
  void count(std::string_view article, std::string_view location, std::int64_t units,
             std::string_view at = "store") {
    append(StockEvent(test::counted(article, location, pieces(units), CountSource::kImport)), {},
           site(at));
  }
  void move(std::string_view article, std::string_view from, std::string_view to,
            std::int64_t units, std::string_view at = "store") {
    append(StockEvent(test::moved(article, from, to, pieces(units))), {}, site(at));
  }
  std::string pick_from(std::string_view article, std::string_view at = "store") {
    const auto location = pick_location(connection(), site(at), sku(article));
    return location ? location->text() : "-";
  }
};

TEST_CASE("pick location: the first bin on the walk that has stock", "[storage][stock]") {
  Hub hub;
  hub.define("Z-9", 1);
  hub.define("B-2", 2);
  hub.define("B-1", 3);
  hub.count("A1", "B-1", 50);
  CHECK(hub.pick_from("A1") == "B-1");
  hub.count("A1", "B-2", 1);
  CHECK(hub.pick_from("A1") == "B-2");
  hub.count("A1", "Z-9", 1);
  CHECK(hub.pick_from("A1") == "Z-9");
  hub.count("A1", "Z-9", 0);
  CHECK(hub.pick_from("A1") == "B-2");
}

TEST_CASE("pick location: a bin without a place on the walk comes last, then by its code",
          "[storage][stock]") {
  Hub hub;
  hub.define("M-1", 7);
  hub.count("A1", "C-1", 5);
  hub.count("A1", "A-9", 5);
  CHECK(hub.pick_from("A1") == "A-9");
  hub.count("A1", "M-1", 5);
  CHECK(hub.pick_from("A1") == "M-1");
}

TEST_CASE("pick location: with no stock it is where the article was last known, never a tote",
          "[storage][stock]") {
  Hub hub;
  CHECK(hub.pick_from("A1") == "-");
  hub.move("A1", "", "TOTE-1", 5);
  CHECK(hub.pick_from("A1") == "-");
  hub.count("A1", "B-2", 0);
  hub.count("A1", "B-1", 0);
  CHECK(hub.pick_from("A1") == "B-1");
  hub.define("B-2", 1);
  CHECK(hub.pick_from("A1") == "B-2");
  hub.move("A1", "B-1", "", 3);  // short is not stock
  CHECK(hub.pick_from("A1") == "B-2");
}

TEST_CASE("pick location: each site has its own bins and walk", "[storage][stock]") {
  Hub hub;
  hub.define("B-1", 1, "depot");
  hub.define("B-2", 1, "store");
  hub.count("A1", "B-1", 5);
  hub.count("A1", "B-2", 5);
  hub.count("A1", "B-1", 5, "depot");
  hub.count("A1", "B-2", 5, "depot");
  CHECK(hub.pick_from("A1") == "B-2");
  CHECK(hub.pick_from("A1", "depot") == "B-1");
  CHECK(hub.pick_from("A2") == "-");
}

TEST_CASE("stock cells: a site's cells by article and place, in pages", "[storage][stock]") {
  Hub hub;
  hub.count("A2", "B-1", 2);
  hub.count("A1", "B-2", 3);
  hub.count("A1", "B-1", 4);
  hub.count("A3", "B-1", 0);     // nothing there: not listed
  hub.move("A4", "B-1", "", 1);  // a shortage: listed
  hub.count("A1", "B-1", 9, "depot");
  const auto all = stock_cells(hub.connection(), site("store"), {});
  std::vector<std::string> seen;
  for (const StockCell& cell : all) {
    seen.push_back(cell.sku.text() + "@" + cell.location.text() + " " + cell.on_hand.text());
  }
  CHECK(seen == std::vector<std::string>{"A1@B-1 4", "A1@B-2 3", "A2@B-1 2", "A4@B-1 -1"});

  StockPage page;
  page.limit = 2;
  const auto first = stock_cells(hub.connection(), site("store"), page);
  REQUIRE(first.size() == 2);
  page.after_sku = first.back().sku.text();
  page.after_location = first.back().location.text();
  const auto second = stock_cells(hub.connection(), site("store"), page);
  REQUIRE(second.size() == 2);
  CHECK(second.front().sku == sku("A2"));

  StockPage only;
  only.sku = sku("A1");
  CHECK(stock_cells(hub.connection(), site("store"), only).size() == 2);
}

}  // namespace
}  // namespace cairn::storage::stock_on_hand_test
