#pragma once
// An amount in minor units with its currency. Never floating point; never two currencies mixed.

#include "core/base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn {

/// ISO 4217 alphabetic code.
class Currency {
 public:
  Currency() = default;
  /// Three upper-case letters. Errors: kInvalid "bad_currency".
  static Result<Currency> parse(std::string_view text);

  [[nodiscard]] std::string text() const { return {code_.data(), code_.size()}; }
  /// Digits after the point (ISO 4217 table A.1): 2, but 0 for JPY and others, 3 for KWD and
  /// others.
  [[nodiscard]] int places() const;
  friend auto operator<=>(const Currency&, const Currency&) = default;

 private:
  std::array<char, 3> code_{'X', 'X', 'X'};
};

/// What one event may move at most, in minor units: sums of many cannot overflow.
inline constexpr std::int64_t kMaxMinor = 1'000'000'000'000;

struct Money {
  std::int64_t minor = 0;
  Currency currency;

  /// "2.55" in `currency`. Errors: kInvalid "bad_number".
  static Result<Money> parse(std::string_view decimal, Currency currency);
  /// Errors: kInvalid "currency_mismatch", "overflow".
  [[nodiscard]] Result<Money> plus(const Money& other) const;
  /// Errors: kInvalid "overflow".
  [[nodiscard]] Result<Money> times(std::int64_t factor) const;
  /// "2.55 GBP".
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Money&, const Money&) = default;
};

}  // namespace cairn
