#include "core/storage/sqlite/statement.h"

#include "core/storage/sqlite/connection.h"
#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"

#include <limits>

namespace cairn::storage::statement_test {
namespace {

using std::string_literals::operator""s;
using Kind = SqlFailure::Kind;

Connection memory() {
  auto opened = Connection::open_writer(":memory:", Connection::Durability::kSimulated);
  REQUIRE(opened);
  return *std::move(opened);
}

/// What a value is bound as: its type's name in SQLite.
template <class T>
std::string type_of(const T& value) {
  Connection connection = memory();
  Statement& select = connection.prepare("SELECT typeof(?1)");
  REQUIRE(select.bind(value).step());
  return select.text(0);
}

template <class T, class Read>
auto there_and_back(const T& value, Read read) {
  Connection connection = memory();
  Statement& select = connection.prepare("SELECT ?1");
  REQUIRE(select.bind(value).step());
  return (select.*read)(0);
}

TEST_CASE("statement: integers of every width come back as they were bound",
          "[storage][statement]") {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    CHECK(there_and_back(value, &Statement::integer) == value);
  }
  CHECK(there_and_back(std::numeric_limits<std::uint64_t>::max(), &Statement::unsigned_integer) ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK(there_and_back(std::uint32_t{4'294'967'295}, &Statement::integer) == 4'294'967'295);
  CHECK(there_and_back(std::int8_t{-128}, &Statement::integer) == -128);
  CHECK(there_and_back(true, &Statement::integer) == 1);
  CHECK(there_and_back(false, &Statement::integer) == 0);
  CHECK(type_of(true) == "integer");
  CHECK(type_of(std::size_t{7}) == "integer");
}

TEST_CASE("statement: texts keep every octet, blanks and NULs included", "[storage][statement]") {
  const std::string all = " a\0b \xc3\xa4\n"s;
  CHECK(there_and_back(all, &Statement::text) == all);
  CHECK(there_and_back(std::string_view(all), &Statement::text) == all);
  CHECK(there_and_back("plain", &Statement::text) == "plain");
  CHECK(type_of("1") == "text");
  CHECK(type_of("x"s) == "text");
}

TEST_CASE("statement: blobs keep every octet and are no text", "[storage][statement]") {
  const Bytes all = "\0\xff\0CRN1"s;
  CHECK(there_and_back(Blob{all}, &Statement::blob) == all);
  CHECK(type_of(Blob{all}) == "blob");
}

TEST_CASE("statement: an id is a blob of its sixteen octets", "[storage][statement]") {
  const Uuid id = test::uuid(0x1234);
  CHECK(there_and_back(id, &Statement::uuid) == id);
  CHECK(there_and_back(id, &Statement::blob) == id.bytes());
  CHECK(type_of(id) == "blob");
  CHECK(there_and_back(Uuid{}, &Statement::uuid).is_nil());
}

TEST_CASE("statement: an empty text and an empty blob are values, nothing is NULL",
          "[storage][statement]") {
  CHECK(type_of("") == "text");
  CHECK(type_of(""s) == "text");
  CHECK(type_of(std::string_view{}) == "text");
  CHECK(type_of(Blob{}) == "blob");
  CHECK(type_of(Blob{""}) == "blob");
  CHECK(type_of(nullptr) == "null");
  CHECK(type_of(std::optional<std::string>{}) == "null");
  CHECK(type_of(std::optional<std::int64_t>{}) == "null");
  CHECK(type_of(std::optional<Blob>{}) == "null");
  CHECK(type_of(std::optional<Uuid>{}) == "null");
  CHECK(type_of(std::optional<std::string>{""}) == "text");
  CHECK(type_of(std::optional<std::int64_t>{0}) == "integer");
}

TEST_CASE("statement: NULL is told from zero and from empty", "[storage][statement]") {
  Connection connection = memory();
  Statement& select = connection.prepare("SELECT NULL, 0, '', x''");
  REQUIRE(select.bind().step());
  CHECK(select.is_null(0));
  CHECK_FALSE(select.is_null(1));
  CHECK_FALSE(select.is_null(2));
  CHECK_FALSE(select.is_null(3));
  CHECK(select.optional_integer(0) == std::nullopt);
  CHECK(select.optional_integer(1) == 0);
  CHECK(select.text(0).empty());
  CHECK(select.blob(0).empty());
  CHECK(select.text(2).empty());
  CHECK(select.blob(3).empty());
}

TEST_CASE("statement: several values are bound first to last", "[storage][statement]") {
  Connection connection = memory();
  Statement& select = connection.prepare("SELECT ?1, ?2, ?3, ?2");
  REQUIRE(select.bind(1, "two", nullptr).step());
  CHECK(select.integer(0) == 1);
  CHECK(select.text(1) == "two");
  CHECK(select.is_null(2));
  CHECK(select.text(3) == "two");
}

TEST_CASE("statement: bound texts are copies", "[storage][statement]") {
  Connection connection = memory();
  Statement& select = connection.prepare("SELECT ?1, ?2");
  std::string text = "before";
  Bytes octets = "before";
  select.bind(text, Blob{octets});
  text.assign("after!");
  octets.assign("after!");
  REQUIRE(select.step());
  CHECK(select.text(0) == "before");
  CHECK(select.blob(1) == "before");
}

TEST_CASE("statement: after its last row it starts anew", "[storage][statement]") {
  Connection connection = memory();
  connection.execute("CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), (2)");
  Statement& select = connection.prepare("SELECT x FROM t ORDER BY x");
  for (int round = 0; round < 2; ++round) {
    REQUIRE(select.step());
    CHECK(select.integer(0) == 1);
    REQUIRE(select.step());
    CHECK(select.integer(0) == 2);
    REQUIRE_FALSE(select.step());
  }
}

TEST_CASE("statement: binding anew ends the last run", "[storage][statement]") {
  Connection connection = memory();
  connection.execute("CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), (2), (3)");
  Statement& select = connection.prepare("SELECT x FROM t WHERE x >= ?1 ORDER BY x");
  REQUIRE(select.bind(1).step());
  REQUIRE(select.bind(3).step());
  CHECK(select.integer(0) == 3);
  CHECK_FALSE(select.step());
}

TEST_CASE("statement: the same text is prepared once, and comes back reset",
          "[storage][statement]") {
  Connection connection = memory();
  connection.execute("CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), (2)");
  Statement& first = connection.prepare("SELECT x FROM t ORDER BY x");
  REQUIRE(first.step());
  Statement& second = connection.prepare("SELECT x FROM t ORDER BY x");
  CHECK(&first == &second);
  REQUIRE(second.step());
  CHECK(second.integer(0) == 1);
  CHECK(&connection.prepare("SELECT x FROM t") != &first);
}

TEST_CASE("statement: run() goes through to the end, whatever rows come", "[storage][statement]") {
  Connection connection = memory();
  connection.execute("CREATE TABLE t (x INTEGER)");
  connection.prepare("INSERT INTO t VALUES (1), (2) RETURNING x").run();
  Statement& count = connection.prepare("SELECT count(*) FROM t");
  REQUIRE(count.step());
  CHECK(count.integer(0) == 2);
}

TEST_CASE("statement: after a broken constraint it can be used again", "[storage][statement]") {
  Connection connection = memory();
  connection.execute("CREATE TABLE t (x INTEGER UNIQUE)");
  Statement& insert = connection.prepare("INSERT INTO t VALUES (?1)");
  insert.bind(1).run();
  CHECK_THROWS_AS(insert.bind(1).run(), SqlFailure);
  insert.bind(2).run();
  CHECK(connection.changes() == 1);
}

TEST_CASE("statement: more values than parameters is a misuse, not silence",
          "[storage][statement]") {
  Connection connection = memory();
  try {
    connection.prepare("SELECT ?1").bind(1, 2);
    FAIL("nothing was thrown");
  } catch (const SqlFailure& failure) {
    CHECK(failure.kind == Kind::kOther);
  }
}

TEST_CASE("statement: a text that is no SQL throws and leaves the connection usable",
          "[storage][statement]") {
  Connection connection = memory();
  for (const char* const sql : {"SELEC 1", "SELECT * FROM nowhere", "SELECT ?1 FROM"}) {
    CAPTURE(sql);
    try {
      connection.prepare(sql);
      FAIL("nothing was thrown");
    } catch (const SqlFailure& failure) {
      CHECK(failure.kind == Kind::kOther);
      CHECK_FALSE(failure.message.empty());
    }
  }
  CHECK(connection.prepare("SELECT 1").step());
}

}  // namespace
}  // namespace cairn::storage::statement_test
