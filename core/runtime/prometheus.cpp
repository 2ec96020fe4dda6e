#include "core/runtime/prometheus.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace cairn::runtime {
namespace {

/// The metric a sample belongs to: a histogram's samples carry suffixes.
std::string_view base_name(const Metrics::Sample& sample) {
  constexpr std::array<std::string_view, 3> kSuffixes = {"_bucket", "_count", "_sum"};
  const std::string_view name = sample.name;
  if (sample.type != "histogram") return name;
  for (const std::string_view suffix : kSuffixes) {
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

/// A line feed in label text would start a sample of the peer's own making.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? std::string_view("\\n") : std::string_view(&c, 1);
  return line;
}

}  // namespace

std::string prometheus_text(const std::vector<Metrics::Sample>& samples) {
  // By metric: sorted by sample, another metric could come between base_count and base_sum.
  std::map<std::pair<std::string_view, std::string_view>, std::string> metrics;
  for (const Metrics::Sample& sample : samples) {
    std::string& lines = metrics[{base_name(sample), sample.type}];
    const std::string labels =
        sample.labels.empty() ? std::string() : fmt::format("{{{}}}", one_line(sample.labels));
    lines += fmt::format("{}{} {}\n", sample.name, labels, sample.value);
  }
  std::string text;
  for (const auto& [metric, lines] : metrics) {
    text += fmt::format("# TYPE {} {}\n{}", metric.first, metric.second, lines);
  }
  return text;
}

std::string prometheus_label(std::string_view name, std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c == '\n' ? std::string_view("\\n") : std::string_view(&c, 1);
  }
  return fmt::format("{}=\"{}\"", name, escaped);
}

}  // namespace cairn::runtime
