#include "core/gs1/variable_measure.h"

#include "core/base/assert.h"
#include "core/gs1/character_sets.h"
#include "core/gs1/keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace cairn::gs1 {
namespace {

constexpr std::size_t kEanDigits = 13;
constexpr int kDecimalsMost = 6;

struct NationalTemplate {
  std::string_view scheme;
  std::string_view pattern;
  MeasureKind kind;
  int decimals;
  std::string_view unit;
};

constexpr std::array<NationalTemplate, 9> kNational = {{
    {"se", "20IIIIIIPPPPC", MeasureKind::kPrice, 2, "SEK"},
    {"se", "21IIIIIIPPPPC", MeasureKind::kPrice, 1, "SEK"},
    {"se", "22IIIIIIPPPPC", MeasureKind::kPrice, 0, "SEK"},
    {"se", "23IIIIIIPPPPC", MeasureKind::kWeight, 3, "kg"},
    {"se", "24IIIIIIPPPPC", MeasureKind::kWeight, 2, "kg"},
    {"se", "25IIIIIIPPPPC", MeasureKind::kWeight, 1, "kg"},
    {"uk", "20IIIIIVPPPPC", MeasureKind::kPrice, 2, "GBP"},
    {"uk", "28IIIIIVPPPPC", MeasureKind::kPrice, 2, "GBP"},
    {"us", "2IIIIIVPPPPC", MeasureKind::kPrice, 2, "USD"},
}};

/// The characters of a template that are `letter`, as they stand in `digits`.
std::string field(std::string_view pattern, char letter, std::string_view digits) {
  std::string taken;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == letter) taken += digits[i];
  }
  return taken;
}

/// True if all places of `letter` are side by side.
bool is_one_run(std::string_view pattern, char letter) {
  const std::size_t first = pattern.find(letter);
  const std::size_t last = pattern.rfind(letter);
  return first == std::string_view::npos ||
         pattern.substr(first, last - first + 1).find_first_not_of(letter) ==
             std::string_view::npos;
}

/// Why it is no template; empty: it is one.
std::string_view fault_of_pattern(std::string_view pattern) {
  if (pattern.size() != kEanDigits && pattern.size() != kEanDigits - 1) {
    return "a template has 13 characters for EAN-13 or 12 for UPC-A";
  }
  if (pattern.find_first_not_of("0123456789IVPC") != std::string_view::npos) {
    return "a template has digits, I, V, P and C only";
  }
  if (std::ranges::count(pattern, 'C') != 1 || !pattern.ends_with('C')) {
    return "a template has its one C at the end";
  }
  if (!is_one_run(pattern, 'I') || !is_one_run(pattern, 'P')) {
    return "the places of I, and those of P, are side by side";
  }
  const auto values = std::ranges::count(pattern, 'P');
  if (values == 0 || pattern.find('I') == std::string_view::npos) {
    return "a template has places for the item (I) and the value (P)";
  }
  const auto verifiers = std::ranges::count(pattern, 'V');
  if (verifiers > 1 || (verifiers == 1 && values != 4 && values != 5)) {
    return "a template has at most one V, and then 4 or 5 places P";
  }
  return "";
}

bool is_unit(std::string_view unit, MeasureKind kind) {
  if (kind == MeasureKind::kPrice) {
    return unit.size() == 3 &&
           std::ranges::all_of(unit, [](char c) { return c >= 'A' && c <= 'Z'; });
  }
  constexpr std::array<std::string_view, 4> kWeights = {"kg", "g", "lb", "oz"};
  return std::ranges::find(kWeights, unit) != kWeights.end();
}

bool fits(std::string_view pattern, std::string_view digits) {
  return std::ranges::equal(pattern, digits,
                            [](char is, char digit) { return !is_digit(is) || is == digit; });
}

// Weighted digits: the units of what stands in the comments.
int weighted_2_minus(int x) { return (2 * x - 2 * x / 10 + 10) % 10; }  // 2x - tens of 2x
int weighted_3(int x) { return 3 * x % 10; }
int weighted_5_plus(int x) { return (5 * x + 5 * x / 10) % 10; }        // 5x + tens of 5x
int weighted_5_minus(int x) { return (5 * x - 5 * x / 10 + 10) % 10; }  // 5x - tens of 5x

}  // namespace

std::string_view name_of(MeasureKind kind) {
  return kind == MeasureKind::kPrice ? "price" : "weight";
}

Result<MeasureTemplate> MeasureTemplate::parse(std::string_view pattern, MeasureKind kind,
                                               int decimals, std::string_view unit) {
  constexpr const char* kReason = "bad_measure_template";
  if (const auto why = fault_of_pattern(pattern); !why.empty()) {
    return fail(ErrorCode::kInvalid, kReason, fmt::format("{}: {}", shown(pattern), why));
  }
  if (decimals < 0 || decimals > kDecimalsMost) {
    return fail(ErrorCode::kInvalid, kReason,
                fmt::format("a value has 0 to {} decimals", kDecimalsMost));
  }
  if (!is_unit(unit, kind)) {
    return fail(ErrorCode::kInvalid, kReason,
                fmt::format("{} is no unit of a {}: a currency like EUR, or kg, g, lb, oz",
                            shown(unit), name_of(kind)));
  }
  MeasureTemplate made;
  made.pattern_ = pattern.size() == kEanDigits ? std::string(pattern) : '0' + std::string(pattern);
  made.kind_ = kind;
  made.decimals_ = decimals;
  made.unit_ = unit;
  return made;
}

MeasureScheme national_scheme(std::string_view name) {
  MeasureScheme scheme;
  for (const NationalTemplate& row : kNational) {
    if (row.scheme != name) continue;
    auto made = MeasureTemplate::parse(row.pattern, row.kind, row.decimals, row.unit);
    CAIRN_ASSERT(made, "our own templates are right");
    scheme.push_back(std::move(*made));
  }
  return scheme;
}

Parsed<Measure> read_measure(std::span<const MeasureTemplate> scheme, MeasureCarrier carrier,
                             std::string_view digits) {
  const bool upc = carrier == MeasureCarrier::kUpcA;
  if (const auto found = check_key(upc ? Key::kGtin12 : Key::kGtin13, digits)) {
    return tl::unexpected(*found);
  }
  const std::string ean = upc ? '0' + std::string(digits) : std::string(digits);
  const auto is = std::ranges::find_if(
      scheme, [&ean](const MeasureTemplate& one) { return fits(one.pattern(), ean); });
  if (is == scheme.end()) {
    return fault(FaultCode::kNoTemplate, "no template of the scheme fits this number", 0);
  }
  const std::string value = field(is->pattern(), 'P', ean);
  if (const std::string verifier = field(is->pattern(), 'V', ean); !verifier.empty()) {
    const int expected = price_verifier(value);
    if (verifier[0] - '0' != expected) {
      return fault(FaultCode::kVerifier,
                   fmt::format("the verifier is {}, it must be {}", verifier, expected),
                   is->pattern().find('V') - (upc ? 1 : 0));
    }
  }
  Measure measure{is->kind(), field(is->pattern(), 'I', ean), 0, is->decimals(), is->unit()};
  for (const char c : value) measure.value = measure.value * 10 + (c - '0');
  return measure;
}

int price_verifier(std::string_view digits) {
  CAIRN_ASSERT((digits.size() == 4 || digits.size() == 5) && all_digits(digits),
               "a price field has 4 or 5 digits");
  std::array<int, 5> x{};
  std::ranges::transform(digits, x.begin(), [](char c) { return c - '0'; });
  if (digits.size() == 4) {
    const int sum =
        weighted_2_minus(x[0]) + weighted_2_minus(x[1]) + weighted_3(x[2]) + weighted_5_minus(x[3]);
    return 3 * sum % 10;
  }
  const int sum = weighted_5_plus(x[0]) + weighted_2_minus(x[1]) + weighted_5_minus(x[2]) +
                  weighted_5_plus(x[3]) + weighted_2_minus(x[4]);
  const int wanted = (10 - sum % 10) % 10;
  int verifier = 0;
  while (weighted_5_minus(verifier) != wanted) ++verifier;  // each of 0 to 9 has its own product
  return verifier;
}

std::int64_t weight_mg_of_price(std::int64_t price, std::int64_t price_per_kg) {
  constexpr std::int64_t kMgPerKg = 1'000'000;
  constexpr std::int64_t kPriceMost = 1'000'000'000'000;
  CAIRN_ASSERT(price_per_kg > 0 && price >= 0 && price <= kPriceMost, "a price and a unit price");
  const std::int64_t mg = price * kMgPerKg;
  return mg / price_per_kg + (mg % price_per_kg >= price_per_kg - mg % price_per_kg ? 1 : 0);
}

}  // namespace cairn::gs1
