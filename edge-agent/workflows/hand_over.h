#pragma once
// The pickup counter: find the order behind a code, give it to the customer, take that back within
// ten seconds. Works without a network: the code's salted hash is in the ship group. Each function
// runs inside a job of the writer. Loop only.

#include "core/base/time.h"
#include "core/storage/unit_of_work.h"
#include "edge-agent/workflows/operator.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace cairn::agent {

/// Groups of this site whose code this is: those that wait, then those handed over already.
std::vector<ShipGroupId> groups_of_code(storage::UnitOfWork& work, const std::string& code);

/// Finds orders by their code, for somebody with a customer in front of them and for nobody who
/// tries codes: after ten that were nobody's within a minute it finds none for a minute.
class PickupSearch {
 public:
  /// Errors: kNotFound "unknown_code"; kDenied "too_many_requests".
  Result<std::vector<ShipGroupId>> find(storage::UnitOfWork& work, const std::string& code,
                                        MonoTime now);

 private:
  std::deque<MonoTime> misses_;
};

/// `code`: what the customer says. A wrong one is recorded, and is not an error of this function:
/// it counts.
struct HandOverAnswer {
  bool code_was_right = true;
  int tries_left = 0;  ///< after a wrong code
};
/// Errors: those of domain::decide().
Result<HandOverAnswer> hand_over(storage::UnitOfWork& work, ShipGroupId group,
                                 const std::string& code, const Operator& by);
/// A second person lets it pass without the code. Errors: those of domain::decide().
Result<> hand_over_approved(storage::UnitOfWork& work, ShipGroupId group,
                            const domain::Approval& approval, const Operator& by);
/// Errors: those of domain::decide().
Result<> undo_hand_over(storage::UnitOfWork& work, ShipGroupId group, const Operator& by);

}  // namespace cairn::agent
