#pragma once
// What a start says in the log about the quarantine it asked again. Any thread.

#include "core/base/log.h"
#include "core/base/result.h"

#include <cstddef>

namespace cairn::program {

/// Nothing if no record took effect.
void tell_replayed(Log& log, const Result<std::size_t>& released);

}  // namespace cairn::program
