#include "core/base/geo.h"

#include "tests/support/catch.h"

#include <cstdlib>
#include <string_view>
#include <vector>

namespace cairn::geo_test {
namespace {

constexpr GeoPoint kLondon{51'507'222, -127'500};
constexpr GeoPoint kParis{48'856'613, 2'352'222};
constexpr GeoPoint kNewYork{40'712'778, -74'006'111};
constexpr GeoPoint kTokyo{35'689'722, 139'692'222};
constexpr GeoPoint kSydney{-33'865'000, 151'209'444};
constexpr GeoPoint kSuva{-18'141'667, 178'441'944};
constexpr GeoPoint kApia{-13'833'333, -171'766'667};
constexpr GeoPoint kQuito{-220'000, -78'512'500};

TEST_CASE("distance: cities are as far apart as the angle between their position vectors says",
          "[base][geo]") {
  // Worked out apart from this program: 6,371 km times atan2(|u x v|, u . v).
  struct Row {
    std::string_view from_to;
    GeoPoint a;
    GeoPoint b;
    std::int64_t m;
  };
  const std::vector<Row> rows{
      {"London Paris", kLondon, kParis, 343'528},
      {"New York London", kNewYork, kLondon, 5'570'257},
      {"Tokyo Sydney, over the equator", kTokyo, kSydney, 7'826'217},
      {"Suva Apia, over the date line", kSuva, kApia, 1'150'702},
      {"Quito London", kQuito, kLondon, 9'226'366},
  };
  for (const Row& row : rows) {
    CAPTURE(row.from_to);
    CHECK(std::abs(distance_m(row.a, row.b) - row.m) <= 1);
    CHECK(distance_m(row.a, row.b) == distance_m(row.b, row.a));
  }
}

TEST_CASE("distance: a place is no distance from itself", "[base][geo]") {
  for (const GeoPoint& place : {kLondon, kSuva, GeoPoint{}, GeoPoint{90'000'000, 0}}) {
    CHECK(distance_m(place, place) == 0);
  }
  // All meridians meet at the pole, and both edges of the map are one meridian.
  CHECK(distance_m({90'000'000, 0}, {90'000'000, 120'000'000}) == 0);
  CHECK(distance_m({0, 180'000'000}, {0, -180'000'000}) == 0);
}

TEST_CASE("distance: one degree, and half the world", "[base][geo]") {
  CHECK(distance_m({0, 0}, {0, 1'000'000}) == 111'195);
  CHECK(distance_m({0, 0}, {1'000'000, 0}) == 111'195);
  CHECK(distance_m({90'000'000, 0}, {-90'000'000, 0}) == 20'015'087);
  CHECK(distance_m({0, -90'000'000}, {0, 90'000'000}) == 20'015'087);
  CHECK(distance_m({35'000'000, 100'000'000}, {-35'000'000, -80'000'000}) == 20'015'087);
}

TEST_CASE("position: the edges of the map are on it", "[base][geo]") {
  CHECK(GeoPoint{90'000'000, 180'000'000}.valid());
  CHECK(GeoPoint{-90'000'000, -180'000'000}.valid());
  CHECK_FALSE(GeoPoint{90'000'001, 0}.valid());
  CHECK_FALSE(GeoPoint{-90'000'001, 0}.valid());
  CHECK_FALSE(GeoPoint{0, 180'000'001}.valid());
  CHECK_FALSE(GeoPoint{0, -180'000'001}.valid());
}

}  // namespace
}  // namespace cairn::geo_test
