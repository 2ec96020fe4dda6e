#pragma once
// Lists of codes that values must come from. They change a little every year; the date at each list
// says as of when it is. Any thread.

#include <string_view>

namespace cairn::gs1 {

/// ISO 3166-1 numeric: three digits.
bool is_country_number(std::string_view code);
/// ISO 3166-1 alpha-2: two capital letters.
bool is_country_letters(std::string_view code);
/// ISO 4217 numeric: three digits, also of withdrawn currencies that GS1 still takes.
bool is_currency_number(std::string_view code);
/// AIDC media types (GS1 General Specifications 3.8.20): two digits.
bool is_media_type(std::string_view code);
/// UN/ECE Recommendation 21 and GS1's additions to it.
bool is_package_type(std::string_view code);

}  // namespace cairn::gs1
