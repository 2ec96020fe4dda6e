#include "core/gs1/keys.h"

#include "core/gs1/sscc.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::gs1::keys_test {
namespace {

std::string judged(std::string_view key, std::string_view value) {
  const auto found = check_key(key_named(key).value(), value);
  if (!found) return "ok";
  return std::string(name_of(found->code)) + '@' + std::to_string(found->position);
}

TEST_CASE("gs1: keys are checked", "[gs1]") {
  CHECK(judged("GTIN-8", "95200002") == "ok");
  CHECK(judged("GTIN-12", "036000291452") == "ok");
  CHECK(judged("GTIN-13", "4006381333931") == "ok");
  CHECK(judged("GTIN-14", "09506000134352") == "ok");
  CHECK(judged("GLN", "9506000134352") == "ok");
  CHECK(judged("SSCC", "106141412345678908") == "ok");
  CHECK(judged("GDTI", "9506000134352AB") == "ok");
  CHECK(judged("GTIN-13", "4006381333932") == "check_digit@12");
  CHECK(judged("GTIN-13", "400638133393") == "length@12");
  CHECK(judged("GTIN-13", "40063813339310") == "length@13");
  CHECK(judged("GTIN-13", "400638133393x") == "charset@12");
  CHECK(judged("GTIN-13", "") == "length@0");
  CHECK(judged("GDTI", "9506000134352 B") == "charset@13");
  CHECK_FALSE(key_named("GTIN"));
  CHECK_FALSE(key_named(""));
}

TEST_CASE("gs1: check digits are made", "[gs1]") {
  CHECK(with_check_digit(Key::kSscc, "10614141234567890") == "106141412345678908");
  CHECK(with_check_digit(Key::kGln, "95060001343").error().code == FaultCode::kLength);
  CHECK(with_check_digit(Key::kGln, "95060001343X2").error().code == FaultCode::kLength);
  CHECK(with_check_digit(Key::kGln, "95060001343X").error().code == FaultCode::kCharset);
}

TEST_CASE("gs1: an SSCC is made of extension, prefix and serial", "[gs1]") {
  CHECK(make_sscc(1, "0614141", 234567890) == "106141412345678908");
  CHECK(make_sscc(0, "9506", 0) == "095060000000000008");
  CHECK(sscc_serials("0614141") == 1'000'000'000);
  CHECK(sscc_serials("061414112345") == 10'000);
  CHECK(make_sscc(1, "061414112345", 10'000).error().code == FaultCode::kLength);
  CHECK(make_sscc(10, "0614141", 1).error().code == FaultCode::kLength);
  CHECK(make_sscc(-1, "0614141", 1).error().code == FaultCode::kLength);
  for (const std::string_view bad : {"", "061", "0614141123456", "06141x1"}) {
    INFO(bad);
    CHECK(make_sscc(1, bad, 1).error().code == FaultCode::kCompanyPrefix);
  }
}

}  // namespace
}  // namespace cairn::gs1::keys_test
