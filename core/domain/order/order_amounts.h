#pragma once
// What an order costs. Prices, discounts and taxes are those of the moment it was sold; nothing of
// it is worked out anew later. Amounts are in minor units of the order's currency. Pure.

#include "core/domain/order/order.h"

#include <cstdint>
#include <vector>

namespace cairn::domain {

/// Shares `amount` out in proportion to `weights`, to the unit: each gets what is below its exact
/// part, and the units that are left go to the largest remainders, of equal ones to the first
/// (Hamilton's method). The shares' sum is `amount`; no share exceeds its weight as long as
/// `amount` does not exceed their sum. `amount` and weights: 0 to kMaxMinor, at most kMaxOrderLines
/// of them. Without any weight nobody gets anything.
std::vector<std::int64_t> apportion(std::int64_t amount, const std::vector<std::int64_t>& weights);

/// What of `amount`, that is for `whole`, is for `part`; half up. 0 to kMaxMinor, 0 to kMaxMilli, 1
/// to kMaxMilli. Errors: kInvalid "overflow".
Result<std::int64_t> in_proportion(std::int64_t amount, std::int64_t part, std::int64_t whole);

/// Unit price times quantity, to the nearest minor unit, half up. Errors: kInvalid "overflow".
Result<std::int64_t> gross_minor(const OrderLine& line);

/// The order with its discounts shared out to its lines of goods; those of promotions keep the
/// shares they have. Errors: kInvalid "bad_order" (a line's discount is more than the line, the
/// order's are more than its goods), "overflow".
Result<OrderPlaced> share_discounts(OrderPlaced order);

/// What the customer pays for it. Errors: kInvalid "overflow".
Result<Money> total_of(const std::vector<OrderLine>& lines, bool tax_added);

}  // namespace cairn::domain
