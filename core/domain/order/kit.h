#pragma once
// Kits as an order sells them: one line of the channel becomes a line for each part, and what it
// costs is shared out to them, to the minor unit. Pure.

#include "core/domain/order/order.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::domain {

/// A part of a kit, as the catalogue has it when the kit is sold.
struct OfferedPart {
  Sku sku;
  std::string name;
  Uom uom = Uom::kPiece;
  std::int64_t units = 1;        ///< in each piece of the kit
  std::optional<Money> price{};  ///< its own list price of one unit
};

/// The parts of a line that sells a kit, in their order, without numbers: each says of which kit it
/// is. What the kit costs is shared out by the list prices of the parts, or by their units where
/// they have none in its currency; so are its discount and its tax. A unit price is rounded up, and
/// what that is too much is discount: gross less discount of all parts together is that of the kit.
/// `kit.line`: its number; parts of one `together` go whole to one site. Errors: kInvalid
/// "bad_order" (part of a kit; a discount that is more than it costs), "overflow".
Result<std::vector<OrderLine>> parts_of(const OrderLine& kit,
                                        const std::vector<OfferedPart>& parts);

/// The line as the channel sold it, of any of its parts.
OrderLine line_of(const OrderLine& part);

}  // namespace cairn::domain
