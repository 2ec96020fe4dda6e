#include "core/base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn {
namespace {

constexpr std::array<double, 12> kBucketsMs = {0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 250, 500, 1000};

std::string joined(std::string_view labels, std::string_view more) {
  return labels.empty() ? std::string(more) : fmt::format("{},{}", labels, more);
}

}  // namespace

void Metrics::count(std::string_view name, std::uint64_t by, std::string_view labels) {
  const std::scoped_lock lock(mutex_);
  counters_[{std::string(name), std::string(labels)}] += by;
}

void Metrics::gauge(std::string_view name, std::int64_t value, std::string_view labels) {
  const std::scoped_lock lock(mutex_);
  gauges_[{std::string(name), std::string(labels)}] = value;
}

void Metrics::observe_ms(std::string_view name, double ms, std::string_view labels) {
  const std::scoped_lock lock(mutex_);
  auto& histogram = histograms_[{std::string(name), std::string(labels)}];
  histogram.buckets.resize(kBucketsMs.size());
  for (std::size_t i = 0; i < kBucketsMs.size(); ++i) {
    if (ms <= kBucketsMs.at(i)) ++histogram.buckets[i];
  }
  histogram.sum_ms += ms;
  ++histogram.count;
}

std::vector<Metrics::Sample> Metrics::samples() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Sample> all;
  all.reserve(counters_.size() + gauges_.size());
  for (const auto& [key, value] : counters_) {
    all.push_back({key.first, key.second, "counter", fmt::format("{}", value)});
  }
  for (const auto& [key, value] : gauges_) {
    all.push_back({key.first, key.second, "gauge", fmt::format("{}", value)});
  }
  for (const auto& [key, histogram] : histograms_) {
    for (std::size_t i = 0; i < kBucketsMs.size(); ++i) {
      all.push_back({key.first + "_bucket",
                     joined(key.second, fmt::format("le=\"{}\"", kBucketsMs.at(i))), "histogram",
                     fmt::format("{}", histogram.buckets[i])});
    }
    all.push_back({key.first + "_bucket", joined(key.second, "le=\"+Inf\""), "histogram",
                   fmt::format("{}", histogram.count)});
    all.push_back(
        {key.first + "_sum", key.second, "histogram", fmt::format("{}", histogram.sum_ms)});
    all.push_back(
        {key.first + "_count", key.second, "histogram", fmt::format("{}", histogram.count)});
  }
  std::ranges::stable_sort(all, {}, [](const Sample& s) { return s.name; });
  return all;
}

}  // namespace cairn
