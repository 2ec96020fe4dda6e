#pragma once
// Which moments a record can hold: those that a stamp can (hlc.h), from 1970 to the year 6429. What
// is beyond is refused where it is said, because nobody could read it again.

#include "core/base/hlc.h"

#include <cstdint>

namespace cairn {

inline bool fits_stamp(UtcTime at) {
  return at.valid() && at.us >= 0 && Hlc::of(at).value <= static_cast<std::uint64_t>(INT64_MAX);
}

}  // namespace cairn
