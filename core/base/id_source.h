#pragma once
// New names for new things. Loop only.

#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/base/time.h"

namespace cairn {

class IdSource {
 public:
  IdSource(const Clock& clock, Random& random) : clock_(&clock), random_(&random) {}

  /// UUID version 7 (RFC 9562 5.7): sorts by the time it was made.
  [[nodiscard]] Uuid next();

 private:
  const Clock* clock_;
  Random* random_;
};

}  // namespace cairn
