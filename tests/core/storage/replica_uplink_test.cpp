// Replica::take_uplink(): what the hub does with the records of a node.

#include "core/storage/replica.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

#include <limits>

namespace cairn::storage::replica_uplink_test {
namespace {

using domain::ShipGroupEvent;
using domain::StockEvent;
using test::at_ms;
using test::bin;
using test::dump_projections;
using test::dump_stock;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::Store;

constexpr Incarnation kInc{1};
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// A hub with two allocated groups of site "store": positions 1 and 2 of its feed.
struct Hub : Store {
  Hub() : Store(test::hub_identity(node(77))) {
    for (const std::uint64_t i : {1U, 2U}) {
      append(ShipGroupEvent(test::allocated(group_id(i), order_id(i), {{1, "A1", 5}})),
             domain::ship_group_key(group_id(i)), site("store"));
    }
  }
  std::int64_t picked(std::uint64_t group) {
    return replica().ship_group(group_id(group)).lines.at(0).in.picked_milli;
  }
  std::string quarantine() {
    return rows("SELECT hex(a.node) = '" + to_upper(node(1)) +
                    "', q.seq, q.kind FROM quarantine q JOIN author a ON a.id = q.author"
                    " ORDER BY q.author, q.seq",
                3);
  }
  static std::string to_upper(NodeId id) {
    std::string hex = to_hex(id.value().bytes());
    for (char& c : hex) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return hex;
  }
};

wire::Record pick(std::uint64_t group, std::uint64_t ms, std::int64_t units = 1) {
  return test::record(ShipGroupEvent(domain::LinePicked{LineNo(1), pieces(units), bin("B-1")}),
                      domain::ship_group_key(group_id(group)), site("store"), at_ms(ms));
}

wire::Record receipt(std::int64_t milli, std::uint64_t ms, std::string_view to = "B-1") {
  return test::record(StockEvent(test::moved("A1", "", to, milli)), {}, site("store"), at_ms(ms));
}

void take(Store& hub, const std::vector<wire::Record>& records, NodeId author = node(1)) {
  std::vector<Bytes> octets;
  for (const wire::Record& record : records) octets.push_back(test::octets(record));
  hub.take_uplink(author, kInc, site("store"), octets);
}

TEST_CASE("uplink: records get the author's numbers and the feed's next positions, in order",
          "[storage][replica][uplink]") {
  Hub hub;
  take(hub, {pick(1, 10), receipt(1000, 11)});
  take(hub, {pick(1, 5)}, node(2));
  hub.append(StockEvent(test::counted("A1", "B-9", 0)), {}, site("store"));
  take(hub, {pick(2, 12)});
  CHECK(hub.rows("SELECT e.fseq, hex(a.node) = '" + Hub::to_upper(node(1)) +
                     "', e.seq FROM event_log e JOIN author a ON a.id = e.author"
                     " JOIN feed f ON f.id = e.feed WHERE f.name = 'site:store' ORDER BY e.fseq",
                 3) == "1|0|1\n2|0|2\n3|1|1\n4|1|2\n5|0|1\n6|0|3\n7|1|3\n");
  CHECK(hub.replica().log().feed("site:store").head == 7);
  CHECK(hub.changes.feeds == std::set<std::string>{"site:store"});
  CHECK(hub.changes.own_head == 0);
}

TEST_CASE("uplink: the octets are kept and chained as the author wrote them",
          "[storage][replica][uplink]") {
  Hub hub;
  wire::Record record = pick(1, 10);
  Bytes octets = test::octets(record);
  octets += Bytes("\xfa\x7f\x01x", 4);  // a field that this program does not know
  hub.take_uplink(node(1), kInc, site("store"), {octets});
  CHECK(hub.replica().log().read({node(1), kInc, 1})->record == octets);
  CHECK(hub.replica().log().author(node(1), kInc).chain ==
        crypto::chain_next(crypto::chain_start(node(1), kInc), octets));
  CHECK(hub.picked(1) == pieces(1));
}

TEST_CASE("uplink: effects appear in rows of groups and of stock", "[storage][replica][uplink]") {
  Hub hub;
  take(hub, {test::record(ShipGroupEvent(domain::TaskClaimed{"bench-1"}),
                          domain::ship_group_key(group_id(1)), site("store"), at_ms(1)),
             pick(1, 2, 5), receipt(4000, 3)});
  CHECK(hub.changes.ship_groups == std::set<ShipGroupId>{group_id(1)});
  CHECK(hub.changes.stock);
  const auto row = ship_group_row(hub.connection(), group_id(1));
  REQUIRE(row);
  CHECK(row->status == "PICKED");
  CHECK(row->claim_node == node(1));
  CHECK(row->claim_station == "bench-1");
  CHECK(row->in.picked_milli == pieces(5));
  CHECK(site_on_hand_milli(hub.connection(), site("store"), test::sku("A1")) == 4000);
}

// ---- quarantine ----

TEST_CASE("quarantine: an unknown event parks what follows on its key, and nothing else",
          "[storage][replica][quarantine]") {
  Hub hub;
  wire::Record unknown = pick(1, 20);
  unknown.type = 999;
  take(hub, {pick(1, 10), unknown, pick(1, 30), pick(2, 40), receipt(2000, 50)});
  take(hub, {pick(1, 60), pick(2, 70)}, node(2));
  CHECK(hub.picked(1) == pieces(1));
  CHECK(hub.picked(2) == pieces(2));
  CHECK(site_on_hand_milli(hub.connection(), site("store"), test::sku("A1")) == 2000);
  CHECK(hub.quarantine() == "1|2|PARKED\n");
  // Nothing was held up: everything is in the log and in the feed.
  CHECK(hub.replica().log().author(node(1), kInc).head == 5);
  CHECK(hub.replica().log().feed("site:store").head == 9);
  CHECK(hub.log.events == std::vector<std::string>{"record_quarantined"});
}

TEST_CASE("quarantine: octets that are no record are kept, numbered and passed on",
          "[storage][replica][quarantine]") {
  Hub hub;
  hub.take_uplink(node(1), kInc, site("store"),
                  {Bytes("\xff\xff not Protobuf"), test::octets(pick(1, 10))});
  CHECK(hub.quarantine() == "1|1|PARKED\n");
  CHECK(hub.picked(1) == pieces(1));
  const auto frame = hub.frame_of("site:store", 2);
  REQUIRE(frame.items.size() == 2);
  CHECK(std::get<wire::AuthorItem>(frame.items[0]).record == "\xff\xff not Protobuf");
}

TEST_CASE("quarantine: an unknown version of a known event is parked",
          "[storage][replica][quarantine]") {
  Hub hub;
  wire::Record newer = pick(1, 20);
  newer.sv = 2;
  take(hub, {newer, pick(1, 30)});
  CHECK(hub.quarantine() == "1|1|PARKED\n");
  CHECK(hub.picked(1) == 0);
}

TEST_CASE("quarantine: what is not the author's to say has no effect and stops nothing",
          "[storage][replica][quarantine]") {
  wire::Record other_site = pick(1, 10);
  other_site.site = site("depot");
  wire::Record wrong_key = pick(1, 10);
  wrong_key.key = domain::order_key(order_id(1)).bytes();
  wire::Record no_key = pick(1, 10);
  no_key.key.clear();
  wire::Record keyed_stock = receipt(7000, 10);
  keyed_stock.key = domain::ship_group_key(group_id(1)).bytes();
  const wire::Record allocation =
      test::record(ShipGroupEvent(test::allocated(group_id(3), order_id(3), {{1, "A1", 1}})),
                   domain::ship_group_key(group_id(3)), site("store"), at_ms(10));
  const wire::Record product =
      test::record(domain::ReferenceEvent(domain::ProductDefined{test::product("A1", 1)}),
                   domain::product_key(test::sku("A1")), site("store"), at_ms(10));
  for (const wire::Record& record :
       {other_site, wrong_key, no_key, keyed_stock, allocation, product}) {
    CAPTURE(record.type);
    Hub hub;
    const std::string before = dump_projections(hub.connection());
    take(hub, {record});
    CHECK(hub.quarantine() == "1|1|INADMISSIBLE\n");
    CHECK(dump_projections(hub.connection()) == before);
    CHECK(hub.replica().log().feed("site:store").head == 3);
    take(hub, {pick(1, 20), pick(2, 30)});
    CHECK(hub.picked(1) == pieces(1));
    CHECK(hub.picked(2) == pieces(1));
  }
}

TEST_CASE("quarantine: no record of a device makes rows that the database refuses",
          "[storage][replica][quarantine]") {
  const auto in_group = [](const ShipGroupEvent& event, std::uint64_t ms) {
    return test::record(event, domain::ship_group_key(group_id(1)), site("store"), at_ms(ms));
  };
  Hub hub;
  // One line twice in a package; two ledgers' returns under the numbers of one.
  take(hub, {pick(1, 1, 3), in_group(domain::PackageClosed{{{LineNo(1), 1000}, {LineNo(1), 2000}},
                                                           500,
                                                           500,
                                                           domain::WeightCheck::kMatched,
                                                           {},
                                                           ""},
                                     2)});
  const auto back = [](std::uint64_t id, std::uint64_t key, std::uint64_t ms) {
    return test::record(domain::ReturnEvent(test::came_back(id, 1, 1, 2)),
                        domain::return_ledger_key(group_id(key), site("store")), site("store"),
                        at_ms(ms));
  };
  take(hub, {back(1, 1, 3), back(2, 2, 4), receipt(1000, 5)});
  CHECK(hub.quarantine() == "1|4|INADMISSIBLE\n");
  CHECK(hub.rows("SELECT line, milli FROM package_line", 2) == "1|3000\n");
  CHECK(hub.number("SELECT count(*) FROM return_taken") == 1);
  CHECK(hub.replica().log().author(node(1), kInc).head == 5);
}

/// A broken constraint, as a bug in a projection would be.
void break_effect_of(Hub& hub, int seq) {
  hub.connection().execute(("CREATE TEMP TRIGGER planted BEFORE INSERT ON stock_movement"
                            " WHEN NEW.seq = " +
                            std::to_string(seq) + " BEGIN SELECT RAISE(ABORT, 'planted'); END")
                               .c_str());
}

TEST_CASE("quarantine: an effect that cannot be is undone whole, the next ones happen",
          "[storage][replica][quarantine]") {
  Hub hub;
  break_effect_of(hub, 2);
  wire::Record broken = receipt(3000, 11);
  broken.biz_key = "receipt-11";
  take(hub, {receipt(1000, 10), broken, receipt(5000, 12, "B-2"), pick(1, 13)});
  CHECK(hub.quarantine() == "1|2|FAILED\n");
  CHECK(hub.rows("SELECT location, on_hand_milli FROM stock_cell ORDER BY 1", 2) ==
        "B-1|1000\nB-2|5000\n");
  CHECK(hub.number("SELECT count(*) FROM stock_movement") == 2);
  CHECK_FALSE(hub.replica().has_effect("receipt-11"));
  CHECK(hub.picked(1) == pieces(1));
  CHECK(hub.replica().log().author(node(1), kInc).head == 4);
  CHECK(hub.replica().log().feed("site:store").head == 6);
}

TEST_CASE("quarantine: it survives a restart and a rebuild", "[storage][replica][quarantine]") {
  Hub hub;
  wire::Record unknown = pick(1, 20);
  unknown.type = 999;
  wire::Record elsewhere = pick(2, 25);
  elsewhere.site = site("depot");
  take(hub, {pick(1, 10), unknown, pick(1, 30), elsewhere, pick(2, 40)});
  const std::string rows = dump_projections(hub.connection());
  const std::string aside = hub.quarantine();
  hub.rebuild();
  CHECK(dump_projections(hub.connection()) == rows);
  CHECK(hub.quarantine() == aside);
  CHECK(hub.picked(1) == pieces(1));
  CHECK(hub.picked(2) == pieces(1));
}

TEST_CASE("quarantine: a rebuild leaves out the effect that could not be",
          "[storage][replica][quarantine]") {
  Hub hub;
  break_effect_of(hub, 2);
  take(hub, {receipt(1000, 10), receipt(3000, 11), receipt(5000, 12, "B-2")});
  REQUIRE(hub.quarantine() == "1|2|FAILED\n");
  const std::string rows = dump_projections(hub.connection());
  try {
    hub.rebuild();
  } catch (const SqlFailure& failure) {
    FAIL(failure.message);
  }
  CHECK(dump_projections(hub.connection()) == rows);
}

TEST_CASE("quarantine: a quantity beyond all reason is parked, whatever came before it",
          "[storage][replica][quarantine]") {
  Hub hub;
  take(hub, {receipt(kMost, 10), receipt(1000, 11)});
  CHECK(hub.quarantine() == "1|1|PARKED\n");
  CHECK(hub.rows("SELECT location, on_hand_milli FROM stock_cell", 2) == "B-1|1000\n");
}

TEST_CASE("uplink: stock questions can be asked whatever a device has sent",
          "[storage][replica][quarantine]") {
  Hub hub;
  take(hub, {receipt(kMost, 10, "B-1"), receipt(kMost, 11, "B-2"), receipt(1000, 12)});
  try {
    CHECK(stock_by_site(hub.connection(), test::sku("A1")).size() == 1);
  } catch (const SqlFailure& failure) {
    FAIL(failure.message);
  }
}

}  // namespace
}  // namespace cairn::storage::replica_uplink_test
