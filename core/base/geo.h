#pragma once
// Where a place is, and how far two places are apart.

#include <cstdint>

namespace cairn {

/// WGS 84 in millionths of a degree.
struct GeoPoint {
  std::int32_t latitude_udeg = 0;   ///< -90,000,000 to 90,000,000
  std::int32_t longitude_udeg = 0;  ///< -180,000,000 to 180,000,000

  [[nodiscard]] bool valid() const {
    return latitude_udeg >= -90'000'000 && latitude_udeg <= 90'000'000 &&
           longitude_udeg >= -180'000'000 && longitude_udeg <= 180'000'000;
  }
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};

/// Great-circle distance in metres on a sphere of radius 6,371,000 m (haversine), rounded.
std::int64_t distance_m(const GeoPoint& a, const GeoPoint& b);

}  // namespace cairn
