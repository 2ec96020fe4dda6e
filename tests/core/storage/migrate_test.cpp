#include "core/storage/migrate.h"

#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

namespace cairn::storage {
namespace {

using test::rows_of;
using test::TempFolder;

Connection open(const std::string& path) {
  auto opened = Connection::open_writer(path, Connection::Durability::kSimulated);
  REQUIRE(opened);
  return *std::move(opened);
}

std::int64_t pragma(Connection& connection, const std::string& name) {
  Statement& statement = connection.prepare("PRAGMA " + name);
  REQUIRE(statement.step());
  const std::int64_t value = statement.integer(0);
  statement.reset();
  return value;
}

/// Everything a migration could have touched.
std::string state_of(Connection& connection) {
  return fmt::format(
      "{} {}\n{}", pragma(connection, "user_version"), pragma(connection, "application_id"),
      rows_of(connection, "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2", 3));
}

TEST_CASE("migrate: a new file gets the newest schema and our mark", "[storage][migrate]") {
  const TempFolder folder;
  Connection connection = open(folder.file("db"));
  REQUIRE(migrate(connection));
  CHECK(pragma(connection, "user_version") == schema_version());
  CHECK(pragma(connection, "application_id") == kApplicationId);
  CHECK(kApplicationId == 0x43524E31);  // "CRN1"
  for (const char* const table : {"event_log", "author", "feed", "quarantine", "product",
                                  "stock_cell", "ship_group", "customer_order"}) {
    CAPTURE(table);
    CHECK(rows_of(connection, fmt::format("SELECT count(*) FROM {}", table), 1) == "0\n");
  }
  CHECK(rows_of(connection, "PRAGMA integrity_check", 1) == "ok\n");
}

TEST_CASE("migrate: every table is STRICT", "[storage][migrate]") {
  Connection connection = open(":memory:");
  REQUIRE(migrate(connection));
  CHECK(rows_of(connection,
                "SELECT name FROM pragma_table_list"
                " WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'",
                1)
            .empty());
}

TEST_CASE("migrate: the second time there is nothing to do", "[storage][migrate]") {
  const TempFolder folder;
  {
    Connection connection = open(folder.file("db"));
    REQUIRE(migrate(connection));
    connection.execute("INSERT INTO meta (name, value) VALUES ('kept', x'01')");
  }
  const std::string before = test::read_file(folder.file("db"));
  {
    Connection connection = open(folder.file("db"));
    REQUIRE(migrate(connection));
    CHECK(rows_of(connection, "SELECT name FROM meta", 1) == "kept\n");
    CHECK(pragma(connection, "user_version") == schema_version());
  }
  CHECK(test::read_file(folder.file("db")) == before);
}

TEST_CASE("migrate: every older schema is brought up to date", "[storage][migrate]") {
  Connection fresh = open(":memory:");
  REQUIRE(migrate(fresh));
  const std::string newest = state_of(fresh);
  // An older database: the newer steps' tables are not there yet.
  const std::vector<std::string> added_by_last = {"customer_order", "order_line"};
  Connection older = open(":memory:");
  REQUIRE(migrate(older));
  for (const std::string& table : added_by_last) {
    older.execute(fmt::format("DROP TABLE {}", table).c_str());
  }
  older.execute(fmt::format("PRAGMA user_version={}", schema_version() - 1).c_str());
  older.execute("INSERT INTO meta (name, value) VALUES ('kept', x'01')");
  REQUIRE(state_of(older) != newest);
  REQUIRE(migrate(older));
  CHECK(state_of(older) == newest);
  CHECK(rows_of(older, "SELECT name FROM meta", 1) == "kept\n");
}

TEST_CASE("migrate: a newer schema is refused and unchanged", "[storage][migrate]") {
  const TempFolder folder;
  Connection connection = open(folder.file("db"));
  REQUIRE(migrate(connection));
  connection.execute(fmt::format("PRAGMA user_version={}", schema_version() + 1).c_str());
  const std::string before = state_of(connection);
  const auto refused = migrate(connection);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kCorrupt);
  CHECK(refused.error().reason == "database_too_new");
  CHECK(refused.error().message.find("install the newer version") != std::string::npos);
  CHECK(state_of(connection) == before);
}

TEST_CASE("migrate: another program's file is refused and unchanged", "[storage][migrate]") {
  for (const char* const sql : {"CREATE TABLE theirs (x INTEGER)",
                                "CREATE TABLE theirs (x INTEGER); PRAGMA application_id=1234",
                                "CREATE TABLE event_log (x INTEGER); PRAGMA user_version=3"}) {
    CAPTURE(sql);
    Connection connection = open(":memory:");
    connection.execute(sql);
    const std::string before = state_of(connection);
    const auto refused = migrate(connection);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kCorrupt);
    CHECK(refused.error().reason == "not_ours");
    CHECK(state_of(connection) == before);
  }
}

TEST_CASE("migrate: an empty file with another program's version is not half migrated",
          "[storage][migrate]") {
  Connection connection = open(":memory:");
  connection.execute("PRAGMA user_version=3");
  const auto done = migrate(connection);
  const bool whole =
      rows_of(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'event_log'", 1) ==
      "1\n";
  CHECK((!done || whole));
}

TEST_CASE("migrate: a step that fails is undone as a whole", "[storage][migrate]") {
  Connection connection = open(":memory:");
  REQUIRE(migrate(connection));
  // The last step creates customer_order, then order_line, which is in its way.
  connection.execute("DROP TABLE customer_order");
  connection.execute(fmt::format("PRAGMA user_version={}", schema_version() - 1).c_str());
  connection.execute("INSERT INTO meta (name, value) VALUES ('kept', x'01')");
  const std::string before = state_of(connection);
  const auto failed = migrate(connection);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::kUnavailable);
  CHECK(failed.error().message.find("0005_order.sql") != std::string::npos);
  CHECK(state_of(connection) == before);
  CHECK(rows_of(connection, "SELECT name FROM meta", 1) == "kept\n");

  // Nothing of the failed attempt stands in the way of the next one.
  connection.execute("DROP TABLE order_line");
  REQUIRE(migrate(connection));
  CHECK(pragma(connection, "user_version") == schema_version());
}

TEST_CASE("migrate: steps before the one that fails stay done", "[storage][migrate]") {
  Connection connection = open(":memory:");
  REQUIRE(migrate(connection));
  connection.execute(
      "DROP TABLE ship_group; DROP TABLE ship_group_line; DROP TABLE put_back;"
      "DROP TABLE ship_group_exception");
  connection.execute(fmt::format("PRAGMA user_version={}", schema_version() - 2).c_str());
  REQUIRE_FALSE(migrate(connection));
  CHECK(pragma(connection, "user_version") == schema_version() - 1);
  CHECK(rows_of(connection, "SELECT count(*) FROM ship_group", 1) == "0\n");
}

TEST_CASE("migrate: a full disk is no corruption", "[storage][migrate]") {
  const TempFolder folder;
  Connection connection = open(folder.file("db"));
  connection.execute("PRAGMA max_page_count=5");
  const auto failed = migrate(connection);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::kUnavailable);
  CHECK(failed.error().reason == "disk_full");
  CHECK(pragma(connection, "user_version") == 0);
  connection.execute("PRAGMA max_page_count=100000");
  CHECK(migrate(connection));
}

}  // namespace
}  // namespace cairn::storage
