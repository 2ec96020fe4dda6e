#include "device-drivers/scales/nci_protocol.h"

#include "device-drivers/scales/weight_text.h"
#include "device-drivers/wire/ascii.h"

#include <algorithm>
#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kNciMost = 40;

/// The status octets, missing ones as nothing set. In each bits 4 and 5 are always set, which makes
/// them the characters "0" to "?"; bit 6 says that another one follows.
struct NciStatus {
  unsigned first = 0;
  unsigned second = 0;
  unsigned third = 0;
};

constexpr unsigned kStatusAlways = 0x30;
constexpr unsigned kAnotherFollows = 1U << 6U;

std::optional<NciStatus> read_nci_status(std::string_view octets) {
  if (octets.starts_with('S')) octets.remove_prefix(1);  // some put it in front
  constexpr std::size_t kFewest = 2;
  constexpr std::size_t kMost = 3;
  if (octets.size() < kFewest || octets.size() > kMost) return std::nullopt;
  const bool form = std::ranges::all_of(octets, [](char c) {
    return (static_cast<unsigned char>(c) & ~(kAnotherFollows | 0x0FU)) == kStatusAlways;
  });
  if (!form) return std::nullopt;
  const auto octet = [octets](std::size_t i) {
    return i < octets.size() ? static_cast<unsigned>(static_cast<unsigned char>(octets[i])) : 0U;
  };
  return NciStatus{octet(0), octet(1), octet(2)};
}

std::string nci_fault(const NciStatus& status) {
  constexpr unsigned kRam = 1U << 2U;
  constexpr unsigned kEeprom = 1U << 3U;
  constexpr unsigned kRom = 1U << 2U;
  constexpr unsigned kCalibration = 1U << 3U;
  constexpr unsigned kInitialZero = 1U << 3U;
  if ((status.first & (kRam | kEeprom)) != 0 || (status.second & kRom) != 0) {
    return "the scale says that its memory is damaged: its weights are not to be used; have it "
           "repaired";
  }
  if ((status.second & kCalibration) != 0) {
    return "the scale says that its calibration is damaged: its weights are not to be used; have "
           "it calibrated";
  }
  if ((status.third & kInitialZero) != 0) {
    return "the scale could not zero itself when it was switched on: take everything off and "
           "switch it off and on";
  }
  return {};
}

/// "  1.250kg", "1.250 lb".
std::optional<WeightReading> read_nci_weight(std::string_view line) {
  const auto unit_at = line.find_last_of("0123456789.") + 1;
  const auto unit = unit_on_scale(line.substr(unit_at));
  return unit ? signed_weight(line.substr(0, unit_at), *unit) : std::nullopt;
}

}  // namespace

std::string NciProtocol::ask() {
  answer_.reset();
  return "W\r";
}

std::optional<ScaleHeard> NciProtocol::take(char octet) {
  const char c = seven_bits(octet);
  if (!answer_) {
    if (c == kLf) answer_ = "";
  } else if (c == kEtx) {
    return read_nci(*std::exchange(answer_, std::nullopt));
  } else if (answer_->size() == kNciMost) {
    answer_.reset();
  } else {
    answer_->push_back(c);
  }
  return std::nullopt;
}

std::string NciProtocol::order(ScaleOrder order) const {
  return order == ScaleOrder::kZero ? "Z\r" : "";
}

std::optional<ScaleHeard> read_nci(std::string_view answer) {
  constexpr unsigned kMotion = 1U << 0U;
  constexpr unsigned kUnderZero = 1U << 0U;
  constexpr unsigned kOverCapacity = 1U << 1U;
  if (!answer.ends_with(kCr)) return std::nullopt;
  answer.remove_suffix(1);
  const auto between = answer.find("\r\n");
  const bool has_weight = between != std::string_view::npos;
  const auto status = read_nci_status(has_weight ? answer.substr(between + 2) : answer);
  if (!status) return std::nullopt;
  if (auto fault = nci_fault(*status); !fault.empty())
    return ScaleHeard::out_of_order(std::move(fault));
  if ((status->second & kOverCapacity) != 0)
    return ScaleHeard::no_weight(WeightReading::State::kOver);
  if ((status->second & kUnderZero) != 0)
    return ScaleHeard::no_weight(WeightReading::State::kUnder);
  if (!has_weight || (status->first & kMotion) != 0)
    return ScaleHeard::no_weight(WeightReading::State::kUnstable);
  auto reading = read_nci_weight(answer.substr(0, between));
  return ScaleHeard::answer_if(std::move(reading));
}

}  // namespace cairn::devices
