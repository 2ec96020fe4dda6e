#pragma once
// Why units could not be picked, and what each reason says about the stock (the field's reason
// codes, as OFBiz and HotWax use them). Pure.

#include "core/base/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::domain {

/// Numbers are stored: never reused.
enum class ShortReason : std::uint8_t {
  kNotInStock = 1,    ///< the bin is empty: counted as zero
  kShortPartial = 2,  ///< that many are missing
  kMismatch = 3,      ///< that many are something else than the label says
  kDamaged = 4,       ///< that many are there, but cannot be sold
  kWornDisplay = 5,   ///< that many are there, but worn from display
  kNoVariance = 6,    ///< the stock is right; not picked for another reason
  kAvoidSplit = 7,    ///< the stock is right; the order should not be split
  kStoreBusy = 8,     ///< the stock is right; nobody has the time
  kNoCapacity = 9,    ///< the stock is right; the site is full
};

/// What a reason does to the stock of the bin that was looked at.
enum class ShortEffect : std::uint8_t {
  kNone,
  kCountZero,  ///< a count of nothing
  kLose,       ///< the units are gone
  kHold,       ///< the units stay on hand, but cannot be promised
};

/// "NOT_IN_STOCK", ...; empty for a number that is none of them.
std::string_view name_of(ShortReason reason);
/// Errors: kInvalid "bad_reason" with the known ones.
Result<ShortReason> parse_short_reason(std::string_view text);
ShortEffect effect_of(ShortReason reason);
/// The site says that it can take no more: it is given no orders to ship until it is reset.
bool says_full(ShortReason reason);
const std::vector<ShortReason>& short_reasons();

}  // namespace cairn::domain
