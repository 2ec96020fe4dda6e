#pragma once
// The control characters that devices frame their answers with (ANSI X3.4, devices.md).

namespace cairn::devices {

constexpr char kStx = '\x02';
constexpr char kEtx = '\x03';
constexpr char kCr = '\r';

}  // namespace cairn::devices
