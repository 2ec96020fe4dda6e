#include "tests/power/support/device.h"

#include "core/storage/damage.h"
#include "core/storage/log_reader.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::power {
namespace {

using storage::Statement;
using storage::UnitOfWork;
using storage::test::rows_of;

std::vector<std::string> texts(storage::Connection& connection, const std::string& sql,
                               const std::string& value = {}) {
  Statement& select = connection.prepare(sql);
  if (value.empty()) {
    select.bind();
  } else {
    select.bind(value);
  }
  std::vector<std::string> all;
  while (select.step()) all.push_back(select.text(0));
  return all;
}

/// What a rebuild makes of the log is what the rows are.
bool is_rebuilt_the_same(Device& device) {
  storage::Connection& connection = device.connection();
  const std::string before = dump_everything(connection);
  connection.execute("BEGIN IMMEDIATE");
  device.replica().rebuild();
  device.replica().finish_job();
  const std::string after = dump_everything(connection);
  connection.execute("ROLLBACK");
  device.replica().forget_job();
  return before == after;
}

std::string unsound(Device& device) {
  storage::Connection& connection = device.connection();
  for (const char* const check : {"PRAGMA integrity_check", "PRAGMA foreign_key_check"}) {
    const std::string found = rows_of(connection, check, 1);
    if (found != "ok\n" && !found.empty()) return found;
  }
  for (const auto& author : storage::verify_log(connection)) {
    if (!author.first_bad_seq) continue;
    return fmt::format("I2: the chain breaks at record {}", *author.first_bad_seq);
  }
  return is_rebuilt_the_same(device) ? "" : "I3/I6: rows differ from a rebuild";
}

}  // namespace

std::string dump_everything(storage::Connection& connection) {
  std::string all = rows_of(connection, "PRAGMA user_version", 1);
  for (const std::string& table :
       texts(connection,
             "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
             " ORDER BY name")) {
    std::string columns = "''";
    for (const std::string& column :
         texts(connection, "SELECT name FROM pragma_table_info(?1) ORDER BY cid", table)) {
      columns += fmt::format("||'|'||quote({})", column);
    }
    all += table + "\n" +
           rows_of(connection, fmt::format("SELECT {} FROM {} ORDER BY 1", columns, table), 1);
  }
  return all;
}

Result<std::unique_ptr<Device>> Device::start(const std::string& path) {
  std::unique_ptr<Device> device(new Device);
  auto database = program::Database::open(
      {path, storage::Connection::Durability::kFull,
       storage::test::site_identity(storage::test::node(1), storage::test::site("store"))},
      {device->clock_, device->random_, device->executor_, device->log_, device->metrics_},
      [raw = device.get()](const Error& error) { raw->fatal_.push_back(error); });
  if (!database) return fail(database.error());
  device->database_ = *std::move(database);
  return device;
}

int Device::commit(const std::vector<Job>& jobs) {
  int done = 0;
  for (const Job& job : jobs) {
    database_->writer().submit<bool>(job, [&done](const Result<bool>& answer) {
      if (answer) ++done;
    });
  }
  while (timeline_.run_one(timeline_.now())) {
  }
  timeline_.run_one({timeline_.now().us + 1'000});
  return done;
}

Device::Job Device::receive() {
  return [](UnitOfWork& work) -> Result<bool> {
    const auto moved = storage::test::moved("A1", "", "B-1", storage::test::pieces(1));
    const auto written =
        work.record({domain::StockEvent(moved), {}, storage::test::site("store"), {}, {}, {}});
    if (!written) return fail(written.error());
    return true;
  };
}

std::size_t History::answered_before(std::uint64_t n) const {
  const auto later =
      std::ranges::find_if(commits, [n](const Commit& commit) { return commit.operations > n; });
  const auto answered = later - commits.begin();
  return answered == 0 ? 0 : static_cast<std::size_t>(answered - 1);
}

std::string problem_of(const Image& image, const History& history, std::size_t answered,
                       const std::string& path) {
  WatchedDisk::put(path, image);
  if (const auto damage = storage::damage_of(path)) return "it is called damaged: " + *damage;
  const auto started = Device::start(path);
  if (!started) return "it does not start: " + started.error().message;
  Device& device = **started;
  const std::string rows = dump_everything(device.connection());
  const bool after_answered = rows == history.commits[answered].rows;
  const bool after_next =
      answered + 1 < history.commits.size() && rows == history.commits[answered + 1].rows;
  if (!after_answered && !after_next) {
    const auto other = std::ranges::find(history.commits, rows, &History::Commit::rows);
    if (other == history.commits.end()) return "I3: it is what no commit had made";
    return fmt::format("I1: commit {} was answered, it is what {} had made", answered,
                       other - history.commits.begin());
  }
  if (std::string what = unsound(device); !what.empty()) return what;
  if (device.commit({Device::receive()}) != 1) return "it does not go on";
  return "";
}

}  // namespace cairn::power
