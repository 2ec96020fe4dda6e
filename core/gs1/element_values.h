#pragma once
// What the value of an element amounts to: a day, a measure, a price. Pure. Any thread.

#include "core/gs1/element_string.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::gs1 {

/// The day of six digits YYMMDD that were checked already. A day 00 is the last of its month. The
/// century is the one that brings the year nearest to `this_year`: 49 years back to 50 ahead (GS1
/// General Specifications 7.12).
std::chrono::year_month_day day_of(std::string_view yymmdd, std::chrono::year this_year);

struct Amount {
  std::int64_t value = 0;
  int decimals = 0;      ///< value 1234 with 3 decimals is 1.234
  std::string currency;  ///< ISO 4217 number of AIs 391n and 393n, else empty
  friend bool operator==(const Amount&, const Amount&) = default;
};

/// Of counts (30, 37), measures (310n to 369n) and amounts of money (390n to 395n), whose last
/// digit of the AI is the number of decimals; nullopt: the element is none of them or its value is
/// malformed. The unit is in the AI's title.
std::optional<Amount> amount_of(const Element& element);

}  // namespace cairn::gs1
