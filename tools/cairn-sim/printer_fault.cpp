#include "tools/cairn-sim/printer_fault.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::string_view kResetAfter = "reset_after=";
constexpr std::uint64_t kResetMost = 1'000'000;

constexpr std::array<std::pair<std::string_view, PrinterFault::Kind>, 5> kFaults{{
    {"none", PrinterFault::Kind::kNone},
    {"mute", PrinterFault::Kind::kMute},
    {"deaf", PrinterFault::Kind::kDeaf},
    {"close", PrinterFault::Kind::kClose},
    {"slow", PrinterFault::Kind::kSlow},
}};

}  // namespace

Result<PrinterFault> PrinterFault::parse(std::string_view text) {
  for (const auto& [name, kind] : kFaults) {
    if (name == text) return PrinterFault{kind, 0};
  }
  if (text.starts_with(kResetAfter)) {
    const auto octets = parse_unsigned(text.substr(kResetAfter.size()));
    if (octets && *octets <= kResetMost) {
      return PrinterFault{Kind::kReset, static_cast<std::size_t>(*octets)};
    }
  }
  return fail(ErrorCode::kInvalid, "bad_fault",
              fmt::format("\"{}\" is no fault; known: mute, deaf, close, reset_after=N (N up to "
                          "{}), slow, none",
                          excerpt(text), kResetMost));
}

std::string PrinterFault::text() const {
  for (const auto& [name, known] : kFaults) {
    if (known == kind) return std::string(name);
  }
  return fmt::format("{}{}", kResetAfter, reset_after);
}

}  // namespace cairn::simulator
