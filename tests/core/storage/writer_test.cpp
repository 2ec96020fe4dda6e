#include "core/storage/writer.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/stock_book.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/sim/sim_time.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

namespace cairn::storage::writer_test {
namespace {

using domain::ShipGroupEvent;
using domain::StockEvent;
using test::bin;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;

std::uint32_t big_endian(const std::string& octets, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = (value << 8U) | static_cast<unsigned char>(octets.at(at + i));
  }
  return value;
}

/// Transactions in a write-ahead log (SQLite file format 4.1): frames that end one carry the size
/// of the database.
int commits_in(const std::string& path) {
  constexpr std::size_t kHeader = 32;
  constexpr std::size_t kFrameHeader = 24;
  const std::string log = test::read_file(path + "-wal");
  if (log.size() < kHeader) return 0;
  const std::size_t page = big_endian(log, 8);
  const std::string salts = log.substr(16, 8);
  int commits = 0;
  for (std::size_t at = kHeader; at + kFrameHeader + page <= log.size();
       at += kFrameHeader + page) {
    if (log.substr(at + 8, 8) != salts) break;
    if (big_endian(log, at + 4) != 0) ++commits;
  }
  return commits;
}

/// A hub with a writer on a virtual loop.
struct Machine {
  test::TempFolder folder;
  std::string path = folder.file("db");
  sim::Timeline timeline;
  sim::SimClock clock{timeline, Duration(0)};
  sim::SimExecutor executor{timeline};
  Metrics metrics;
  test::Store store{test::hub_identity(node(77)), path};
  std::vector<Error> fatal;
  Writer writer{store.replica(), executor, clock, metrics,
                [this](const Error& error) { fatal.push_back(error); }};
  /// Answers in the order they came: "job: ok" or "job: reason".
  std::vector<std::string> answers;

  void run() {
    while (timeline.run_one(timeline.now())) {
    }
  }
  void submit(const std::string& name, const Writer::Job<EventRef>& job) {
    writer.submit<EventRef>(job, [this, name](const Result<EventRef>& answer) {
      answers.push_back(name + ": " + (answer ? "ok" : answer.error().reason));
    });
  }
  /// Groups that were rolled back and ran with savepoints.
  std::int64_t runs_again() const {
    for (const Metrics::Sample& sample : metrics.samples()) {
      if (sample.name == "groups_run_again_total") return std::stoll(sample.value);
    }
    return 0;
  }
  /// What a process that starts now would read.
  std::string on_disk(const std::string& sql, int columns = 1) const {
    auto reader = Connection::open_reader(path);
    REQUIRE(reader);
    return test::rows_of(*reader, sql, columns);
  }
};

Result<EventRef> receive(UnitOfWork& work, std::string_view to = "B-1", std::int64_t units = 1) {
  return work.record(
      {StockEvent(test::moved("A1", "", to, pieces(units))), {}, site("store"), {}, {}, {}});
}

Result<EventRef> allocate(UnitOfWork& work, std::uint64_t group) {
  const auto event = test::allocated(group_id(group), order_id(group), {{1, "A1", 3}});
  return work.record(
      {ShipGroupEvent(event), domain::ship_group_key(group_id(group)), site("store"), {}, {}, {}});
}

const Writer::Job<EventRef> kReceive = [](UnitOfWork& work) { return receive(work); };

TEST_CASE("writer: the jobs of one turn are one transaction", "[storage][writer]") {
  Machine machine;
  const int before = commits_in(machine.path);
  for (int i = 0; i < 5; ++i) machine.submit(fmt::format("job {}", i), kReceive);
  CHECK(machine.answers.empty());
  machine.run();
  CHECK(commits_in(machine.path) == before + 1);
  CHECK(machine.answers.size() == 5);
  CHECK(machine.on_disk("SELECT on_hand_milli FROM stock_cell") == "5000\n");

  machine.submit("next", kReceive);
  machine.run();
  CHECK(commits_in(machine.path) == before + 2);
}

TEST_CASE("writer: what is submitted behind a group is the next transaction, together",
          "[storage][writer]") {
  Machine machine;
  const int before = commits_in(machine.path);
  machine.submit("first", kReceive);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(machine.executor.post([&machine] { machine.submit("later", kReceive); }));
  }
  machine.run();
  CHECK(commits_in(machine.path) == before + 2);
  CHECK(machine.answers.size() == 4);
}

TEST_CASE("writer: a task that waited before the first job joins its transaction",
          "[storage][writer]") {
  Machine machine;
  const int before = commits_in(machine.path);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(machine.executor.post([&machine] { machine.submit("job", kReceive); }));
  }
  machine.run();
  CHECK(commits_in(machine.path) == before + 1);
  CHECK(machine.answers.size() == 3);
}

TEST_CASE("writer: an idle queue commits at once", "[storage][writer]") {
  Machine machine;
  const MonoTime begin = machine.timeline.now();
  machine.submit("job", kReceive);
  while (machine.answers.empty() && machine.timeline.run_one(begin + std::chrono::hours(1))) {
  }
  CHECK(machine.timeline.now() == begin);
  CHECK(machine.answers == std::vector<std::string>{"job: ok"});
}

TEST_CASE("writer: a refused job leaves no trace, its neighbours are saved", "[storage][writer]") {
  Machine machine;
  machine.submit("a", kReceive);
  machine.submit("b", [](UnitOfWork& work) -> Result<EventRef> {
    REQUIRE(receive(work, "B-9"));
    REQUIRE(allocate(work, 5));
    work.replica().save_views();
    return fail(ErrorCode::kRejected, "no_thanks", "no");
  });
  machine.submit("c", kReceive);
  machine.run();
  CHECK(machine.answers == std::vector<std::string>{"a: ok", "b: no_thanks", "c: ok"});
  CHECK(machine.runs_again() == 1);
  CHECK(machine.on_disk("SELECT location, on_hand_milli FROM stock_cell", 2) == "B-1|2000\n");
  CHECK(machine.on_disk("SELECT seq FROM event_log ORDER BY seq") == "1\n2\n");
  CHECK(machine.on_disk("SELECT head FROM author") == "2\n");
  CHECK(machine.on_disk("SELECT head FROM feed") == "2\n");
  CHECK(machine.on_disk("SELECT count(*) FROM ship_group") == "0\n");
  CHECK(machine.store.replica().ship_group(group_id(5)).status() == domain::ShipGroupStatus::kNone);
  CHECK(machine.fatal.empty());
}

TEST_CASE("writer: a job that is refused before it wrote anything costs the others nothing",
          "[storage][writer]") {
  Machine machine;
  std::vector<std::string> ran;
  machine.submit("a", [&ran](UnitOfWork& work) {
    ran.emplace_back("a");
    return receive(work);
  });
  machine.submit("b", [](UnitOfWork& work) -> Result<EventRef> {
    CHECK(work.replica().ship_group(group_id(5)).status() == domain::ShipGroupStatus::kNone);
    return fail(ErrorCode::kRejected, "no_thanks", "no");
  });
  machine.submit("c", kReceive);
  machine.run();
  CHECK(machine.answers == std::vector<std::string>{"a: ok", "b: no_thanks", "c: ok"});
  CHECK(ran.size() == 1);
  CHECK(machine.runs_again() == 0);
  CHECK(machine.on_disk("SELECT location, on_hand_milli FROM stock_cell", 2) == "B-1|2000\n");
  CHECK(machine.on_disk("SELECT head FROM author") == "2\n");
}

TEST_CASE("writer: memory that jobs change goes back with their group", "[storage][writer]") {
  Machine machine;
  std::vector<int> seen;
  machine.writer.keep_in_step(&seen);
  const auto see = [&seen](int what) {
    return [&seen, what](UnitOfWork& work) {
      seen.push_back(what);
      return receive(work);
    };
  };
  machine.submit("a", see(1));
  machine.submit("b", [](UnitOfWork& work) -> Result<EventRef> {
    REQUIRE(receive(work, "B-9"));
    return fail(ErrorCode::kRejected, "no_thanks", "no");
  });
  machine.submit("c", see(2));
  machine.run();
  CHECK(machine.runs_again() == 1);
  CHECK(seen == std::vector<int>{1, 2});
}

TEST_CASE("writer: answers come after the commit, in the order of submission",
          "[storage][writer]") {
  Machine machine;
  std::vector<std::string> seen;
  for (int i = 1; i <= 3; ++i) {
    machine.writer.submit<int>(
        [i](UnitOfWork& work) -> Result<int> {
          REQUIRE(receive(work));
          return i;
        },
        [&machine, &seen](const Result<int>& answer) {
          REQUIRE(answer);
          seen.push_back(fmt::format("{}:{}", *answer, machine.on_disk("SELECT head FROM author")));
        });
  }
  machine.run();
  CHECK(seen == std::vector<std::string>{"1:3\n", "2:3\n", "3:3\n"});
}

TEST_CASE("writer: what changed is told before the answers, summed up over the group",
          "[storage][writer]") {
  Machine machine;
  std::vector<Changes> told;
  std::vector<std::size_t> answers_then;
  machine.writer.on_commit([&](const Changes& changes) {
    told.push_back(changes);
    answers_then.push_back(machine.answers.size());
  });
  machine.submit("a", [](UnitOfWork& work) { return allocate(work, 1); });
  machine.submit("b", kReceive);
  machine.submit("c", [](UnitOfWork& work) -> Result<EventRef> {
    REQUIRE(allocate(work, 3));
    return fail(ErrorCode::kRejected, "no_thanks", "no");
  });
  machine.submit("d", [](UnitOfWork& work) { return allocate(work, 2); });
  machine.run();
  REQUIRE(told.size() == 1);
  CHECK(told[0].own_head == 3);
  CHECK(told[0].stock);
  CHECK(told[0].feeds == std::set<std::string>{"site:store"});
  CHECK(told[0].ship_groups == std::set<ShipGroupId>{group_id(1), group_id(2)});
  CHECK(answers_then == std::vector<std::size_t>{0});
}

TEST_CASE("writer: a commit that changed nothing is not told", "[storage][writer]") {
  Machine machine;
  int told = 0;
  machine.writer.on_commit([&told](const Changes&) { ++told; });
  machine.submit("read", [](UnitOfWork&) -> Result<EventRef> { return EventRef{}; });
  machine.run();
  CHECK(told == 0);
}

TEST_CASE("writer: a broken constraint is its job's own", "[storage][writer]") {
  Machine machine;
  machine.submit("a", kReceive);
  machine.submit("b", [](UnitOfWork& work) -> Result<EventRef> {
    REQUIRE(receive(work, "B-9"));
    work.connection().execute("INSERT INTO meta (name, value) VALUES (NULL, x'')");
    return EventRef{};
  });
  machine.submit("c", kReceive);
  machine.run();
  CHECK(machine.answers == std::vector<std::string>{"a: ok", "b: constraint", "c: ok"});
  CHECK(machine.on_disk("SELECT location, on_hand_milli FROM stock_cell", 2) == "B-1|2000\n");
  CHECK(machine.fatal.empty());
}

TEST_CASE("writer: a constraint that breaks when the rows are written undoes its job alone",
          "[storage][writer]") {
  Machine machine;
  machine.submit("one", [](UnitOfWork& work) { return allocate(work, 1); });
  machine.run();
  machine.store.connection().execute(
      "CREATE TEMP TRIGGER not_two BEFORE INSERT ON ship_group WHEN NEW.order_reference = 'web-1'"
      " AND NEW.id <> (SELECT id FROM main.ship_group LIMIT 1)"
      " BEGIN SELECT RAISE(ABORT, 'planted'); END");
  machine.submit("two", [](UnitOfWork& work) { return allocate(work, 2); });
  machine.submit("stock", kReceive);
  machine.run();
  CHECK(machine.answers == std::vector<std::string>{"one: ok", "two: constraint", "stock: ok"});
  CHECK(machine.store.replica().ship_group(group_id(2)).status() == domain::ShipGroupStatus::kNone);
  CHECK(machine.on_disk("SELECT count(*) FROM event_log") == "2\n");
  CHECK(machine.fatal.empty());

  machine.store.connection().execute("DROP TRIGGER not_two");
  machine.submit("two again", [](UnitOfWork& work) { return allocate(work, 2); });
  machine.run();
  CHECK(machine.answers.back() == "two again: ok");
  CHECK(machine.on_disk("SELECT count(*) FROM ship_group") == "2\n");
}

/// No page more than there is now: every commit that needs one finds the disk full.
void fill_disk(Machine& machine) {
  machine.store.connection().execute("PRAGMA max_page_count=1");  // as many as there are
}
void empty_disk(Machine& machine) {
  machine.store.connection().execute("PRAGMA max_page_count=1000000");
}

Result<EventRef> write_much(UnitOfWork& work) {
  work.connection().execute(
      "INSERT OR REPLACE INTO meta (name, value) VALUES ('x', zeroblob(1000000))");
  return receive(work);
}

TEST_CASE("writer: a full disk is answered to everybody, nothing is saved, and work goes on",
          "[storage][writer]") {
  Machine machine;
  machine.submit("before", kReceive);
  machine.run();
  int told = 0;
  machine.writer.on_commit([&told](const Changes&) { ++told; });
  const int commits = commits_in(machine.path);
  fill_disk(machine);
  machine.submit("small", [](UnitOfWork& work) {
    REQUIRE(allocate(work, 1));
    return receive(work);
  });
  machine.submit("large", write_much);
  machine.submit("after it", kReceive);
  machine.run();
  CHECK(machine.answers == std::vector<std::string>{"before: ok", "small: disk_full",
                                                    "large: disk_full", "after it: disk_full"});
  CHECK(machine.fatal.empty());
  CHECK(commits_in(machine.path) == commits);
  CHECK(machine.on_disk("SELECT on_hand_milli FROM stock_cell") == "1000\n");
  CHECK(told == 0);
  // What was in memory of the jobs that had gone well is gone, too.
  CHECK(machine.store.replica().ship_group(group_id(1)).status() == domain::ShipGroupStatus::kNone);

  empty_disk(machine);
  machine.submit("again", [](UnitOfWork& work) { return allocate(work, 1); });
  machine.submit("large again", write_much);
  machine.run();
  CHECK(machine.answers.back() == "large again: ok");
  CHECK(told == 1);
  CHECK(machine.on_disk("SELECT seq FROM event_log ORDER BY seq") == "1\n2\n3\n");
  CHECK(machine.on_disk("SELECT head FROM author") == "3\n");
  CHECK(machine.on_disk("SELECT head FROM feed") == "3\n");
}

TEST_CASE("writer: where room can be made, nobody hears of a full disk", "[storage][writer]") {
  Machine machine;
  machine.submit("before", kReceive);
  machine.run();
  std::vector<Changes> told;
  machine.writer.on_commit([&told](const Changes& changes) { told.push_back(changes); });
  int asked = 0;
  machine.writer.on_full([&machine, &asked] {
    empty_disk(machine);
    return ++asked == 1;
  });
  fill_disk(machine);
  machine.submit("small", kReceive);
  machine.submit("refused", [](UnitOfWork&) -> Result<EventRef> {
    return fail(ErrorCode::kRejected, "no_thanks", "no");
  });
  machine.submit("large", write_much);
  machine.run();
  CHECK(machine.answers ==
        std::vector<std::string>{"before: ok", "small: ok", "refused: no_thanks", "large: ok"});
  CHECK(asked == 1);
  REQUIRE(told.size() == 1);
  CHECK(told[0].own_head == 3);
  CHECK(machine.on_disk("SELECT on_hand_milli FROM stock_cell") == "3000\n");
  CHECK(machine.on_disk("SELECT head FROM author") == "3\n");
}

TEST_CASE("writer: room is made once for a group, not for ever", "[storage][writer]") {
  Machine machine;
  int asked = 0;
  machine.writer.on_full([&asked] {
    ++asked;
    return true;  // and yet there is none
  });
  fill_disk(machine);
  machine.submit("large", write_much);
  machine.run();
  CHECK(machine.answers == std::vector<std::string>{"large: disk_full"});
  CHECK(asked == 1);
  CHECK(machine.fatal.empty());
}

/// A job after which the transaction cannot be committed: a foreign key that is checked last.
Result<EventRef> break_commit(UnitOfWork& work) {
  work.connection().execute(
      "PRAGMA defer_foreign_keys=ON;"
      "INSERT INTO event_log (author, seq, hlc, type, record) VALUES (999, 1, 1, 1, x'')");
  return EventRef{};
}

TEST_CASE("writer: a failed commit fails every job of its group, and the process ends once",
          "[storage][writer]") {
  Machine machine;
  int told = 0;
  machine.writer.on_commit([&told](const Changes&) { ++told; });
  machine.submit("a", kReceive);
  machine.submit("b", break_commit);
  machine.submit("c", kReceive);
  machine.run();
  REQUIRE(machine.answers.size() == 3);
  for (const std::string& answer : machine.answers) CHECK_FALSE(answer.ends_with(": ok"));
  CHECK(machine.fatal.size() == 1);
  CHECK(told == 0);
  CHECK(machine.on_disk("SELECT count(*) FROM event_log") == "0\n");
  CHECK(machine.on_disk("SELECT count(*) FROM stock_cell") == "0\n");
}

TEST_CASE("writer: after a failed commit nothing is accepted any more", "[storage][writer]") {
  Machine machine;
  machine.submit("broken", break_commit);
  machine.run();
  bool ran = false;
  machine.submit("later", [&ran](UnitOfWork& work) {
    ran = true;
    return receive(work);
  });
  machine.run();
  machine.submit("even later", kReceive);
  machine.run();
  CHECK_FALSE(ran);
  REQUIRE(machine.answers.size() == 3);
  CHECK(machine.answers[1] == "later: not_saved");
  CHECK(machine.answers[2] == "even later: not_saved");
  CHECK(machine.fatal.size() == 1);
  CHECK(machine.on_disk("SELECT count(*) FROM event_log") == "0\n");
}

TEST_CASE("writer: a failed commit is answered as not saved, whatever made it fail",
          "[storage][writer]") {
  Machine machine;
  std::vector<Error> errors;
  machine.writer.submit<EventRef>(kReceive, [&errors](const Result<EventRef>& answer) {
    if (!answer) errors.push_back(answer.error());
  });
  machine.submit("broken", break_commit);
  machine.run();
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == ErrorCode::kUnavailable);
  CHECK(errors[0].message.find("not saved") != std::string::npos);
}

TEST_CASE("writer: an answer may submit the next job", "[storage][writer]") {
  Machine machine;
  int left = 3;
  std::function<void()> again = [&] {
    machine.writer.submit<EventRef>(kReceive, [&](const Result<EventRef>& answer) {
      REQUIRE(answer);
      if (--left > 0) again();
    });
  };
  const int before = commits_in(machine.path);
  again();
  machine.run();
  CHECK(left == 0);
  CHECK(commits_in(machine.path) == before + 3);
}

TEST_CASE("writer: a job sees what the jobs before it in the same group wrote",
          "[storage][writer]") {
  Machine machine;
  machine.submit("a", kReceive);
  std::int64_t seen = 0;
  machine.submit("b", [&seen](UnitOfWork& work) -> Result<EventRef> {
    seen = site_on_hand_milli(work.connection(), site("store"), test::sku("A1"));
    return EventRef{};
  });
  machine.run();
  CHECK(seen == 1000);
}

/// Pieces that the hub has of an article, as a job is told, into `told`.
Writer::Job<EventRef> asking(std::string_view article, std::vector<std::int64_t>& told,
                             const Writer::Job<EventRef>& then) {
  return [article, &told, then](UnitOfWork& work) {
    std::int64_t milli = 0;
    for (const auto& [at, figures] : work.replica().stock_by_site(test::sku(article))) {
      milli += figures.on_hand_milli - figures.reserved_milli;
    }
    told.push_back(milli / 1000);
    return then(work);
  };
}

TEST_CASE("writer: what no job of a transaction has touched is asked of the stock book",
          "[storage][writer]") {
  Machine machine;
  StockBook book;
  // The rows have nothing, so that it shows who was asked.
  book.set(site("store"), test::sku("A1"), {pieces(70), 0, 0, 0});
  book.set(site("store"), test::sku("A2"), {pieces(80), 0, 0, 0});
  machine.store.replica().read_stock_from(book);
  std::vector<std::int64_t> a1;
  std::vector<std::int64_t> a2;
  machine.submit("takes in one", asking("A1", a1, kReceive));
  machine.submit("promises three", asking("A1", a1, [](UnitOfWork& work) {
                   auto written = allocate(work, 5);
                   work.replica().save_views();
                   return written;
                 }));
  machine.submit("looks", asking("A1", a1, asking("A2", a2, kReceive)));
  machine.run();
  CHECK(a1 == std::vector<std::int64_t>{70, 1, -2});
  CHECK(a2 == std::vector<std::int64_t>{80});

  // The next transaction has touched nothing yet.
  machine.submit("looks again", asking("A1", a1, kReceive));
  machine.run();
  CHECK(a1.back() == 70);

  // A job that is undone makes the rows be asked: they are right, too.
  machine.submit("refused", asking("A1", a1, [](UnitOfWork& work) -> Result<EventRef> {
                   REQUIRE(receive(work));
                   return fail(ErrorCode::kRejected, "no_thanks", "no");
                 }));
  machine.submit("behind it", asking("A1", a1, kReceive));
  machine.run();
  CHECK(a1.back() == 0);
}

TEST_CASE("writer: jobs and commits are counted", "[storage][writer]") {
  Machine machine;
  machine.submit("a", kReceive);
  machine.submit("b", kReceive);
  machine.run();
  std::map<std::string, std::string> samples;
  for (const auto& sample : machine.metrics.samples()) samples[sample.name] = sample.value;
  CHECK(samples["commands_total"] == "2");
  CHECK(samples["commit_ms_count"] == "1");
}

}  // namespace
}  // namespace cairn::storage::writer_test
