#pragma once
// Takes the money for what has left: a capture for each ship group that was shipped or handed over,
// over the order's payments in the order in which they were opened; what is still held when the
// order is over is given up. It follows from rows alone, so that nothing is forgotten when the hub
// is killed, or while a question of a payment is open. Loop only.

#include "core/base/env.h"
#include "core/storage/writer.h"

#include <chrono>
#include <cstddef>
#include <set>

namespace cairn::central {

/// Asks for what is due of one order, inside a job. Services are taken with its first ship group.
/// What was declined for a group is not asked for again: a person has to look. Returns how many
/// questions were asked. Errors: those of ask_payment().
Result<std::size_t> capture_shipped(storage::UnitOfWork& work, OrderId order);

class ShipmentCaptures {
 public:
  /// All references outlive this.
  ShipmentCaptures(Env env, storage::Writer& writer, storage::Connection& connection);
  ShipmentCaptures(const ShipmentCaptures&) = delete;
  ShipmentCaptures& operator=(const ShipmentCaptures&) = delete;

  /// From now on, and for all that is due already. Once. Errors: kUnavailable "loop_full".
  Result<> start();

 private:
  void note(const storage::Changes& changes);
  void look(OrderId order);
  void look_at_all();

  Env env_;
  storage::Writer* writer_;
  storage::Connection* connection_;
  std::set<OrderId> due_;  ///< they have a job that has not begun
};

}  // namespace cairn::central
