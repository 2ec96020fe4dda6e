#pragma once
// Cancels what waited until its time was up, at the start and every few seconds. It follows from
// rows alone, so that nothing is forgotten when the hub is killed. Loop only.

#include "core/base/env.h"
#include "core/storage/writer.h"

#include <chrono>

namespace cairn::central {

class AutoCancel {
 public:
  static constexpr Duration kPause = std::chrono::seconds(2);

  /// All references outlive this.
  AutoCancel(Env env, storage::Writer& writer, storage::Connection& connection);
  AutoCancel(const AutoCancel&) = delete;
  AutoCancel& operator=(const AutoCancel&) = delete;

  /// From now on. Once. Errors: kUnavailable "loop_full".
  Result<> start();

 private:
  void look();
  void cancel(OrderId order);

  Env env_;
  storage::Writer* writer_;
  storage::Connection* connection_;
};

}  // namespace cairn::central
