#include "core/domain/order/kit.h"

#include "core/domain/order/order_amounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace cairn::domain {
namespace {

tl::unexpected<Error> too_much(const OrderLine& kit) {
  return fail(
      ErrorCode::kInvalid, "overflow",
      fmt::format("line {}: so many kits are more than an order can hold", kit.line.value()));
}

/// Sums of list prices, or units: 0 to kMaxMinor each.
Result<std::vector<std::int64_t>> weights_of(const OrderLine& kit,
                                             const std::vector<OfferedPart>& parts) {
  const auto priced = [&kit](const OfferedPart& part) {
    return part.price && part.price->currency == kit.unit_price.currency && part.price->minor > 0;
  };
  const bool by_price = std::ranges::all_of(parts, priced);
  std::vector<std::int64_t> weights;
  for (const OfferedPart& part : parts) {
    const std::int64_t each = by_price ? part.price->minor : 1;
    if (each > kMaxMinor / part.units) return too_much(kit);
    weights.push_back(each * part.units);
  }
  return weights;
}

/// Its unit price times its units is `cost`, or a little more: that much is discount.
Result<OrderLine> part_line(const OrderLine& kit, const OfferedPart& part, std::int64_t cost) {
  if (kit.ordered.milli > kMaxMilli / part.units) return too_much(kit);
  const std::int64_t milli = kit.ordered.milli * part.units;
  const std::int64_t units = milli / kMilliPerUnit;
  OrderLine line;
  line.sku = part.sku;
  line.name = part.name;
  line.ordered = {milli, part.uom};
  line.unit_price = {cost / units + (cost % units == 0 ? 0 : 1), kit.unit_price.currency};
  line.discount_minor = line.unit_price.minor * units - cost;
  line.together = kit.together;
  line.kit = SoldKit{kit.line,           kit.sku,      kit.name, kit.ordered.milli, kit.unit_price,
                     kit.discount_minor, kit.tax_minor};
  return line;
}

}  // namespace

Result<std::vector<OrderLine>> parts_of(const OrderLine& kit,
                                        const std::vector<OfferedPart>& parts) {
  if (kit.ordered.milli <= 0 || kit.ordered.milli % kMilliPerUnit != 0 || parts.empty()) {
    return fail(ErrorCode::kInvalid, "bad_order",
                fmt::format("line {} orders part of a kit", kit.line.value()));
  }
  const auto gross = gross_minor(kit);
  if (!gross) return fail(gross.error());
  if (kit.discount_minor > *gross) {
    return fail(ErrorCode::kInvalid, "bad_order",
                fmt::format("line {}: its discount is more than it costs", kit.line.value()));
  }
  const auto weights = weights_of(kit, parts);
  if (!weights) return fail(weights.error());
  if (std::accumulate(weights->begin(), weights->end(), std::int64_t{0}) > kMaxMinor) {
    return too_much(kit);
  }
  const auto costs = apportion(*gross, *weights);
  const auto discounts = apportion(kit.discount_minor, costs);
  const auto taxes = apportion(kit.tax_minor, *weights);
  std::vector<OrderLine> lines;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto line = part_line(kit, parts[i], costs[i]);
    if (!line) return fail(line.error());
    line->discount_minor += discounts[i];
    line->tax_minor = taxes[i];
    lines.push_back(*std::move(line));
  }
  return lines;
}

OrderLine line_of(const OrderLine& part) {
  OrderLine line;
  if (!part.kit) return line;
  line.line = part.kit->line;
  line.sku = part.kit->sku;
  line.name = part.kit->name;
  line.ordered = Quantity{part.kit->milli, Uom::kPiece};
  line.unit_price = part.kit->unit_price;
  line.discount_minor = part.kit->discount_minor;
  line.tax_minor = part.kit->tax_minor;
  line.together = part.together;
  return line;
}

}  // namespace cairn::domain
