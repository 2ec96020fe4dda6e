#include "core/gs1/value_rules.h"

#include "core/base/gtin.h"
#include "core/gs1/character_sets.h"
#include "core/gs1/code_lists.h"
#include "core/gs1/coupon.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::gs1 {
namespace {

using Finding = std::optional<Fault>;

Finding wrong(FaultCode code, std::string message, std::size_t position) {
  return Fault{code, std::move(message), position};
}

Finding check_digit(std::string_view part) {
  const std::size_t last = part.size() - 1;
  const int expected = gs1_check_digit(part.substr(0, last));
  if (part[last] - '0' == expected) return std::nullopt;
  return wrong(FaultCode::kCheckDigit,
               fmt::format("the check digit is {}, it must be {}", part[last], expected), last);
}

/// GS1 General Specifications 7.9.5: a pair of 32 characters over a sum weighted by primes.
Finding check_characters(std::string_view part) {
  constexpr std::string_view kValues =
      "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kPairCharacters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  constexpr std::array<unsigned, 23> kPrimes = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
                                                41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};
  constexpr std::size_t kPair = 2;
  if (part.size() < kPair || part.size() - kPair > kPrimes.size()) {
    return wrong(FaultCode::kLength, "it has no room for data and two check characters", 0);
  }
  const std::string_view data = part.substr(0, part.size() - kPair);
  for (std::size_t i = data.size(); i < part.size(); ++i) {
    if (kPairCharacters.find(part[i]) == std::string_view::npos) {
      return wrong(FaultCode::kCharset, fmt::format("{} is no check character", shown(part[i])), i);
    }
  }
  unsigned sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    sum += static_cast<unsigned>(kValues.find(data[i])) * kPrimes.at(data.size() - 1 - i);
  }
  sum %= 1021;
  const std::array<char, kPair> expected = {kPairCharacters[sum / 32], kPairCharacters[sum % 32]};
  if (part.substr(data.size()) == std::string_view(expected.data(), kPair)) return std::nullopt;
  return wrong(FaultCode::kCheckCharacters,
               fmt::format("the check characters are {}, they must be {}{}",
                           part.substr(data.size()), expected[0], expected[1]),
               data.size());
}

/// No list of the prefixes that were given out is kept here: the shortest has four digits.
Finding company_prefix(std::string_view part, std::size_t begin) {
  constexpr std::size_t kShortest = 4;
  if (part.size() < begin + kShortest) {
    return wrong(FaultCode::kCompanyPrefix, "it is too short for a GS1 Company Prefix", 0);
  }
  const auto prefix = part.substr(begin, kShortest);
  if (const auto at = first_outside(CharacterSet::kDigits, prefix)) {
    return wrong(FaultCode::kCompanyPrefix,
                 fmt::format("a GS1 Company Prefix has digits only, not {}", shown(prefix[*at])),
                 begin + *at);
  }
  return std::nullopt;
}

/// `year` decides about 29 February only. In two digits 00 is 2000, a leap year.
Finding date(int year, std::string_view month_day, bool day_may_be_zero, std::size_t offset) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int month = number_of(month_day.substr(0, 2));
  const int day = number_of(month_day.substr(2, 2));
  if (month < 1 || month > 12) {
    return wrong(FaultCode::kDate, fmt::format("there is no month {:02}", month), offset);
  }
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int last = kDays.at(static_cast<std::size_t>(month) - 1) + (month == 2 && leap ? 1 : 0);
  if (day > last || (day == 0 && !day_may_be_zero)) {
    return wrong(FaultCode::kDate, fmt::format("month {:02} has no day {:02}", month, day),
                 offset + 2);
  }
  return std::nullopt;
}

Finding date(Rule rule, std::string_view part) {
  if (rule == Rule::kDateYyyymmdd) {
    return date(number_of(part.substr(0, 4)), part.substr(4), false, 4);
  }
  return date(2000 + number_of(part.substr(0, 2)), part.substr(2), rule == Rule::kDateYymmd0, 2);
}

Finding clock_part(std::string_view two_digits, int most, std::string_view what,
                   std::size_t offset) {
  if (number_of(two_digits) <= most) return std::nullopt;
  return wrong(FaultCode::kTime, fmt::format("there is no {} {}", what, two_digits), offset);
}

Finding hour_minute(std::string_view part) {
  if (auto found = clock_part(part.substr(0, 2), 23, "hour", 0)) return found;
  return clock_part(part.substr(2, 2), 59, "minute", 2);
}

Finding listed(bool is, FaultCode code, std::string_view part, std::string_view what) {
  if (is) return std::nullopt;
  return wrong(code, fmt::format("{} is no {}", shown(part), what), 0);
}

Finding piece_of_total(std::string_view part) {
  const std::size_t half = part.size() / 2;
  const int piece = number_of(part.substr(0, half));
  const int total = number_of(part.substr(half));
  if (piece == 0) return wrong(FaultCode::kPieceOfTotal, "there is no piece 0", 0);
  if (total == 0) return wrong(FaultCode::kPieceOfTotal, "a total of 0 pieces is none", half);
  if (piece <= total) return std::nullopt;
  return wrong(FaultCode::kPieceOfTotal, fmt::format("piece {} of {} cannot be", piece, total), 0);
}

/// "2/3"
Finding position_in_sequence(std::string_view part) {
  const std::size_t slash = part.find('/');
  const std::string_view position = part.substr(0, slash);
  const std::string_view end = slash == std::string_view::npos ? "" : part.substr(slash + 1);
  if (position.empty() || end.empty() || !all_digits(position) || !all_digits(end)) {
    return wrong(FaultCode::kPieceOfTotal, "it is not of the form 2/3", 0);
  }
  if (position[0] == '0') return wrong(FaultCode::kZero, "the position begins with 0", 0);
  if (end[0] == '0') return wrong(FaultCode::kZero, "the total begins with 0", slash + 1);
  if (number_of(position) <= number_of(end)) return std::nullopt;
  return wrong(FaultCode::kPieceOfTotal, "the position is beyond the total", 0);
}

bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

Finding percent_encoded(std::string_view part) {
  for (std::size_t i = part.find('%'); i != std::string_view::npos; i = part.find('%', i + 3)) {
    if (i + 2 >= part.size() || !is_hexadecimal(part[i + 1]) || !is_hexadecimal(part[i + 2])) {
      return wrong(FaultCode::kPercentEncoding, "a % is not followed by two hexadecimal digits", i);
    }
  }
  return std::nullopt;
}

/// ISO 13616: country, two check digits, account; modulo 97.
Finding iban(std::string_view part) {
  constexpr std::size_t kShortest = 11;
  if (part.size() < kShortest) return wrong(FaultCode::kIban, "it is too short for an IBAN", 0);
  if (!is_country_letters(part.substr(0, 2))) {
    return wrong(FaultCode::kIban, "an IBAN begins with the letters of a country", 0);
  }
  unsigned remainder = 0;
  for (std::size_t i = 4; i < part.size() + 4; ++i) {
    const std::size_t at = i % part.size();
    const char c = part[at];
    if (is_digit(c)) {
      remainder = (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
    } else if (c >= 'A' && c <= 'Z') {
      remainder = (remainder * 100 + static_cast<unsigned>(c - 'A') + 10) % 97;
    } else {
      return wrong(FaultCode::kIban, fmt::format("an IBAN has no {}", shown(c)), at);
    }
  }
  if (remainder == 1) return std::nullopt;
  return wrong(FaultCode::kIban, "the check digits of the IBAN are wrong", 2);
}

Finding coordinate(std::string_view part, std::string_view most, std::string_view what) {
  if (part <= most) return std::nullopt;  // both have ten digits
  return wrong(FaultCode::kCoordinate, fmt::format("the {} is at most {}", what, most), 0);
}

Finding zeros(Rule rule, std::string_view part) {
  const bool zero = part.find_first_not_of('0') == std::string_view::npos;
  if (rule == Rule::kZero && !zero) return wrong(FaultCode::kZero, "it must be 0", 0);
  if (rule == Rule::kNotZero && zero) return wrong(FaultCode::kZero, "it must not be 0", 0);
  if (rule == Rule::kNoLeadingZero && part.starts_with('0')) {
    return wrong(FaultCode::kZero, "it must not begin with 0", 0);
  }
  return std::nullopt;
}

Finding characters(Rule rule, std::string_view part) {
  if (rule == Rule::kHyphen) {
    const std::size_t at = part.find_first_not_of('-');
    if (at == std::string_view::npos) return std::nullopt;
    return wrong(FaultCode::kCharset, "only a hyphen may stand here, for below zero", at);
  }
  if (rule == Rule::kHasNonDigit) {
    if (!all_digits(part)) return std::nullopt;
    return wrong(FaultCode::kCharset, "it must not be digits only", 0);
  }
  if (!first_outside(CharacterSet::kSet64, part)) return std::nullopt;
  return wrong(FaultCode::kCharset, fmt::format("{} is no importer index", shown(part)), 0);
}

Finding one_of(std::string_view part, std::string_view allowed, std::string_view what) {
  return listed(part.size() == 1 && allowed.find(part[0]) != std::string_view::npos,
                FaultCode::kNotInList, part, what);
}

/// Of the rules that want a value from a list.
Finding not_listed(Rule rule, std::string_view part) {
  switch (rule) {
    case Rule::kCountry:
      return listed(is_country_number(part), FaultCode::kCountry, part, "country (ISO 3166-1)");
    case Rule::kCountryOr999:
      return listed(part == "999" || is_country_number(part), FaultCode::kCountry, part,
                    "country (ISO 3166-1) and not 999");
    case Rule::kCountryLetters:
      return listed(is_country_letters(part), FaultCode::kCountry, part, "country (ISO 3166-1)");
    case Rule::kCurrency:
      return listed(is_currency_number(part), FaultCode::kCurrency, part, "currency (ISO 4217)");
    case Rule::kYesNo:
      return one_of(part, "01", "answer: 1 is yes, 0 no");
    case Rule::kWinding:
      return one_of(part, "019", "winding direction");
    case Rule::kSex:
      return one_of(part, "0129", "code for the sex (ISO 5218)");
    case Rule::kMediaType:
      return listed(is_media_type(part), FaultCode::kNotInList, part, "AIDC media type");
    case Rule::kPackageType:
      return listed(is_package_type(part), FaultCode::kNotInList, part, "package type");
    default:
      return std::nullopt;
  }
}

Fault of_value(Fault found, std::string_view name) {
  found.message = fmt::format("AI ({}): {}", name, found.message);
  return found;
}

std::string expected_length(const Format& format) {
  if (format.min() == format.max()) return fmt::format("{} characters", format.min());
  return fmt::format("{} to {} characters", format.min(), format.max());
}

/// The first fault of one component, whose length is right.
Finding check_component(const Component& component, std::string_view part) {
  if (const auto at = first_outside(component.set, part)) {
    return wrong(FaultCode::kCharset, fmt::format("{} has no place here", shown(part[*at])), *at);
  }
  for (const Rule rule : component.rules()) {
    if (auto found = broken(rule, part)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Fault> broken(Rule rule, std::string_view part) {
  switch (rule) {
    case Rule::kCheckDigit:
      return check_digit(part);
    case Rule::kCheckCharacters:
      return check_characters(part);
    case Rule::kCompanyPrefixFirst:
      return company_prefix(part, 0);
    case Rule::kCompanyPrefixSecond:
      return company_prefix(part, 1);
    case Rule::kDateYymmdd:
    case Rule::kDateYymmd0:
    case Rule::kDateYyyymmdd:
      return date(rule, part);
    case Rule::kHour:
      return clock_part(part, 23, "hour", 0);
    case Rule::kMinute:
      return clock_part(part, 59, "minute", 0);
    case Rule::kSecond:
      return clock_part(part, 59, "second", 0);
    case Rule::kHourMinute:
      return hour_minute(part);
    case Rule::kZero:
    case Rule::kNotZero:
    case Rule::kNoLeadingZero:
      return zeros(rule, part);
    case Rule::kPieceOfTotal:
      return piece_of_total(part);
    case Rule::kPositionInSequence:
      return position_in_sequence(part);
    case Rule::kPercentEncoded:
      return percent_encoded(part);
    case Rule::kLatitude:
      return coordinate(part, "1800000000", "latitude");
    case Rule::kLongitude:
      return coordinate(part, "3600000000", "longitude");
    case Rule::kCountry:
    case Rule::kCountryOr999:
    case Rule::kCountryLetters:
    case Rule::kCurrency:
    case Rule::kYesNo:
    case Rule::kWinding:
    case Rule::kSex:
    case Rule::kMediaType:
    case Rule::kPackageType:
      return not_listed(rule, part);
    case Rule::kHyphen:
    case Rule::kHasNonDigit:
    case Rule::kImporterIndex:
      return characters(rule, part);
    case Rule::kIban:
      return iban(part);
    case Rule::kCoupon:
      return check_coupon(part);
    case Rule::kPositiveOffer:
      return check_positive_offer(part);
  }
  return std::nullopt;
}

Parsed<std::size_t> take_value(const ApplicationIdentifier& ai, std::string_view name,
                               std::string_view data) {
  std::size_t taken = 0;
  for (const Component& component : ai.format.components()) {
    const std::string_view part = data.substr(taken, component.max);
    if (component.optional && part.empty()) break;
    if (part.size() < component.min) {
      return fault(FaultCode::kLength,
                   fmt::format("AI ({}): the value has {} characters, it must have {}", name,
                               data.size(), expected_length(ai.format)),
                   0);
    }
    if (auto found = check_component(component, part)) {
      return tl::unexpected(of_value(moved(*found, taken), name));
    }
    taken += part.size();
  }
  return taken;
}

std::optional<Fault> check_value(const ApplicationIdentifier& ai, std::string_view name,
                                 std::string_view value) {
  // The length first: a wrong check digit says nothing where there are too many digits.
  if (value.size() > ai.format.max()) {
    return Fault{FaultCode::kLength,
                 fmt::format("AI ({}): the value has {} characters, it must have {}", name,
                             value.size(), expected_length(ai.format)),
                 ai.format.max()};
  }
  const auto taken = take_value(ai, name, value);
  return taken ? std::nullopt : std::optional(taken.error());
}

}  // namespace cairn::gs1
