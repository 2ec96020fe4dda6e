#include "core/base/numbers.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <charconv>

namespace cairn {
namespace {

template <class T>
Result<T> parse_whole(std::string_view text, std::string_view what) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stop != end) {
    return fail(ErrorCode::kInvalid, "bad_number",
                fmt::format("\"{}\" is not {}", excerpt(text), what));
  }
  return number;
}

}  // namespace

Result<std::uint64_t> parse_unsigned(std::string_view text) {
  return parse_whole<std::uint64_t>(text, "a whole number");
}

Result<std::int64_t> parse_signed(std::string_view text) {
  return parse_whole<std::int64_t>(text, "a whole number");
}

Result<std::int64_t> parse_decimal(std::string_view text, int places) {
  const auto point = text.find('.');
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  const std::string_view whole = text.substr(0, point);
  const bool form = !whole.empty() && whole != "-" &&
                    (point == std::string_view::npos || !fraction.empty()) &&
                    fraction.size() <= static_cast<std::size_t>(places) &&
                    (fraction.empty() || (fraction.front() >= '0' && fraction.front() <= '9'));
  std::string scaled(whole);
  scaled.append(fraction);
  scaled.append(static_cast<std::size_t>(places) -
                    std::min(fraction.size(), static_cast<std::size_t>(places)),
                '0');
  const auto number = parse_signed(scaled);
  if (!form || !number) {
    return fail(
        ErrorCode::kInvalid, "bad_number",
        fmt::format("\"{}\" is not a number with at most {} decimals", excerpt(text), places));
  }
  return *number;
}

std::string format_decimal(std::int64_t scaled, int places, int min_places) {
  const bool negative = scaled < 0;
  auto digits = fmt::format(
      "{}", negative ? 0 - static_cast<std::uint64_t>(scaled) : static_cast<std::uint64_t>(scaled));
  const auto width = static_cast<std::size_t>(places) + 1;
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
  auto keep = digits.size() - static_cast<std::size_t>(places - min_places);
  while (digits.size() > keep && digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return negative ? "-" + digits : digits;
}

}  // namespace cairn
