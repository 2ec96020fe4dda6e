#pragma once
// What an order owes for what has left, and what was taken for it, in minor units of its currency.
// It follows from rows alone. Inside a job of the writer. Loop only.

#include "core/domain/payment/payment.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <vector>

namespace cairn::central {

/// A ship group of which units were shipped or handed over.
struct GroupDebt {
  ShipGroupId group;
  std::int64_t due_minor =
      0;  ///< what left, at its own prices, less its discounts; of one group: and the services
  std::int64_t taken_minor = 0;  ///< captured for it or for none, or being captured
};

struct OrderDebt {
  std::vector<GroupDebt> groups;  ///< in the order of their allocation
  std::int64_t due_minor = 0;     ///< of all groups
  std::int64_t taken_minor = 0;   ///< for these groups or for none, or being captured
  bool capturing = false;         ///< a capture has no certain answer
  bool waiting = false;           ///< some question of its payments has none
  bool over = false;  ///< nothing more will leave: something has left, or all was cancelled

  /// What left and was not taken, nor is being taken.
  [[nodiscard]] std::int64_t rest_minor() const {
    return due_minor > taken_minor ? due_minor - taken_minor : 0;
  }
  /// No money will be wanted any more.
  [[nodiscard]] bool done() const { return over && !capturing && rest_minor() == 0; }
};

/// Services are due with the group for which money was taken first, or else with the first that
/// left. What was taken for a group whose hand-over was undone is left out: a person gives it back.
/// Errors: kInvalid "overflow".
Result<OrderDebt> debt_of(storage::UnitOfWork& work, OrderId order);

}  // namespace cairn::central
