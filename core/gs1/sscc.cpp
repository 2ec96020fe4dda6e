#include "core/gs1/sscc.h"

#include "core/gs1/character_sets.h"
#include "core/gs1/keys.h"

#include <fmt/format.h>

namespace cairn::gs1 {
namespace {

constexpr std::size_t kPrefixAndSerial = 16;
constexpr std::size_t kPrefixLeast = 4;
constexpr std::size_t kPrefixMost = 12;

}  // namespace

std::uint64_t sscc_serials(std::string_view company_prefix) {
  if (company_prefix.size() < kPrefixLeast || company_prefix.size() > kPrefixMost ||
      !all_digits(company_prefix)) {
    return 0;
  }
  std::uint64_t serials = 1;
  for (std::size_t i = company_prefix.size(); i < kPrefixAndSerial; ++i) serials *= 10;
  return serials;
}

Parsed<std::string> make_sscc(int extension, std::string_view company_prefix,
                              std::uint64_t serial) {
  const std::uint64_t serials = sscc_serials(company_prefix);
  if (serials == 0) {
    return fault(FaultCode::kCompanyPrefix, "a GS1 Company Prefix has 4 to 12 digits", 1);
  }
  if (extension < 0 || extension > 9) {
    return fault(FaultCode::kLength, "the extension is one digit", 0);
  }
  if (serial >= serials) {
    return fault(FaultCode::kLength,
                 fmt::format("the serial {} is too large for this prefix", serial),
                 1 + company_prefix.size());
  }
  return with_check_digit(Key::kSscc, fmt::format("{}{}{:0{}}", extension, company_prefix, serial,
                                                  kPrefixAndSerial - company_prefix.size()));
}

}  // namespace cairn::gs1
