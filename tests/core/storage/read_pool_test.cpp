#include "core/storage/read_pool.h"

#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <atomic>
#include <thread>

namespace cairn::storage::read_pool_test {
namespace {

std::int64_t number(Connection& connection, const std::string& sql) {
  Statement& select = connection.prepare(sql);
  const std::int64_t value = select.step() ? select.integer(0) : -1;
  select.reset();
  return value;
}

/// A database with one account and its mirror, always changed together.
struct Source {
  test::TempFolder folder;
  std::string path = folder.file("db");
  Connection writer = open();

  Connection open() const {
    auto opened = Connection::open_writer(path, Connection::Durability::kSimulated);
    REQUIRE(opened);
    opened->execute(
        "CREATE TABLE account (x INTEGER); CREATE TABLE mirror (x INTEGER);"
        "INSERT INTO account VALUES (0); INSERT INTO mirror VALUES (0)");
    return *std::move(opened);
  }
  void add() {
    writer.execute(
        "BEGIN IMMEDIATE; UPDATE account SET x = x + 1; UPDATE mirror SET x = x + 1;"
        "COMMIT");
  }
};

constexpr auto kBalance = [](Connection& connection) {
  return number(connection, "SELECT x FROM account");
};

TEST_CASE("read pool: a query sees the last commit", "[storage][read_pool]") {
  Source source;
  ReadPool pool(source.path, 2);
  CHECK(pool.read(kBalance).value_or(-1) == 0);
  source.add();
  CHECK(pool.read(kBalance).value_or(-1) == 1);
}

TEST_CASE("read pool: a query stays in one snapshot, whatever is committed meanwhile",
          "[storage][read_pool]") {
  Source source;
  ReadPool pool(source.path, 2);
  const auto read = pool.read([&source](Connection& connection) {
    const std::int64_t first = kBalance(connection);
    source.add();
    source.add();
    return std::pair(first, number(connection, "SELECT x FROM mirror"));
  });
  REQUIRE(read);
  CHECK(read->first == 0);
  CHECK(read->second == 0);
  CHECK(pool.read(kBalance).value_or(-1) == 2);
}

TEST_CASE("read pool: it cannot write", "[storage][read_pool]") {
  Source source;
  ReadPool pool(source.path, 1);
  const auto written = pool.read([](Connection& connection) {
    connection.execute("UPDATE account SET x = 99");
    return true;
  });
  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::kUnavailable);
  CHECK(written.error().reason == "storage_failed");
  CHECK(pool.read(kBalance).value_or(-1) == 0);
}

TEST_CASE("read pool: a connection is used again, one that failed is replaced",
          "[storage][read_pool]") {
  Source source;
  ReadPool pool(source.path, 1);
  const auto cache_size = [](Connection& connection) {
    return number(connection, "PRAGMA cache_size");
  };
  const std::int64_t fresh = pool.read(cache_size).value_or(0);
  REQUIRE(pool.read([](Connection& connection) {
    connection.execute("PRAGMA cache_size=-4096");  // a mark on this connection
    return true;
  }));
  CHECK(pool.read(cache_size).value_or(0) == -4096);

  const auto failed =
      pool.read([](Connection& connection) { return number(connection, "SELECT x FROM nowhere"); });
  REQUIRE_FALSE(failed);
  CHECK(failed.error().reason == "storage_failed");
  CHECK(pool.read(cache_size).value_or(0) == fresh);
}

TEST_CASE("read pool: a failure in the middle of a query does not outlive it",
          "[storage][read_pool]") {
  Source source;
  ReadPool pool(source.path, 1);
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(pool.read([](Connection& connection) {
      connection.prepare("SELECT x FROM account UNION ALL SELECT x FROM mirror").step();
      return number(connection, "SELECT nonsense");
    }));
    source.add();
    CHECK(pool.read(kBalance).value_or(-1) == i + 1);
  }
}

TEST_CASE("read pool: a database that is not there is unavailable, again and again",
          "[storage][read_pool]") {
  const test::TempFolder folder;
  ReadPool pool(folder.file("nothing"), 2);
  for (int i = 0; i < 5; ++i) {  // more often than there are connections: none is lost
    const auto read = pool.read(kBalance);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::kUnavailable);
    CHECK(read.error().reason == "database_unavailable");
  }
}

TEST_CASE("read pool: readers in parallel never see half a commit",
          "[storage][read_pool][threads]") {
  constexpr int kReaders = 4;
  constexpr int kCommits = 300;
  Source source;
  ReadPool pool(source.path, 3);
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  std::atomic<int> backwards{0};
  std::atomic<int> failed{0};
  std::atomic<int> reads{0};
  std::vector<std::thread> readers;
  readers.reserve(kReaders);
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&pool, &done, &torn, &backwards, &failed, &reads] {
      std::int64_t last = 0;
      do {
        const auto pair = pool.read([](Connection& connection) {
          return std::pair(kBalance(connection), number(connection, "SELECT x FROM mirror"));
        });
        if (!pair) {
          ++failed;
          continue;
        }
        if (pair->first != pair->second) ++torn;
        if (pair->first < last) ++backwards;
        last = pair->first;
        ++reads;
      } while (!done);
    });
  }
  for (int i = 0; i < kCommits; ++i) {
    source.add();
    if (i % 50 == 0) source.writer.checkpoint();
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(torn == 0);
  CHECK(backwards == 0);
  CHECK(failed == 0);
  CHECK(reads >= kReaders);
  CHECK(pool.read(kBalance).value_or(-1) == kCommits);
}

TEST_CASE("read pool: no more connections than allowed are in use, the others wait",
          "[storage][read_pool][threads]") {
  Source source;
  constexpr int kMost = 2;
  ReadPool pool(source.path, kMost);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<int> answered{0};
  std::vector<std::thread> readers;
  readers.reserve(8);
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&pool, &inside, &most, &answered] {
      for (int round = 0; round < 20; ++round) {
        const auto read = pool.read([&inside, &most](Connection& connection) {
          const int now = ++inside;
          int seen = most;
          while (seen < now && !most.compare_exchange_weak(seen, now)) {
          }
          const std::int64_t value = kBalance(connection);
          --inside;
          return value;
        });
        if (read) ++answered;
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  CHECK(answered == 8 * 20);
  CHECK(most <= kMost);
}

TEST_CASE("read pool: failing readers in parallel lose no connection",
          "[storage][read_pool][threads]") {
  Source source;
  ReadPool pool(source.path, 2);
  std::atomic<int> right{0};
  std::vector<std::thread> readers;
  readers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&pool, &right, i] {
      for (int round = 0; round < 25; ++round) {
        if ((round + i) % 2 == 0) {
          const auto failing = pool.read(
              [](Connection& connection) { return number(connection, "SELECT nonsense"); });
          if (!failing) ++right;
        } else if (pool.read(kBalance)) {
          ++right;
        }
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  CHECK(right == 100);
  CHECK(pool.read(kBalance));
}

}  // namespace
}  // namespace cairn::storage::read_pool_test
