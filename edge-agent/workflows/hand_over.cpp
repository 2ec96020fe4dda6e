#include "edge-agent/workflows/hand_over.h"

#include "core/crypto/pickup_code.h"

#include <algorithm>
#include <chrono>

namespace cairn::agent {

std::vector<ShipGroupId> groups_of_code(storage::UnitOfWork& work, const std::string& code) {
  std::vector<ShipGroupId> found;
  const SiteId site = work.replica().identity().site;
  for (const storage::PickupCodeRow& row : storage::pickup_codes(work.connection(), site)) {
    if (crypto::pickup_code_matches(code, row.salt, row.hash)) found.push_back(row.group);
  }
  return found;
}

Result<std::vector<ShipGroupId>> PickupSearch::find(storage::UnitOfWork& work,
                                                    const std::string& code, MonoTime now) {
  constexpr std::size_t kMissesMost = 10;
  constexpr Duration kWithin = std::chrono::minutes(1);
  while (!misses_.empty() && now - misses_.front() > kWithin) misses_.pop_front();
  if (misses_.size() >= kMissesMost) {
    return fail(ErrorCode::kDenied, "too_many_requests",
                "too many codes that are nobody's; wait a minute, or find the order by its number");
  }
  auto found = groups_of_code(work, code);
  if (!found.empty()) return found;
  misses_.push_back(now);
  return fail(ErrorCode::kNotFound, "unknown_code",
              "no order of this site has this code; ask for the order's number");
}

Result<HandOverAnswer> hand_over(storage::UnitOfWork& work, ShipGroupId group,
                                 const std::string& code, const Operator& by) {
  // Whether it may be handed over at all comes first: that is no question of the code.
  const domain::ShipGroup& view = work.replica().ship_group(group);
  const domain::DecideContext context{work.replica().identity().node, by.user, work.now()};
  if (auto ok = domain::decide(view, domain::GiveToCustomer{}, context); !ok) {
    return fail(ok.error());
  }
  if (!crypto::pickup_code_matches(code, view.pickup.salt, view.pickup.hash)) {
    const auto refused = work.perform(group, domain::RefusePickupCode{}, by.user);
    if (!refused) return fail(refused.error());
    const int wrong = work.replica().ship_group(group).pickup.wrong_codes;
    return HandOverAnswer{false, std::max(0, domain::Pickup::kWrongCodesMost - wrong)};
  }
  const auto given = work.perform(group, domain::GiveToCustomer{}, by.user);
  if (!given) return fail(given.error());
  return HandOverAnswer{};
}

Result<> hand_over_approved(storage::UnitOfWork& work, ShipGroupId group,
                            const domain::Approval& approval, const Operator& by) {
  const auto given = work.perform(group, domain::GiveToCustomer{approval}, by.user);
  if (!given) return fail(given.error());
  return {};
}

Result<> undo_hand_over(storage::UnitOfWork& work, ShipGroupId group, const Operator& by) {
  const auto undone = work.perform(group, domain::UndoHandOver{}, by.user);
  if (!undone) return fail(undone.error());
  return {};
}

}  // namespace cairn::agent
