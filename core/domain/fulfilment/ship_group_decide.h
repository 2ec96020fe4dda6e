#pragma once
// Commands on a ship group: what people ask for, checked against the table and then the business
// rules. Pure: the same question gets the same answer.

#include "core/domain/fulfilment/ship_group.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain {

/// A second person who lets something pass, and why.
struct Approval {
  UserId by;
  std::string reason;  ///< 1-200 octets UTF-8
};

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
/// A pick of this device was a mistake; its units are in their bin again.
struct UndoPick {
  std::string station;
  EventRef pick;
};
/// Units of a line are not to be had.
struct ReportShort {
  std::string station;
  LineNo line;
  std::int64_t milli = 0;
  ShortReason reason = ShortReason::kNotInStock;
  LocationCode from;
};
/// These units of the tote are in a box that weighs so much (without the empty box).
struct ClosePackage {
  std::vector<LineUnits> lines;
  std::int64_t weight_mg = 0;
  std::optional<Approval> approval;
};
struct AssignLabel {
  EventRef package;
  std::string sscc;
  std::string tracking;
};
struct StartLabelPrint {
  EventRef package;
  std::string printer;
};
struct EndLabelPrint {
  EventRef start;
  PrintOutcome outcome = PrintOutcome::kUnknown;
  std::string detail;
};
struct CheckLabel {
  EventRef package;
  bool came_out = false;
};
/// Every package leaves the site.
struct ShipGroupOut {};
/// The customer's new code, as its hash. Hub only.
struct MintPickupCode {
  Bytes salt;
  Bytes hash;
};
/// The code that was given is not the customer's.
struct RefusePickupCode {};
/// The customer gave the right code, or a second person lets it pass without.
struct GiveToCustomer {
  std::optional<Approval> approval;
};
/// Takes the last hand-over back: it was a mistake.
struct UndoHandOver {};
/// Units are not wanted any more. Hub only.
struct CancelGroupUnits {
  LineNo line;
  std::int64_t milli = 0;
  CancelReason reason = CancelReason::kCustomer;
  std::string source;
};
/// Units of a put-back are in a bin again.
struct ConfirmPutBack {
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
  LocationCode to;
};

using ShipGroupCommand =
    std::variant<ClaimTask, ReleaseTask, ConfirmPick, ReportShort, ClosePackage, AssignLabel,
                 StartLabelPrint, EndLabelPrint, CheckLabel, ShipGroupOut, MintPickupCode,
                 RefusePickupCode, GiveToCustomer, UndoHandOver, CancelGroupUnits, ConfirmPutBack,
                 UndoPick>;
inline constexpr std::size_t kShipGroupCommands = std::variant_size_v<ShipGroupCommand>;

struct DecideContext {
  NodeId node;   ///< where the command was given
  UserId actor;  ///< by whom
  UtcTime now;   ///< anchored to the hub's clock
};

/// How long a hand-over can be taken back.
inline constexpr Duration kUndoHandOver = std::chrono::seconds(10);

/// THE table: by status, then by command (index in ShipGroupCommand), the reason of the refusal;
/// empty: allowed, if the business rules agree.
using ShipGroupTable =
    std::array<std::array<std::string_view, kShipGroupCommands>, kShipGroupStatuses>;
const ShipGroupTable& ship_group_table();

/// The table's refusal of a kind of command; empty: allowed.
template <class Command>
std::string_view refusal_of(ShipGroupStatus status) {
  const auto& row = ship_group_table().at(static_cast<std::size_t>(status));
  return row.at(ShipGroupCommand(Command{}).index());
}

/// The events that happen, possibly none (a repeated claim by the holder changes nothing).
/// Errors, beside the reasons of the table: kConflict "claimed_by_other"; kRejected
/// "not_claimed_here", "over_pick", "over_short", "over_cancel", "weight_mismatch",
/// "package_too_heavy", "not_in_tote", "label_assigned", "label_printing", "label_printed",
/// "label_unknown", "not_labelled", "code_locked", "no_code", "too_late_to_undo",
/// "not_handed_over_here", "nothing_to_put_back", "over_put_back", "nothing_to_undo",
/// "not_picked_here", "already_packed", "approver_is_operator";
/// kNotFound "no_such_line", "no_such_package"; kInvalid "bad_quantity", "bad_station",
/// "bad_source", "bad_approval", "bad_weight", "bad_label", "bad_code", "bad_location".
Result<std::vector<ShipGroupEvent>> decide(const ShipGroup& group, const ShipGroupCommand& command,
                                           const DecideContext& context);

}  // namespace cairn::domain
