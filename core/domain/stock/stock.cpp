#include "core/domain/stock/stock.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<MovementReason, std::string_view>, 4> kReasons = {{
    {MovementReason::kPick, "PICK"},
    {MovementReason::kIssue, "ISSUE"},
    {MovementReason::kCountAdj, "COUNT_ADJ"},
    {MovementReason::kReceipt, "RECEIPT"},
}};

}  // namespace

std::string_view name_of(MovementReason reason) {
  for (const auto& [value, name] : kReasons) {
    if (value == reason) return name;
  }
  return "";
}

std::int64_t on_hand_milli(const std::vector<CellCount>& counts,
                           const std::vector<CellMovement>& movements) {
  const auto last = std::ranges::max_element(counts, {}, &CellCount::at);
  std::int64_t milli = last == counts.end() ? 0 : last->quantity_milli;
  for (const CellMovement& movement : movements) {
    if (last == counts.end() || movement.at > last->at) milli += movement.delta_milli;
  }
  return milli;
}

Result<> validate(const StockMoved& moved) {
  const auto bad = [](const char* why) { return fail(ErrorCode::kInvalid, "bad_movement", why); };
  if (moved.quantity.milli <= 0) return bad("a movement moves more than nothing");
  if (moved.from == moved.to) return bad("a movement leads somewhere else");
  return {};
}

}  // namespace cairn::domain
