#pragma once
// Which moments a record can hold: those that a stamp can (hlc.h), to the year 6429. What is beyond
// is refused where it is said, because nobody could read it again.

#include "core/base/hlc.h"

#include <cstdint>

namespace cairn {

inline bool is_recordable(UtcTime at) {
  return at.valid() && Hlc::of(at).value <= static_cast<std::uint64_t>(INT64_MAX);
}

}  // namespace cairn
