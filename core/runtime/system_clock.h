#pragma once
// The machine's clocks. Programs own one; everything else is handed the port. Any thread.

#include "core/base/time.h"

namespace cairn::runtime {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc_now() const override;
  [[nodiscard]] MonoTime mono_now() const override;
};

}  // namespace cairn::runtime
