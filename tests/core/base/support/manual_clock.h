#pragma once
// A clock that stands where the test puts it.

#include "core/base/time.h"

namespace cairn::test {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(UtcTime utc) : utc_(utc) {}

  [[nodiscard]] UtcTime utc_now() const override { return utc_; }
  [[nodiscard]] MonoTime mono_now() const override { return mono_; }
  void set(UtcTime utc) { utc_ = utc; }
  /// May be negative: wall clocks are set back.
  void move(Duration by) { utc_.us += by.count(); }

 private:
  UtcTime utc_;
  MonoTime mono_;
};

}  // namespace cairn::test
