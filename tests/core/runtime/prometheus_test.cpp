#include "core/runtime/prometheus.h"

#include "tests/support/catch.h"

namespace cairn::runtime::prometheus_test {
namespace {

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST_CASE("prometheus: counters and gauges with their type", "[runtime][metrics]") {
  Metrics metrics;
  metrics.count("scans_total", 3);
  metrics.gauge("device_up", 1, "device=\"a\"");
  metrics.gauge("device_up", 0, "device=\"b\"");
  CHECK(prometheus_text(metrics.samples()) ==
        "# TYPE device_up gauge\n"
        "device_up{device=\"a\"} 1\n"
        "device_up{device=\"b\"} 0\n"
        "# TYPE scans_total counter\n"
        "scans_total 3\n");
  CHECK(prometheus_text({}).empty());
}

TEST_CASE("prometheus: a histogram is one metric, whatever is named like it",
          "[runtime][metrics]") {
  Metrics metrics;
  metrics.observe_ms("http_ms", 3, "route=\"/a\"");
  metrics.observe_ms("http_ms", 0.1);
  metrics.count("http_ms_by_others");  // sorts between http_ms_bucket and http_ms_count
  metrics.count("jobs_count");
  const std::string text = prometheus_text(metrics.samples());
  CHECK(occurrences(text, "# TYPE ") == 3);
  CHECK(occurrences(text, "# TYPE http_ms histogram\n") == 1);
  CHECK(occurrences(text, "# TYPE jobs_count counter\n") == 1);
  CHECK(text.find("http_ms_bucket{route=\"/a\",le=\"2\"} 0\n") != std::string::npos);
  CHECK(text.find("http_ms_bucket{route=\"/a\",le=\"+Inf\"} 1\n") != std::string::npos);
  CHECK(text.find("http_ms_sum{route=\"/a\"} 3\n") != std::string::npos);
  CHECK(text.find("http_ms_count 1\n") != std::string::npos);
  const auto others = text.find("# TYPE http_ms_by_others");
  CHECK(text.find("http_ms_count") < others);
  CHECK(text.find("http_ms_sum") < others);
}

TEST_CASE("prometheus: label values cannot end early", "[runtime][metrics]") {
  CHECK(prometheus_label("device", "a\"b\\c\nd") == R"(device="a\"b\\c\nd")");
  Metrics metrics;
  metrics.count("x", 1, "a=\"1\nevil 7\"");
  CHECK(occurrences(prometheus_text(metrics.samples()), "\n") == 2);
}

}  // namespace
}  // namespace cairn::runtime::prometheus_test
