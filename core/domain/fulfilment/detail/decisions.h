#pragma once
// The business rules behind the table, one function for each command. Private to
// core/domain/fulfilment.

#include "core/domain/fulfilment/ship_group_decide.h"

namespace cairn::domain::detail {

using Events = std::vector<ShipGroupEvent>;

/// The refusal that a reason of the table means, in words.
tl::unexpected<Error> refuse(std::string_view reason, const ShipGroup& group);
/// The line of the group. Errors: kNotFound "no_such_line".
Result<const ShipGroupLineState*> line_of(const ShipGroup& group, LineNo line);
/// A whole number of pieces, at least one. Errors: kInvalid "bad_quantity".
Result<> check_quantity(const ShipGroupLineState& line, std::int64_t milli);
/// Errors: kInvalid "bad_approval"; kRejected "approver_is_operator".
Result<> check_approval(const Approval& approval, const DecideContext& context);

// ---- decide_picking.cpp ----
Result<Events> decide(const ShipGroup&, const ClaimTask&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const ReleaseTask&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const ConfirmPick&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const UndoPick&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const ReportShort&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const ConfirmPutBack&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const CancelGroupUnits&, const DecideContext&);

// ---- decide_packing.cpp ----
Result<Events> decide(const ShipGroup&, const ClosePackage&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const AssignLabel&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const StartLabelPrint&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const EndLabelPrint&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const CheckLabel&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const ShipGroupOut&, const DecideContext&);

// ---- decide_pickup.cpp ----
Result<Events> decide(const ShipGroup&, const MintPickupCode&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const RefusePickupCode&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const GiveToCustomer&, const DecideContext&);
Result<Events> decide(const ShipGroup&, const UndoHandOver&, const DecideContext&);

}  // namespace cairn::domain::detail
