#pragma once
// Takes the money for what has left: a capture for each ship group that was shipped or handed over,
// over the order's payments in the order in which they were opened; what is still held when the
// order is over and all of it is paid is given up. It follows from rows alone, so that nothing is
// forgotten when the hub is killed, or while a question of a payment is open. Loop only.

#include "core/base/env.h"
#include "core/storage/writer.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace cairn::central {

struct ShipmentCapture {
  std::size_t asked = 0;          ///< questions
  std::int64_t unpaid_minor = 0;  ///< has left, is not paid, and no answer is awaited
};
/// Asks for what is due of one order, inside a job. Services are taken with its first ship group.
/// What was declined for a group is not asked for again: a person has to look. Errors: those of
/// ask_payment(), debt_of().
Result<ShipmentCapture> capture_shipped(storage::UnitOfWork& work, OrderId order);

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
  void look_at_all_later(const std::string& why);

  Env env_;
  storage::Writer* writer_;
  storage::Connection* connection_;
  std::set<OrderId> due_;  ///< they have a job that has not begun
};

}  // namespace cairn::central
