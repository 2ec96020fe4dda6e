#include "core/base/gtin.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn {

int gs1_check_digit(std::string_view digits) {
  int sum = 0;
  int weight = 3;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
    sum += (*it - '0') * weight;
    weight = 4 - weight;
  }
  return (10 - sum % 10) % 10;
}

Result<Gtin> Gtin::parse(std::string_view digits) {
  const bool length = digits.size() == 8 || (digits.size() >= 12 && digits.size() <= 14);
  if (!length || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
    return fail(ErrorCode::kInvalid, "bad_gtin",
                fmt::format("\"{}\" is not a GTIN (8, 12, 13 or 14 digits)", excerpt(digits)));
  }
  const int expected = gs1_check_digit(digits.substr(0, digits.size() - 1));
  if (digits.back() - '0' != expected) {
    return fail(ErrorCode::kInvalid, "bad_gtin",
                fmt::format("GTIN {} has check digit {}, it must be {}", digits,
                            digits.substr(digits.size() - 1), expected));
  }
  Gtin gtin;
  gtin.number_ = *parse_unsigned(digits);
  return gtin;
}

Result<Gtin> Gtin::from_number(std::uint64_t number) {
  return parse(fmt::format("{:014}", number));
}

std::string Gtin::text() const { return fmt::format("{:014}", number_); }

}  // namespace cairn
