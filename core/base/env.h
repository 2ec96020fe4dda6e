#pragma once
// The machine, as everything below main() sees it. Built once in a composition root and passed on.

#include "core/base/executor.h"
#include "core/base/log.h"
#include "core/base/metrics.h"
#include "core/base/random.h"
#include "core/base/time.h"

namespace cairn {

struct Env {
  const Clock& clock;
  Random& random;
  Executor& executor;
  Log& log;
  Metrics& metrics;
};

}  // namespace cairn
