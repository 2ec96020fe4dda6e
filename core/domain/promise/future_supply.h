#pragma once
// What can be promised of goods that are still to come. Pure.

#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string_view>
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

/// "", "PREORDER", "BACKORDER".
std::string_view name_of(AheadOfStock how);

/// Sold ahead only if nothing can be sold from stock and something is to come.
AheadOfStock ahead_of_stock(std::int64_t in_stock_milli, bool new_style,
                            const std::vector<Supply>& supply);

/// What a channel sells of an article that is still to come.
struct FutureOffer {
  AheadOfStock how = AheadOfStock::kNo;
  std::int64_t milli = 0;  ///< that can be promised, all dates together
  std::vector<Supply> supply;
  std::vector<PeggedDemand> pegged;

  /// When `milli` of it can be promised for; nothing: not of what is known to come.
  [[nodiscard]] std::optional<UtcTime> date_for(std::int64_t milli) const;
};

/// `free_milli`: what the channel's stock has beyond all that is taken from it; below zero so much
/// waits for goods already, and gets the first that come.
FutureOffer future_offer(std::vector<Supply> supply, std::int64_t free_milli, bool new_style);

}  // namespace cairn::domain
