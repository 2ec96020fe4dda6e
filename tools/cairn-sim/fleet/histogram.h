#pragma once
// How long things took, in buckets a fiftieth apart: small however many there are.

#include "core/base/time.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace cairn::simulator::fleet {

class Histogram {
 public:
  void add(Duration took) {
    const double us = std::max<double>(1, static_cast<double>(took.count()));
    const auto bucket = static_cast<std::size_t>(std::log(us) / std::log(kStep));
    ++counts_[std::min(bucket, counts_.size() - 1)];
    ++count_;
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// The upper end of the bucket that so many of a hundred do not exceed, in milliseconds.
  [[nodiscard]] double percentile_ms(double percent) const {
    const double wanted = static_cast<double>(count_) * percent / 100;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (count_ != 0 && static_cast<double>(seen) >= wanted) {
        return std::pow(kStep, static_cast<double>(i + 1)) / 1000;
      }
    }
    return 0;
  }

 private:
  static constexpr double kStep = 1.02;
  std::array<std::uint64_t, 1024> counts_{};  // up to ten minutes
  std::uint64_t count_ = 0;
};

}  // namespace cairn::simulator::fleet
