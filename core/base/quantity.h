#pragma once
// How much of something: thousandths of a unit of measure. One piece is 1000 milli.

#include "core/base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn {

/// Units of measure, with the codes that UN/ECE Recommendation 20 gives them in comments.
enum class Uom : std::uint8_t {
  kPiece = 0,     ///< "pc" (H87)
  kKilogram = 1,  ///< "kg" (KGM)
  kMetre = 2,     ///< "m" (MTR)
  kLitre = 3,     ///< "l" (LTR)
};

std::string_view name_of(Uom uom);
/// Errors: kInvalid "bad_uom".
Result<Uom> parse_uom(std::string_view text);

constexpr std::int64_t kMilliPerUnit = 1000;
/// No single figure is greater: 10^9 units. Nine million such figures add up without running over.
constexpr std::int64_t kMaxMilli = 1'000'000'000'000;

struct Quantity {
  std::int64_t milli = 0;
  Uom uom = Uom::kPiece;

  static constexpr Quantity pieces(std::int64_t count) {
    return {count * kMilliPerUnit, Uom::kPiece};
  }
  /// "6", "0.25": up to three decimals, whole for pieces, at most kMaxMilli either way.
  /// Errors: kInvalid "bad_number".
  static Result<Quantity> parse(std::string_view text, Uom uom);
  /// False for a part of a piece.
  [[nodiscard]] bool whole() const { return uom != Uom::kPiece || milli % kMilliPerUnit == 0; }
  /// "6", "0.25": without the unit.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Quantity&, const Quantity&) = default;
};

/// The same, for a bare figure in thousandths: 6000 -> "6".
std::string milli_text(std::int64_t milli);

/// A mass with its unit: "1.25 kg", "120 g".
std::string mass_text(std::int64_t milligrams);

}  // namespace cairn
