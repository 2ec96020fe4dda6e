// Noticing a database that was put back, and a file that survives everything.

#include "core/storage/rollback_guard.h"

#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <filesystem>
#include <fstream>

namespace cairn::storage::rollback_guard_test {
namespace {

const NodeId kNode(*Uuid::parse("01920000-0000-7000-8000-000000000001"));

OwnIncarnation own(std::uint64_t inc) {
  return {Incarnation(inc), Beginning::kFirst, 0, false, {}};
}
GuardMark mark(std::uint64_t inc, std::uint64_t head) { return {Incarnation(inc), head}; }

TEST_CASE("guard: a database is older if and only if it lacks the record", "[storage][guard]") {
  CHECK_FALSE(is_older({own(1)}, 5, 0, mark(1, 5)));
  CHECK_FALSE(is_older({own(1)}, 9, 0, mark(1, 5)));  // the file is late
  CHECK(is_older({own(1)}, 4, 0, mark(1, 5)));
  CHECK(is_older({own(1)}, 0, 0, mark(1, 5)));  // copied before it had written anything
}

TEST_CASE("guard: a database that forgot a command it had begun is older", "[storage][guard]") {
  const GuardMark begun{Incarnation(1), 5, 0, 2};
  CHECK_FALSE(is_older({own(1)}, 5, 2, begun));
  CHECK(is_older({own(1)}, 5, 1, begun));
  CHECK_FALSE(is_older({own(1), own(2)}, 0, 1, begun));  // noticed before, and renewed
}

TEST_CASE("guard: an incarnation the database never heard of is of a later time",
          "[storage][guard]") {
  CHECK(is_older({own(1)}, 5, 0, mark(2, 1)));
  CHECK_FALSE(is_older({own(1), own(2)}, 5, 0, mark(1, 5000)));
}

TEST_CASE("guard: a database made just now is not an old one", "[storage][guard]") {
  CHECK_FALSE(is_older({}, 0, 0, mark(1, 1000)));
}

// Its numbers were used before the incarnation that the file names: they are not used again.
TEST_CASE("guard: a copy from before an earlier incarnation wrote anything is old",
          "[storage][guard]") {
  CHECK(is_older({own(7)}, 0, 0, mark(8, 14)));
}

TEST_CASE("guard: what was written is read; what cannot be understood says nothing",
          "[storage][guard]") {
  const test::TempFolder folder;
  const std::string file = folder.file("guard");
  const RollbackGuard guard(file, kNode);
  CHECK(guard.read() == std::nullopt);
  REQUIRE(guard.write(mark(0x7FFF'FFFF'FFFF'FFFF, 12'000)));
  CHECK(guard.read() == mark(0x7FFF'FFFF'FFFF'FFFF, 12'000));
  REQUIRE(guard.write(mark(3, 13'000)));
  CHECK(guard.read() == mark(3, 13'000));
  const GuardMark hub{Incarnation(4), 14'000, 700, 3};
  REQUIRE(guard.write(hub));
  CHECK(guard.read() == hub);
  CHECK_FALSE(std::filesystem::exists(file + ".new"));
  CHECK(RollbackGuard(file, NodeId{}).read() == std::nullopt);  // another device's
  for (const char* const text : {"", "cairn-guard 1\n", "something else\n1\n2\n3\n"}) {
    std::ofstream(file) << text;
    CHECK(guard.read() == std::nullopt);
  }
}

TEST_CASE("guard: a file that cannot be written is an error that says so", "[storage][guard]") {
  const auto written = RollbackGuard("/nowhere/at/all/guard", kNode).write(mark(1, 1000));
  REQUIRE_FALSE(written);
  CHECK(written.error().reason == "guard_file");
  CHECK(RollbackGuard("", kNode).write(mark(1, 1000)));
}

}  // namespace
}  // namespace cairn::storage::rollback_guard_test
