#include "edge-agent/workflows/typed_scan.h"

#include "tests/support/catch.h"

namespace cairn::agent::typed_scan_test {
namespace {

using namespace std::string_literals;

std::string json(const Barcode& barcode, const std::string& symbology = "") {
  return typed_scan_json({barcode, symbology, "scanner-1", UtcTime{0}}).dump();
}

TEST_CASE("typed scan: elements, number and symbology of a GS1-128", "[agent][scan]") {
  CHECK(json({"C1",
              "010952123454321317280229\x1D"
              "10A1"s}) ==
        R"({"symbology":"Code128","aim":"]C1","text":"010952123454321317280229\\x1D10A1",)"
        R"("gtin14":"09521234543213","elements":[{"ai":"01","value":"09521234543213"},)"
        R"({"ai":"17","value":"280229"},{"ai":"10","value":"A1"}],"device":"scanner-1",)"
        R"("at":"1970-01-01T00:00:00.000Z","measure":null})");
}

TEST_CASE("typed scan: without an AIM identifier nothing is said of the symbology",
          "[agent][scan]") {
  CHECK(json({"", "4006381333931"}) ==
        R"({"symbology":null,"aim":null,"text":"4006381333931","gtin14":"04006381333931",)"
        R"("elements":[],"device":"scanner-1","at":"1970-01-01T00:00:00.000Z","measure":null})");
}

TEST_CASE("typed scan: what no GS1 rule fits is told as it is", "[agent][scan]") {
  CHECK_THAT(json({"C1", "99"}), Catch::Contains(R"("text":"99","gtin14":null,"elements":[])"));
  CHECK_THAT(json({"E0", "0012345678905"}, "UPC-E"), Catch::Contains(R"("symbology":"UPC-E")"));
}

TEST_CASE("typed scan: the measure that the site's scheme finds in a number", "[agent][scan]") {
  const auto scheme = gs1::national_scheme("se");
  const Barcode weighed{"E0", "2312345612342"};
  REQUIRE(measure_of(scheme, weighed));
  CHECK_THAT(typed_scan_json({weighed, "", "", UtcTime{0}, measure_of(scheme, weighed)}).dump(),
             Catch::Contains(R"("measure":{"kind":"weight","item":"123456","value":1234,)"
                             R"("decimals":3,"unit":"kg"})"));
  CHECK_FALSE(measure_of(scheme, {"E0", "4006381333931"}));
  CHECK_FALSE(measure_of({}, weighed));
}

TEST_CASE("typed scan: symbologies by AIM identifier", "[agent][scan]") {
  struct Row {
    std::string aim;
    std::string data;
    std::string name;
  };
  for (const Row& row :
       {Row{"E0", "4006381333931", "EAN-13"}, Row{"E0", "0012345678905", "UPC-A"},
        Row{"E0", "012345678905", "UPC-A"}, Row{"E0", "01234565", "UPC-E"},
        Row{"E4", "40123455", "EAN-8"}, Row{"A0", "A", "Code39"}, Row{"I1", "14", "ITF"},
        Row{"Q3", "01", "QRCode"}, Row{"d2", "01", "DataMatrix"}, Row{"e0", "01", "DataBar"},
        Row{"X0", "?", ""}, Row{"", "1", ""}}) {
    CAPTURE(row.aim, row.data);
    CHECK(symbology_of({row.aim, row.data}) == row.name);
  }
}

TEST_CASE("typed scan: octets that are no text are shown, and nothing else is changed",
          "[agent][scan]") {
  CHECK(shown_text("caf\xC3\xA9 \xE2\x82\xAC") == "caf\xC3\xA9 \xE2\x82\xAC");
  CHECK(shown_text("a\\b") == "a\\\\b");
  CHECK(shown_text("\x1D\r\n\x7F\0"s) == "\\x1D\\x0D\\x0A\\x7F\\x00");
  CHECK(shown_text("\xC3") == "\\xC3");
  CHECK(shown_text("\xFFx\xC3(") == "\\xFFx\\xC3(");
  CHECK(shown_text("\xED\xA0\x80") == "\\xED\\xA0\\x80");  // a surrogate
  CHECK(shown_text("").empty());
}

}  // namespace
}  // namespace cairn::agent::typed_scan_test
