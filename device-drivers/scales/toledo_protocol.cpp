#include "device-drivers/scales/toledo_protocol.h"

#include "device-drivers/wire/ascii.h"

#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kToledoMost = 16;

std::optional<WeightReading> read_toledo_status(std::string_view answer) {
  if (answer.size() != 2) return std::nullopt;
  const auto status = static_cast<unsigned char>(answer[1]);
  constexpr unsigned kOverCapacity = 1U << 1U;
  constexpr unsigned kUnderZero = 1U << 2U;
  constexpr unsigned kOutsideZeroCapture = 1U << 3U;
  if ((status & kOverCapacity) != 0) return no_weight(WeightReading::State::kOver);
  if ((status & (kUnderZero | kOutsideZeroCapture)) != 0) {
    return no_weight(WeightReading::State::kUnder);
  }
  // In motion, or whatever else keeps it from giving a weight.
  return no_weight(WeightReading::State::kUnstable);
}

}  // namespace

std::string ToledoProtocol::ask() {
  answer_.reset();
  return "W";
}

std::optional<ScaleHeard> ToledoProtocol::take(char octet) {
  const char c = seven_bits(octet);
  if (c == kStx) {
    answer_ = "";
  } else if (answer_ && c == kCr) {
    if (auto reading = read_toledo(*std::exchange(answer_, std::nullopt), unit_)) {
      return ScaleHeard::answer(*std::move(reading));
    }
  } else if (answer_ && answer_->size() == kToledoMost) {
    answer_.reset();
  } else if (answer_) {
    answer_->push_back(c);
  }
  return std::nullopt;
}

std::string ToledoProtocol::order(ScaleOrder order) const {
  switch (order) {
    case ScaleOrder::kZero:
      return "Z";
    case ScaleOrder::kTare:
      return "T";
    case ScaleOrder::kClearTare:
      return "C";
  }
  return {};
}

std::optional<WeightReading> read_toledo(std::string_view answer, WeightUnit unit) {
  if (answer.starts_with('?')) return read_toledo_status(answer);
  if (answer.ends_with('N')) answer.remove_suffix(1);
  return stable_weight(answer, unit);
}

}  // namespace cairn::devices
