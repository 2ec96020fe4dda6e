// Whoever reads never writes back: SQLite up to 3.51.2 can corrupt a database whose write-ahead log
// is begun anew by one connection while another one checkpoints it. So only the writer's connection
// ever writes, cuts, deletes or syncs anything.

#include "core/storage/read_pool.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/power/support/device.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace cairn::power::one_writer_test {
namespace {

using storage::test::rows_of;
using storage::test::TempFolder;

/// The operations of `disk` that another thread than this one did.
std::ptrdiff_t by_others(const WatchedDisk& disk) {
  return std::ranges::count_if(disk.trace(), [self = std::this_thread::get_id()](const DiskOp& op) {
    return op.by != self;
  });
}

TEST_CASE("one writer: readers come and go and never touch a file", "[power]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  WatchedDisk disk(path, true);
  auto started = Device::start(path);
  REQUIRE(started);
  std::unique_ptr<Device> device = *std::move(started);
  device->connection().execute("PRAGMA wal_autocheckpoint=20");

  std::atomic<bool> stop = false;
  std::atomic<int> reads = 0;
  std::atomic<int> failures = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&path, &stop, &reads, &failures, pooled = i == 0] {
      storage::ReadPool pool(path, 2);
      const auto count = [](storage::Connection& connection) {
        return rows_of(connection, "SELECT count(*) FROM event_log", 1).size();
      };
      while (!stop) {
        bool ok = false;
        if (pooled) {
          ok = pool.read(count).has_value();
        } else if (auto reader = storage::Connection::open_reader(path)) {
          ok = count(*reader) > 0;
        }
        ++(ok ? reads : failures);
      }
    });
  }
  for (int i = 0; i < 300 || reads < 300; ++i) {
    CHECK(device->commit({Device::receive()}) == 1);
    if (i % 25 == 0) device->connection().checkpoint();
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(failures == 0);
  CHECK(by_others(disk) == 0);
  // Else nothing of what readers must not do was there to be done.
  CHECK(std::ranges::count_if(disk.trace(), [](const DiskOp& op) {
          return op.kind == DiskOp::Kind::kWrite && op.name.empty();
        }) > 40);
}

TEST_CASE("one writer: the last reader leaves the log of a writer that was killed", "[power]") {
  const TempFolder folder;
  const std::string path = folder.file("db");
  Image files;
  {
    auto device = Device::start(path);
    REQUIRE(device);
    CHECK((*device)->commit({Device::receive()}) == 1);
    files = WatchedDisk::take(path);
  }
  const std::string left = folder.file("left");
  WatchedDisk::put(left, files);
  WatchedDisk disk(left, true);
  for (int i = 0; i < 2; ++i) {
    auto reader = storage::Connection::open_reader(left);
    REQUIRE(reader);
    CHECK(rows_of(*reader, "SELECT count(*) FROM event_log", 1) == "1\n");
  }
  CHECK(disk.trace().empty());
  CHECK(WatchedDisk::take(left) == files);
}

}  // namespace
}  // namespace cairn::power::one_writer_test
