// cairn_wal_stress: readers that open, read and close all the time, beside a writer that commits
// and checkpoints, for as long as asked. For SQLite's WAL-reset race, which a short test may miss:
//   cairn_wal_stress --minutes 60
// Not part of the default run.

#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/power/support/device.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

namespace cairn::power {
namespace {

using Clock = std::chrono::steady_clock;
using storage::test::TempFolder;

std::int64_t number(storage::Connection& connection, const char* sql) {
  storage::Statement& select = connection.prepare(sql);
  const std::int64_t value = select.bind().step() ? select.integer(0) : -1;
  select.reset();
  return value;
}

std::string integrity(storage::Connection& connection) {
  storage::Statement& select = connection.prepare("PRAGMA integrity_check");
  std::string found = select.bind().step() ? select.text(0) : "nothing";
  select.reset();
  return found;
}

/// What all threads have seen.
struct Seen {
  std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> reads = 0;
  std::atomic<std::uint64_t> checks = 0;
  std::atomic<std::uint64_t> wrong = 0;

  void say(const std::string& what) {
    ++wrong;
    fmt::print("WRONG: {}\n", what);
  }
};

/// Opens, reads, closes: the numbers of the log never go back and have no gap.
void read_on(const std::string& path, bool checks, Seen& seen) {
  std::int64_t last = 0;
  while (!seen.stop) {
    auto reader = storage::Connection::open_reader(path);
    if (!reader) {
      seen.say(reader.error().message);
      return;
    }
    try {
      reader->execute("BEGIN");
      const auto records = number(*reader, "SELECT count(*) FROM event_log");
      const auto head = number(*reader, "SELECT coalesce(max(head), 0) FROM author");
      if (records != head) seen.say(fmt::format("{} records, the head is {}", records, head));
      if (head < last) seen.say(fmt::format("the head fell from {} to {}", last, head));
      last = head;
      if (checks) {
        if (const auto found = integrity(*reader); found != "ok") seen.say(found);
        ++seen.checks;
      }
      reader->execute("COMMIT");
    } catch (const storage::SqlFailure& failure) {
      seen.say(failure.message);
    }
    ++seen.reads;
  }
}

int run(double minutes, int readers) {
  const TempFolder folder;
  const std::string path = folder.file("db");
  auto device = Device::start(path);
  if (!device) return 1;
  storage::Connection& connection = (*device)->connection();
  connection.execute("PRAGMA wal_autocheckpoint=50");
  Seen seen;
  std::vector<std::thread> threads;
  for (int i = 0; i < readers; ++i) {
    threads.emplace_back([&path, &seen, i] { read_on(path, i == 0, seen); });
  }
  const auto end = Clock::now() + std::chrono::duration<double, std::ratio<60>>(minutes);
  std::int64_t commits = 0;
  while (Clock::now() < end && seen.wrong == 0) {
    if ((*device)->commit({Device::receive(), Device::receive()}) != 2) seen.say("not saved");
    ++commits;
    if (commits % 20 == 0) connection.checkpoint();
    // The log stays small enough to be checked often.
    if (commits % 2'000 == 0) {
      connection.execute("PRAGMA wal_checkpoint(RESTART)");
    }
  }
  seen.stop = true;
  for (std::thread& thread : threads) thread.join();
  if (const auto found = integrity(connection); found != "ok") seen.say(found);
  if (number(connection, "SELECT count(*) FROM event_log") != 2 * commits) {
    seen.say("records are missing");
  }
  fmt::print("{} commits, {} reads on connections of their own, {} integrity checks, {} wrong\n",
             commits, seen.reads.load(), seen.checks.load(), seen.wrong.load());
  return seen.wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace cairn::power

int main(int argc, char** argv) {
  CLI::App app(
      "Readers that open and close beside a writer that checkpoints: nothing is corrupted");
  double minutes = 60;
  int readers = 8;
  app.add_option("--minutes", minutes, "how long")->capture_default_str();
  app.add_option("--readers", readers, "threads that open, read and close")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return cairn::power::run(minutes, readers);
}
