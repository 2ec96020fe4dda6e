#include "core/domain/label/label_numbers.h"

#include "core/base/gtin.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <array>
#include <set>
#include <string>
#include <tuple>

namespace cairn::domain::label_numbers_test {
namespace {

using cairn::test::holds;

Gs1Prefix prefix(std::string_view text) { return Gs1Prefix::parse(text).value(); }

/// GS1 General Specifications 7.9, worked out anew: weights 3 and 1 from the right, what is missing
/// to the next ten.
char gs1_digit(std::string_view digits) {
  int sum = 0;
  int weight = 3;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
    sum += (*at - '0') * weight;
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

/// UPU S10, worked out anew: remainder modulo 11 of the weighted sum; 0 gives 5, 1 gives 0, any
/// other gives 11 less itself.
char upu_digit(std::string_view digits) {
  const std::string weights = "86423597";
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += (digits[i] - '0') * (weights[i] - '0');
  const std::array<char, 11> by_remainder{'5', '0', '9', '8', '7', '6', '5', '4', '3', '2', '1'};
  return by_remainder.at(static_cast<std::size_t>(sum % 11));
}

TEST_CASE("label numbers: the tests' own check digits give the published examples",
          "[domain][label]") {
  // SSCC 1 0614141 234567890 8 (GS1 General Specifications) and 3 7610425 002123456 9 (GS1
  // Switzerland); GTIN-13 3017620422003. UPU S10: RB 47312482 9 US.
  CHECK(gs1_digit("10614141234567890") == '8');
  CHECK(gs1_digit("37610425002123456") == '9');
  CHECK(gs1_digit("301762042200") == '3');
  CHECK(upu_digit("47312482") == '9');
}

TEST_CASE("SSCC: extension digit, company, serial, check digit", "[domain][label]") {
  for (const auto& [company, serial, first_17] :
       {std::tuple("0614141", 0U, "00614141000000000"),
        std::tuple("0614141", 1U, "00614141000000001"),
        std::tuple("0614141", 12'345'678U, "00614141012345678"),
        std::tuple("0614141", 99'999'999U, "00614141099999999"),
        std::tuple("9521234567", 999'999U, "09521234567999999"),
        std::tuple("95212345", 1'234'567U, "09521234501234567")}) {
    CAPTURE(first_17);
    const std::string number = sscc(prefix(company), serial);
    CHECK(number == std::string(first_17) + gs1_digit(first_17));
    CHECK(is_sscc(number));
  }
}

TEST_CASE("SSCC: the product's check digit is the one of GS1's example", "[domain][label]") {
  CHECK(gs1_check_digit("10614141234567890") == 8);
  CHECK(is_sscc("106141412345678908"));
}

TEST_CASE("SSCC: only 18 digits with a right check digit are one", "[domain][label]") {
  for (const std::string text :
       {"", "106141412345678907", "10614141234567890", "1061414123456789080", "10614141234567890x",
        "(00)06141412345678", "1061414123456789 8", "006141412345678908"}) {
    CAPTURE(text);
    CHECK_FALSE(is_sscc(text));
  }
  // Every other last digit.
  for (char digit = '0'; digit <= '9'; ++digit) {
    CHECK(is_sscc(std::string("10614141234567890") + digit) == (digit == '8'));
  }
}

TEST_CASE("tracking number: the form and check digit of UPU S10", "[domain][label]") {
  CHECK(tracking_number(47'312'482) == "CN473124829GB");
  CHECK(tracking_number(0) == "CN000000005GB");
  CHECK(tracking_number(99'999'999) == std::string("CN99999999") + upu_digit("99999999") + "GB");
  CHECK(is_tracking_number("CN473124829GB"));
  for (char digit = '0'; digit <= '9'; ++digit) {
    CHECK(is_tracking_number(std::string("CN47312482") + digit + "GB") == (digit == '9'));
  }
}

TEST_CASE("tracking number: another form is none of ours", "[domain][label]") {
  for (const std::string text :
       {"", "CN473124829G", "CN4731248290GB", "RB473124829US", "cn473124829gb", "CN47312482xGB",
        "CN 73124829GB", "CN473124828GB"}) {
    CAPTURE(text);
    CHECK_FALSE(is_tracking_number(text));
  }
}

TEST_CASE("label numbers: check digits are right for every serial", "[domain][label][property]") {
  CHECK(holds("check digits by an independent computation", [](std::uint32_t any) {
    const std::uint64_t serial = any % 100'000'000U;
    const std::string carrier = tracking_number(serial);
    RC_ASSERT(carrier.size() == 13U);
    RC_ASSERT(carrier[10] == upu_digit(carrier.substr(2, 8)));
    RC_ASSERT(is_tracking_number(carrier));
    const std::string ours = sscc(prefix("9521234"), serial);
    RC_ASSERT(ours.size() == 18U);
    RC_ASSERT(ours.back() == gs1_digit(ours.substr(0, 17)));
    RC_ASSERT(is_sscc(ours));
  }));
}

TEST_CASE("label numbers: every serial has numbers of its own", "[domain][label]") {
  std::set<std::string> all;
  for (std::uint64_t serial = 0; serial < 20'000; ++serial) {
    all.insert(sscc(prefix("9521234"), serial));
    all.insert(tracking_number(serial));
  }
  CHECK(all.size() == 40'000);
}

TEST_CASE("GS1 prefix: 7 to 10 digits", "[domain][label]") {
  for (const std::string text : {"0614141", "95212345", "9521234567"}) {
    const auto parsed = Gs1Prefix::parse(text);
    REQUIRE(parsed);
    CHECK(parsed->text() == text);
    CHECK_FALSE(parsed->empty());
  }
  for (const std::string text : {"", "061414", "95212345678", "061414x", "0614 41", "-614141"}) {
    CAPTURE(text);
    const auto refused = Gs1Prefix::parse(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_gs1_prefix");
  }
  CHECK(Gs1Prefix{}.empty());
}

TEST_CASE("GS1 prefix: the longer it is the fewer serials it has", "[domain][label]") {
  // 16 digits are left for company and serial; a tracking number has eight for the serial.
  CHECK(prefix("0614141").serials() == 100'000'000);
  CHECK(prefix("95212345").serials() == 100'000'000);
  CHECK(prefix("952123456").serials() == 10'000'000);
  CHECK(prefix("9521234567").serials() == 1'000'000);
}

}  // namespace
}  // namespace cairn::domain::label_numbers_test
