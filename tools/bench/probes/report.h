#pragma once
// What a probe says: one JSON object a line, on standard output.

#include "core/json/value.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace cairn::bench {

inline void report(const json::Value& value) {
  std::fputs((value.dump() + "\n").c_str(), stdout);
  std::fflush(stdout);
}

/// The smallest sample that so many of a hundred do not exceed.
inline double percentile(std::vector<double> samples, double percent) {
  if (samples.empty()) return 0;
  std::ranges::sort(samples);
  const auto place = static_cast<std::size_t>(static_cast<double>(samples.size()) * percent / 100);
  return samples[std::min(place, samples.size() - 1)];
}

}  // namespace cairn::bench
