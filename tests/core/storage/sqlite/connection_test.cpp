#include "core/storage/sqlite/connection.h"

#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <filesystem>

namespace cairn::storage::connection_test {
namespace {

using Durability = Connection::Durability;
using Kind = SqlFailure::Kind;
using test::TempFolder;

Connection writer(const std::string& path, Durability durability = Durability::kFull) {
  auto opened = Connection::open_writer(path, durability);
  REQUIRE(opened);
  return *std::move(opened);
}

Connection reader(const std::string& path) {
  auto opened = Connection::open_reader(path);
  REQUIRE(opened);
  return *std::move(opened);
}

std::string pragma(Connection& connection, const std::string& name) {
  Statement& statement = connection.prepare("PRAGMA " + name);
  REQUIRE(statement.step());
  std::string value = statement.text(0);
  statement.reset();
  return value;
}

std::int64_t count(Connection& connection, const std::string& table) {
  Statement& select = connection.prepare("SELECT count(*) FROM " + table);
  REQUIRE(select.step());
  const std::int64_t rows = select.integer(0);
  select.reset();
  return rows;
}

/// The kind of the failure of running `sql`.
Kind failure_of(Connection& connection, const char* sql) {
  try {
    connection.execute(sql);
  } catch (const SqlFailure& failure) {
    CHECK_FALSE(failure.message.empty());
    return failure.kind;
  }
  FAIL("it did not fail: " << sql);
  return Kind::kOther;
}

TEST_CASE("connection: a writer has the profile that power loss and hostile files ask for",
          "[storage][connection]") {
  const TempFolder folder;
  Connection connection = writer(folder.file("db"));
  CHECK(pragma(connection, "journal_mode") == "wal");
  CHECK(pragma(connection, "synchronous") == "2");
  CHECK(pragma(connection, "foreign_keys") == "1");
  CHECK(pragma(connection, "trusted_schema") == "0");
  CHECK(pragma(connection, "temp_store") == "2");
  CHECK(pragma(connection, "busy_timeout") == "2000");
  CHECK(pragma(connection, "query_only") == "0");
  CHECK(pragma(connection, "journal_size_limit") == "8388608");
}

TEST_CASE("connection: only the simulator's writer does without fsync", "[storage][connection]") {
  const TempFolder folder;
  Connection connection = writer(folder.file("db"), Durability::kSimulated);
  CHECK(pragma(connection, "synchronous") == "0");
  CHECK(pragma(connection, "journal_mode") == "wal");
  CHECK(pragma(connection, "foreign_keys") == "1");
}

TEST_CASE("connection: a reader only reads and never checkpoints by itself",
          "[storage][connection]") {
  const TempFolder folder;
  Connection source = writer(folder.file("db"));
  source.execute("CREATE TABLE t (x INTEGER)");
  Connection connection = reader(folder.file("db"));
  CHECK(pragma(connection, "query_only") == "1");
  CHECK(pragma(connection, "wal_autocheckpoint") == "0");
  CHECK(pragma(connection, "trusted_schema") == "0");
  CHECK(pragma(connection, "journal_mode") == "wal");
  for (const char* const sql :
       {"INSERT INTO t VALUES (1)", "CREATE TABLE u (x INTEGER)", "PRAGMA user_version=7"}) {
    CAPTURE(sql);
    CHECK(failure_of(connection, sql) == Kind::kOther);
  }
  CHECK(count(source, "t") == 0);
  CHECK(pragma(source, "user_version") == "0");
}

TEST_CASE("connection: a reader that closes last leaves the write-ahead log as it is",
          "[storage][connection]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  auto last = [&path] {
    Connection source = writer(path);
    source.execute("CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), (2)");
    Connection connection = reader(path);
    CHECK(count(connection, "t") == 2);
    return connection;
  }();  // the writer closes here and is not the last
  const std::string log = test::read_file(path + "-wal");
  const std::string database = test::read_file(path);
  REQUIRE_FALSE(log.empty());
  {
    const Connection closed = std::move(last);
  }
  CHECK(test::read_file(path + "-wal") == log);
  CHECK(test::read_file(path) == database);
  Connection again = writer(path);
  CHECK(count(again, "t") == 2);
}

TEST_CASE("connection: a reader sees the last commit and nothing that is under way",
          "[storage][connection]") {
  const TempFolder folder;
  Connection source = writer(folder.file("db"), Durability::kSimulated);
  source.execute("CREATE TABLE t (x INTEGER)");
  Connection connection = reader(folder.file("db"));
  source.execute("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)");
  CHECK(count(connection, "t") == 0);
  source.execute("COMMIT");
  CHECK(count(connection, "t") == 1);

  connection.execute("BEGIN");
  CHECK(count(connection, "t") == 1);
  source.execute("INSERT INTO t VALUES (2)");
  CHECK(count(connection, "t") == 1);
  connection.execute("COMMIT");
  CHECK(count(connection, "t") == 2);
}

TEST_CASE("connection: a checkpoint brings the write-ahead log into the file, readers or not",
          "[storage][connection]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  Connection source = writer(path);
  source.execute("CREATE TABLE t (x TEXT)");
  Connection connection = reader(path);
  connection.execute("BEGIN");
  CHECK(count(connection, "t") == 0);
  for (int i = 0; i < 20; ++i) source.execute("INSERT INTO t VALUES (hex(randomblob(2000)))");
  const auto before = std::filesystem::file_size(path);
  source.checkpoint();  // a busy reader is no failure
  connection.execute("COMMIT");
  source.checkpoint();
  CHECK(std::filesystem::file_size(path) > before);
  CHECK(count(connection, "t") == 20);
}

TEST_CASE("connection: each broken constraint is of the kind that fails one command only",
          "[storage][connection]") {
  Connection connection = writer(":memory:");
  connection.execute(
      "CREATE TABLE p (id INTEGER PRIMARY KEY) STRICT;"
      "CREATE TABLE t (x INTEGER UNIQUE, y INTEGER NOT NULL CHECK (y < 10),"
      " p INTEGER REFERENCES p (id)) STRICT;"
      "CREATE TRIGGER no_nine BEFORE INSERT ON t WHEN NEW.y = 9"
      " BEGIN SELECT RAISE(ABORT, 'not nine'); END;"
      "INSERT INTO t VALUES (1, 1, NULL)");
  for (const char* const sql :
       {"INSERT INTO t VALUES (1, 2, NULL)", "INSERT INTO t VALUES (2, NULL, NULL)",
        "INSERT INTO t VALUES (2, 10, NULL)", "INSERT INTO t VALUES (2, 2, 5)",
        "INSERT INTO t VALUES (2, 'two', NULL)", "INSERT INTO t VALUES (2, 9, NULL)",
        "INSERT INTO t VALUES (2, 9223372036854775807 + 1, NULL)"}) {
    CAPTURE(sql);
    CHECK(failure_of(connection, sql) == Kind::kConstraint);
  }
  CHECK(count(connection, "t") == 1);
}

TEST_CASE("connection: a full disk is told from other failures", "[storage][connection]") {
  const TempFolder folder;
  Connection connection = writer(folder.file("db"), Durability::kSimulated);
  connection.execute("CREATE TABLE t (x BLOB)");
  connection.execute("PRAGMA max_page_count=4");
  CHECK(failure_of(connection, "INSERT INTO t VALUES (zeroblob(100000))") == Kind::kFull);
  CHECK(count(connection, "t") == 0);
  connection.execute("PRAGMA max_page_count=100000");
  connection.execute("INSERT INTO t VALUES (zeroblob(100000))");
  CHECK(count(connection, "t") == 1);
}

TEST_CASE("connection: every other failure is of the kind that ends the transaction",
          "[storage][connection]") {
  Connection connection = writer(":memory:");
  CHECK(failure_of(connection, "INSERT INTO nowhere VALUES (1)") == Kind::kOther);
  CHECK(failure_of(connection, "COMMIT") == Kind::kOther);
  CHECK(failure_of(connection, "not SQL") == Kind::kOther);
}

TEST_CASE("connection: what SQLite keeps for itself cannot be written", "[storage][connection]") {
  Connection connection = writer(":memory:");
  connection.execute("CREATE TABLE t (x INTEGER)");
  connection.execute("PRAGMA writable_schema=ON");
  CHECK(failure_of(connection, "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (y)'") ==
        Kind::kOther);
}

TEST_CASE("connection: each kind of failure tells its caller what to do", "[storage][connection]") {
  const Error constraint = SqlFailure{Kind::kConstraint, "why"}.error();
  CHECK(constraint.code == ErrorCode::kInternal);
  CHECK(constraint.reason == "constraint");
  const Error full = SqlFailure{Kind::kFull, "why"}.error();
  CHECK(full.code == ErrorCode::kUnavailable);
  CHECK(full.reason == "disk_full");
  CHECK(full.message.find("nothing was saved") != std::string::npos);
  const Error other = SqlFailure{Kind::kOther, "why"}.error();
  CHECK(other.code == ErrorCode::kUnavailable);
  CHECK(other.reason == "storage_failed");
  CHECK(other.message.find("not saved") != std::string::npos);
}

TEST_CASE("connection: changes() counts the rows of the last change", "[storage][connection]") {
  Connection connection = writer(":memory:");
  connection.execute("CREATE TABLE t (x INTEGER)");
  connection.execute("INSERT INTO t VALUES (1), (2), (3)");
  CHECK(connection.changes() == 3);
  connection.execute("UPDATE t SET x = 0 WHERE x = 5");
  CHECK(connection.changes() == 0);
  connection.execute("DELETE FROM t WHERE x < 3");
  CHECK(connection.changes() == 2);
}

TEST_CASE("connection: it moves with its statements", "[storage][connection]") {
  const TempFolder folder;
  Connection first = writer(folder.file("first"));
  first.execute("CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1)");
  Statement& kept = first.prepare("SELECT count(*) FROM t");
  Connection moved = std::move(first);
  REQUIRE(kept.step());
  CHECK(kept.integer(0) == 1);
  CHECK(&moved.prepare("SELECT count(*) FROM t") == &kept);

  Connection other = writer(folder.file("second"));
  other.execute("CREATE TABLE u (x INTEGER)");
  CHECK(count(other, "u") == 0);
  other = std::move(moved);
  CHECK(count(other, "t") == 1);
}

TEST_CASE("connection: a place that cannot be opened is unavailable, and why is said",
          "[storage][connection]") {
  const TempFolder folder;
  for (const auto& opened :
       {Connection::open_writer(folder.file("no/such/folder/db"), Durability::kFull),
        Connection::open_reader(folder.file("nothing-here"))}) {
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::kUnavailable);
    CHECK(opened.error().reason == "database_unavailable");
    CHECK(opened.error().message.find(folder.file("no")) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(folder.file("nothing-here")));
}

TEST_CASE("connection: a file that is no database is refused and left alone",
          "[storage][connection]") {
  const TempFolder folder;
  const std::string octets(8192, 'x');
  test::write_file(folder.file("db"), octets);
  CHECK_FALSE(Connection::open_writer(folder.file("db"), Durability::kFull));
  CHECK_FALSE(Connection::open_reader(folder.file("db")));
  CHECK(test::read_file(folder.file("db")) == octets);
}

TEST_CASE("connection: a file that is no database is told as corrupt", "[storage][connection]") {
  const TempFolder folder;
  test::write_file(folder.file("db"), std::string(8192, 'x'));
  const auto opened = Connection::open_writer(folder.file("db"), Durability::kFull);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace cairn::storage::connection_test
