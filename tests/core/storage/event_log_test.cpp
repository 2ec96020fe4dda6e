#include "core/storage/event_log.h"

#include "core/storage/migrate.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/record_stream.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

namespace cairn::storage::event_log_test {
namespace {

using test::at_ms;
using test::node;

constexpr Incarnation kInc{0x0102030405060708};

Connection database(const std::string& path = ":memory:") {
  auto opened = Connection::open_writer(path, Connection::Durability::kSimulated);
  REQUIRE(opened);
  REQUIRE(migrate(*opened));
  return *std::move(opened);
}

wire::Record record(std::uint64_t ms, Bytes key = {}, Bytes payload = "payload") {
  wire::Record record;
  record.hlc = at_ms(ms);
  record.type = 203;
  record.sv = 1;
  record.key = std::move(key);
  record.payload = std::move(payload);
  return record;
}

/// A log with its own database.
struct Log {
  Connection connection = database();
  EventLog log{connection};

  std::uint64_t append(NodeId author, const wire::Record& r,
                       std::optional<FeedPosition> position = std::nullopt) {
    return log.append(log.author(author, kInc), r, test::octets(r), position);
  }
  /// The next position of a feed.
  FeedPosition next(const std::string& name) {
    Feed& feed = log.feed(name);
    ++feed.head;
    log.mark_changed(feed);
    return {feed.id, feed.head};
  }
};

/// The chain as docs/protocol.md defines it, from the octets alone.
crypto::Hash128 chain_of(NodeId author, Incarnation inc, const std::vector<Bytes>& records) {
  Bytes little_endian;
  for (unsigned i = 0; i < 8; ++i) {
    little_endian.push_back(static_cast<char>((inc.value() >> (8U * i)) & 0xFFU));
  }
  crypto::Hash128 chain = crypto::blake2b_128({author.value().bytes(), little_endian});
  for (const Bytes& record : records) {
    chain = crypto::blake2b_128({crypto::to_bytes(chain), record});
  }
  return chain;
}

TEST_CASE("event log: an author's records are numbered without gaps, authors on their own",
          "[storage][event_log]") {
  Log at;
  CHECK(at.append(node(1), record(1)) == 1);
  CHECK(at.append(node(1), record(2)) == 2);
  CHECK(at.append(node(2), record(1)) == 1);
  CHECK(at.append(node(1), record(3)) == 3);
  CHECK(at.log.author(node(1), kInc).head == 3);
  CHECK(at.log.author(node(2), kInc).head == 1);
  CHECK(at.log.author(node(1), Incarnation(2)).head == 0);
}

TEST_CASE("event log: the chain is the one that anybody can recompute", "[storage][event_log]") {
  Log at;
  std::vector<Bytes> records;
  CHECK(at.log.author(node(1), kInc).chain == chain_of(node(1), kInc, {}));
  for (std::uint64_t i = 1; i <= 5; ++i) {
    const wire::Record r = record(i, {}, Bytes(i * 10, 'x'));
    at.append(node(1), r);
    records.push_back(test::octets(r));
    CHECK(at.log.author(node(1), kInc).chain == chain_of(node(1), kInc, records));
  }
  for (std::uint64_t seq = 0; seq <= 5; ++seq) {
    CAPTURE(seq);
    const auto first = records.begin();
    CHECK(at.log.chain_at(at.log.author(node(1), kInc), seq) ==
          chain_of(node(1), kInc, {first, first + static_cast<std::ptrdiff_t>(seq)}));
  }
  CHECK(at.log.chain_at(at.log.author(node(1), kInc), 6) == std::nullopt);
}

TEST_CASE("event log: the octets are kept as they were written", "[storage][event_log]") {
  Log at;
  const wire::Record r = record(7, Bytes("\x07key\0", 5), Bytes("\0\xff", 2));
  at.append(node(1), r);
  const auto back = at.log.read({node(1), kInc, 1});
  REQUIRE(back);
  CHECK(back->record == test::octets(r));
  CHECK(back->ref == EventRef{node(1), kInc, 1});
  CHECK(back->feed.empty());
  CHECK(back->fseq == 0);
  CHECK_FALSE(at.log.read({node(1), kInc, 2}));
  CHECK_FALSE(at.log.read({node(2), kInc, 1}));
  CHECK_FALSE(at.log.read({node(1), Incarnation(9), 1}));
}

TEST_CASE("event log: asking for an author does not create it", "[storage][event_log]") {
  Log at;
  CHECK(at.log.find_author(node(1), kInc) == nullptr);
  CHECK(at.log.authors().empty());
  at.append(node(1), record(1));
  const Author* const found = at.log.find_author(node(1), kInc);
  REQUIRE(found != nullptr);
  CHECK(found->head == 1);
}

TEST_CASE("event log: authors are listed by node, then incarnation", "[storage][event_log]") {
  Log at;
  at.log.author(node(2), Incarnation(5));
  at.log.author(node(1), Incarnation(9));
  at.log.author(node(1), Incarnation(3));
  at.append(node(3), record(1));
  const auto all = at.log.authors();
  REQUIRE(all.size() == 4);
  CHECK(all[0].inc == Incarnation(3));
  CHECK(all[1].inc == Incarnation(9));
  CHECK(all[2].node == node(2));
  CHECK(all[3].node == node(3));
  CHECK(all[3].head == 1);  // as it stands now, written back or not
}

TEST_CASE("event log: a run ends at the number of records asked for", "[storage][event_log]") {
  Log at;
  for (std::uint64_t i = 1; i <= 10; ++i) at.append(node(1), record(i));
  const Author& author = at.log.author(node(1), kInc);
  CHECK(at.log.read_run(author, 1, 3, 1U << 20U).records.size() == 3);
  CHECK(at.log.read_run(author, 1, 100, 1U << 20U).records.size() == 10);
  CHECK(at.log.read_run(author, 9, 100, 1U << 20U).records.size() == 2);
  CHECK(at.log.read_run(author, 11, 100, 1U << 20U).records.empty());
}

TEST_CASE("event log: a run ends before it exceeds the octets asked for, but never empty",
          "[storage][event_log]") {
  Log at;
  for (std::uint64_t i = 1; i <= 4; ++i) at.append(node(1), record(i, {}, Bytes(1000, 'x')));
  const std::size_t one = test::octets(record(1, {}, Bytes(1000, 'x'))).size();
  const Author& author = at.log.author(node(1), kInc);
  CHECK(at.log.read_run(author, 1, 100, 2 * one).records.size() == 2);
  CHECK(at.log.read_run(author, 1, 100, 2 * one - 1).records.size() == 1);
  CHECK(at.log.read_run(author, 1, 100, 3 * one).records.size() == 3);
  CHECK(at.log.read_run(author, 2, 100, 1).records.size() == 1);
}

TEST_CASE("event log: a run begins with the chain before it", "[storage][event_log]") {
  Log at;
  std::vector<Bytes> records;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    at.append(node(1), record(i));
    records.push_back(test::octets(record(i)));
  }
  const Author& author = at.log.author(node(1), kInc);
  CHECK(at.log.read_run(author, 1, 9, 999).chain_before == chain_of(node(1), kInc, {}));
  const auto run = at.log.read_run(author, 3, 9, 9999);
  CHECK(run.chain_before == chain_of(node(1), kInc, {records[0], records[1]}));
  CHECK(run.records == std::vector<Bytes>{records[2], records[3]});
}

TEST_CASE("event log: a confirmation happens once", "[storage][event_log]") {
  Log at;
  at.append(node(1), record(1));
  at.append(node(1), record(2));
  const Author& author = at.log.author(node(1), kInc);
  const FeedPosition first = at.next("site:store");
  CHECK(at.log.confirm(author, 1, first));
  CHECK_FALSE(at.log.confirm(author, 1, at.next("site:store")));
  CHECK_FALSE(at.log.confirm(author, 5, at.next("site:store")));
  const auto back = at.log.read({node(1), kInc, 1});
  REQUIRE(back);
  CHECK(back->feed == "site:store");
  CHECK(back->fseq == first.fseq);
  CHECK(at.log.read({node(1), kInc, 2})->fseq == 0);
}

TEST_CASE("event log: one position of a feed belongs to one record", "[storage][event_log]") {
  Log at;
  const FeedPosition position = at.next("site:store");
  at.append(node(1), record(1), position);
  try {
    at.append(node(2), record(1), position);
    FAIL("two records at one position");
  } catch (const SqlFailure& failure) {
    CHECK(failure.kind == SqlFailure::Kind::kConstraint);
  }
}

TEST_CASE("event log: a feed is read by position, within limits", "[storage][event_log]") {
  Log at;
  at.append(node(1), record(1));  // in no feed
  for (std::uint64_t i = 2; i <= 6; ++i) {
    at.append(node(i % 2 + 1), record(i, {}, Bytes(1000, 'x')), at.next("site:store"));
  }
  at.append(node(1), record(7), at.next("cat"));
  const Feed& feed = at.log.feed("site:store");
  CHECK(feed.head == 5);
  const auto all = at.log.read_feed(feed, 0, 1U << 20U);
  REQUIRE(all.size() == 5);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].fseq == i + 1);
    CHECK(all[i].feed == "site:store");
  }
  CHECK(at.log.read_feed(feed, 3, 1U << 20U).front().fseq == 4);
  CHECK(at.log.read_feed(feed, 5, 1U << 20U).empty());
  const std::size_t one = all.front().record.size();
  CHECK(at.log.read_feed(feed, 0, 2 * one).size() == 2);
  CHECK(at.log.read_feed(feed, 0, 1).size() == 1);
}

TEST_CASE("event log: a feed is read at most a frame at a time", "[storage][event_log]") {
  Log at;
  at.connection.execute("BEGIN");
  for (std::uint64_t i = 0; i < EventLog::kFeedPositionsMost + 10; ++i) {
    at.append(node(1), record(i), at.next("cat"));
  }
  const Feed& feed = at.log.feed("cat");
  CHECK(at.log.read_feed(feed, 0, 1U << 30U).size() == EventLog::kFeedPositionsMost);
  CHECK(at.log.read_feed(feed, EventLog::kFeedPositionsMost, 1U << 30U).size() == 10);
}

TEST_CASE("event log: a key is read in view order: confirmed by position, then by stamp and author",
          "[storage][event_log]") {
  Log at;
  const Bytes key = "\x07group";
  const auto late = at.next("site:store");
  const auto later = at.next("site:store");
  at.append(node(2), record(900, key));          // 2/1: unconfirmed
  at.append(node(2), record(950, key), later);   // 2/2
  at.append(node(1), record(800, key));          // 1/1: unconfirmed
  at.append(node(1), record(900, key));          // 1/2: unconfirmed, same stamp as 2/1
  at.append(node(1), record(100, "\x07other"));  // 1/3
  at.append(node(1), record(999, key), late);    // 1/4
  at.append(node(3), record(1, key));            // 3/1: unconfirmed, the oldest stamp
  const auto rows = at.log.read_key(key);
  std::vector<std::pair<NodeId, std::uint64_t>> order;
  for (const LoggedRecord& row : rows) order.emplace_back(row.ref.node, row.ref.seq);
  CHECK(order ==
        std::vector<std::pair<NodeId, std::uint64_t>>{
            {node(1), 4}, {node(2), 2}, {node(3), 1}, {node(1), 1}, {node(1), 2}, {node(2), 1}});
  CHECK(at.log.read_key("\x07nobody").empty());
}

TEST_CASE("event log: records of the hub come with holes and without a chain",
          "[storage][event_log]") {
  Log at;
  Author& hub = at.log.author(node(77), kInc);
  const wire::Record r = record(1);
  at.log.append_sparse(hub, 10, r, test::octets(r), at.next("cat"), {});
  at.log.append_sparse(hub, 4, r, test::octets(r), at.next("site:store"), {});
  CHECK(hub.head == 10);
  at.log.append_sparse(hub, 12, r, test::octets(r), at.next("cat"), {});
  CHECK(hub.head == 12);
  CHECK(at.log.read({node(77), kInc, 4}));
  CHECK_FALSE(at.log.read({node(77), kInc, 11}));
  CHECK(at.log.chain_at(hub, 10) == std::nullopt);
  CHECK(at.log.chain_at(hub, 11) == std::nullopt);
}

TEST_CASE("event log: no chain is told of the last record of a log with holes",
          "[storage][event_log]") {
  Log at;
  Author& hub = at.log.author(node(77), kInc);
  const wire::Record r = record(1);
  at.log.append_sparse(hub, 10, r, test::octets(r), at.next("cat"), {});
  CHECK(at.log.chain_at(hub, 10) == std::nullopt);
}

TEST_CASE("event log: heads are written back by flush() and read by the next process",
          "[storage][event_log]") {
  const test::TempFolder folder;
  crypto::Hash128 chain{};
  {
    Connection connection = database(folder.file("db"));
    EventLog log(connection);
    for (std::uint64_t i = 1; i <= 3; ++i) {
      Author& author = log.author(node(1), kInc);
      log.append(author, record(i), test::octets(record(i)), std::nullopt);
    }
    Feed& feed = log.feed("cat");
    feed.head = 9;
    feed.hub_gen = HubGeneration(5);
    log.mark_changed(feed);
    log.flush();
    chain = log.author(node(1), kInc).chain;
  }
  Connection connection = database(folder.file("db"));
  EventLog log(connection);
  CHECK(log.author(node(1), kInc).head == 3);
  CHECK(log.author(node(1), kInc).chain == chain);
  CHECK(log.feed("cat").head == 9);
  CHECK(log.feed("cat").hub_gen == HubGeneration(5));
}

TEST_CASE("event log: forget() goes back to what the database says", "[storage][event_log]") {
  Log at;
  at.append(node(1), record(1));
  at.next("cat");
  at.log.flush();

  at.connection.execute("SAVEPOINT job");
  at.append(node(1), record(2));
  at.append(node(2), record(1));
  at.next("cat");
  at.next("site:store");
  at.connection.execute("ROLLBACK TO job; RELEASE job");
  at.log.forget();

  CHECK(at.log.author(node(1), kInc).head == 1);
  CHECK(at.log.author(node(1), kInc).chain == chain_of(node(1), kInc, {test::octets(record(1))}));
  CHECK(at.log.find_author(node(2), kInc) == nullptr);
  CHECK(at.log.feed("cat").head == 1);
  CHECK(at.log.feeds().size() == 1);
  // The number of the forgotten record is free, and nothing of it is flushed later.
  CHECK(at.append(node(1), record(3)) == 2);
  at.log.flush();
  at.log.forget();
  CHECK(at.log.author(node(1), kInc).head == 2);
}

TEST_CASE("event log: feeds are listed by name as they stand now", "[storage][event_log]") {
  Log at;
  at.next("site:store");
  at.next("cat");
  at.next("cat");
  const auto feeds = at.log.feeds();
  REQUIRE(feeds.size() == 2);
  CHECK(feeds[0].name == "cat");
  CHECK(feeds[0].head == 2);
  CHECK(feeds[1].name == "site:store");
  CHECK(feeds[1].head == 1);
}

}  // namespace
}  // namespace cairn::storage::event_log_test
