#include "core/gs1/fault.h"

#include <algorithm>
#include <array>

namespace cairn::gs1 {
namespace {

struct CodeName {
  FaultCode code;
  std::string_view name;
};

constexpr auto kNames = std::to_array<CodeName>({
    {FaultCode::kUnknownAi, "unknown_ai"},
    {FaultCode::kLength, "length"},
    {FaultCode::kCharset, "charset"},
    {FaultCode::kTooManyElements, "too_many_elements"},
    {FaultCode::kBrackets, "brackets"},
    {FaultCode::kCheckDigit, "check_digit"},
    {FaultCode::kCheckCharacters, "check_characters"},
    {FaultCode::kCompanyPrefix, "company_prefix"},
    {FaultCode::kDate, "date"},
    {FaultCode::kTime, "time"},
    {FaultCode::kCurrency, "currency"},
    {FaultCode::kCountry, "country"},
    {FaultCode::kZero, "zero"},
    {FaultCode::kPieceOfTotal, "piece_of_total"},
    {FaultCode::kPercentEncoding, "percent_encoding"},
    {FaultCode::kCoordinate, "coordinate"},
    {FaultCode::kNotInList, "not_in_list"},
    {FaultCode::kIban, "iban"},
    {FaultCode::kCoupon, "coupon"},
    {FaultCode::kRepeatedAi, "repeated_ai"},
    {FaultCode::kExcludedAi, "excluded_ai"},
    {FaultCode::kRequiredAi, "required_ai"},
    {FaultCode::kMissingSerial, "missing_serial"},
    {FaultCode::kUri, "uri"},
    {FaultCode::kNoPrimaryKey, "no_primary_key"},
    {FaultCode::kPathOrder, "path_order"},
    {FaultCode::kDuplicateAi, "duplicate_ai"},
    {FaultCode::kNotAttribute, "not_attribute"},
    {FaultCode::kBelongsInPath, "belongs_in_path"},
    {FaultCode::kUnknownKey, "unknown_key"},
    {FaultCode::kNumberSystem, "number_system"},
    {FaultCode::kNoTemplate, "no_template"},
    {FaultCode::kVerifier, "verifier"},
    {FaultCode::kSymbology, "symbology"},
    {FaultCode::kEscape, "escape"},
});

}  // namespace

std::string_view name_of(FaultCode code) {
  const auto* const found = std::ranges::find(kNames, code, &CodeName::code);
  return found == kNames.end() ? "unknown" : found->name;
}

}  // namespace cairn::gs1
