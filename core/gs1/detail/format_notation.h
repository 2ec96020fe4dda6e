#pragma once
// Reads the notation of the identifiers' table while the compiler runs: "N13,csum,gcppos1 [X..17]".
// For ai_table.cpp only.

#include "core/gs1/application_identifier.h"

#include <array>
#include <string_view>
#include <utility>

namespace cairn::gs1::detail {

inline constexpr auto kRuleNames = std::to_array<std::pair<std::string_view, Rule>>({
    {"csum", Rule::kCheckDigit},
    {"csumalpha", Rule::kCheckCharacters},
    {"gcppos1", Rule::kCompanyPrefixFirst},
    {"gcppos2", Rule::kCompanyPrefixSecond},
    {"yymmdd", Rule::kDateYymmdd},
    {"yymmd0", Rule::kDateYymmd0},
    {"yyyymmdd", Rule::kDateYyyymmdd},
    {"hh", Rule::kHour},
    {"mi", Rule::kMinute},
    {"ss", Rule::kSecond},
    {"hhmi", Rule::kHourMinute},
    {"iso3166", Rule::kCountry},
    {"iso3166999", Rule::kCountryOr999},
    {"iso3166alpha2", Rule::kCountryLetters},
    {"iso4217", Rule::kCurrency},
    {"iso5218", Rule::kSex},
    {"zero", Rule::kZero},
    {"nonzero", Rule::kNotZero},
    {"nozeroprefix", Rule::kNoLeadingZero},
    {"pieceoftotal", Rule::kPieceOfTotal},
    {"posinseqslash", Rule::kPositionInSequence},
    {"pcenc", Rule::kPercentEncoded},
    {"latitude", Rule::kLatitude},
    {"longitude", Rule::kLongitude},
    {"yesno", Rule::kYesNo},
    {"hyphen", Rule::kHyphen},
    {"hasnondigit", Rule::kHasNonDigit},
    {"iban", Rule::kIban},
    {"importeridx", Rule::kImporterIndex},
    {"mediatype", Rule::kMediaType},
    {"packagetype", Rule::kPackageType},
    {"winding", Rule::kWinding},
    {"couponcode", Rule::kCoupon},
    {"couponposoffer", Rule::kPositiveOffer},
});

/// A throw in a consteval function is an error of the compiler's, with this text beside it.
consteval Rule read_rule(std::string_view name) {
  for (const auto& [known, rule] : kRuleNames) {
    if (known == name) return rule;
  }
  throw "no such rule";
}

consteval CharacterSet read_set(char letter) {
  switch (letter) {
    case 'N':
      return CharacterSet::kDigits;
    case 'X':
      return CharacterSet::kSet82;
    case 'Y':
      return CharacterSet::kSet39;
    case 'Z':
      return CharacterSet::kSet64;
    default:
      throw "no such character set";
  }
}

/// "N6", "X..20" or one of them in square brackets, then ",rule" any number of times.
consteval Component read_component(std::string_view text) {
  Component component;
  const std::size_t comma = text.find(',');
  std::string_view type = text.substr(0, comma);
  if (type.front() == '[') {
    if (type.back() != ']') throw "a bracket is not closed";
    component.optional = true;
    type = type.substr(1, type.size() - 2);
  }
  component.set = read_set(type.front());
  type.remove_prefix(1);
  const bool variable = type.starts_with("..");
  if (variable) type.remove_prefix(2);
  if (type.empty()) throw "no length";
  for (const char c : type) {
    if (c < '0' || c > '9') throw "the length is no number";
    component.max = static_cast<std::uint8_t>(component.max * 10 + (c - '0'));
  }
  component.min = variable ? 1 : component.max;
  std::string_view rules = comma == std::string_view::npos ? "" : text.substr(comma + 1);
  while (!rules.empty()) {
    const std::size_t next = rules.find(',');
    component.rule_list.at(component.rule_count++) = read_rule(rules.substr(0, next));
    rules = next == std::string_view::npos ? "" : rules.substr(next + 1);
  }
  return component;
}

consteval Format read_format(std::string_view text) {
  Format format;
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    format.list.at(format.count++) = read_component(text.substr(0, blank));
    text = blank == std::string_view::npos ? "" : text.substr(blank + 1);
  }
  return format;
}

}  // namespace cairn::gs1::detail
