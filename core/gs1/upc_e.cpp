#include "core/gs1/upc_e.h"

#include "core/gs1/character_sets.h"
#include "core/gs1/value_rules.h"

#include <fmt/format.h>

namespace cairn::gs1 {
namespace {

/// The ten digits between number system and check digit. The last of the six says where zeros were.
std::string item_digits(std::string_view six) {
  const char last = six[5];
  if (last <= '2') return fmt::format("{}{}0000{}", six.substr(0, 2), last, six.substr(2, 3));
  if (last == '3') return fmt::format("{}00000{}", six.substr(0, 3), six.substr(3, 2));
  if (last == '4') return fmt::format("{}00000{}", six.substr(0, 4), six.substr(4, 1));
  return fmt::format("{}0000{}", six.substr(0, 5), last);
}

}  // namespace

Parsed<std::string> expand_upc_e(std::string_view digits) {
  constexpr std::size_t kDigits = 8;
  if (digits.size() != kDigits) {
    return fault(FaultCode::kLength,
                 fmt::format("UPC-E has {} digits, not {}", kDigits, digits.size()),
                 std::min(digits.size(), kDigits));
  }
  if (const auto at = first_outside(CharacterSet::kDigits, digits)) {
    return fault(FaultCode::kCharset, fmt::format("UPC-E has no {}", shown(digits[*at])), *at);
  }
  if (digits[0] > '1') {
    return fault(FaultCode::kNumberSystem,
                 fmt::format("UPC-E exists for number systems 0 and 1, not {}", digits[0]), 0);
  }
  std::string whole = digits[0] + item_digits(digits.substr(1, 6)) + digits[7];
  if (const auto found = broken(Rule::kCheckDigit, whole)) {
    return fault(found->code, found->message, kDigits - 1);
  }
  return whole;
}

}  // namespace cairn::gs1
