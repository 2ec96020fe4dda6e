#include "device-drivers/scales/cas_protocol.h"

#include "device-drivers/scales/weight_text.h"
#include "device-drivers/wire/ascii.h"

#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kCasBlock = 15;
constexpr std::size_t kCasLine = 20;  // without CR LF

}  // namespace

std::string CasProtocol::ask() {
  block_.reset();
  return {kEnq};
}

std::optional<ScaleHeard> CasProtocol::take(char octet) {
  const char c = seven_bits(octet);
  if (block_) {  // by its length: the checksum may look like anything
    block_->push_back(c);
    if (block_->size() < kCasBlock) return std::nullopt;
    auto reading = read_cas_block(*std::exchange(block_, std::nullopt));
    return ScaleHeard::answer_if(std::move(reading));
  }
  if (c == kSoh) block_ = std::string(1, c);
  if (c == kAck) return ScaleHeard::and_then({kDc1});
  if (c == kNak) return ScaleHeard::no_weight(WeightReading::State::kUnstable);  // not ready
  return std::nullopt;
}

std::optional<WeightReading> read_cas_block(std::string_view block) {
  constexpr std::size_t kTextAt = 2;
  constexpr std::size_t kTextSize = 10;
  constexpr std::size_t kDigitsAt = 2;
  constexpr std::size_t kDigits = 6;
  if (block.size() != kCasBlock || block[0] != kSoh || block[1] != kStx ||
      block.substr(kCasBlock - 2) != std::string_view("\x03\x04")) {
    return std::nullopt;
  }
  const std::string_view text = block.substr(kTextAt, kTextSize);
  if (block[kTextAt + kTextSize] != xor_of(text)) return std::nullopt;
  const auto unit = unit_on_scale(text.substr(kDigitsAt + kDigits));
  if (!unit || (text[1] != ' ' && text[1] != '-')) return std::nullopt;
  if (text[0] == 'U') return no_weight(WeightReading::State::kUnstable);
  if (text[0] != 'S') return std::nullopt;
  return signed_weight(text.substr(1, 1 + kDigits), *unit);
}

/// Some send only every half a second, and a line that had begun before the question is no answer.
ScaleProtocol::Pace CasStreamProtocol::pace() const {
  return {std::chrono::milliseconds(50), std::chrono::milliseconds(1500), 1};
}

std::string CasStreamProtocol::ask() {
  line_.reset();
  return {};
}

std::optional<ScaleHeard> CasStreamProtocol::take(char octet) {
  if (octet == kLf) {
    const std::string line = std::exchange(line_, std::string()).value_or("");
    if (!line.ends_with(kCr)) return std::nullopt;
    auto reading = read_cas_line(std::string_view(line).substr(0, line.size() - 1));
    return ScaleHeard::answer_if(std::move(reading));
  }
  if (line_ && line_->size() > kCasLine) line_.reset();
  if (line_) line_->push_back(octet);
  return std::nullopt;
}

std::optional<WeightReading> read_cas_line(std::string_view line) {
  // "ST,GS,", id, lamps (eight bits), ",", "+  1.250", " kg"
  constexpr std::size_t kWeightAt = 9;
  constexpr std::size_t kWeightSize = 8;
  if (line.size() != kCasLine || line[2] != ',' || line[5] != ',' || line[8] != ',') {
    return std::nullopt;
  }
  const std::string_view what = line.substr(3, 2);
  if (what != "GS" && what != "NT") return std::nullopt;
  const auto unit = unit_on_scale(line.substr(kWeightAt + kWeightSize));
  const std::string_view how = line.substr(0, 2);
  if (how == "OL") return no_weight(WeightReading::State::kOver);
  if (how == "US") return no_weight(WeightReading::State::kUnstable);
  if (how != "ST" || !unit) return std::nullopt;
  return signed_weight(line.substr(kWeightAt, kWeightSize), *unit);
}

}  // namespace cairn::devices
