#include "tools/cairn-sim/usb/wedge_fault.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

namespace cairn::simulator {
namespace {

constexpr std::string_view kUnplugAfter = "unplug_after=";

}  // namespace

Result<WedgeFault> WedgeFault::parse(std::string_view text) {
  if (text == "none") return WedgeFault{};
  if (text == "drop") return WedgeFault{Kind::kDrop, 0};
  if (text == "stuck") return WedgeFault{Kind::kStuck, 0};
  constexpr std::uint64_t kMost = 1'000'000;
  if (text.starts_with(kUnplugAfter)) {
    const auto number = parse_unsigned(text.substr(kUnplugAfter.size()));
    if (number && *number <= kMost) {
      return WedgeFault{Kind::kUnplugAfter, static_cast<std::size_t>(*number)};
    }
  }
  return fail(ErrorCode::kInvalid, "bad_fault",
              fmt::format("\"{}\" is no fault of a scanner in keyboard mode; known: drop, stuck, "
                          "unplug_after=N, none",
                          excerpt(text)));
}

std::string WedgeFault::text() const {
  switch (kind) {
    case Kind::kNone:
      break;
    case Kind::kDrop:
      return "drop";
    case Kind::kStuck:
      return "stuck";
    case Kind::kUnplugAfter:
      return fmt::format("{}{}", kUnplugAfter, number);
  }
  return "none";
}

}  // namespace cairn::simulator
