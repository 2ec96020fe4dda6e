#pragma once
// What can be promised of an article (ATP), from what is there and what is taken already. Pure.
// Every figure is in thousandths of the article's unit. The formulas, with examples:
// docs/promise.md.

#include <cstdint>
#include <span>
#include <string_view>

namespace cairn::domain {

/// One article at one site.
struct SiteFigures {
  std::int64_t on_hand_milli = 0;
  std::int64_t unavailable_milli = 0;  ///< of on_hand: damaged, worn, to be inspected
  std::int64_t reserved_milli = 0;     ///< in ship groups of the site and still in the building
  std::int64_t leased_milli = 0;       ///< lent to the site, to be sold while it is cut off

  /// Below zero: more is promised than there is. Shown, never hidden.
  [[nodiscard]] std::int64_t atp_milli() const {
    return on_hand_milli - unavailable_milli - reserved_milli - leased_milli;
  }
  friend bool operator==(const SiteFigures&, const SiteFigures&) = default;
};

/// Why a channel does not sell what a site has.
enum class Withheld : std::uint8_t {
  kNot,
  kInactive,    ///< the site is closed
  kExcluded,    ///< the channel leaves it out
  kPickupOnly,  ///< the channel sells it to those who collect it there
  kStale,       ///< it was not heard for too long
};
/// "", "INACTIVE", "EXCLUDED", "PICKUP_ONLY", "STALE".
std::string_view name_of(Withheld reason);

/// What one site adds to a channel.
struct SiteOffer {
  SiteFigures stock;
  std::int64_t safety_milli = 0;  ///< never sold by the channel
  std::int64_t soft_milli = 0;    ///< in baskets that will be collected here
  Withheld withheld = Withheld::kNot;
  int kept_percent = 100;         ///< less for a site that was not heard for long: 0-100
  std::int64_t queued_milli = 0;  ///< ordered to be collected here, and no ship group has it yet

  /// How much the safety stock keeps back of what could be promised.
  [[nodiscard]] std::int64_t safety_kept_milli() const;
  /// What the channel may sell to be shipped. Each site for itself: one with too little takes
  /// nothing from another.
  [[nodiscard]] std::int64_t web_sellable_milli() const;
  /// What may be collected here.
  [[nodiscard]] std::int64_t pickup_milli() const;
};

/// What is taken from a channel's sites together.
struct ChannelDemand {
  std::int64_t threshold_milli = 0;   ///< kept back by the company
  std::int64_t unbrokered_milli = 0;  ///< ordered, and no site has it to fill yet
  std::int64_t soft_milli = 0;        ///< in baskets, to be shipped
  std::int64_t future_milli = 0;      ///< sold ahead of its arrival, where the channel does that

  /// From what is there.
  [[nodiscard]] std::int64_t taken_milli() const {
    return threshold_milli + unbrokered_milli + soft_milli;
  }
};

/// What a channel may sell now, to be shipped: never below zero.
std::int64_t online_atp_milli(std::span<const SiteOffer> sites, const ChannelDemand& demand);

}  // namespace cairn::domain
