#include "core/base/money.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn {

Result<Currency> Currency::parse(std::string_view text) {
  const bool ok =
      text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!ok) {
    return fail(ErrorCode::kInvalid, "bad_currency",
                fmt::format("\"{}\" is not a currency code such as GBP", excerpt(text)));
  }
  Currency currency;
  std::ranges::copy(text, currency.code_.begin());
  return currency;
}

int Currency::places() const {
  constexpr std::array<std::string_view, 17> kWithoutMinor = {
      "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
      "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
  constexpr std::array<std::string_view, 7> kThousandths = {"BHD", "IQD", "JOD", "KWD",
                                                            "LYD", "OMR", "TND"};
  const std::string_view code(code_.data(), code_.size());
  if (std::ranges::find(kWithoutMinor, code) != kWithoutMinor.end()) return 0;
  if (std::ranges::find(kThousandths, code) != kThousandths.end()) return 3;
  return 2;
}

Result<Money> Money::parse(std::string_view decimal, Currency currency) {
  const auto minor = parse_decimal(decimal, currency.places());
  if (!minor) return fail(minor.error());
  return Money{*minor, currency};
}

Result<Money> Money::plus(const Money& other) const {
  if (currency != other.currency) {
    return fail(ErrorCode::kInvalid, "currency_mismatch",
                fmt::format("{} and {} cannot be added", text(), other.text()));
  }
  Money sum{0, currency};
  if (__builtin_add_overflow(minor, other.minor, &sum.minor)) {
    return fail(ErrorCode::kInvalid, "overflow", "the amount is too large");
  }
  return sum;
}

Result<Money> Money::times(std::int64_t factor) const {
  Money product{0, currency};
  if (__builtin_mul_overflow(minor, factor, &product.minor)) {
    return fail(ErrorCode::kInvalid, "overflow", "the amount is too large");
  }
  return product;
}

std::string Money::text() const {
  const int places = currency.places();
  return format_decimal(minor, places, places) + " " + currency.text();
}

}  // namespace cairn
