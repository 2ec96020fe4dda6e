#include "core/base/hlc.h"

#include <algorithm>

namespace cairn {

Hlc HybridClock::tick() {
  last_ = std::max(Hlc::of(now()), Hlc{last_.value + 1});
  return last_;
}

void HybridClock::observe(Hlc remote) {
  const UtcTime limit{now().us + kMaxAhead.count()};
  if (remote <= Hlc::of(limit)) last_ = std::max(last_, remote);
}

}  // namespace cairn
