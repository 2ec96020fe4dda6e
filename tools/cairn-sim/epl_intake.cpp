#include "tools/cairn-sim/epl_intake.h"

#include "core/base/numbers.h"

#include <cstdint>
#include <utility>

namespace cairn::simulator {
namespace {

/// More is no label; what is beyond is not drawn.
constexpr std::size_t kImageMost = 1U << 20U;

/// How many octets "GWx,y,octets,lines,…" has in all, without the LF; 0: its head is not complete.
std::size_t size_of_picture(std::string_view line) {
  constexpr int kNumbers = 4;
  constexpr std::size_t kNameSize = 2;
  std::size_t at = kNameSize;
  std::uint64_t octets = 1;
  for (int number = 0; number < kNumbers; ++number) {
    const auto comma = line.find(',', at);
    if (comma == std::string_view::npos) return 0;
    const auto value = parse_unsigned(line.substr(at, comma - at));
    if (number >= 2) octets *= value.value_or(0);
    at = comma + 1;
  }
  return at + octets;
}

}  // namespace

std::vector<std::string> EplIntake::feed(std::string_view octets) {
  std::vector<std::string> labels;
  for (const char octet : octets) {
    line_ += octet;
    if (ends_here()) act(labels);
  }
  return labels;
}

void EplIntake::reset() {
  line_.clear();
  image_.clear();
}

bool EplIntake::ends_here() const {
  if (line_.size() >= kImageMost) return true;
  if (line_.back() != '\n') return false;
  if (!line_.starts_with("GW")) return true;
  const std::size_t size = size_of_picture(line_);
  return size == 0 || line_.size() > size;
}

void EplIntake::act(std::vector<std::string>& labels) {
  const std::string line = std::exchange(line_, {});
  if (line == "N\n" || line == "N\r\n") image_.clear();
  if (line.starts_with('P')) {
    labels.push_back(image_ + line);
  } else if (image_.size() < kImageMost) {
    image_ += line;
  }
}

}  // namespace cairn::simulator
