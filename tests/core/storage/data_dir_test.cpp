#include "core/storage/data_dir.h"

#include "tests/core/storage/support/in_child.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace cairn::storage::data_dir_test {
namespace {

using test::TempFolder;
namespace fs = std::filesystem;

unsigned mode_of(const std::string& path) {
  struct stat info{};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777U;
}

TEST_CASE("data dir: it is created, folders above it too, and private", "[storage][data_dir]") {
  const TempFolder folder;
  const std::string path = folder.file("var/lib/cairn");
  const auto opened = DataDir::open(path);
  REQUIRE(opened);
  CHECK(opened->path() == path);
  CHECK(opened->database() == path + "/cairn.sqlite");
  CHECK(mode_of(path) == 0700U);
  CHECK(mode_of(path + "/lock") == 0600U);
}

TEST_CASE("data dir: one that others could read is made private", "[storage][data_dir]") {
  const TempFolder folder;
  const std::string path = folder.file("open");
  fs::create_directory(path);
  fs::permissions(path, fs::perms::all);
  REQUIRE(DataDir::open(path));
  CHECK(mode_of(path) == 0700U);
}

TEST_CASE("data dir: while another process runs on it, it is in use", "[storage][data_dir]") {
  const TempFolder folder;
  const std::string path = folder.file("data");
  test::WaitingChild other([&path] {
    static auto held = DataDir::open(path);  // until the process ends
    if (!held) _exit(1);
  });
  const auto refused = DataDir::open(path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kConflict);
  CHECK(refused.error().reason == "data_dir_in_use");
  CHECK(refused.error().message.find(path) != std::string::npos);

  other.end();  // kill -9: nothing is left behind that would lock it
  CHECK(DataDir::open(path));
}

TEST_CASE("data dir: a second time in the same process is in use as well", "[storage][data_dir]") {
  const TempFolder folder;
  const auto first = DataDir::open(folder.file("data"));
  REQUIRE(first);
  const auto second = DataDir::open(folder.file("data"));
  REQUIRE_FALSE(second);
  CHECK(second.error().reason == "data_dir_in_use");
}

TEST_CASE("data dir: its destruction releases it", "[storage][data_dir]") {
  const TempFolder folder;
  {
    REQUIRE(DataDir::open(folder.file("data")));
  }
  CHECK(DataDir::open(folder.file("data")));
}

TEST_CASE("data dir: the lock moves along", "[storage][data_dir]") {
  const TempFolder folder;
  auto first = DataDir::open(folder.file("first"));
  auto second = DataDir::open(folder.file("second"));
  REQUIRE(first);
  REQUIRE(second);
  {
    DataDir moved = *std::move(first);
    CHECK(moved.path() == folder.file("first"));
    CHECK_FALSE(DataDir::open(folder.file("first")));
    moved = *std::move(second);
    CHECK(moved.path() == folder.file("second"));
    CHECK_FALSE(DataDir::open(folder.file("second")));
  }
  CHECK(DataDir::open(folder.file("second")));
}

TEST_CASE("data dir: a place that cannot be a directory is unavailable", "[storage][data_dir]") {
  const TempFolder folder;
  test::write_file(folder.file("file"), "x");
  for (const std::string& path : {folder.file("file"), folder.file("file/below")}) {
    CAPTURE(path);
    const auto refused = DataDir::open(path);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kUnavailable);
    CHECK(refused.error().reason == "data_dir_unavailable");
    CHECK(refused.error().message.find(path) != std::string::npos);
  }
}

}  // namespace
}  // namespace cairn::storage::data_dir_test
