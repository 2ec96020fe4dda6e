#pragma once
// Numbers with a price or a weight in them: EAN-13 and UPC-A symbols that a scale printed, prefixes
// 02 and 20 to 29 (GS1 General Specifications 2.1.11 and 7.9.2 to 7.9.4). What the digits mean is
// agreed within a country or a shop, so it is data: a scheme is a list of templates, and each site
// may have its own. Such a number says nothing outside its scheme. Pure. Any thread.

#include "core/base/result.h"
#include "core/gs1/fault.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::gs1 {

enum class MeasureKind : std::uint8_t { kPrice, kWeight };
/// "price", "weight"
std::string_view name_of(MeasureKind kind);

/// How one family of numbers is written, e.g. "23IIIIVPPPPPC": digits stand for themselves, I item,
/// V verifier of the value, P value, C check digit. 13 characters: EAN-13; 12: UPC-A.
class MeasureTemplate {
 public:
  /// `decimals`: how many of the value's digits are behind the point, 0 to 6. `unit`: ISO 4217
  /// letters, or kg, g, lb, oz. Errors: kInvalid "bad_measure_template".
  static Result<MeasureTemplate> parse(std::string_view pattern, MeasureKind kind, int decimals,
                                       std::string_view unit);

  /// As EAN-13, thirteen characters.
  [[nodiscard]] const std::string& pattern() const { return pattern_; }
  [[nodiscard]] MeasureKind kind() const { return kind_; }
  [[nodiscard]] int decimals() const { return decimals_; }
  [[nodiscard]] const std::string& unit() const { return unit_; }

 private:
  std::string pattern_;
  MeasureKind kind_ = MeasureKind::kPrice;
  int decimals_ = 0;
  std::string unit_;
};

using MeasureScheme = std::vector<MeasureTemplate>;

/// The schemes of national organisations: "se" (GS1 Sweden), "uk" (GS1 UK), "us" (RCN-12).
/// Empty: there is none of this name.
MeasureScheme national_scheme(std::string_view name);

struct Measure {
  MeasureKind kind = MeasureKind::kPrice;
  std::string item;  ///< the digits at I
  std::int64_t value = 0;
  int decimals = 0;  ///< value 1234 with 3 decimals is 1.234
  std::string unit;
  friend bool operator==(const Measure&, const Measure&) = default;
};

enum class MeasureCarrier : std::uint8_t { kEan13, kUpcA };

/// The first template that fits decides. Faults: kLength, kCharset, kCheckDigit of the number;
/// kNoTemplate; kVerifier. Positions count digits of `digits`.
Parsed<Measure> read_measure(std::span<const MeasureTemplate> scheme, MeasureCarrier carrier,
                             std::string_view digits);

/// The verifier of a price field of four or five digits (GS1 General Specifications 7.9.3 and
/// 7.9.4).
int price_verifier(std::string_view digits);

/// The weight behind a price, in milligrams, rounded half up. `price` and `price_per_kg` have the
/// same currency and number of decimals; `price_per_kg` > 0, `price` from 0 to 10^12.
/// The price is what the customer was shown: it stays the fact, the weight is derived.
std::int64_t weight_mg_of_price(std::int64_t price, std::int64_t price_per_kg);

}  // namespace cairn::gs1
