#pragma once
// What a scan means to the group being picked: which line it takes a unit from, or why it takes
// none. Pure.

#include "core/base/barcode.h"
#include "core/domain/fulfilment/ship_group.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::domain {

struct PickScan {
  enum class Meaning : std::uint8_t {
    kTakeOne,      ///< one unit of `line`
    kKeyQuantity,  ///< the item is right; `line` is so long that a person keys how many
    kSurplus,      ///< the item is on the order, but every unit of it is picked
    kWrongItem,    ///< not an item of this group
  };
  Meaning meaning = Meaning::kWrongItem;
  LineNo line;  ///< kTakeOne, kKeyQuantity: the line; kSurplus: the last line with this item
};

/// `keyed_above_milli`: a line ordering more than this is keyed, not scanned unit by unit.
/// With several lines of one article the first that has open units takes it.
PickScan read_pick_scan(const ShipGroup& group, const Barcode& barcode,
                        std::int64_t keyed_above_milli);

}  // namespace cairn::domain
