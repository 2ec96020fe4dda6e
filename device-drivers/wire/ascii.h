#pragma once
// The control characters that devices frame their answers with (ANSI X3.4, devices.md), and what is
// done with the octets between them.

#include <string_view>

namespace cairn::devices {

constexpr char kSoh = '\x01';
constexpr char kStx = '\x02';
constexpr char kEtx = '\x03';
constexpr char kEot = '\x04';
constexpr char kEnq = '\x05';
constexpr char kAck = '\x06';
constexpr char kLf = '\n';
constexpr char kCr = '\r';
constexpr char kDc1 = '\x11';
constexpr char kNak = '\x15';

/// Without the eighth bit, which may be a parity that nobody took away.
constexpr char seven_bits(char octet) {
  return static_cast<char>(static_cast<unsigned char>(octet) & 0x7FU);
}

/// Exclusive or of all of them.
constexpr char xor_of(std::string_view octets) {
  unsigned check = 0;
  for (const char octet : octets) check ^= static_cast<unsigned char>(octet);
  return static_cast<char>(check);
}

}  // namespace cairn::devices
