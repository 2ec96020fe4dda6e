#include "core/domain/fulfilment/ship_group_decide.h"

#include "core/base/utf8.h"
#include "core/domain/fulfilment/detail/decisions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::domain {
namespace detail {
namespace {

/// Reason of the table -> sentence; {} is the order's number.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kSentences = {{
    {"no_such_group", "there is no such ship group here"},
    {"not_claimed", "nobody has claimed this task; claim it first"},
    {"not_picked", "order {}: not every unit is picked yet"},
    {"not_packed", "order {}: not every unit is in a package yet"},
    {"already_picked", "order {}: every unit is picked already"},
    {"already_packed", "order {} is packed already"},
    {"already_shipped", "order {} has left already"},
    {"already_handed_over", "order {} was handed over already"},
    {"cancelled", "order {} is cancelled: there is nothing left to do"},
    {"rejected", "order {} could not be filled here: there is nothing left to do"},
    {"is_a_pickup", "order {} is picked up by its customer: it is not packed or shipped"},
    {"is_no_pickup", "order {} is shipped: it is not picked up here"},
    {"over_pick", "order {}: every unit is picked already; put this one back"},
    {"nothing_handed_over", "order {} was not handed over"},
    {"nothing_to_undo", "order {}: there is no pick left to undo"},
}};

}  // namespace

tl::unexpected<Error> refuse(std::string_view reason, const ShipGroup& group) {
  const auto row =
      std::ranges::find(kSentences, reason, &std::pair<std::string_view, std::string_view>::first);
  const std::string_view sentence = row == kSentences.end() ? "not possible now" : row->second;
  const auto code = reason == "no_such_group" ? ErrorCode::kNotFound : ErrorCode::kRejected;
  return fail(code, std::string(reason),
              fmt::format(fmt::runtime(sentence), group.order_reference));
}

Result<const ShipGroupLineState*> line_of(const ShipGroup& group, LineNo line) {
  const ShipGroupLineState* const found = group.find(line);
  if (found != nullptr) return found;
  return fail(ErrorCode::kNotFound, "no_such_line",
              fmt::format("order {} has no line {} here", group.order_reference, line.value()));
}

Result<> check_quantity(const ShipGroupLineState& line, std::int64_t milli) {
  if (milli > 0 && Quantity{milli, line.line.ordered.uom}.whole()) return {};
  return fail(ErrorCode::kInvalid, "bad_quantity", "a whole number of pieces, at least one");
}

Result<> check_approval(const Approval& approval, const DecideContext& context) {
  if (approval.by == context.actor) {
    return fail(ErrorCode::kRejected, "approver_is_operator",
                "a second person has to let this pass, not the same one");
  }
  const bool sound =
      !approval.reason.empty() && approval.reason.size() <= 200 && is_utf8(approval.reason);
  if (approval.by.value().is_nil() || !sound) {
    return fail(ErrorCode::kInvalid, "bad_approval", "say why, in 1 to 200 octets");
  }
  return {};
}

}  // namespace detail

Result<std::vector<ShipGroupEvent>> decide(const ShipGroup& group, const ShipGroupCommand& command,
                                           const DecideContext& context) {
  const auto& row = ship_group_table().at(static_cast<std::size_t>(group.status()));
  const std::string_view refusal = row.at(command.index());
  if (!refusal.empty()) return detail::refuse(refusal, group);
  return std::visit([&group, &context](const auto& c) { return detail::decide(group, c, context); },
                    command);
}

}  // namespace cairn::domain
