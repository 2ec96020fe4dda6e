#pragma once
// Our durations as Poco takes them.

#include "core/base/time.h"

#include <Poco/Timespan.h>

namespace cairn::runtime {

inline Poco::Timespan timespan(Duration duration) { return {duration.count()}; }

}  // namespace cairn::runtime
