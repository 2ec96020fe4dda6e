#include "core/domain/stock/stock.h"

#include "core/base/assert.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<MovementReason, std::string_view>, 19> kReasons = {{
    {MovementReason::kPick, "PICK"},
    {MovementReason::kIssue, "ISSUE"},
    {MovementReason::kCountAdj, "COUNT_ADJ"},
    {MovementReason::kReceipt, "RECEIPT"},
    {MovementReason::kPutBack, "PUT_BACK"},
    {MovementReason::kIssueUndone, "ISSUE_UNDONE"},
    {MovementReason::kShort, "SHORT"},
    {MovementReason::kHold, "HOLD"},
    {MovementReason::kReturnRestock, "RETURN_RESTOCK"},
    {MovementReason::kReturnQc, "RETURN_QC"},
    {MovementReason::kReturnDamaged, "RETURN_DAMAGED"},
    {MovementReason::kPickUndone, "PICK_UNDONE"},
    {MovementReason::kSale, "SALE"},
    {MovementReason::kVarLost, "VAR_LOST"},
    {MovementReason::kVarStolen, "VAR_STOLEN"},
    {MovementReason::kVarFound, "VAR_FOUND"},
    {MovementReason::kVarDamaged, "VAR_DAMAGED"},
    {MovementReason::kVarIntegr, "VAR_INTEGR"},
    {MovementReason::kVarSample, "VAR_SAMPLE"},
}};

constexpr std::string_view kHoldPrefix = "HOLD-";

LocationCode hold(std::string_view what) {
  const auto code = LocationCode::parse(std::string(kHoldPrefix) + std::string(what));
  CAIRN_ASSERT(code.has_value(), "a constant code is well-formed");
  return *code;
}

}  // namespace

LocationCode hold_damaged() { return hold("DAMAGED"); }
LocationCode hold_display() { return hold("DISPLAY"); }
LocationCode hold_qc() { return hold("QC"); }
LocationCode hold_customer() { return hold("CUSTOMER"); }
bool is_hold(const LocationCode& location) { return location.text().starts_with(kHoldPrefix); }

std::string_view name_of(CountSource source) {
  switch (source) {
    case CountSource::kImport:
      return "IMPORT";
    case CountSource::kRecount:
      return "RECOUNT";
    case CountSource::kNotInStock:
      return "NOT_IN_STOCK";
  }
  return "";
}

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
  const bool sale = moved.reason == MovementReason::kSale && moved.to.empty();
  if (moved.lease != StockLeaseId{} && !sale) return bad("only a sale is made under a lease");
  if (moved.approved_by != UserId{} && !sale) return bad("only a sale is let pass by somebody");
  return {};
}

}  // namespace cairn::domain
