#include "core/domain/policy/stock_policy.h"

namespace cairn::domain {
namespace {

using Moves = std::vector<StockMoved>;

Moves moves(const ShipGroup& group, const LinePicked& picked) {
  const ShipGroupLineState* const line = group.find(picked.line);
  if (line == nullptr) return {};
  return {StockMoved{line->line.sku, picked.from, tote_of(group.id),
                     Quantity{picked.milli, line->line.ordered.uom}, MovementReason::kPick,
                     group.id}};
}

Moves moves(const ShipGroup& group, const ShipGroupShipped& shipped) {
  Moves all;
  for (const ShippedLine& out : shipped.lines) {
    const ShipGroupLineState* const line = group.find(out.line);
    if (line == nullptr) continue;
    all.push_back({line->line.sku, tote_of(group.id), LocationCode{},
                   Quantity{out.milli, line->line.ordered.uom}, MovementReason::kIssue, group.id});
  }
  return all;
}

template <class Other>
Moves moves(const ShipGroup&, const Other&) {
  return {};
}

}  // namespace

Moves stock_moves_of(const ShipGroup& group, const ShipGroupEvent& event) {
  return std::visit([&group](const auto& e) { return moves(group, e); }, event);
}

}  // namespace cairn::domain
