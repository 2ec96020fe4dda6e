#pragma once
// GS1 application identifiers: the format of each one's value and how it goes with others. A row
// of the table is written in the notation of the GS1 Barcode Syntax Dictionary and is read by the
// compiler: a row that is wrong does not compile. Source of the facts: GS1 General Specifications
// 3.2 to 3.11 and the GS1 Barcode Syntax Dictionary. Any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace cairn::gs1 {

enum class CharacterSet : std::uint8_t {
  kDigits,  ///< N
  kSet82,   ///< X: GS1 General Specifications, figure 7.11-1
  kSet39,   ///< Y: figure 7.11-2
  kSet64,   ///< Z: figure 7.11-3, file-safe and URI-safe base 64
};

/// What the characters of a component must amount to; value_rules.h says what each demands.
enum class Rule : std::uint8_t {
  kCheckDigit,
  kCheckCharacters,
  kCompanyPrefixFirst,
  kCompanyPrefixSecond,
  kDateYymmdd,
  kDateYymmd0,
  kDateYyyymmdd,
  kHour,
  kMinute,
  kSecond,
  kHourMinute,
  kCountry,
  kCountryOr999,
  kCountryLetters,
  kCurrency,
  kZero,
  kNotZero,
  kNoLeadingZero,
  kPieceOfTotal,
  kPositionInSequence,
  kPercentEncoded,
  kLatitude,
  kLongitude,
  kYesNo,
  kHyphen,
  kHasNonDigit,
  kIban,
  kImporterIndex,
  kMediaType,
  kPackageType,
  kWinding,
  kSex,
  kCoupon,
  kPositiveOffer,
};

/// One part of a value: N6 has min and max 6, X..20 has 1 and 20.
struct Component {
  static constexpr std::size_t kMostRules = 3;
  CharacterSet set = CharacterSet::kDigits;
  std::uint8_t min = 0;
  std::uint8_t max = 0;
  bool optional = false;
  std::uint8_t rule_count = 0;
  std::array<Rule, kMostRules> rule_list{};

  [[nodiscard]] constexpr std::span<const Rule> rules() const {
    return std::span(rule_list).first(rule_count);
  }
};

struct Format {
  static constexpr std::size_t kMostComponents = 5;
  std::uint8_t count = 0;
  std::array<Component, kMostComponents> list{};

  [[nodiscard]] constexpr std::span<const Component> components() const {
    return std::span(list).first(count);
  }
  /// Octets of the shortest and of the longest value.
  [[nodiscard]] std::size_t min() const;
  [[nodiscard]] std::size_t max() const;
};

/// One identifier, or a run of them that differ in their last digit only (3100 to 3105).
struct ApplicationIdentifier {
  std::string_view first;  ///< two to four digits
  std::string_view last;   ///< as long as `first`
  std::string_view title;  ///< GS1 data title, e.g. "BATCH/LOT"; empty where there is none
  Format format;
  /// Alternatives, each a group of AIs that must all be there: "01+21,8006+21"; "n" is any digit.
  std::string_view needs;
  /// AIs that must not be there.
  std::string_view excludes;
  /// May be the primary key of a GS1 Digital Link URI, with these qualifiers in this order;
  /// alternatives are parted by "|".
  bool link_key = false;
  std::string_view link_qualifiers;
  /// May stand in the query of a GS1 Digital Link URI.
  bool link_attribute = true;
  /// Its length is known from its first two digits, so that no FNC1 must follow (GS1 General
  /// Specifications, figure 7.8.5-2).
  bool predefined_length = false;
};

/// All of them, in the order of their digits.
std::span<const ApplicationIdentifier> application_identifiers();

/// The identifier that `data` begins with; nullptr: none does.
const ApplicationIdentifier* find_identifier_at(std::string_view data);

/// The identifier `ai`, e.g. "3103"; nullptr: there is none.
const ApplicationIdentifier* find_identifier(std::string_view ai);

/// "310n", "31nn" and "01" match "3103", "3103" and "01".
bool matches(std::string_view pattern, std::string_view ai);

}  // namespace cairn::gs1
