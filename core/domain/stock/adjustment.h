#pragma once
// What somebody says of the stock without counting it: units are lost, found, damaged, on display.
// Pure. Reasons as in the field (variance reasons of a ledger, and the four places that set units
// apart); each has one direction and one effect.

#include "core/base/result.h"
#include "core/domain/stock/stock.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::domain {

/// What may be said. The first seven change what is on hand, the last four only whether it can be
/// promised.
enum class AdjustmentReason : std::uint8_t {
  kCountAdj,      ///< either way
  kVarLost,       ///< away
  kVarStolen,     ///< away
  kVarFound,      ///< there
  kVarDamaged,    ///< away: thrown out
  kVarIntegr,     ///< either way: the data was wrong
  kVarSample,     ///< away: given or used as a sample
  kDamaged,       ///< either way: to HOLD-DAMAGED, or back
  kWornDisplay,   ///< either way: to HOLD-DISPLAY, or back
  kQc,            ///< either way: to HOLD-QC, or back
  kCustomerHold,  ///< either way: to HOLD-CUSTOMER, kept for somebody who asked, or back
};
/// "COUNT_ADJ", "VAR_LOST", ...
std::string_view name_of(AdjustmentReason reason);
/// Errors: kInvalid "bad_reason".
Result<AdjustmentReason> parse_adjustment_reason(std::string_view text);
std::vector<AdjustmentReason> all_adjustment_reasons();

struct AdjustStock {
  Sku sku;
  LocationCode location;   ///< a bin; where units are set apart follows from the reason
  std::int64_t milli = 0;  ///< away from the bin < 0 < to the bin
  AdjustmentReason reason = AdjustmentReason::kCountAdj;
  std::int64_t there_milli = 0;  ///< what the place has that units leave
  Uom uom = Uom::kPiece;
};

/// The place that units leave; empty: the world outside.
LocationCode left_by(const AdjustStock& command);

/// Errors: kInvalid "bad_adjustment" (nothing, the wrong direction, a place of its own rules),
/// kConflict "not_there" (fewer lie where they are to leave).
Result<StockMoved> decide(const AdjustStock& command);

}  // namespace cairn::domain
