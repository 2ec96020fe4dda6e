// I1: a write-ahead log that ends at any octet holds whole commits, all that were complete in it.

#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/power/support/device.h"
#include "tests/support/catch.h"

#include <filesystem>
#include <optional>

namespace cairn::power::cut_log_test {
namespace {

using storage::test::rows_of;
using storage::test::TempFolder;

constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrame = 24 + 4096;

/// For each frame how many transactions the log holds up to its end (SQLite file format 4.1: the
/// last frame of a transaction carries the size of the database).
std::vector<std::size_t> transactions_of(const std::string& wal) {
  std::vector<std::size_t> ended;
  std::size_t count = 0;
  for (std::size_t at = kHeader; at + kFrame <= wal.size(); at += kFrame) {
    if (wal.substr(at + 4, 4) != std::string(4, '\0')) ++count;
    ended.push_back(count);
  }
  return ended;
}

std::string heads_of(storage::Connection& connection) {
  return rows_of(connection,
                 "SELECT head, hex(chain) FROM author WHERE length(chain) = 16 ORDER BY id", 2);
}

struct State {
  std::string heads;
  std::string rows;
};

/// Files of a device that committed four times after a checkpoint.
struct Logged {
  Image files;
  std::vector<State> states;              ///< after each transaction in the log, and before it
  std::vector<std::size_t> transactions;  ///< up to the end of each frame

  explicit Logged(const std::string& path) {
    const auto device = Device::start(path);
    REQUIRE(device);
    storage::Connection& connection = (*device)->connection();
    const auto commit = [&] {
      REQUIRE((*device)->commit({Device::receive()}) == 1);
      states.push_back({heads_of(connection), dump_everything(connection)});
    };
    commit();
    rows_of(connection, "PRAGMA wal_checkpoint(TRUNCATE)", 1);
    for (int i = 0; i < 4; ++i) commit();
    files = WatchedDisk::take(path);
    transactions = transactions_of(files.at("-wal"));
  }
};

/// A copy whose log is cut shorter and shorter.
class Cut {
 public:
  Cut(const Logged& logged, std::string path) : logged_(&logged), path_(std::move(path)) {
    WatchedDisk::put(path_, logged.files);
  }

  /// Whether the log of this size is read as the commits that are whole in it. A reader never
  /// checkpoints, so the files stay as they are. `all`: every row and the file's integrity.
  bool holds(std::size_t size, bool all) {
    std::filesystem::resize_file(path_ + "-wal", size);
    std::filesystem::remove(path_ + "-shm");
    const std::size_t frames = size < kHeader ? 0 : (size - kHeader) / kFrame;
    const State& expected = logged_->states[frames == 0 ? 0 : logged_->transactions[frames - 1]];
    auto reader = storage::Connection::open_reader(path_);
    if (!reader || heads_of(*reader) != expected.heads) return false;
    return !all || (rows_of(*reader, "PRAGMA integrity_check", 1) == "ok\n" &&
                    dump_everything(*reader) == expected.rows);
  }

 private:
  const Logged* logged_;
  std::string path_;
};

/// The first size, from the greatest down, at which it is not.
std::optional<std::size_t> first_wrong(Cut& cut, std::size_t most, std::size_t least) {
  for (std::size_t size = most; size >= least; --size) {
    if (!cut.holds(size, size % 256 == 0)) return size;
  }
  return std::nullopt;
}

TEST_CASE("power loss: a log cut at any octet of its last three frames holds whole commits",
          "[power]") {
  const TempFolder folder;
  const Logged logged(folder.file("db"));
  const std::size_t size = logged.files.at("-wal").size();
  REQUIRE(logged.transactions.back() == 4);
  REQUIRE(size == kHeader + logged.transactions.size() * kFrame);
  Cut cut(logged, folder.file("left"));
  CHECK(first_wrong(cut, size, size - 3 * kFrame) == std::nullopt);
}

TEST_CASE("power loss: a log cut at the end of any frame holds whole commits", "[power]") {
  const TempFolder folder;
  const Logged logged(folder.file("db"));
  Cut cut(logged, folder.file("left"));
  for (std::size_t frame = logged.transactions.size(); frame-- > 0;) {
    const std::size_t end = kHeader + (frame + 1) * kFrame;
    CAPTURE(frame);
    CHECK(first_wrong(cut, end, end - 1) == std::nullopt);
    CHECK(first_wrong(cut, end - kFrame + 24, end - kFrame + 23) == std::nullopt);
  }
  CHECK(first_wrong(cut, kHeader, kHeader - 1) == std::nullopt);
  CHECK(cut.holds(1, true));
  CHECK(cut.holds(0, true));
}

}  // namespace
}  // namespace cairn::power::cut_log_test
