#include "tools/cairn-sim/escpos_intake.h"

#include <utility>

namespace cairn::simulator {
namespace {

constexpr char kDle = '\x10';
constexpr char kEsc = '\x1b';
constexpr char kFs = '\x1c';
constexpr char kGs = '\x1d';
constexpr char kEot = '\x04';
constexpr std::size_t kPrintedMost = 1U << 20U;

}  // namespace

std::vector<EscPosIntake::Arrival> EscPosIntake::feed(std::string_view octets) {
  std::vector<Arrival> arrivals;
  for (const char octet : octets) {
    command_.push_back(octet);
    if (const auto size = size_of_command(); size > 0 && command_.size() >= size) act(arrivals);
  }
  return arrivals;
}

void EscPosIntake::reset() {
  command_.clear();
  printed_.clear();
}

std::size_t EscPosIntake::size_of_command() const {
  const auto octet = [this](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(command_[i]));
  };
  const char first = command_[0];
  if (first != kDle && first != kEsc && first != kFs && first != kGs) return 1;
  if (command_.size() < 2) return 0;
  const char second = command_[1];
  if (first == kFs) return 2;
  if (first == kDle) return second == kEot ? 3 : 2;
  if (first == kEsc) return second == '@' || second == '2' ? 2 : second == 'p' ? 5 : 3;
  if (second == '(') {  // GS ( k pL pH
    constexpr std::size_t kHead = 5;
    return command_.size() < kHead ? 0 : kHead + octet(3) + 256 * octet(4);
  }
  if (second != 'k') return 3;
  constexpr char kFunctionB = 'A';
  if (command_.size() < 3) return 0;
  if (command_[2] >= kFunctionB) return command_.size() < 4 ? 0 : 4 + octet(3);
  return command_.size() > 3 && command_.back() == '\0' ? command_.size() : 0;
}

void EscPosIntake::act(std::vector<Arrival>& arrivals) {
  const std::string command = std::exchange(command_, {});
  using Kind = Arrival::Kind;
  if (command[0] == kDle && command.size() == 3) {
    arrivals.push_back({Kind::kStatusAsked, {}, command[2]});
  } else if (command.starts_with("\x1dr")) {
    if (!printed_.empty()) arrivals.push_back({Kind::kPrinted, std::exchange(printed_, {}), 0});
    arrivals.push_back({Kind::kProcessedAsked, {}, 0});
  } else if (command.starts_with("\x1bp")) {
    arrivals.push_back({Kind::kDrawer, {}, 0});
  } else if (printed_.size() < kPrintedMost) {
    printed_ += command;
  }
}

}  // namespace cairn::simulator
