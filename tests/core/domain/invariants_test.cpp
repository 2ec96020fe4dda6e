#include "core/domain/invariants.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::domain {
namespace {

using namespace test;

ShipGroup with_buckets(const LineBuckets& in) {
  ShipGroup group = Story().allocated({pieces(1, 1), pieces(7, 3)}).group();
  group.lines[1].in = in;
  return group;
}

TEST_CASE("I12: every unit in one bucket, whichever", "[domain][invariants]") {
  CHECK(check_unit_buckets(ShipGroup{}));
  for (const LineBuckets& in : {LineBuckets{3000, 0, 0}, LineBuckets{0, 3000, 0},
                                LineBuckets{0, 0, 3000}, LineBuckets{1000, 1000, 1000}}) {
    CHECK(check_unit_buckets(with_buckets(in)));
  }
}

TEST_CASE("I12: a lost, doubled or negative unit is named", "[domain][invariants]") {
  for (const LineBuckets& in :
       {LineBuckets{2000, 0, 0}, LineBuckets{3000, 1000, 0}, LineBuckets{0, 0, 0},
        LineBuckets{4000, -1000, 0}, LineBuckets{-1000, 4000, 0}, LineBuckets{0, 4000, -1000},
        LineBuckets{2999, 0, 0}}) {
    CAPTURE(in.open_milli, in.picked_milli, in.shipped_milli);
    const auto ok = check_unit_buckets(with_buckets(in));
    REQUIRE_FALSE(ok);
    CHECK(ok.error().code == ErrorCode::kInternal);
    CHECK(ok.error().reason == "invariant_broken");
    CHECK_THAT(ok.error().message, Catch::Contains("I12"));
    CHECK_THAT(ok.error().message, Catch::Contains(kGroup.value().text()));
    CHECK_THAT(ok.error().message, Catch::Contains("line 7: ordered 3000"));
  }
}

}  // namespace
}  // namespace cairn::domain
