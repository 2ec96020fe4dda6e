#pragma once
// What a protocol makes of octets, in words that a test can compare.

#include "device-drivers/scales/scale_protocol.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::devices::test {

/// "1.250 kg", "over", "fault: …", "reply: …".
inline std::string words_of(const ScaleHeard& heard) {
  if (!heard.reply.empty()) return "reply: " + heard.reply;
  if (!heard.reading) return "fault: " + heard.fault;
  const bool stable = heard.reading->state == WeightReading::State::kStable;
  return stable ? heard.reading->shown : std::string(name_of(heard.reading->state));
}

/// Everything that it makes of the octets behind a question.
inline std::vector<std::string> heard_in(ScaleProtocol& protocol, std::string_view octets) {
  (void)protocol.ask();
  std::vector<std::string> all;
  for (const char octet : octets) {
    if (const auto heard = protocol.take(octet)) all.push_back(words_of(*heard));
  }
  return all;
}

template <class Protocol>
std::vector<std::string> heard_by(std::string_view octets) {
  Protocol protocol;
  return heard_in(protocol, octets);
}

}  // namespace cairn::devices::test
