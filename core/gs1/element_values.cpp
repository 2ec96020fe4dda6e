#include "core/gs1/element_values.h"

#include "core/base/assert.h"
#include "core/gs1/application_identifier.h"
#include "core/gs1/character_sets.h"
#include "core/gs1/value_rules.h"

namespace cairn::gs1 {
namespace {

bool is_count(std::string_view ai) { return ai == "30" || ai == "37"; }

/// 31nn to 36nn and 390n to 395n; 394n is a percentage.
bool has_decimals(std::string_view ai) {
  if (ai.size() != 4) return false;
  const std::string_view family = ai.substr(0, 2);
  return (family >= "31" && family <= "36") || (family == "39" && ai[2] != '4');
}

}  // namespace

std::chrono::year_month_day day_of(std::string_view yymmdd, std::chrono::year this_year) {
  CAIRN_ASSERT(yymmdd.size() == 6 && all_digits(yymmdd), "the value was checked");
  const int now = static_cast<int>(this_year);
  const int ahead = number_of(yymmdd.substr(0, 2)) - now % 100;
  int century = now - now % 100;
  if (ahead >= 51) century -= 100;
  if (ahead <= -50) century += 100;
  const std::chrono::year year(century + number_of(yymmdd.substr(0, 2)));
  const std::chrono::month month(static_cast<unsigned>(number_of(yymmdd.substr(2, 2))));
  const auto day = static_cast<unsigned>(number_of(yymmdd.substr(4, 2)));
  if (day == 0) return std::chrono::year_month_day(year / month / std::chrono::last);
  return year / month / std::chrono::day(day);
}

std::optional<Amount> amount_of(const Element& element) {
  const ApplicationIdentifier* const ai = find_identifier(element.ai);
  if (ai == nullptr || check_value(*ai, element.ai, element.value)) return std::nullopt;
  if (!is_count(element.ai) && !has_decimals(element.ai)) return std::nullopt;
  std::string_view digits = element.value;
  Amount amount;
  if (!is_count(element.ai)) amount.decimals = element.ai.back() - '0';
  if (matches("391n", element.ai) || matches("393n", element.ai)) {
    amount.currency = digits.substr(0, 3);
    digits.remove_prefix(3);
  }
  for (const char c : digits) amount.value = amount.value * 10 + (c - '0');  // 15 digits at most
  return amount;
}

}  // namespace cairn::gs1
