#include "core/storage/log_folding.h"

#include "core/domain/key.h"
#include "core/storage/log_reader.h"
#include "core/storage/quarantine.h"
#include "core/wire/feed_name.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/site_life.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace cairn::storage::log_folding_test {
namespace {

using test::node;
using test::site;

constexpr Incarnation kInc{1};
const std::string kFeed = "site:store";

/// Everything may fold, in pieces of a few records.
FoldRule small(bool confirmed_only, std::size_t records = 5) {
  FoldRule rule;
  rule.after = Duration(0);
  rule.records = records;
  rule.least = 2;
  rule.confirmed_only = confirmed_only;
  return rule;
}

std::uint64_t all(const Author& author) { return author.head; }

/// Folds until there is nothing to fold. Returns how many records did.
std::size_t fold_all(test::Store& store, const FoldRule& rule, const FoldLimit& limit = all) {
  store.clock.advance(std::chrono::seconds(1));
  std::size_t records = 0;
  std::int64_t after = 0;
  for (;;) {
    const auto step = store.job([&](UnitOfWork& work) -> Result<FoldStep> {
      return fold_some(work.connection(), after, limit, rule, store.clock.utc_now());
    });
    REQUIRE(step);
    records += step->records;
    after = step->looked_at;
    if (after == 0 && step->records == 0) return records;
  }
}

std::string text_of(const LoggedRecord& row) {
  return fmt::format("{} {} {} {} {} {}\n", row.ref.text(), row.feed, row.fseq, to_hex(row.record),
                     to_hex(row.chain), to_hex(row.seal));
}

std::string text_of(const LogRow& row) {
  return fmt::format("{} {} {} {} {} {}\n", row.author, row.ref.text(), row.feed, row.fseq,
                     to_hex(row.record), to_hex(row.chain));
}

/// What the log answers to one author's readers.
std::string answers_about(EventLog& log, Connection& connection, const Author& author) {
  std::string text;
  for (std::uint64_t seq = 0; seq <= author.head + 1; ++seq) {
    const auto chain = log.chain_at(author, seq);
    text += chain ? to_hex(crypto::to_bytes(*chain)) : "-";
    if (const auto row = log.read({author.node, author.inc, seq})) text += text_of(*row);
    for (const auto& row : author_rows(connection, {author.node, author.inc, seq}, 6)) {
      text += text_of(row);
    }
    if (seq == 0 || seq > author.head || !log.chain_at(author, seq - 1)) continue;
    const auto run = log.read_run(author, seq, 7, 400);
    text += to_hex(crypto::to_bytes(run.chain_before));
    for (const Bytes& record : run.records) text += to_hex(record) + "\n";
  }
  for (const EventRef& ref : log.effect_order(author.node)) text += ref.text() + "\n";
  return text;
}

/// Every answer that the log gives to whoever reads it.
std::string answers(test::Store& store) {
  EventLog& log = store.replica().log();
  Connection& connection = store.connection();
  std::string text;
  std::set<Bytes> keys;
  LogPage page;
  page.limit = 5;
  for (auto rows = log_rows(connection, page); !rows.empty(); rows = log_rows(connection, page)) {
    for (const LogRow& row : rows) {
      text += text_of(row);
      if (const auto record = wire::decode_record(row.record)) keys.insert(record->key);
    }
    page.after_author = rows.back().author;
    page.after_seq = rows.back().ref.seq;
  }
  for (const Author& author : log.authors()) text += answers_about(log, connection, author);
  for (const Feed& feed : log.feeds()) {
    for (std::uint64_t after = 0; after <= feed.head; ++after) {
      for (const std::size_t most : {1U, 600U, 1U << 20U}) {
        for (const auto& row : log.read_feed(feed, after, most)) text += text_of(row);
      }
    }
  }
  for (const Bytes& key : keys) {
    for (const auto& row : log.read_key(key)) text += text_of(row);
    text += fmt::format("{}\n", log.latest_stamp(key).value);
  }
  for (const LogRow& row : key_rows(connection, {}, "\xFF")) text += text_of(row);
  for (const AuthorVerification& author : verify_log(connection)) {
    text += fmt::format("{} {} {} {} {}\n", author.inc.value(), author.records, author.head,
                        author.complete, author.first_bad_seq.value_or(0));
  }
  return text;
}

/// Where two texts part; empty: they are the same.
std::string parting(const std::string& one, const std::string& other) {
  if (one == other) return "";
  const auto [a, b] = std::ranges::mismatch(one, other);
  const auto at = one.rfind('\n', static_cast<std::size_t>(a - one.begin()));
  const std::size_t from = at == std::string::npos ? 0 : at + 1;
  return fmt::format("{}\n or \n{}", one.substr(from, 300), other.substr(from, 300));
}

std::string views(test::Store& store) { return test::dump_projections(store.connection()); }

/// A hub and a device of the store, at random work.
struct World {
  explicit World(std::uint64_t seed) : random(seed) {
    while (!life.all_allocated()) life.allocate(hub);
    exchange();
  }
  void work(int times) {
    for (int i = 0; i < times; ++i) {
      hub.clock.advance(std::chrono::milliseconds(7));
      device.clock.advance(std::chrono::milliseconds(7));
      if (random.one_in(4)) {
        life.act_at_hub(hub);
      } else {
        life.act(device);
      }
      if (random.one_in(5)) exchange();
    }
  }
  void exchange() {
    EventLog& log = device.replica().log();
    const Author own = log.author(node(1), kInc);
    const Author* const held = hub.replica().log().find_author(node(1), kInc);
    const std::uint64_t from = held == nullptr ? 1 : held->head + 1;
    if (from <= own.head) {
      hub.take_uplink(node(1), kInc, site("store"),
                      log.read_run(own, from, 1000, 1U << 20U).records);
    }
    const auto applied = device.take_feed(hub.frame_of(kFeed, log.feed(kFeed).head));
    REQUIRE(applied);
    REQUIRE(applied->end == Replica::Applied::End::kAll);
  }

  sim::SimRandom random;
  test::SiteLife life{random};
  test::Store hub{test::hub_identity(node(77))};
  test::Store device{test::site_identity(node(1), site("store"))};
};

TEST_CASE("log folding: whoever reads the log does not notice", "[storage][folding]") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    World world(seed);
    world.work(60);
    for (test::Store* const store : {&world.hub, &world.device}) {
      const bool site = store == &world.device;
      const std::string before = answers(*store);
      const std::string shown = views(*store);
      CHECK(fold_all(*store, small(site)) > 30);
      CHECK(parting(answers(*store), before) == "");
      store->rebuild();
      CHECK(parting(views(*store), shown) == "");
      CHECK(store->number("SELECT count(*) FROM event_log") < 30);
    }
    // Work goes on over what is folded.
    world.work(40);
    world.exchange();
    CHECK(test::dump_site_log(world.hub.connection(), kFeed).size() < answers(world.hub).size());
    const std::string before = answers(world.device);
    CHECK(fold_all(world.device, small(true)) > 5);
    CHECK(parting(answers(world.device), before) == "");
    CHECK(parting(test::dump_ship_groups(world.hub.connection()),
                  test::dump_ship_groups(world.device.connection())) == "");
  }
}

TEST_CASE("log folding: nothing beyond what is safe, and never the last record",
          "[storage][folding]") {
  World world(4);
  world.work(60);
  world.exchange();
  const Author own = world.device.replica().log().author(node(1), kInc);
  REQUIRE(own.head > 20);
  for (const std::uint64_t safe : {0U, 1U, 9U, 10U, 17U}) {
    fold_all(world.device, small(true),
             [safe](const Author& author) { return author.node == node(1) ? safe : author.head; });
    const auto last = world.device.number(
        fmt::format("SELECT coalesce(max(last), 0) FROM log_segment WHERE author = {}", own.id));
    CHECK(static_cast<std::uint64_t>(last) <= safe);
    CHECK(static_cast<std::uint64_t>(last) + 5 > safe);
  }
  fold_all(world.device, small(true));
  CHECK(world.device.number(
            fmt::format("SELECT count(*) FROM event_log WHERE author = {}", own.id)) >= 1);
  CHECK(world.device.replica().log().read({node(1), kInc, own.head}));
}

TEST_CASE("log folding: what is young or unconfirmed stays", "[storage][folding]") {
  World world(5);
  world.work(40);
  FoldRule rule = small(true);
  rule.after = std::chrono::hours(1);
  CHECK(fold_all(world.device, rule) == 0);
  world.device.clock.advance(std::chrono::hours(2));
  world.hub.clock.advance(std::chrono::hours(2));
  const std::uint64_t head = world.device.replica().log().author(node(1), kInc).head;
  world.work(5);
  CHECK(fold_all(world.device, rule) > 0);
  CHECK(world.device.number("SELECT max(last) FROM log_segment") <=
        static_cast<std::int64_t>(
            std::max(head, world.device.replica().log().author(node(77), Incarnation(77)).head)));

  test::Store alone{test::site_identity(node(1), site("store"))};
  for (int i = 0; i < 20; ++i) {
    alone.append(domain::StockEvent(test::moved("A1", "", "B-1", 1000)), {}, site("store"));
  }
  CHECK(fold_all(alone, small(true)) == 0);
  CHECK(fold_all(alone, small(false)) > 0);
}

TEST_CASE("log folding: what is set aside stays a row, and the records around it fold",
          "[storage][folding]") {
  test::GroupHub hub;
  hub.allocate(1);
  for (int i = 0; i < 7; ++i) hub.pick(1, 1);
  hub.take_uplink(node(1), kInc, site("store"), {"no record"});
  for (int i = 0; i < 9; ++i) hub.pick(1, 1);
  REQUIRE(quarantine_count(hub.connection()) == 1);
  const auto before = verify_log(hub.connection());
  CHECK(fold_all(hub, small(false)) > 10);
  CHECK(quarantine(hub.connection(), {}).size() == 1);
  CHECK(hub.number("SELECT count(*) FROM event_log e JOIN author a ON a.id = e.author"
                   " WHERE e.seq = 8 AND a.inc = 1") == 1);
  const auto after = verify_log(hub.connection());
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK_FALSE(after[i].first_bad_seq);
    CHECK(after[i].records == before[i].records);
  }
}

TEST_CASE("log folding: a hub that was put back: what it does not confirm any more is rows again",
          "[storage][folding]") {
  for (const std::uint64_t common : {0U, 7U, 23U}) {
    CAPTURE(common);
    World folded(6);
    World plain(6);
    for (World* const world : {&folded, &plain}) {
      world->work(50);
      world->exchange();
      world->device.clock.advance(std::chrono::seconds(1));
    }
    fold_all(folded.device, small(true));
    plain.device.clock.advance(std::chrono::seconds(1));
    for (World* const world : {&folded, &plain}) {
      const auto entered = world->device.job([common](UnitOfWork& work) -> Result<bool> {
        return work.replica().enter_generation(HubGeneration(99), {{kFeed, 0, 1, common}});
      });
      REQUIRE(entered);
      CHECK(*entered);
    }
    CHECK(parting(answers(folded.device), answers(plain.device)) == "");
    CHECK(parting(views(folded.device), views(plain.device)) == "");
    CHECK(folded.device.number("SELECT count(*) FROM event_log WHERE fseq IS NULL") > 0);
  }
}

TEST_CASE("log verify: of a hub's log there is no chain, though all of it that is here is folded",
          "[storage][folding]") {
  World world(8);
  world.work(30);
  world.exchange();
  REQUIRE(fold_all(world.device, small(true)) > 0);
  // As after a restore of the hub: it does not know its last record any more.
  world.device.connection().execute(
      "DELETE FROM event_log WHERE author IN (SELECT id FROM author WHERE inc = 77)");
  for (const AuthorVerification& author : verify_log(world.device.connection())) {
    CHECK(author.complete == (author.node == node(1)));
    CHECK_FALSE(author.first_bad_seq);
  }
  world.device.connection().execute(
      "DELETE FROM log_segment WHERE author IN (SELECT id FROM author WHERE inc = 77)");
  for (const AuthorVerification& author : verify_log(world.device.connection())) {
    CHECK(author.complete == (author.node == node(1)));
    CHECK_FALSE(author.first_bad_seq);
  }
}

TEST_CASE("log verify: whatever of a segment is changed, it is found", "[storage][folding]") {
  const std::vector<std::string> changes{
      "UPDATE log_segment SET body = CAST(body || x'00' AS BLOB) WHERE first = 6",
      "UPDATE log_segment SET body = (SELECT body FROM log_segment WHERE first = 1) WHERE first = "
      "6",
      "UPDATE log_segment SET hash = zeroblob(16) WHERE first = 6",
      "UPDATE log_segment SET chain = zeroblob(16) WHERE first = 6",
      "UPDATE log_segment SET chain_before = zeroblob(16) WHERE first = 6",
      "UPDATE log_segment SET last = 11 WHERE first = 6",
      "DELETE FROM log_segment WHERE first = 6",
      "DELETE FROM log_segment_key",
      "DELETE FROM log_segment_feed"};
  for (const std::string& change : changes) {
    CAPTURE(change);
    test::GroupHub hub;
    hub.allocate(1);
    for (int i = 0; i < 18; ++i) hub.pick(1, 1);
    REQUIRE(fold_all(hub, small(false)) >= 15);
    const auto bad = [&hub] {
      std::set<std::uint64_t> all;
      for (const auto& author : verify_log(hub.connection())) {
        if (author.first_bad_seq) all.insert(*author.first_bad_seq);
      }
      return all;
    };
    REQUIRE(bad().empty());
    hub.connection().execute(change.c_str());
    CHECK_FALSE(bad().empty());
  }
}

TEST_CASE("log folding: rows that are not what their chain says do not fold",
          "[storage][folding]") {
  test::GroupHub hub;
  hub.allocate(1);
  for (int i = 0; i < 18; ++i) hub.pick(1, 1);
  hub.connection().execute(
      "UPDATE event_log SET record = CAST(record || x'00' AS BLOB) WHERE seq = 3");
  CHECK(fold_all(hub, small(false)) == 0);
}

TEST_CASE("log folding: what has left its row counts as folded, and is smaller",
          "[storage][folding]") {
  World world(7);
  world.work(200);
  world.exchange();
  const auto records =
      static_cast<std::uint64_t>(world.hub.number("SELECT count(*) FROM event_log"));
  const std::size_t folded = fold_all(world.hub, small(false, 4096));
  const FoldedTotals totals = folded_totals(world.hub.connection());
  CHECK(totals.records == folded);
  CHECK(totals.records > records * 9 / 10);
  CHECK(totals.segments <= 3);
  CHECK(totals.packed * 2 < totals.octets);
}

}  // namespace
}  // namespace cairn::storage::log_folding_test
