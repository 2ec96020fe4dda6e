#include "core/domain/fulfilment/pick_scan.h"

#include "core/gs1/scan.h"

#include <algorithm>

namespace cairn::domain {
namespace {

/// A GTIN decides; labels without one carry the SKU itself.
bool is_item(const ShipGroupLine& line, const Barcode& barcode, const std::optional<Gtin>& gtin) {
  if (gtin) return std::ranges::find(line.gtins, *gtin) != line.gtins.end();
  return barcode.data == line.sku.text();
}

}  // namespace

PickScan read_pick_scan(const ShipGroup& group, const Barcode& barcode,
                        std::int64_t keyed_above_milli) {
  const auto gtin = gs1::gtin_of(barcode);
  PickScan scan;
  for (const ShipGroupLineState& state : group.lines) {
    if (!is_item(state.line, barcode, gtin)) continue;
    scan = {PickScan::Meaning::kSurplus, state.line.line};
    if (state.in.open_milli <= 0) continue;
    const bool keyed =
        state.line.ordered.uom != Uom::kPiece || state.line.ordered.milli > keyed_above_milli;
    scan.meaning = keyed ? PickScan::Meaning::kKeyQuantity : PickScan::Meaning::kTakeOne;
    return scan;
  }
  return scan;
}

}  // namespace cairn::domain
