#include "core/base/geo.h"

#include <cmath>
#include <numbers>

namespace cairn {

std::int64_t distance_m(const GeoPoint& a, const GeoPoint& b) {
  constexpr double kEarthRadiusM = 6'371'000.0;
  constexpr double kRadiansPerUdeg = std::numbers::pi / 180.0 / 1e6;
  const double lat_a = a.latitude_udeg * kRadiansPerUdeg;
  const double lat_b = b.latitude_udeg * kRadiansPerUdeg;
  const double half_lat = std::sin((lat_b - lat_a) / 2);
  const double half_lon =
      std::sin((static_cast<double>(b.longitude_udeg) - a.longitude_udeg) * kRadiansPerUdeg / 2);
  const double h = half_lat * half_lat + std::cos(lat_a) * std::cos(lat_b) * half_lon * half_lon;
  return std::llround(2 * kEarthRadiusM * std::asin(std::sqrt(std::fmin(1.0, h))));
}

}  // namespace cairn
