#include "core/gs1/measured_article.h"

#include "core/base/assert.h"

#include <array>
#include <string>
#include <string_view>

namespace cairn::gs1 {
namespace {

constexpr std::size_t kEan13 = 13;
constexpr std::size_t kUpcA = 12;

/// The template that says what `ean` means.
const MeasureTemplate* template_of(std::span<const MeasureTemplate> scheme, std::string_view ean) {
  for (const MeasureTemplate& one : scheme) {
    bool fits = true;
    for (std::size_t i = 0; i < kEan13; ++i) {
      const char is = one.pattern()[i];
      fits = fits && (is < '0' || is > '9' || is == ean[i]);
    }
    if (fits) return &one;
  }
  return nullptr;
}

/// One unit in milligrams, as a fraction: 1 lb is 453.59237 g (international pound of 1959).
struct Unit {
  std::string_view name;
  std::int64_t milligrams;
  std::int64_t per;
};
constexpr std::array<Unit, 4> kUnits = {
    {{"kg", 1'000'000, 1}, {"g", 1'000, 1}, {"lb", 45'359'237, 100}, {"oz", 45'359'237, 1'600}}};

}  // namespace

std::optional<MeasuredArticle> read_measured_article(std::span<const MeasureTemplate> scheme,
                                                     const Barcode& barcode) {
  const bool upc = barcode.data.size() == kUpcA;
  if (scheme.empty() || (!upc && barcode.data.size() != kEan13)) return std::nullopt;
  if (!barcode.symbology.empty() && barcode.symbology != "E0") return std::nullopt;
  auto measure =
      read_measure(scheme, upc ? MeasureCarrier::kUpcA : MeasureCarrier::kEan13, barcode.data);
  if (!measure) return std::nullopt;
  std::string number = upc ? '0' + barcode.data : barcode.data;
  const MeasureTemplate* const is = template_of(scheme, number);
  CAIRN_ASSERT(is != nullptr, "what was read has a template");
  for (std::size_t i = 0; i < kEan13; ++i) {
    if (is->pattern()[i] == 'P' || is->pattern()[i] == 'V') number[i] = '0';
  }
  number.back() = static_cast<char>('0' + gs1_check_digit(number.substr(0, kEan13 - 1)));
  const auto gtin = Gtin::parse(number);
  if (!gtin) return std::nullopt;
  return MeasuredArticle{std::move(*measure), *gtin};
}

std::optional<std::int64_t> weight_mg(const Measure& measure) {
  constexpr std::int64_t kMost = 1'000'000'000;
  if (measure.kind != MeasureKind::kWeight || measure.value > kMost) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (unit.name != measure.unit) continue;
    std::int64_t per = unit.per;
    for (int i = 0; i < measure.decimals; ++i) per *= 10;
    return (measure.value * unit.milligrams + per / 2) / per;
  }
  return std::nullopt;
}

}  // namespace cairn::gs1
