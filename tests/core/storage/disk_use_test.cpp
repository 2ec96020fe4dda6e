#include "core/storage/disk_use.h"

#include "core/storage/ballast.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

namespace cairn::storage::disk_use_test {
namespace {

constexpr std::uint64_t kMiB = 1U << 20U;

TEST_CASE("disk use: a level begins at its share of the room", "[storage][disk]") {
  const auto level = [](std::uint64_t used) { return level_of({used, 1'000'000}, 1000); };
  CHECK(level(0) == DiskLevel::kAmple);
  CHECK(level(699) == DiskLevel::kAmple);
  CHECK(level(700) == DiskLevel::kTight);
  CHECK(level(849) == DiskLevel::kTight);
  CHECK(level(850) == DiskLevel::kShort);
  CHECK(level(949) == DiskLevel::kShort);
  CHECK(level(950) == DiskLevel::kCritical);
  CHECK(level(5000) == DiskLevel::kCritical);
}

TEST_CASE("disk use: the room is the budget, or what the disk has", "[storage][disk]") {
  CHECK(room_of({100, 900}, 500) == 500);
  CHECK(room_of({100, 900}, 5000) == 1000);
  CHECK(room_of({100, 900}, 0) == 1000);
  CHECK(level_of({100, 10}, 5000) == DiskLevel::kShort);  // nine tenths of all there is
  CHECK(level_of({0, 0}, 0) == DiskLevel::kCritical);
}

TEST_CASE("disk use: what the database writes again before it grows counts as free",
          "[storage][disk]") {
  CHECK(level_of({960, 1'000'000, 0}, 1000) == DiskLevel::kCritical);
  CHECK(level_of({960, 1'000'000, 100}, 1000) == DiskLevel::kShort);
  CHECK(level_of({960, 1'000'000, 500}, 1000) == DiskLevel::kAmple);
  CHECK(level_of({960, 1'000'000, 2000}, 1000) == DiskLevel::kAmple);

  const test::TempFolder folder;
  auto database = Connection::open_writer(folder.file("db"), Connection::Durability::kSimulated);
  REQUIRE(database);
  database->execute(
      "CREATE TABLE filler (octets BLOB); INSERT INTO filler VALUES (zeroblob(1000000))");
  const std::uint64_t before = reusable_bytes(*database);
  database->execute("DELETE FROM filler");
  CHECK(reusable_bytes(*database) >= before + 900'000);
}

TEST_CASE("disk use: levels have names", "[storage][disk]") {
  CHECK(name_of(DiskLevel::kAmple) == "ample");
  CHECK(name_of(DiskLevel::kFull) == "full");
}

TEST_CASE("disk use: files are measured, all but one", "[storage][disk]") {
  const test::TempFolder folder;
  test::write_file(folder.file("a"), std::string(kMiB, 'a'));
  test::write_file(folder.file("b"), std::string(2 * kMiB, 'b'));
  const auto all = disk_use(folder.file(""), "none");
  REQUIRE(all);
  CHECK(all->used == 3 * kMiB);
  CHECK(all->free > 0);
  const auto without = disk_use(folder.file(""), "b");
  REQUIRE(without);
  CHECK(without->used == kMiB);
}

TEST_CASE("disk use: a folder that is not there", "[storage][disk]") {
  const test::TempFolder folder;
  const auto use = disk_use(folder.file("no"), "");
  REQUIRE_FALSE(use);
  CHECK(use.error().reason == "data_dir_unavailable");
}

TEST_CASE("ballast: it takes its room and gives it back", "[storage][disk]") {
  const test::TempFolder folder;
  const Ballast ballast(folder.file("ballast"), kMiB);
  CHECK_FALSE(ballast.held());
  CHECK_FALSE(ballast.release());
  REQUIRE(ballast.hold());
  CHECK(ballast.held());
  const auto use = disk_use(folder.file(""), "");
  REQUIRE(use);
  CHECK(use->used >= kMiB);
  REQUIRE(ballast.hold());
  CHECK(ballast.release());
  CHECK_FALSE(ballast.held());
  CHECK(disk_use(folder.file(""), "")->used == 0);
}

TEST_CASE("ballast: a hole of its size is none", "[storage][disk]") {
  const test::TempFolder folder;
  test::write_file(folder.file("ballast"), "");
  std::filesystem::resize_file(folder.file("ballast"), kMiB);
  const Ballast ballast(folder.file("ballast"), kMiB);
  CHECK_FALSE(ballast.held());
  REQUIRE(ballast.hold());
  CHECK(ballast.held());
}

TEST_CASE("ballast: none is held where none is wanted", "[storage][disk]") {
  const test::TempFolder folder;
  const Ballast ballast(folder.file("ballast"), 0);
  REQUIRE(ballast.hold());
  CHECK_FALSE(ballast.held());
  CHECK_FALSE(std::filesystem::exists(folder.file("ballast")));
}

TEST_CASE("ballast: where there is no room, nothing is left", "[storage][disk]") {
  const test::TempFolder folder;
  const Ballast ballast(folder.file("ballast"), std::uint64_t{1} << 50U);
  const auto held = ballast.hold();
  REQUIRE_FALSE(held);
  CHECK(held.error().reason == "no_ballast");
  CHECK_FALSE(std::filesystem::exists(folder.file("ballast")));
}

}  // namespace
}  // namespace cairn::storage::disk_use_test
