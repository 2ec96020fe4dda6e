#include "tools/cairn-sim/usb/usb_fault.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <array>

namespace cairn::simulator {
namespace {

struct UsbFaultName {
  std::string_view name;  ///< a number follows if it ends with "="
  UsbFault::Kind kind;
};
constexpr std::uint64_t kFaultNumberMost = 1'000'000;

constexpr std::array<UsbFaultName, 12> kUsbFaults{{
    {"none", UsbFault::Kind::kNone},
    {"nak", UsbFault::Kind::kNak},
    {"stall", UsbFault::Kind::kStall},
    {"stall_reset", UsbFault::Kind::kStallReset},
    {"stall_reopen", UsbFault::Kind::kStallReopen},
    {"overflow", UsbFault::Kind::kOverflow},
    {"short", UsbFault::Kind::kShort},
    {"garbage", UsbFault::Kind::kGarbage},
    {"stale", UsbFault::Kind::kStale},
    {"slow=", UsbFault::Kind::kSlow},
    {"nak_after=", UsbFault::Kind::kNakAfter},
    {"unplug_after=", UsbFault::Kind::kUnplugAfter},
}};

}  // namespace

Result<UsbFault> UsbFault::parse(std::string_view text) {
  for (const auto& [name, kind] : kUsbFaults) {
    if (name == text && !name.ends_with('=')) return UsbFault{kind, 0};
    if (!name.ends_with('=') || !text.starts_with(name)) continue;
    const auto number = parse_unsigned(text.substr(name.size()));
    if (number && *number <= kFaultNumberMost) {
      return UsbFault{kind, static_cast<std::size_t>(*number)};
    }
  }
  return fail(ErrorCode::kInvalid, "bad_fault",
              fmt::format("\"{}\" is no fault of a USB device; known: nak, stall, stall_reset, "
                          "stall_reopen, overflow, short, garbage, stale, slow=MS, nak_after=N, "
                          "unplug_after=N, none",
                          excerpt(text)));
}

std::string UsbFault::text() const {
  for (const auto& [name, known] : kUsbFaults) {
    if (known == kind)
      return name.ends_with('=') ? fmt::format("{}{}", name, number) : std::string(name);
  }
  return "none";
}

}  // namespace cairn::simulator
