#include "core/domain/fulfilment/short_reason.h"

#include <algorithm>
#include <array>
#include <string>

namespace cairn::domain {
namespace {

struct Row {
  ShortReason reason;
  std::string_view name;
  ShortEffect effect;
};

constexpr std::array<Row, 9> kRows = {{
    {ShortReason::kNotInStock, "NOT_IN_STOCK", ShortEffect::kCountZero},
    {ShortReason::kShortPartial, "SHORT_PARTIAL", ShortEffect::kLose},
    {ShortReason::kMismatch, "MISMATCH", ShortEffect::kLose},
    {ShortReason::kDamaged, "DAMAGED", ShortEffect::kHold},
    {ShortReason::kWornDisplay, "WORN_DISPLAY", ShortEffect::kHold},
    {ShortReason::kNoVariance, "NO_VARIANCE", ShortEffect::kNone},
    {ShortReason::kAvoidSplit, "AVOID_SPLIT", ShortEffect::kNone},
    {ShortReason::kStoreBusy, "STORE_BUSY", ShortEffect::kNone},
    {ShortReason::kNoCapacity, "NO_CAPACITY", ShortEffect::kNone},
}};

const Row* row_of(ShortReason reason) {
  const auto found = std::ranges::find(kRows, reason, &Row::reason);
  return found == kRows.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(ShortReason reason) {
  const Row* const row = row_of(reason);
  return row == nullptr ? "" : row->name;
}

Result<ShortReason> parse_short_reason(std::string_view text) {
  const auto found = std::ranges::find(kRows, text, &Row::name);
  if (found != kRows.end()) return found->reason;
  std::string known;
  for (const Row& row : kRows) known += (known.empty() ? "" : ", ") + std::string(row.name);
  return fail(ErrorCode::kInvalid, "bad_reason", "a reason is one of " + known);
}

ShortEffect effect_of(ShortReason reason) {
  const Row* const row = row_of(reason);
  return row == nullptr ? ShortEffect::kNone : row->effect;
}

bool says_full(ShortReason reason) {
  return reason == ShortReason::kStoreBusy || reason == ShortReason::kNoCapacity;
}

const std::vector<ShortReason>& short_reasons() {
  static const std::vector<ShortReason> all = [] {
    std::vector<ShortReason> reasons;
    for (const Row& row : kRows) reasons.push_back(row.reason);
    return reasons;
  }();
  return all;
}

}  // namespace cairn::domain
