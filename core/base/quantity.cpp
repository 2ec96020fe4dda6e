#include "core/base/quantity.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <array>

namespace cairn {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"pc", "kg", "m", "l"};

}  // namespace

std::string_view name_of(Uom uom) { return kNames.at(static_cast<std::size_t>(uom)); }

Result<Uom> parse_uom(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == text) return static_cast<Uom>(i);
  }
  return fail(ErrorCode::kInvalid, "bad_uom",
              fmt::format("\"{}\" is not a unit of measure (pc, kg, m, l)", excerpt(text)));
}

Result<Quantity> Quantity::parse(std::string_view text, Uom uom) {
  const auto milli = parse_decimal(text, 3);
  if (!milli) return fail(milli.error());
  if (!Quantity{*milli, uom}.whole()) {
    return fail(ErrorCode::kInvalid, "bad_number", fmt::format("{} pieces are not whole", text));
  }
  if (*milli > kMaxMilli || *milli < -kMaxMilli) {
    return fail(ErrorCode::kInvalid, "bad_number",
                fmt::format("{} is more than {}", text, milli_text(kMaxMilli)));
  }
  return Quantity{*milli, uom};
}

std::string Quantity::text() const { return milli_text(milli); }

std::string milli_text(std::int64_t milli) { return format_decimal(milli, 3, 0); }

std::string mass_text(std::int64_t milligrams) {
  const bool kilograms = milligrams >= 1'000'000 || milligrams <= -1'000'000;
  return kilograms ? format_decimal(milligrams, 6, 0) + " kg"
                   : format_decimal(milligrams, 3, 0) + " g";
}

}  // namespace cairn
