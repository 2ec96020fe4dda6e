// Replica::take_feed(): what a site does with the frames of a feed.

#include "core/storage/replica.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

namespace cairn::storage::replica_feed_test {
namespace {

using domain::ReferenceEvent;
using domain::ShipGroupEvent;
using domain::StockEvent;
using test::at_ms;
using test::bin;
using test::dump_projections;
using test::dump_ship_groups;
using test::dump_site_log;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::Store;
using wire::AuthorItem;
using wire::AuthorRun;
using wire::FeedFrame;
using wire::HubItem;

const std::string kSiteFeed = "site:store";
constexpr Incarnation kInc{1};

Identity hub_identity() { return test::hub_identity(node(77)); }

/// A hub that has allocated group 1 (position 1 of the site's feed).
struct Hub : Store {
  Hub() : Store(hub_identity()) {
    append(ShipGroupEvent(test::allocated(group_id(1), order_id(1), {{1, "A1", 5}})),
           domain::ship_group_key(group_id(1)), site("store"));
  }
  /// Everything that `from` has written and the hub does not have yet.
  void ingest(Store& from) {
    const Identity& who = from.replica().identity();
    const Author author = from.replica().log().author(who.node, who.inc);
    const std::uint64_t held = replica().log().author(who.node, who.inc).head;
    if (author.head == held) return;
    take_uplink(who.node, who.inc, who.site,
                from.replica().log().read_run(author, held + 1, 512, 1U << 20U).records);
  }
};

struct Device : Store {
  explicit Device(std::uint64_t number = 1, std::uint64_t inc = 1)
      : Store(test::site_identity(node(number), site("store"), inc)) {}

  EventRef pick(std::int64_t units = 1) {
    return append(ShipGroupEvent(domain::LinePicked{LineNo(1), pieces(units), bin("B-1")}),
                  domain::ship_group_key(group_id(1)), site("store"));
  }
  EventRef receive(std::int64_t units) {
    return append(StockEvent(test::moved("A1", "", "B-1", pieces(units))), {}, site("store"));
  }
  std::int64_t picked() { return replica().ship_group(group_id(1)).lines.at(0).in.picked_milli; }
  std::int64_t on_hand() {
    return site_on_hand_milli(connection(), site("store"), test::sku("A1"));
  }
  std::uint64_t cursor(const std::string& feed = kSiteFeed) {
    return replica().log().feed(feed).head;
  }
};

void must_take(Store& store, const FeedFrame& frame, std::uint64_t cursor) {
  const auto applied = store.take_feed(frame);
  REQUIRE(applied);
  CHECK(applied->cursor == cursor);
  CHECK(applied->end == Replica::Applied::End::kAll);
}

FeedFrame frame_at(std::uint64_t base, std::vector<wire::FeedItem> items,
                   const std::string& feed = kSiteFeed) {
  return {feed, node(77), HubGeneration(77), base, std::move(items)};
}

TEST_CASE("feed: records of the hub take effect and move the cursor", "[storage][replica][feed]") {
  Hub hub;
  Device device;
  must_take(device, hub.frame_of(kSiteFeed), 1);
  CHECK(device.replica().ship_group(group_id(1)).status() == domain::ShipGroupStatus::kAllocated);
  CHECK(device.changes.ship_groups == std::set<ShipGroupId>{group_id(1)});
  CHECK(device.changes.own_head == 0);
  CHECK(device.cursor() == 1);
  CHECK(dump_ship_groups(device.connection()) == dump_ship_groups(hub.connection()));
  CHECK(device.replica().log().read({node(77), Incarnation(77), 1})->fseq == 1);
}

TEST_CASE("feed: the hub is remembered, over a restart too", "[storage][replica][feed]") {
  const test::TempFolder folder;
  Hub hub;
  {
    Store device(test::site_identity(node(1), site("store")), folder.file("db"));
    CHECK(device.replica().identity().hub == NodeId{});
    must_take(device, hub.frame_of(kSiteFeed), 1);
    CHECK(device.replica().identity().hub == node(77));
  }
  Store device(test::site_identity(node(1), site("store")), folder.file("db"));
  CHECK(device.replica().identity().hub == node(77));
  CHECK(device.replica().log().feed(kSiteFeed).head == 1);
  CHECK(device.replica().log().feed(kSiteFeed).hub_gen == HubGeneration(77));
}

TEST_CASE("feed: the catalogue and the site's feed have cursors of their own",
          "[storage][replica][feed]") {
  Hub hub;
  hub.append(ReferenceEvent(domain::ProductDefined{test::product("A1", 1)}),
             domain::product_key(test::sku("A1")), {});
  hub.append(StockEvent(test::counted("A1", "B-1", 7000)), {}, site("store"));
  Device device;
  // The hub's numbers 2 (catalogue) and 1, 3 (site) arrive in another order.
  must_take(device, hub.frame_of("cat"), 1);
  must_take(device, hub.frame_of(kSiteFeed), 2);
  CHECK(find_product(device.connection(), test::sku("A1")));
  CHECK(device.on_hand() == 7000);
  CHECK(device.cursor("cat") == 1);
  CHECK(device.cursor() == 2);
}

TEST_CASE("feed: another device's records are logged, chained and take effect",
          "[storage][replica][feed]") {
  Hub hub;
  Device writer(1);
  must_take(writer, hub.frame_of(kSiteFeed), 1);
  writer.pick(2);
  writer.receive(3);
  hub.ingest(writer);
  Device device(2);
  must_take(device, hub.frame_of(kSiteFeed), 3);
  CHECK(device.picked() == pieces(2));
  CHECK(device.on_hand() == pieces(3));
  const Author there = writer.replica().log().author(node(1), kInc);
  const Author here = device.replica().log().author(node(1), kInc);
  CHECK(here.head == 2);
  CHECK(here.chain == there.chain);
}

TEST_CASE("feed: own records come back as a confirmation, not as a second effect",
          "[storage][replica][feed]") {
  Hub hub;
  Device device;
  must_take(device, hub.frame_of(kSiteFeed), 1);
  const EventRef pick = device.pick(2);
  device.receive(3);
  hub.ingest(device);
  const std::string before = dump_projections(device.connection());
  must_take(device, hub.frame_of(kSiteFeed, 1), 3);
  CHECK(dump_projections(device.connection()) == before);
  CHECK(device.picked() == pieces(2));
  CHECK(device.on_hand() == pieces(3));
  CHECK(device.replica().log().read(pick)->fseq == 2);
  CHECK(device.replica().log().author(node(1), kInc).head == 2);
}

TEST_CASE("feed: a run confirms what is held here", "[storage][replica][feed]") {
  Hub hub;
  Device device;
  must_take(device, hub.frame_of(kSiteFeed), 1);
  const EventRef first = device.pick();
  device.pick();
  const EventRef third = device.receive(3);
  hub.ingest(device);
  must_take(device, frame_at(2, {AuthorRun{first, 3}}), 4);
  CHECK(device.replica().log().read(first)->fseq == 2);
  CHECK(device.replica().log().read(third)->fseq == 4);
  CHECK(device.picked() == pieces(2));
  CHECK(dump_ship_groups(device.connection()) == dump_ship_groups(hub.connection()));
  CHECK(dump_site_log(device.connection(), kSiteFeed) ==
        dump_site_log(hub.connection(), kSiteFeed));
}

TEST_CASE("feed: a run whose beginning was applied before confirms the rest",
          "[storage][replica][feed]") {
  Hub hub;
  Device device;
  must_take(device, hub.frame_of(kSiteFeed), 1);
  const EventRef first = device.pick();
  device.pick();
  const EventRef third = device.pick();
  hub.ingest(device);
  must_take(device, frame_at(2, {AuthorRun{first, 2}}), 3);
  must_take(
      device,
      frame_at(1, {std::get<HubItem>(hub.frame_of(kSiteFeed).items.at(0)), AuthorRun{first, 3}}),
      4);
  CHECK(device.replica().log().read(first)->fseq == 2);
  CHECK(device.replica().log().read(third)->fseq == 4);
}

TEST_CASE("feed: a run about records that are not here is asked for whole; what was before stays",
          "[storage][replica][feed]") {
  Hub hub;
  Device writer(1);
  must_take(writer, hub.frame_of(kSiteFeed), 1);
  writer.pick(2);
  writer.pick(1);
  hub.ingest(writer);
  Device device(2);
  const auto item = std::get<HubItem>(hub.frame_of(kSiteFeed).items.at(0));
  const auto applied = device.take_feed(frame_at(1, {item, AuthorRun{{node(1), kInc, 1}, 2}}));
  REQUIRE(applied);
  CHECK(applied->cursor == 1);
  CHECK(applied->end == Replica::Applied::End::kRecordsMissing);
  CHECK(device.cursor() == 1);
  CHECK(device.replica().ship_group(group_id(1)).status() == domain::ShipGroupStatus::kAllocated);
  must_take(device, hub.frame_of(kSiteFeed, 1), 3);
  CHECK(device.picked() == pieces(3));
}

TEST_CASE("feed: a run that is held only in part is not applied in part",
          "[storage][replica][feed]") {
  Hub hub;
  Device writer(1);
  must_take(writer, hub.frame_of(kSiteFeed), 1);
  writer.pick();
  hub.ingest(writer);
  Device device(2);
  must_take(device, hub.frame_of(kSiteFeed), 2);
  writer.pick();
  writer.pick();
  hub.ingest(writer);
  const auto applied = device.take_feed(frame_at(3, {AuthorRun{{node(1), kInc, 2}, 3}}));
  REQUIRE(applied);
  CHECK(applied->end == Replica::Applied::End::kRecordsMissing);
  CHECK(applied->cursor == 2);
  must_take(device, hub.frame_of(kSiteFeed, 2), 4);
  CHECK(device.picked() == pieces(3));
}

TEST_CASE("feed: the same frame again changes nothing", "[storage][replica][feed]") {
  Hub hub;
  Device writer(1);
  must_take(writer, hub.frame_of(kSiteFeed), 1);
  writer.pick(2);
  writer.receive(4);
  hub.ingest(writer);
  Device device(2);
  const FeedFrame frame = hub.frame_of(kSiteFeed);
  must_take(device, frame, 3);
  const std::string before = dump_projections(device.connection());
  const std::string log = dump_site_log(device.connection(), kSiteFeed);
  must_take(device, frame, 3);
  must_take(device, frame, 3);
  CHECK(device.changes.feeds.empty());
  CHECK(device.changes.ship_groups.empty());
  CHECK_FALSE(device.changes.stock);
  CHECK(dump_projections(device.connection()) == before);
  CHECK(dump_site_log(device.connection(), kSiteFeed) == log);
}

TEST_CASE("feed: a frame behind a gap is not applied, however small the gap",
          "[storage][replica][feed]") {
  Hub hub;
  Device writer(1);
  must_take(writer, hub.frame_of(kSiteFeed), 1);
  Device device(2);
  must_take(device, hub.frame_of(kSiteFeed), 1);
  writer.receive(4);
  writer.receive(5);
  hub.ingest(writer);
  const std::string before = dump_projections(device.connection());
  const auto applied = device.take_feed(hub.frame_of(kSiteFeed, 2));
  REQUIRE(applied);
  CHECK(applied->end == Replica::Applied::End::kBeyondGap);
  CHECK(applied->cursor == 1);
  CHECK(dump_projections(device.connection()) == before);
  must_take(device, hub.frame_of(kSiteFeed, 1), 3);
  CHECK(device.on_hand() == pieces(9));
}

TEST_CASE("feed: of an overlapping frame only the new positions count",
          "[storage][replica][feed]") {
  Hub hub;
  Device writer(1);
  must_take(writer, hub.frame_of(kSiteFeed), 1);
  writer.receive(1);
  hub.ingest(writer);
  Device device(2);
  must_take(device, hub.frame_of(kSiteFeed), 2);
  writer.receive(10);
  hub.ingest(writer);
  must_take(device, hub.frame_of(kSiteFeed), 3);  // from 1 on once more
  CHECK(device.on_hand() == pieces(11));
  must_take(device, hub.frame_of(kSiteFeed, 1), 3);
  CHECK(device.on_hand() == pieces(11));
}

TEST_CASE("feed: a record that its author's log does not lead to is refused, and nothing changes",
          "[storage][replica][feed]") {
  Hub hub;
  Device device(2);
  const auto item = std::get<HubItem>(hub.frame_of(kSiteFeed).items.at(0));
  const Bytes record =
      test::octets(StockEvent(test::moved("A1", "", "B-1", 1000)), {}, site("store"), at_ms(1));
  for (const EventRef& ref : {EventRef{node(1), kInc, 2}, EventRef{node(1), kInc, 99}}) {
    const auto refused = device.take_feed(frame_at(1, {item, AuthorItem{ref, record}}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kCorrupt);
    CHECK(refused.error().reason == "author_gap");
    CHECK(device.cursor() == 0);
    CHECK(device.replica().ship_group(group_id(1)).status() == domain::ShipGroupStatus::kNone);
    CHECK(device.replica().identity().hub == NodeId{});
    CHECK(device.number("SELECT count(*) FROM event_log") == 0);
  }
  must_take(device, hub.frame_of(kSiteFeed), 1);
}

TEST_CASE("feed: own records that are not here mean a restored database, and are not taken",
          "[storage][replica][feed]") {
  Hub hub;
  Device device(1);
  const Bytes record =
      test::octets(StockEvent(test::moved("A1", "", "B-1", 1000)), {}, site("store"), at_ms(1));
  const auto refused = device.take_feed(frame_at(1, {AuthorItem{{node(1), kInc, 1}, record}}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "author_gap");
  CHECK(device.replica().log().author(node(1), kInc).head == 0);
}

TEST_CASE("feed: what an earlier incarnation of this device wrote is taken like anybody's",
          "[storage][replica][feed]") {
  Hub hub;
  Device before(1, 1);
  must_take(before, hub.frame_of(kSiteFeed), 1);
  before.pick(2);
  hub.ingest(before);
  Device after(1, 2);
  const auto applied = after.take_feed(hub.frame_of(kSiteFeed));
  REQUIRE(applied);
  CHECK(applied->cursor == 2);
  CHECK(after.picked() == pieces(2));
}

TEST_CASE("feed: another hub, or another generation of it, is refused",
          "[storage][replica][feed]") {
  Hub hub;
  Device device;
  must_take(device, hub.frame_of(kSiteFeed), 1);
  hub.append(StockEvent(test::counted("A1", "B-1", 7000)), {}, site("store"));
  FeedFrame other = hub.frame_of(kSiteFeed, 1);
  other.hub_node = node(78);
  FeedFrame restored = hub.frame_of(kSiteFeed, 1);
  restored.hub_gen = HubGeneration(78);
  FeedFrame catalogue = frame_at(1, {HubItem{1, "x"}}, "cat");
  catalogue.hub_node = node(78);
  for (const FeedFrame& frame : {other, restored, catalogue}) {
    const auto refused = device.take_feed(frame);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kConflict);
    CHECK(refused.error().reason == "unknown_hub");
    CHECK(device.cursor() == 1);
    CHECK(device.on_hand() == 0);
  }
  must_take(device, hub.frame_of(kSiteFeed, 1), 2);
}

TEST_CASE("feed: a refused first frame does not make its sender the hub",
          "[storage][replica][feed]") {
  Device device(2);
  FeedFrame frame = frame_at(1, {AuthorItem{{node(1), kInc, 5}, "x"}});
  frame.hub_node = node(78);
  REQUIRE_FALSE(device.take_feed(frame));
  Hub hub;
  must_take(device, hub.frame_of(kSiteFeed), 1);
  CHECK(device.replica().identity().hub == node(77));
}

TEST_CASE("feed: a site sets aside what the hub set aside", "[storage][replica][feed]") {
  Hub hub;
  wire::Record unknown =
      test::record(ShipGroupEvent(domain::LinePicked{LineNo(1), pieces(1), bin("B-1")}),
                   domain::ship_group_key(group_id(1)), site("store"), at_ms(5));
  wire::Record elsewhere = unknown;
  wire::Record good = unknown;
  unknown.type = 999;
  elsewhere.site = site("depot");
  hub.take_uplink(node(1), kInc, site("store"),
                  {test::octets(good), test::octets(elsewhere), Bytes("\xff\xff"),
                   test::octets(unknown), test::octets(good)});
  Device device(2);
  must_take(device, hub.frame_of(kSiteFeed), 6);
  const char* const sql =
      "SELECT hex(a.node), q.seq, q.kind, q.reason FROM quarantine q"
      " JOIN author a ON a.id = q.author ORDER BY q.seq";
  CHECK(device.rows(sql, 4) == hub.rows(sql, 4));
  CHECK(device.number("SELECT count(*) FROM quarantine") == 3);
  CHECK(device.picked() == pieces(1));
  CHECK(dump_projections(device.connection()) == dump_projections(hub.connection()));
}

TEST_CASE("feed: a confirmation can turn a won claim into a lost one", "[storage][replica][feed]") {
  Hub hub;
  Device a(1);
  Device b(2);
  must_take(a, hub.frame_of(kSiteFeed), 1);
  must_take(b, hub.frame_of(kSiteFeed), 1);
  const auto claim = [](Device& device, const char* station) {
    device.clock.advance(std::chrono::seconds(1));
    device.append(ShipGroupEvent(domain::TaskClaimed{station}), domain::ship_group_key(group_id(1)),
                  site("store"));
  };
  claim(a, "bench-a");
  b.clock.advance(std::chrono::minutes(1));
  claim(b, "bench-b");
  CHECK(a.replica().ship_group(group_id(1)).claim->station == "bench-a");
  CHECK(b.replica().ship_group(group_id(1)).claim->station == "bench-b");
  hub.ingest(b);  // b's reaches the hub first although a's has the older stamp
  hub.ingest(a);
  must_take(a, hub.frame_of(kSiteFeed, 1), 3);
  must_take(b, hub.frame_of(kSiteFeed, 1), 3);
  for (Device* const device : {&a, &b}) {
    const domain::ShipGroup& view = device->replica().ship_group(group_id(1));
    CHECK(view.claim->station == "bench-b");
    REQUIRE(view.exceptions.size() == 1);
    CHECK(view.exceptions[0].cause.node == node(1));
  }
  CHECK(dump_ship_groups(a.connection()) == dump_ship_groups(hub.connection()));
  CHECK(dump_ship_groups(b.connection()) == dump_ship_groups(hub.connection()));
}

}  // namespace
}  // namespace cairn::storage::replica_feed_test
