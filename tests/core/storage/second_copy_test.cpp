#include "core/storage/second_copy.h"

#include "core/storage/safe_marks.h"
#include "core/storage/sqlite/online_copy.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <filesystem>

namespace cairn::storage::second_copy_test {
namespace {

using domain::StockEvent;
using test::node;
using test::pieces;
using test::site;

struct Source {
  test::TempFolder folder;
  std::string part = folder.file("copy.part");
  std::string file = folder.file("copy");
  test::Store store{test::hub_identity(node(77)), folder.file("db")};

  void receive(int records) {
    for (int i = 0; i < records; ++i) {
      store.append(StockEvent(test::moved("A1", "", "B-1", pieces(1))), {}, site("store"));
    }
  }
  /// Copies all of it, `pages` at a time; `meanwhile` happens after each step.
  template <class Meanwhile>
  int copy(int pages, Meanwhile meanwhile) {
    auto copy = OnlineCopy::begin(store.connection(), part);
    REQUIRE(copy);
    for (int steps = 1;; ++steps) {
      const auto done = copy->step(pages);
      REQUIRE(done);
      if (*done) return steps;
      REQUIRE(steps < 10'000);
      meanwhile();
    }
  }
  void copy() {
    copy(1000, [] {});
  }
  /// The log's own record of the file that was kept.
  std::string kept(const std::string& sql) const {
    auto reader = Connection::open_copy(file);
    REQUIRE(reader);
    return test::rows_of(*reader, sql, 1);
  }
  std::uint64_t head() { return store.replica().log().author(node(77), Incarnation(77)).head; }
};

TEST_CASE("second copy: what is committed while it is made is in it", "[storage][backup]") {
  Source source;
  source.receive(200);
  const int steps = source.copy(4, [&source] { source.receive(1); });
  CHECK(steps > 3);
  const std::uint64_t head = source.head();
  CHECK(head == 200 + static_cast<std::uint64_t>(steps) - 1);
  source.receive(5);  // not any more

  const auto heads = verify_copy(source.part, source.file);
  REQUIRE(heads);
  CHECK(*heads == std::vector<EventRef>{{node(77), Incarnation(77), head}});
  CHECK_FALSE(std::filesystem::exists(source.part));
  CHECK(source.kept("SELECT max(seq) FROM event_log") == std::to_string(head) + "\n");
  CHECK(source.kept("SELECT on_hand_milli FROM stock_cell") == std::to_string(head * 1000) + "\n");
  CHECK_FALSE(std::filesystem::exists(source.file + "-wal"));
}

TEST_CASE("second copy: what a job undoes is not in it", "[storage][backup]") {
  Source source;
  source.receive(200);
  source.copy(4, [&source] {
    // As the writer does it: a savepoint of a transaction that is committed.
    Connection& connection = source.store.connection();
    connection.execute("BEGIN IMMEDIATE; SAVEPOINT job");
    UnitOfWork work(source.store.replica());
    REQUIRE(work.record(
        {StockEvent(test::moved("A1", "", "B-9", pieces(1))), {}, site("store"), {}, {}, {}}));
    connection.execute("ROLLBACK TO job; RELEASE job; COMMIT");
    source.store.replica().forget_job();
  });
  REQUIRE(verify_copy(source.part, source.file));
  CHECK(source.kept("SELECT count(*) FROM event_log") == "200\n");
  CHECK(source.kept("SELECT location FROM stock_cell") == "B-1\n");
}

TEST_CASE("second copy: a database with the copy's octets opens as any other",
          "[storage][backup]") {
  Source source;
  source.receive(3);
  source.copy();
  REQUIRE(verify_copy(source.part, source.file));
  test::Store restored{test::hub_identity(node(77)), source.file};
  CHECK(restored.replica().log().author(node(77), Incarnation(77)).head == 3);
  restored.append(StockEvent(test::moved("A1", "", "B-1", pieces(1))), {}, site("store"));
  CHECK(restored.number("SELECT on_hand_milli FROM stock_cell") == 4000);
}

TEST_CASE("second copy: one damaged octet and it does not count", "[storage][backup]") {
  Source source;
  source.receive(50);
  source.copy();
  std::string octets = test::read_file(source.part);
  const std::size_t at = octets.find("B-1");  // inside a record
  REQUIRE(at != std::string::npos);
  octets[at] = 'X';
  test::write_file(source.part, octets);
  const auto heads = verify_copy(source.part, source.file);
  REQUIRE_FALSE(heads);
  CHECK(heads.error().reason == "bad_copy");
  CHECK_FALSE(std::filesystem::exists(source.file));
}

TEST_CASE("second copy: a torn file does not count", "[storage][backup]") {
  Source source;
  source.receive(50);
  source.copy();
  const std::string octets = test::read_file(source.part);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{100}, octets.size() / 2, octets.size() - 4096}) {
    CAPTURE(size);
    test::write_file(source.part, octets.substr(0, size));
    const auto heads = verify_copy(source.part, source.file);
    // An empty file is an empty database, of nobody: it has no logs and no tables.
    REQUIRE_FALSE(heads);
    CHECK(heads.error().reason == "bad_copy");
    CHECK_FALSE(std::filesystem::exists(source.file));
  }
}

TEST_CASE("second copy: a folder that is not there is told", "[storage][backup]") {
  Source source;
  const auto copy = OnlineCopy::begin(source.store.connection(), source.folder.file("no/copy"));
  REQUIRE_FALSE(copy);
  CHECK(copy.error().reason == "copy_failed");
}

TEST_CASE("safe marks: the last word counts", "[storage][backup]") {
  test::Store store{test::hub_identity(node(77))};
  CHECK(safe_marks(store.connection()).empty());
  save_safe_mark(store.connection(), {node(2), Incarnation(5), 10});
  save_safe_mark(store.connection(), {node(1), Incarnation(5), 7});
  save_safe_mark(store.connection(), {node(2), Incarnation(5), 12});
  CHECK(safe_marks(store.connection()) ==
        std::vector<EventRef>{{node(1), Incarnation(5), 7}, {node(2), Incarnation(5), 12}});
}

}  // namespace
}  // namespace cairn::storage::second_copy_test
