#include "core/domain/stock/adjustment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace cairn::domain {
namespace {

enum class AdjustmentWay : std::uint8_t { kEither, kAway, kThere };

struct AdjustmentRule {
  AdjustmentReason reason;
  std::string_view name;
  MovementReason movement;
  AdjustmentWay way = AdjustmentWay::kEither;
  LocationCode (*apart)() = nullptr;  ///< where units are set apart; nothing: they are there or not
};

constexpr std::array<AdjustmentRule, 11> kAdjustmentRules = {{
    {AdjustmentReason::kCountAdj, "COUNT_ADJ", MovementReason::kCountAdj},
    {AdjustmentReason::kVarLost, "VAR_LOST", MovementReason::kVarLost, AdjustmentWay::kAway},
    {AdjustmentReason::kVarStolen, "VAR_STOLEN", MovementReason::kVarStolen, AdjustmentWay::kAway},
    {AdjustmentReason::kVarFound, "VAR_FOUND", MovementReason::kVarFound, AdjustmentWay::kThere},
    {AdjustmentReason::kVarDamaged, "VAR_DAMAGED", MovementReason::kVarDamaged,
     AdjustmentWay::kAway},
    {AdjustmentReason::kVarIntegr, "VAR_INTEGR", MovementReason::kVarIntegr},
    {AdjustmentReason::kVarSample, "VAR_SAMPLE", MovementReason::kVarSample, AdjustmentWay::kAway},
    {AdjustmentReason::kDamaged, "DAMAGED", MovementReason::kHold, AdjustmentWay::kEither,
     hold_damaged},
    {AdjustmentReason::kWornDisplay, "WORN_DISPLAY", MovementReason::kHold, AdjustmentWay::kEither,
     hold_display},
    {AdjustmentReason::kQc, "QC", MovementReason::kHold, AdjustmentWay::kEither, hold_qc},
    {AdjustmentReason::kCustomerHold, "CUSTOMER_HOLD", MovementReason::kHold,
     AdjustmentWay::kEither, hold_customer},
}};

const AdjustmentRule& adjustment_rule(AdjustmentReason reason) {
  return *std::ranges::find(kAdjustmentRules, reason, &AdjustmentRule::reason);
}

LocationCode apart_of(const AdjustmentRule& rule) {
  return rule.apart == nullptr ? LocationCode{} : rule.apart();
}

Result<> check_quantity(const AdjustmentRule& rule, std::int64_t milli, Uom uom) {
  const auto bad = [](std::string why) {
    return fail(ErrorCode::kInvalid, "bad_adjustment", why + "; nothing was changed");
  };
  if (milli == 0 || milli > kMaxMilli || milli < -kMaxMilli) {
    return bad(
        fmt::format("an adjustment is of more than nothing and at most {}", milli_text(kMaxMilli)));
  }
  if (uom == Uom::kPiece && milli % kMilliPerUnit != 0) return bad("pieces are whole");
  if (rule.way == AdjustmentWay::kAway && milli > 0) {
    return bad(fmt::format("{} takes units away: the quantity is below zero", rule.name));
  }
  if (rule.way == AdjustmentWay::kThere && milli < 0) {
    return bad(fmt::format("{} brings units: the quantity is above zero", rule.name));
  }
  return {};
}

}  // namespace

std::string_view name_of(AdjustmentReason reason) { return adjustment_rule(reason).name; }

Result<AdjustmentReason> parse_adjustment_reason(std::string_view text) {
  const auto found = std::ranges::find(kAdjustmentRules, text, &AdjustmentRule::name);
  if (found != kAdjustmentRules.end()) return found->reason;
  return fail(ErrorCode::kInvalid, "bad_reason",
              "a reason is COUNT_ADJ, VAR_LOST, VAR_STOLEN, VAR_FOUND, VAR_DAMAGED, VAR_INTEGR, "
              "VAR_SAMPLE, DAMAGED, WORN_DISPLAY, QC or CUSTOMER_HOLD");
}

std::vector<AdjustmentReason> all_adjustment_reasons() {
  std::vector<AdjustmentReason> reasons;
  for (const AdjustmentRule& rule : kAdjustmentRules) reasons.push_back(rule.reason);
  return reasons;
}

LocationCode left_by(const AdjustStock& command) {
  return command.milli < 0 ? command.location : apart_of(adjustment_rule(command.reason));
}

Result<StockMoved> decide(const AdjustStock& command) {
  const AdjustmentRule& rule = adjustment_rule(command.reason);
  if (auto ok = check_quantity(rule, command.milli, command.uom); !ok) return fail(ok.error());
  const std::string& place = command.location.text();
  if (place.empty() || is_hold(command.location) || place.starts_with("TOTE-")) {
    return fail(ErrorCode::kInvalid, "bad_adjustment",
                fmt::format("{} is no bin: what lies in totes belongs to orders, and what is set "
                            "apart is told by its reason; nothing was changed",
                            place));
  }
  const LocationCode from = left_by(command);
  const std::int64_t milli = std::abs(command.milli);
  if (!from.empty() && milli > command.there_milli) {
    return fail(ErrorCode::kConflict, "not_there",
                fmt::format("{} has {} of {}, {} were to leave it: count the place if that is "
                            "wrong; nothing was changed",
                            from.text(), milli_text(command.there_milli), command.sku.text(),
                            milli_text(milli)));
  }
  const LocationCode to = command.milli < 0 ? apart_of(rule) : command.location;
  return StockMoved{command.sku, from, to, {milli, command.uom}, rule.movement, {}};
}

}  // namespace cairn::domain
