#include "core/domain/invariants.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <utility>
#include <vector>

namespace cairn::domain::invariants_test {
namespace {

using namespace test;

ShipGroup with_buckets(const LineBuckets& in) {
  ShipGroup group = Story().allocated({pieces(1, 1), pieces(7, 3)}).group();
  group.lines[1].in = in;
  return group;
}

Package package_of(std::vector<LineUnits> lines) {
  Package package;
  package.lines = std::move(lines);
  return package;
}

/// Each of the eight buckets with that quantity in it.
std::vector<LineBuckets> one_of_each(std::int64_t milli) {
  return {{.open_milli = milli},        {.picked_milli = milli},  {.packed_milli = milli},
          {.shipped_milli = milli},     {.short_milli = milli},   {.cancelled_milli = milli},
          {.handed_over_milli = milli}, {.returned_milli = milli}};
}

TEST_CASE("I12: every unit in one bucket, whichever", "[domain][invariants]") {
  CHECK(check_unit_buckets(ShipGroup{}));
  for (const LineBuckets& in : one_of_each(3000)) {
    ShipGroup group = with_buckets(in);
    if (in.packed_milli > 0) group.packages.push_back(package_of({units(7, 3000)}));
    CHECK(check_unit_buckets(group));
  }
  CHECK(check_unit_buckets(
      with_buckets({.open_milli = 1000, .picked_milli = 1000, .shipped_milli = 1000})));
}

TEST_CASE("I12: a lost, doubled or negative unit is named", "[domain][invariants]") {
  std::vector<LineBuckets> wrong{
      {.open_milli = 2000}, {.open_milli = 3000, .picked_milli = 1000}, {}, {.open_milli = 2999}};
  for (LineBuckets in : one_of_each(-1000)) {
    // The sum is right, one of them is not.
    (in.open_milli < 0 ? in.picked_milli : in.open_milli) = 4000;
    wrong.push_back(in);
  }
  for (const LineBuckets& in : wrong) {
    CAPTURE(in.open_milli, in.picked_milli, in.packed_milli, in.shipped_milli);
    const auto ok = check_unit_buckets(with_buckets(in));
    REQUIRE_FALSE(ok);
    CHECK(ok.error().code == ErrorCode::kInternal);
    CHECK(ok.error().reason == "invariant_broken");
    CHECK_THAT(ok.error().message, Catch::Contains("I12"));
    CHECK_THAT(ok.error().message, Catch::Contains(kGroup.value().text()));
    CHECK_THAT(ok.error().message, Catch::Contains("line 7: ordered 3000"));
  }
}

TEST_CASE("I12: what is packed is in a package", "[domain][invariants]") {
  ShipGroup group = with_buckets({.packed_milli = 3000});
  const auto nowhere = check_unit_buckets(group);
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().reason == "invariant_broken");
  CHECK_THAT(nowhere.error().message, Catch::Contains("line 7: 3000 packed, 0 in packages"));
  group.packages.push_back(package_of({units(7, 1000)}));
  CHECK_FALSE(check_unit_buckets(group));
  group.packages.push_back(package_of({units(1, 500), units(7, 2000)}));
  CHECK(check_unit_buckets(group));
  // What has left is still known to have been in it.
  group.lines[1].in = {.packed_milli = 1000, .shipped_milli = 2000};
  CHECK(check_unit_buckets(group));
}

}  // namespace
}  // namespace cairn::domain::invariants_test
