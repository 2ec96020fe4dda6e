#include "device-drivers/scales/dibal_protocol.h"

#include "device-drivers/scales/weight_text.h"
#include "device-drivers/wire/ascii.h"

#include <algorithm>
#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kDibalMost = 24;

}  // namespace

ScaleProtocol::Pace DibalProtocol::pace() const {
  return {std::chrono::milliseconds(200), std::chrono::milliseconds(500), 3};
}

std::string DibalProtocol::ask() {
  line_.clear();
  too_long_ = false;
  return "98000001\r\n";
}

std::optional<ScaleHeard> DibalProtocol::take(char octet) {
  const char c = seven_bits(octet);
  if (c != kCr && c != kLf) {
    too_long_ = too_long_ || line_.size() == kDibalMost;
    if (!too_long_) line_.push_back(c);
    return std::nullopt;
  }
  const std::string line = std::exchange(line_, {});
  if (std::exchange(too_long_, false)) return std::nullopt;
  auto reading = read_dibal(line);
  return ScaleHeard::answer_if(std::move(reading));
}

std::optional<WeightReading> read_dibal(std::string_view line) {
  constexpr std::size_t kStatusAt = 2;
  constexpr std::size_t kWeightAt = 3;
  constexpr std::size_t kWeightSize = 5;
  // Models differ in how many digits the amount has, and in nothing else.
  constexpr std::size_t kFewest = kWeightAt + kWeightSize + 1;
  if (line.size() < kFewest || line.size() > kDibalMost || !line.starts_with("99")) {
    return std::nullopt;
  }
  const std::string_view digits = line.substr(0, line.size() - 1);
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  // Exclusive or of the digits, written as the character that follows "0" by so much.
  unsigned check = 0;
  for (const char digit : digits) check ^= static_cast<unsigned>(digit - '0');
  if (line.back() != static_cast<char>('0' + check)) return std::nullopt;
  if (line[kStatusAt] != '0') return no_weight(WeightReading::State::kUnstable);
  return stable_weight(line.substr(kWeightAt, kWeightSize), WeightUnit::kGram);
}

}  // namespace cairn::devices
