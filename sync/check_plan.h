#pragma once
// When a device at rest compares what it has with the hub. Pure.

#include "core/base/time.h"

#include <algorithm>

namespace cairn::sync {

struct CheckLimits {
  Duration first = std::chrono::seconds(30);  ///< after the start
  Duration answer = std::chrono::seconds(30);
  Duration retry = std::chrono::seconds(5);  ///< when a feed had moved, doubling up to `again`
  Duration again = std::chrono::minutes(10);
};

class CheckPlan {
 public:
  explicit CheckPlan(MonoTime now, CheckLimits limits = {})
      : limits_(limits), next_(now + limits.first), retry_(limits.retry) {}

  [[nodiscard]] bool due(MonoTime now) const { return now >= next_; }
  /// A check is on its way; without an answer it is due again.
  void begun(MonoTime now) { next_ = now + limits_.answer; }
  /// Nothing could be compared: something was on its way.
  void moved(MonoTime now) {
    next_ = now + retry_;
    retry_ = std::min(retry_ * 2, limits_.again);
  }
  void agreed(MonoTime now) {
    differed_ = false;
    next_ = now + limits_.again;
    retry_ = limits_.retry;
  }
  /// True if the rows are to be made anew: not twice in a row, for that did not help.
  [[nodiscard]] bool differed(MonoTime now) {
    const bool repair = !differed_;
    differed_ = true;
    next_ = now + (repair ? limits_.retry : limits_.again);
    return repair;
  }

 private:
  CheckLimits limits_;
  MonoTime next_;
  Duration retry_;
  bool differed_ = false;
};

}  // namespace cairn::sync
