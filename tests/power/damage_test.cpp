// A bit that turns while a database is not used is found, or does no harm: never is anything read
// that was not written.

#include "core/storage/damage.h"

#include "core/storage/salvage.h"
#include "core/storage/sqlite/page_checks.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/wal_look.h"
#include "core/wire/feed_name.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/power/support/device.h"
#include "tests/support/catch.h"

#include <sqlite3.h>

#include <filesystem>

namespace cairn::power::damage_test {
namespace {

using storage::Connection;
using storage::SqlFailure;
using storage::test::group_id;
using storage::test::GroupHub;
using storage::test::rows_of;
using storage::test::TempFolder;

constexpr std::size_t kWalHeader = 32;
constexpr std::size_t kWalFrame = 24 + storage::kPageSize;

/// A device that was killed: a database of some size, a log with commits in it, and what was saved.
struct Killed {
  Image files;
  std::string rows;
  std::string rows_before_last;  ///< before its last commit
  std::size_t last_commit = 0;   ///< where that begins in the log

  explicit Killed(const std::string& path) {
    GroupHub office;
    for (std::uint64_t group = 1; group <= 30; ++group) office.allocate(group);
    const auto frame = office.frame_of(wire::site_feed(storage::test::site("store")));
    const auto device = Device::start(path);
    REQUIRE(device);
    const auto commit = [&](const Device::Job& job) { REQUIRE((*device)->commit({job}) == 1); };
    commit([&frame](storage::UnitOfWork& work) -> Result<bool> {
      const auto taken = work.replica().take_feed(frame);
      if (!taken) return fail(taken.error());
      return true;
    });
    for (int i = 0; i < 400; ++i) commit(Device::receive());
    rows_of((*device)->connection(), "PRAGMA wal_checkpoint(TRUNCATE)", 1);
    for (int i = 0; i < 12; ++i) {
      rows_before_last = dump_everything((*device)->connection());
      last_commit = std::filesystem::file_size(path + "-wal");
      commit(Device::receive());
    }
    rows = dump_everything((*device)->connection());
    files = WatchedDisk::take(path);
    last_commit = std::max(last_commit, kWalHeader);
  }
};

enum class Outcome : std::uint8_t { kFoundAtStart, kFoundWhenRead, kHarmless, kSilent };

/// What becomes of the files when a device starts on them and reads everything.
Outcome outcome_of(const std::string& path, const std::string& rows) {
  if (storage::damage_of(path)) return Outcome::kFoundAtStart;
  const auto device = Device::start(path);
  if (!device) {
    return device.error().code == ErrorCode::kCorrupt ? Outcome::kFoundAtStart : Outcome::kSilent;
  }
  try {
    return dump_everything((*device)->connection()) == rows ? Outcome::kHarmless : Outcome::kSilent;
  } catch (const SqlFailure& failure) {
    return failure.kind == SqlFailure::Kind::kCorrupt ? Outcome::kFoundWhenRead : Outcome::kSilent;
  }
}

void flip(Image& files, const std::string& name, std::size_t at, unsigned bit) {
  char& octet = files.at(name).at(at);
  octet = static_cast<char>(static_cast<unsigned char>(octet) ^ (1U << bit));
}

TEST_CASE("damage: a turned bit of the database is found or harmless", "[power][damage]") {
  const TempFolder folder;
  const Killed killed(folder.file("db"));
  REQUIRE(killed.files.at("").size() > 300'000);
  sim::SimRandom random(17);
  std::map<Outcome, int> outcomes;
  for (int i = 0; i < 200; ++i) {
    Image files = killed.files;
    const auto at = static_cast<std::size_t>(
        random.between(0, static_cast<std::int64_t>(files.at("").size()) - 1));
    flip(files, "", at, static_cast<unsigned>(random.between(0, 7)));
    WatchedDisk::put(folder.file("left"), files);
    const Outcome outcome = outcome_of(folder.file("left"), killed.rows);
    CAPTURE(at);
    CHECK(outcome != Outcome::kSilent);
    ++outcomes[outcome];
  }
  CHECK(outcomes[Outcome::kFoundAtStart] > 100);
  CHECK(outcomes[Outcome::kHarmless] > 0);  // pages that the log has newer
}

TEST_CASE("damage: every bit of the header's first octets is found or harmless",
          "[power][damage]") {
  const TempFolder folder;
  const Killed killed(folder.file("db"));
  Image whole = killed.files;  // without a log, which has a newer first page
  {
    WatchedDisk::put(folder.file("left"), whole);
    const auto device = Device::start(folder.file("left"));
    REQUIRE(device);
  }
  whole = WatchedDisk::take(folder.file("left"));
  REQUIRE_FALSE(whole.contains("-wal"));
  for (std::size_t at = 0; at < 100; ++at) {
    Image files = whole;
    flip(files, "", at, static_cast<unsigned>(at % 8));
    WatchedDisk::put(folder.file("left"), files);
    CAPTURE(at);
    CHECK(outcome_of(folder.file("left"), killed.rows) == Outcome::kFoundAtStart);
  }
  Image files = whole;
  flip(files, "", 20, 3);  // "there are no checksums"
  WatchedDisk::put(folder.file("left"), files);
  CHECK(outcome_of(folder.file("left"), killed.rows) == Outcome::kFoundAtStart);
}

TEST_CASE("damage: a turned bit of the log is found; in its last commit it undoes that one",
          "[power][damage]") {
  const TempFolder folder;
  const Killed killed(folder.file("db"));
  sim::SimRandom random(18);
  std::map<Outcome, int> outcomes;
  for (int i = 0; i < 200; ++i) {
    Image files = killed.files;
    const std::size_t at = i < 40 ? static_cast<std::size_t>(i) % kWalHeader
                                  : static_cast<std::size_t>(random.between(
                                        0, static_cast<std::int64_t>(files.at("-wal").size()) - 1));
    flip(files, "-wal", at, static_cast<unsigned>(random.between(0, 7)));
    WatchedDisk::put(folder.file("left"), files);
    CAPTURE(at);
    const bool last = at >= killed.last_commit;
    const Outcome outcome =
        outcome_of(folder.file("left"), last ? killed.rows_before_last : killed.rows);
    CHECK(outcome == (last ? Outcome::kHarmless : Outcome::kFoundAtStart));
    ++outcomes[outcome];
  }
  CHECK(outcomes[Outcome::kFoundAtStart] > 100);
  CHECK(outcomes[Outcome::kHarmless] > 5);
}

TEST_CASE("damage: a page that only a reader meets is an error there, and looked for at the start",
          "[power][damage]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  const Killed killed(path);
  Image files = killed.files;
  files.erase("-wal");
  flip(files, "", files.at("").size() - 2000, 1);
  WatchedDisk::put(path, files);
  auto reader = Connection::open_reader(path);
  REQUIRE(reader);
  bool found = false;
  try {
    dump_everything(*reader);
  } catch (const SqlFailure& failure) {
    found = failure.kind == SqlFailure::Kind::kCorrupt;
  }
  CHECK(found);
  storage::note_suspicion(path);
  CHECK(storage::damage_of(path));
}

TEST_CASE("damage: a suspicion that proves wrong is forgotten", "[power][damage]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  {
    REQUIRE(Device::start(path));
  }
  storage::note_suspicion(path);
  CHECK(storage::damage_of(path) == std::nullopt);
  CHECK_FALSE(std::filesystem::exists(path + ".suspect"));
}

TEST_CASE("damage: a database of a version without checksums gets them once", "[power][damage]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix") ==
          SQLITE_OK);
  REQUIRE(
      sqlite3_exec(raw,
                   "PRAGMA journal_mode=WAL; CREATE TABLE t (x BLOB);"
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
                   " INSERT INTO t SELECT zeroblob(3000 + i) FROM n",
                   nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(raw);
  CHECK(storage::bad_pages(path).empty());
  for (int i = 0; i < 2; ++i) {
    auto opened = Connection::open_writer(path, Connection::Durability::kFull);
    REQUIRE(opened);
    CHECK(rows_of(*opened, "SELECT count(*), sum(length(x)) FROM t", 2) == "40|120820\n");
    CHECK(rows_of(*opened, "PRAGMA integrity_check", 1) == "ok\n");
  }
  CHECK(storage::bad_pages(path).empty());
  Image files = WatchedDisk::take(path);
  REQUIRE(files.at("").size() > 100'000);
  flip(files, "", 5 * storage::kPageSize + 100, 0);
  WatchedDisk::put(path, files);
  CHECK(storage::bad_pages(path) == std::vector<std::uint32_t>{6});
}

TEST_CASE("damage: a damaged database is moved aside with its log, whenever the power fails",
          "[power][damage]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  const Killed killed(path);
  WatchedDisk::put(path, killed.files);
  const UtcTime now{1'790'000'000'000'000};
  const auto aside = storage::move_aside(path, now);
  REQUIRE(aside);
  CHECK(aside->starts_with(path + ".damaged-2026"));
  CHECK(WatchedDisk::take(*aside) == killed.files);
  CHECK(WatchedDisk::take(path).empty());
  // A new database was begun, and the power failed.
  {
    REQUIRE(Device::start(path));
  }
  CHECK(storage::unfinished_move(path).value() == *aside);
  CHECK(WatchedDisk::take(path).empty());
  CHECK(WatchedDisk::take(*aside) == killed.files);
  // It failed between the two files.
  std::filesystem::rename(*aside, path);
  CHECK(storage::unfinished_move(path).value() == *aside);
  CHECK(WatchedDisk::take(*aside) == killed.files);
  REQUIRE(storage::finish_move(path));
  CHECK(storage::unfinished_move(path).value() == std::nullopt);
  // Another one on the same day does not take its place.
  {
    REQUIRE(Device::start(path));
  }
  CHECK(storage::move_aside(path, now).value() != *aside);
}

TEST_CASE("damage: what can still be read of a log is salvaged, and only that", "[power][damage]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  const Killed killed(path);
  const auto node = storage::test::node(1);
  const auto logs = storage::damaged_logs(path, node, std::nullopt);
  REQUIRE(logs.size() == 1);
  CHECK(logs[0].last == 412);
  CHECK(storage::salvage(path, node, logs[0].inc, 0, 412).size() == 412);
  CHECK(storage::salvage(path, node, logs[0].inc, 400, 412).front().ref.seq == 401);

  // One page of records is harmed; the log is written back first.
  {
    REQUIRE(Device::start(path));
  }
  Image files = WatchedDisk::take(path);
  {
    auto reader = Connection::open_reader(path);
    REQUIRE(reader);
    const std::string page =
        rows_of(*reader,
                "SELECT pageno FROM dbstat WHERE name = 'event_log' AND pagetype = 'leaf'"
                " ORDER BY pageno LIMIT 1 OFFSET 5",
                1);
    flip(files, "", (std::stoul(page) - 1) * storage::kPageSize + 2000, 4);
  }
  WatchedDisk::put(path, files);
  const auto records = storage::salvage(path, node, logs[0].inc, 0, 412);
  CHECK(records.size() < 412);
  CHECK(records.size() > 330);
  CHECK(records.back().ref.seq == 412);
}

}  // namespace
}  // namespace cairn::power::damage_test
