#pragma once
// Commands on a ship group: what people ask for, checked against the table and then the business
// rules. Pure: the same question gets the same answer.

#include "core/domain/fulfilment/ship_group.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain {

/// A station of this node takes the pick task.
struct ClaimTask {
  std::string station;  ///< 1-40 octets
};
/// The station gives it back; `by_force`: somebody entitled takes it away from whoever holds it.
struct ReleaseTask {
  std::string station;
  bool by_force = false;
};
/// Units of a line went from a bin into the tote.
struct ConfirmPick {
  std::string station;
  LineNo line;
  std::int64_t milli = 0;
  LocationCode from;
};
/// Everything picked leaves the site.
struct ShipGroupOut {};

using ShipGroupCommand = std::variant<ClaimTask, ReleaseTask, ConfirmPick, ShipGroupOut>;

struct DecideContext {
  NodeId node;   ///< where the command was given
  UserId actor;  ///< by whom
};

/// One row per (status, command): allowed, or refused with this reason.
struct Transition {
  ShipGroupStatus status;
  std::size_t command;       ///< index in ShipGroupCommand
  std::string_view refusal;  ///< empty: allowed, if the business rules agree
};

/// THE table: every pair is in it exactly once.
const std::array<Transition, 20>& ship_group_table();

/// The events that happen, possibly none (a repeated claim by the holder changes nothing).
/// Errors: kNotFound "no_such_group"; kConflict "claimed_by_other"; kRejected "not_claimed",
/// "not_claimed_here", "over_pick", "not_picked", "already_picked", "already_shipped";
/// kNotFound "no_such_line"; kInvalid "bad_quantity", "bad_station".
Result<std::vector<ShipGroupEvent>> decide(const ShipGroup& group, const ShipGroupCommand& command,
                                           const DecideContext& context);

}  // namespace cairn::domain
