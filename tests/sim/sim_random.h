#pragma once
// All chance in the simulated world comes from one seed (SplitMix64, Steele et al. 2014).

#include "core/base/random.h"

#include <cstdint>

namespace cairn::sim {

class SimRandom final : public Random {
 public:
  explicit SimRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() override {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
  }
  /// Uniform in [least, most].
  std::int64_t between(std::int64_t least, std::int64_t most) {
    const auto span = static_cast<std::uint64_t>(most - least) + 1;
    return least + static_cast<std::int64_t>(next() % span);
  }
  bool one_in(std::uint64_t n) { return next() % n == 0; }
  bool percent(std::uint64_t p) { return next() % 100 < p; }

 private:
  std::uint64_t state_;
};

}  // namespace cairn::sim
