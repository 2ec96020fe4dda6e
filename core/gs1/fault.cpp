#include "core/gs1/fault.h"

namespace cairn::gs1 {

std::string_view name_of(FaultCode code) {
  switch (code) {
    case FaultCode::kUnknownAi:
      return "unknown_ai";
    case FaultCode::kLength:
      return "length";
    case FaultCode::kCharset:
      return "charset";
    case FaultCode::kTooManyElements:
      return "too_many_elements";
    case FaultCode::kBrackets:
      return "brackets";
    case FaultCode::kCheckDigit:
      return "check_digit";
    case FaultCode::kCheckCharacters:
      return "check_characters";
    case FaultCode::kCompanyPrefix:
      return "company_prefix";
    case FaultCode::kDate:
      return "date";
    case FaultCode::kTime:
      return "time";
    case FaultCode::kCurrency:
      return "currency";
    case FaultCode::kCountry:
      return "country";
    case FaultCode::kZero:
      return "zero";
    case FaultCode::kPieceOfTotal:
      return "piece_of_total";
    case FaultCode::kPercentEncoding:
      return "percent_encoding";
    case FaultCode::kCoordinate:
      return "coordinate";
    case FaultCode::kNotInList:
      return "not_in_list";
    case FaultCode::kIban:
      return "iban";
    case FaultCode::kCoupon:
      return "coupon";
    case FaultCode::kRepeatedAi:
      return "repeated_ai";
    case FaultCode::kExcludedAi:
      return "excluded_ai";
    case FaultCode::kRequiredAi:
      return "required_ai";
    case FaultCode::kMissingSerial:
      return "missing_serial";
    case FaultCode::kUri:
      return "uri";
    case FaultCode::kNoPrimaryKey:
      return "no_primary_key";
    case FaultCode::kPathOrder:
      return "path_order";
    case FaultCode::kDuplicateAi:
      return "duplicate_ai";
    case FaultCode::kNotAttribute:
      return "not_attribute";
    case FaultCode::kBelongsInPath:
      return "belongs_in_path";
    case FaultCode::kUnknownKey:
      return "unknown_key";
    case FaultCode::kNumberSystem:
      return "number_system";
    case FaultCode::kNoTemplate:
      return "no_template";
    case FaultCode::kVerifier:
      return "verifier";
    case FaultCode::kSymbology:
      return "symbology";
    case FaultCode::kEscape:
      return "escape";
  }
  return "unknown";
}

}  // namespace cairn::gs1
