#pragma once
// Port for unpredictable numbers: the system's generator in programs, a seeded one in the
// simulator.

#include <cstdint>

namespace cairn {

class Random {
 public:
  virtual ~Random() = default;
  /// Uniform over all 64-bit values. Loop only.
  virtual std::uint64_t next() = 0;
};

}  // namespace cairn
