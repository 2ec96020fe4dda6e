#include "device-drivers/scales/dialog06_protocol.h"

#include "core/base/utf8.h"
#include "device-drivers/scales/weight_text.h"
#include "device-drivers/wire/ascii.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kDialogMost = 40;

/// One cent: a price of nothing is refused by some.
constexpr std::string_view kDialogPrice =
    "\x04\x02"
    "01\x1b"
    "000001\x1b\x03";
constexpr std::string_view kDialogGive = "\x04\x05";
constexpr std::string_view kDialogWhy =
    "\x04\x02"
    "08\x03";

}  // namespace

/// Up to three questions and answers make one.
ScaleProtocol::Pace Dialog06Protocol::pace() const {
  return {std::chrono::milliseconds(250), std::chrono::milliseconds(1000), 1};
}

void Dialog06Protocol::reset() {
  last_.reset();
  answered_ = true;
}

std::string Dialog06Protocol::ask() {
  // The weight that was lost is the one that has not moved since.
  if (!std::exchange(answered_, false)) last_.reset();
  record_.reset();
  asked_why_ = false;
  return std::string(kDialogPrice);
}

std::optional<ScaleHeard> Dialog06Protocol::take(char octet) {
  const char c = seven_bits(octet);
  if (c == kStx) {
    record_ = "";
  } else if (record_ && c == kEtx) {
    return read(*std::exchange(record_, std::nullopt));
  } else if (record_ && record_->size() == kDialogMost) {
    record_.reset();
  } else if (record_) {
    record_->push_back(c);
  } else if (c == kAck) {
    return ScaleHeard::and_then(std::string(kDialogGive));
  } else if (c == kNak) {
    // Refused also why it refused: there is nothing to be learned any more.
    if (std::exchange(asked_why_, true)) {
      answered_ = true;
      return ScaleHeard::no_weight(WeightReading::State::kUnstable);
    }
    return ScaleHeard::and_then(std::string(kDialogWhy));
  }
  return std::nullopt;
}

/// "02" ESC "3" ESC grams ESC price ESC amount; "09" ESC status.
std::optional<ScaleHeard> Dialog06Protocol::read(std::string_view record) {
  constexpr std::string_view kWeight =
      "02\x1b"
      "3\x1b";
  constexpr std::string_view kStatus = "09\x1b";
  if (record.starts_with(kStatus)) {
    answered_ = true;
    return read_status(record.substr(kStatus.size()));
  }
  if (!record.starts_with(kWeight)) return std::nullopt;
  const std::string_view rest = record.substr(kWeight.size());
  const auto escape = rest.find('\x1b');
  if (escape == std::string_view::npos) return std::nullopt;
  auto reading = stable_weight(rest.substr(0, escape), WeightUnit::kGram);
  if (!reading) return std::nullopt;
  last_ = reading;
  answered_ = true;
  return ScaleHeard::answer(*std::move(reading));
}

ScaleHeard Dialog06Protocol::read_status(std::string_view code) {
  if (code == "21" && last_) return ScaleHeard::answer(*last_);
  last_.reset();
  if (code == "20" || code == "21" || code == "22")
    return ScaleHeard::no_weight(WeightReading::State::kUnstable);
  // Below nothing, and below what it may weigh.
  if (code == "30" || code == "31") return ScaleHeard::no_weight(WeightReading::State::kUnder);
  if (code == "32") return ScaleHeard::no_weight(WeightReading::State::kOver);
  return ScaleHeard::out_of_order(fmt::format(
      "the scale refuses to weigh, with status \"{}\": see its manual, Dialog 06", excerpt(code)));
}

}  // namespace cairn::devices
