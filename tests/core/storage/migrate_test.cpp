#include "core/storage/migrate.h"

#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/old_schema.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace cairn::storage::migrate_test {
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
  for (const char* const table :
       {"event_log", "author", "feed", "quarantine", "product", "stock_cell", "ship_group",
        "package", "return_taken", "customer_order", "label_block", "return_draft"}) {
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
    CHECK(rows_of(connection, "SELECT name FROM meta WHERE name = 'kept'", 1) == "kept\n");
    CHECK(pragma(connection, "user_version") == schema_version());
  }
  CHECK(test::read_file(folder.file("db")) == before);
}

TEST_CASE("migrate: every older schema is brought up to date", "[storage][migrate]") {
  Connection fresh = open(":memory:");
  REQUIRE(migrate(fresh));
  const std::string newest = state_of(fresh);
  for (int version = 1; version < schema_version(); ++version) {
    CAPTURE(version);
    Connection older = open(":memory:");
    test::make_old_database(older, version);
    older.execute("INSERT INTO meta (name, value) VALUES ('kept', x'01')");
    REQUIRE(state_of(older) != newest);
    REQUIRE(migrate(older));
    CHECK(state_of(older) == newest);
    CHECK(rows_of(older, "SELECT hex(value) FROM meta WHERE name = 'kept'", 1) == "01\n");
  }
}

TEST_CASE("migrate: a new database has the rows that all steps one by one leave",
          "[storage][migrate]") {
  Connection fresh = open(":memory:");
  REQUIRE(migrate(fresh));
  Connection stepped = open(":memory:");
  test::make_old_database(stepped, schema_version());
  CHECK(state_of(fresh) == state_of(stepped));
  Statement& select = fresh.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
  select.bind();
  std::vector<std::string> tables;
  while (select.step()) tables.push_back(select.text(0));
  REQUIRE(tables.size() > 50);
  std::string filled;
  for (const std::string& table : tables) {
    CAPTURE(table);
    const std::string sql = fmt::format("SELECT count(*) FROM {}", table);
    CHECK(rows_of(fresh, sql, 1) == rows_of(stepped, sql, 1));
    if (rows_of(fresh, sql, 1) != "0\n") filled += table + " ";
  }
  // Which have rows at all; what is in them follows.
  REQUIRE(filled == "meta ");
  const char* const kMeta = "SELECT name, hex(value) FROM meta ORDER BY name";
  CHECK(rows_of(fresh, kMeta, 2) == rows_of(stepped, kMeta, 2));
}

TEST_CASE("migrate: schema 6 drops the views of groups and orders and asks for new ones",
          "[storage][migrate]") {
  Connection older = open(":memory:");
  test::make_old_database(older, 5);
  older.execute(
      "INSERT INTO put_back VALUES (x'01', x'02', 1, 1, 1, 1000, 'B-1');"
      "INSERT INTO product VALUES ('A1', 'Article', 0, 0, NULL, NULL, 1)");
  CHECK(rows_of(older, "SELECT count(*) FROM meta WHERE name = 'rebuild'", 1) == "0\n");
  REQUIRE(migrate(older));
  CHECK(rows_of(older, "SELECT hex(value) FROM meta WHERE name = 'rebuild'", 1) == "01\n");
  CHECK(rows_of(older, "SELECT count(*) FROM put_back", 1) == "0\n");
  CHECK(rows_of(older, "SELECT sku FROM product", 1) == "A1\n");
}

TEST_CASE("migrate: of what was done before schema 15 there are only copies of receipts",
          "[storage][migrate]") {
  const bool is_site = GENERATE(true, false);
  CAPTURE(is_site);
  Connection older = open(":memory:");
  test::make_old_database(older, 14);
  older.execute(
      "INSERT INTO meta VALUES ('node', x'01'), ('inc', CAST('7' AS BLOB));"
      "INSERT INTO author (node, inc, head, chain) VALUES"
      " (zeroblob(16), 7, 99, x''), (x'00000000000000000000000000000001', 6, 20, x''),"
      " (x'00000000000000000000000000000001', 7, 21, x'');"
      "UPDATE meta SET value = x'00000000000000000000000000000001' WHERE name = 'node'");
  older.execute(is_site ? "INSERT INTO meta VALUES ('role', CAST('site' AS BLOB))"
                        : "INSERT INTO meta VALUES ('role', CAST('hub' AS BLOB))");
  REQUIRE(migrate(older));
  CHECK(rows_of(older, "SELECT inc, seq FROM original_receipt", 2) == (is_site ? "7|21\n" : ""));
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

/// Something that step 6 creates, and that is in its way.
constexpr const char* kInTheWay = "CREATE TABLE label_block (x INTEGER) STRICT";

TEST_CASE("migrate: a step that fails is undone as a whole", "[storage][migrate]") {
  Connection connection = open(":memory:");
  test::make_old_database(connection, 5);
  connection.execute("INSERT INTO meta (name, value) VALUES ('kept', x'01')");
  connection.execute(kInTheWay);
  const std::string before = state_of(connection);
  const auto failed = migrate(connection);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::kUnavailable);
  CHECK(failed.error().message.find("0006_fulfilment.sql") != std::string::npos);
  CHECK(state_of(connection) == before);
  CHECK(rows_of(connection, "SELECT name FROM meta", 1) == "kept\n");

  // Nothing of the failed attempt stands in the way of the next one.
  connection.execute("DROP TABLE label_block");
  REQUIRE(migrate(connection));
  CHECK(pragma(connection, "user_version") == schema_version());
}

TEST_CASE("migrate: steps before the one that fails stay done", "[storage][migrate]") {
  Connection connection = open(":memory:");
  test::make_old_database(connection, 3);
  connection.execute(kInTheWay);
  REQUIRE_FALSE(migrate(connection));
  CHECK(pragma(connection, "user_version") == 5);
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
}  // namespace cairn::storage::migrate_test
