#pragma once
// What can be promised of goods that are still to come. Pure.

#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::domain {

/// Goods of one article that are to arrive: a purchase order, or a supplier's notice of dispatch.
struct Supply {
  UtcTime due;
  std::int64_t milli = 0;  ///< still to come
  friend bool operator==(const Supply&, const Supply&) = default;
};

/// What was promised of them already.
struct PeggedDemand {
  UtcTime due;  ///< when the customer was told to expect it
  std::int64_t milli = 0;
  friend bool operator==(const PeggedDemand&, const PeggedDemand&) = default;
};

/// Units that can be promised for `date`: what arrives until then less all that is promised of it,
/// and never so much that a promise for a later date could not be kept any more.
std::int64_t future_atp_milli(const std::vector<Supply>& supply,
                              const std::vector<PeggedDemand>& pegged, UtcTime date);

/// The first date for which `milli` more can be promised; nothing: not from what is known to come.
std::optional<UtcTime> promise_date(const std::vector<Supply>& supply,
                                    const std::vector<PeggedDemand>& pegged, std::int64_t milli);

/// How an article that is not there may be sold: as one that is new, or as one that is missing.
enum class AheadOfStock : std::uint8_t {
  kNo,
  kPreorder,   ///< a new style: it was never here
  kBackorder,  ///< it was here before
};

/// Sold ahead only if nothing is on hand and something is to come.
AheadOfStock ahead_of_stock(std::int64_t on_hand_milli, bool new_style,
                            const std::vector<Supply>& supply);

}  // namespace cairn::domain
