#include "core/domain/routing/site_exclusion.h"

#include <array>

namespace cairn::domain {

std::string_view name_of(SiteExclusion why) {
  static constexpr std::array<std::string_view, 15> kNames = {
      "",          "INACTIVE", "STALE",          "NOT_SHIPPING", "METHOD",      "HAZMAT",
      "COUNTRY",   "GROUP",    "EXCLUDED_GROUP", "TOO_FAR",      "NO_CAPACITY", "WEEKS_OF_SUPPLY",
      "WAS_SHORT", "NO_ZONE",  "NOTHING"};
  const auto number = static_cast<std::size_t>(why);
  return number < kNames.size() ? kNames[number] : "";
}

}  // namespace cairn::domain
