#include "tools/cairn-sim/zpl_intake.h"

#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::size_t kCommandSize = 3;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::vector<ZplIntake::Arrival> ZplIntake::feed(std::string_view octets) {
  std::vector<Arrival> arrivals;
  for (const char octet : octets) {
    if (octet == '^' || octet == '~') {
      append(std::exchange(command_, {}));
      command_ = octet;
    } else if (command_.empty()) {
      append({&octet, 1});
    } else {
      command_ += octet;
      if (command_.size() == kCommandSize) take_command(arrivals);
    }
  }
  return arrivals;
}

void ZplIntake::reset() {
  command_.clear();
  format_.clear();
  in_format_ = false;
}

void ZplIntake::take_command(std::vector<Arrival>& arrivals) {
  const std::string command = std::exchange(command_, {});
  const std::string name{command[0], upper(command[1]), upper(command[2])};
  if (name == "~HS") {
    arrivals.push_back({Arrival::Kind::kStatusAsked, {}});
  } else if (name == "^XA") {
    if (!in_format_) format_.clear();
    in_format_ = true;
    append(command);
  } else if (name == "^XZ") {
    append(command);
    if (in_format_) arrivals.push_back({Arrival::Kind::kFormat, std::exchange(format_, {})});
    in_format_ = false;
  } else if (name[0] == '^') {
    append(command);
  }
}

void ZplIntake::append(std::string_view octets) {
  if (!in_format_) return;
  if (format_.size() + octets.size() > kFormatMost) return reset();
  format_ += octets;
}

}  // namespace cairn::simulator
