#include "device-drivers/camera/code_rules.h"

#include "tests/support/catch.h"

namespace cairn::devices::code_rules_test {
namespace {

using Code = Normalised;

TEST_CASE("code rules: trade items are 13 digits with E0, EAN-8 eight with E4",
          "[devices][camera]") {
  using enum Symbology;
  CHECK(normalised(kEan13, "4006381333931", "]E0") == Code{kEan13, "]E0", "4006381333931"});
  CHECK(normalised(kUpcA, "036000291452", "]E0") == Code{kUpcA, "]E0", "0036000291452"});
  CHECK(normalised(kEan13, "0036000291452", "]E0") == Code{kUpcA, "]E0", "0036000291452"});
  CHECK(normalised(kEan8, "96385074", "") == Code{kEan8, "]E4", "96385074"});
}

TEST_CASE("code rules: UPC-E is expanded", "[devices][camera]") {
  using enum Symbology;
  CHECK(normalised(kUpcE, "04124498", "") == Code{kUpcE, "]E0", "0041244000098"});
  CHECK(normalised(kUpcE, "0041244000098", "") == Code{kUpcE, "]E0", "0041244000098"});
  CHECK_FALSE(normalised(kUpcE, "04124497", ""));
  CHECK_FALSE(normalised(kUpcE, "24124498", ""));
}

TEST_CASE("code rules: a wrong check digit, length or character is no code", "[devices][camera]") {
  using enum Symbology;
  CHECK_FALSE(normalised(kEan13, "4006381333932", ""));
  CHECK_FALSE(normalised(kEan13, "400638133393", ""));
  CHECK_FALSE(normalised(kEan13, "400638133393x", ""));
  CHECK_FALSE(normalised(kEan8, "96385075", ""));
  CHECK_FALSE(normalised(kDataBar, "04412345678908", ""));
  CHECK_FALSE(normalised(kItf, "123", ""));
  CHECK_FALSE(normalised(kItf, "12", ""));
  CHECK_FALSE(normalised(kCodabar, "A12Z4B", ""));
  CHECK_FALSE(normalised(kQrCode, "", "]Q1"));
}

TEST_CASE("code rules: ITF says whether its check digit is right", "[devices][camera]") {
  using enum Symbology;
  CHECK(normalised(kItf, "15400141288763", "") == Code{kItf, "]I1", "15400141288763"});
  CHECK(normalised(kItf, "15400141288764", "]I1") == Code{kItf, "]I0", "15400141288764"});
  CHECK(normalised(kItf, "1515", "") == Code{kItf, "]I0", "1515"});
}

TEST_CASE("code rules: DataBar is an element string, whichever way it was told",
          "[devices][camera]") {
  using enum Symbology;
  const Code omni{kDataBar, "]e0", "0104412345678909"};
  CHECK(normalised(kDataBar, "04412345678909", "]e0") == omni);
  CHECK(normalised(kDataBar, "0104412345678909", "") == omni);
  CHECK(normalised(kDataBarExpanded, "(01)98898765432106(3103)001750", "]e0") ==
        Code{kDataBarExpanded, "]e0", "01988987654321063103001750"});
  CHECK(normalised(kDataBarExpanded, "(01)98898765432106(10)AB(01)X", "]e0") ==
        Code{kDataBarExpanded, "]e0", "019889876543210610AB(01)X"});
  CHECK(normalised(kDataBarExpanded, "(10)A(1)(21)7(7)", "]e0") == Code{kDataBarExpanded, "]e0",
                                                                        "10A(1)\x1d"
                                                                        "217(7)"});
}

TEST_CASE("code rules: Codabar goes without start and stop", "[devices][camera]") {
  using enum Symbology;
  CHECK(normalised(kCodabar, "A123456B", "") == Code{kCodabar, "]F0", "123456"});
  CHECK(normalised(kCodabar, "123456", "]F0") == Code{kCodabar, "]F0", "123456"});
}

TEST_CASE("code rules: brackets become separators where the length is not known",
          "[devices][camera]") {
  CHECK(element_string("(10)1098%1234") == "101098%1234");
  CHECK(element_string("(10)A1(21)7") ==
        "10A1\x1d"
        "217");
  CHECK(element_string("(01)09521234543213(10)A(1)") == "010952123454321310A(1)");
  CHECK(element_string("(10)A(99B)C") == "10A(99B)C");
  CHECK(element_string("(17)261231(10)X") == "1726123110X");
  CHECK_FALSE(element_string("(01)0952123454321"));
  CHECK_FALSE(element_string("(10)"));
  CHECK_FALSE(element_string("10A"));
  CHECK_FALSE(element_string("(00000)1"));
  CHECK_FALSE(element_string(""));
}

}  // namespace
}  // namespace cairn::devices::code_rules_test
