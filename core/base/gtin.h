#pragma once
// Global Trade Item Number, always as 14 digits (GS1 General Specifications 3.3.2, check
// digit 7.9).

#include "core/base/result.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cairn {

class Gtin {
 public:
  Gtin() = default;
  /// 8, 12, 13 or 14 digits with a right check digit. Errors: kInvalid "bad_gtin".
  static Result<Gtin> parse(std::string_view digits);
  /// From the number it is stored as. Errors: kInvalid "bad_gtin".
  static Result<Gtin> from_number(std::uint64_t number);

  /// 14 digits.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::uint64_t number() const { return number_; }
  friend auto operator<=>(const Gtin&, const Gtin&) = default;

 private:
  std::uint64_t number_ = 0;
};

/// Modulo-10 check digit of `digits` (which lack it), weights 3 and 1 from the right.
/// `digits` must be decimal digits.
int gs1_check_digit(std::string_view digits);

}  // namespace cairn

template <>
struct std::hash<cairn::Gtin> {
  std::size_t operator()(const cairn::Gtin& gtin) const {
    return std::hash<std::uint64_t>{}(gtin.number());
  }
};
