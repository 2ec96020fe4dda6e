#pragma once
// Counters, gauges and histograms by name; read out as Prometheus text. Any thread.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

class Metrics {
 public:
  /// Adds to a counter. `labels`: ready Prometheus label text such as `device="scanner-1"`, or
  /// empty.
  void count(std::string_view name, std::uint64_t by = 1, std::string_view labels = {});
  /// Sets a gauge.
  void gauge(std::string_view name, std::int64_t value, std::string_view labels = {});
  /// Adds one duration, in milliseconds, to a histogram.
  void observe_ms(std::string_view name, double ms, std::string_view labels = {});

  struct Sample {
    std::string name;
    std::string labels;
    std::string type;  ///< counter, gauge or histogram (one line a bucket, sum and count)
    std::string value;
  };
  /// Everything, sorted by name, then labels.
  [[nodiscard]] std::vector<Sample> samples() const;

 private:
  struct Histogram {
    std::vector<std::uint64_t> buckets;
    double sum_ms = 0;
    std::uint64_t count = 0;
  };
  using Key = std::pair<std::string, std::string>;

  mutable std::mutex mutex_;
  std::map<Key, std::uint64_t> counters_;
  std::map<Key, std::int64_t> gauges_;
  std::map<Key, Histogram> histograms_;
};

}  // namespace cairn
