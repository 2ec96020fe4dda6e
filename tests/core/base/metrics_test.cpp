#include "core/base/metrics.h"

#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <thread>
#include <vector>

namespace cairn::metrics_test {
namespace {

/// "name{labels} type value", in the order of samples().
std::vector<std::string> lines(const Metrics& metrics) {
  std::vector<std::string> lines;
  for (const auto& sample : metrics.samples()) {
    lines.push_back(sample.name + "{" + sample.labels + "} " + sample.type + " " + sample.value);
  }
  return lines;
}

TEST_CASE("metrics: counters add up, gauges show the last value", "[base][metrics]") {
  Metrics metrics;
  CHECK(metrics.samples().empty());
  metrics.count("scans_total");
  metrics.count("scans_total", 4);
  metrics.gauge("queue_depth", 7);
  metrics.gauge("queue_depth", -2);
  CHECK(lines(metrics) ==
        std::vector<std::string>{"queue_depth{} gauge -2", "scans_total{} counter 5"});
}

TEST_CASE("metrics: each label set counts by itself, sorted by name, then labels",
          "[base][metrics]") {
  Metrics metrics;
  metrics.count("b_total", 1, "device=\"2\"");
  metrics.count("b_total", 2, "device=\"1\"");
  metrics.count("b_total", 3);
  metrics.count("b_total", 10, "device=\"2\"");
  metrics.gauge("c", 5, "x=\"1\"");
  metrics.gauge("a", 6);
  CHECK(lines(metrics) == std::vector<std::string>{"a{} gauge 6", "b_total{} counter 3",
                                                   "b_total{device=\"1\"} counter 2",
                                                   "b_total{device=\"2\"} counter 11",
                                                   "c{x=\"1\"} gauge 5"});
}

TEST_CASE("metrics: a histogram's buckets are cumulative and inclusive", "[base][metrics]") {
  Metrics metrics;
  for (const double ms : {0.25, 0.3, 1.0, 20.0, 1000.0, 1000.5}) metrics.observe_ms("t_ms", ms);
  CHECK(lines(metrics) == std::vector<std::string>{
                              "t_ms_bucket{le=\"0.25\"} histogram 1",
                              "t_ms_bucket{le=\"0.5\"} histogram 2",
                              "t_ms_bucket{le=\"1\"} histogram 3",
                              "t_ms_bucket{le=\"2\"} histogram 3",
                              "t_ms_bucket{le=\"5\"} histogram 3",
                              "t_ms_bucket{le=\"10\"} histogram 3",
                              "t_ms_bucket{le=\"20\"} histogram 4",
                              "t_ms_bucket{le=\"50\"} histogram 4",
                              "t_ms_bucket{le=\"100\"} histogram 4",
                              "t_ms_bucket{le=\"250\"} histogram 4",
                              "t_ms_bucket{le=\"500\"} histogram 4",
                              "t_ms_bucket{le=\"1000\"} histogram 5",
                              "t_ms_bucket{le=\"+Inf\"} histogram 6",
                              "t_ms_count{} histogram 6",
                              "t_ms_sum{} histogram 2022.05",
                          });
}

TEST_CASE("metrics: a histogram keeps its labels beside the bucket's", "[base][metrics]") {
  Metrics metrics;
  metrics.observe_ms("t_ms", 3, "route=\"/a\"");
  metrics.observe_ms("t_ms", 4, "route=\"/b\"");
  std::map<std::string, std::string> values;
  for (const auto& sample : metrics.samples()) values[sample.name + sample.labels] = sample.value;
  CHECK(values["t_ms_bucketroute=\"/a\",le=\"2\""] == "0");
  CHECK(values["t_ms_bucketroute=\"/a\",le=\"5\""] == "1");
  CHECK(values["t_ms_bucketroute=\"/b\",le=\"+Inf\""] == "1");
  CHECK(values["t_ms_sumroute=\"/b\""] == "4");
  CHECK(values["t_ms_countroute=\"/a\""] == "1");
}

TEST_CASE("metrics: several threads lose no count", "[base][metrics]") {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&metrics] {
      for (int n = 0; n < 1000; ++n) {
        metrics.count("total");
        metrics.observe_ms("t_ms", 1);
        if (n % 100 == 0) (void)metrics.samples();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto all = lines(metrics);
  CHECK(std::ranges::count(all, "total{} counter 4000") == 1);
  CHECK(std::ranges::count(all, "t_ms_sum{} histogram 4000") == 1);
}

}  // namespace
}  // namespace cairn::metrics_test
