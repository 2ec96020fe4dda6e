#pragma once
// Why a site was no candidate for an order. Part of a decision's trace. Pure.

#include "core/base/ids.h"

#include <cstdint>
#include <string_view>

namespace cairn::domain {

/// Numbers are stored: never reused.
enum class SiteExclusion : std::uint8_t {
  kInactive = 1,        ///< the site is not active
  kStale = 2,           ///< nothing was heard from it for too long
  kNotShipping = 3,     ///< it does not ship now
  kMethod = 4,          ///< not by the order's shipping method
  kHazmat = 5,          ///< no dangerous goods
  kCountry = 6,         ///< not to the order's country
  kGroup = 7,           ///< in none of the rule's facility groups
  kExcludedGroup = 8,   ///< in a group that the rule leaves out
  kTooFar = 9,          ///< farther than the rule's proximity
  kNoCapacity = 10,     ///< its order limit of the day is used up, or it is full
  kWeeksOfSupply = 11,  ///< none of the articles is in ample supply there
  kWasShort = 12,       ///< it could not give an article to this order before
  kNoZone = 13,         ///< no carrier's zone reaches the customer
  kNothing = 14,        ///< it has nothing of what is needed
};

/// "INACTIVE", "STALE", ...; empty for a number that is none of them.
std::string_view name_of(SiteExclusion why);

struct ExcludedSite {
  SiteId site;
  SiteExclusion why = SiteExclusion::kInactive;
  friend bool operator==(const ExcludedSite&, const ExcludedSite&) = default;
};

}  // namespace cairn::domain
