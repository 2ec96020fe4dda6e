#include "core/domain/fulfilment/detail/decisions.h"

#include <fmt/format.h>

namespace cairn::domain::detail {
namespace {

tl::unexpected<Error> locked(const ShipGroup& group) {
  return fail(ErrorCode::kRejected, "code_locked",
              fmt::format("order {}: {} wrong codes; a second person has to let it pass, or head "
                          "office sends a new code",
                          group.order_reference, group.pickup.wrong_codes));
}

}  // namespace

Result<Events> decide(const ShipGroup& group, const MintPickupCode& mint, const DecideContext&) {
  if (group.method != FulfilmentMethod::kPickup) return refuse("is_no_pickup", group);
  if (mint.salt.size() != Pickup::kSaltSize || mint.hash.size() != Pickup::kHashSize) {
    return fail(ErrorCode::kInvalid, "bad_code", "a code has a salt and a hash of 16 octets");
  }
  return Events{PickupCodeMinted{mint.salt, mint.hash}};
}

Result<Events> decide(const ShipGroup& group, const RefusePickupCode&, const DecideContext&) {
  if (group.pickup.locked()) return locked(group);
  return Events{PickupCodeRefused{}};
}

Result<Events> decide(const ShipGroup& group, const GiveToCustomer& give,
                      const DecideContext& context) {
  HandedOver handed;
  if (give.approval) {
    if (auto ok = check_approval(*give.approval, context); !ok) return fail(ok.error());
    handed.proof = HandOverProof::kApproved;
    handed.approved_by = give.approval->by;
    handed.reason = give.approval->reason;
  } else if (group.pickup.locked()) {
    return locked(group);
  } else if (group.pickup.hash.empty()) {
    return fail(ErrorCode::kRejected, "no_code",
                fmt::format("order {} has no code yet", group.order_reference));
  }
  for (const ShipGroupLineState& line : group.lines) {
    if (line.in.picked_milli > 0) handed.lines.push_back({line.line.line, line.in.picked_milli});
  }
  return Events{std::move(handed)};
}

Result<Events> decide(const ShipGroup& group, const UndoHandOver&, const DecideContext& context) {
  const HandOver* last = nullptr;
  for (const HandOver& done : group.hand_overs) {
    if (!done.undone && !done.lines.empty()) last = &done;
  }
  if (last == nullptr) return refuse("nothing_handed_over", group);
  if (last->ref.node != context.node) {
    return fail(ErrorCode::kRejected, "not_handed_over_here",
                fmt::format("order {} was handed over at another device", group.order_reference));
  }
  if (Duration(context.now.us - last->at.utc().us) > kUndoHandOver) {
    return fail(
        ErrorCode::kRejected, "too_late_to_undo",
        fmt::format("order {} was handed over more than 10 seconds ago; take it as a return",
                    group.order_reference));
  }
  return Events{HandOverUndone{last->ref}};
}

}  // namespace cairn::domain::detail
