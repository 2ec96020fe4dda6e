#include "core/base/barcode.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::barcode_test {
namespace {

using test::gtin;

TEST_CASE("barcode: an AIM identifier is cut off only where the scanner sends one",
          "[base][barcode]") {
  struct Row {
    std::string sent;
    bool aim;
    Barcode read;
  };
  const std::vector<Row> rows{
      {"]E04006381333931", true, {"E0", "4006381333931"}},
      {"]E04006381333931", false, {"", "]E04006381333931"}},
      {"]C1010400638133393117261124", true, {"C1", "010400638133393117261124"}},
      {"]d2", true, {"d2", ""}},
      {"4006381333931", true, {"", "4006381333931"}},
      {"4006381333931", false, {"", "4006381333931"}},
      // A code may begin with the same character without being an identifier.
      {"]SHELF-7", false, {"", "]SHELF-7"}},
      {"]-7 SHELF", true, {"", "]-7 SHELF"}},
      {"]7A", true, {"", "]7A"}},
      {"]A-", true, {"", "]A-"}},
      {"]E", true, {"", "]E"}},
      {"]", true, {"", "]"}},
      {"", true, {"", ""}},
      {"", false, {"", ""}},
      {"X]E04006381333931", true, {"", "X]E04006381333931"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.sent, row.aim);
    CHECK(parse_barcode(row.sent, row.aim) == row.read);
  }
}

TEST_CASE("barcode: EAN, UPC and ITF-14 numbers are trade items", "[base][barcode]") {
  struct Row {
    Barcode barcode;
    std::string_view item;
  };
  const std::vector<Row> rows{
      {{"", "4006381333931"}, "04006381333931"},    // EAN-13
      {{"", "96385074"}, "00000096385074"},         // EAN-8
      {{"", "036000291452"}, "00036000291452"},     // UPC-A
      {{"", "10614141000415"}, "10614141000415"},   // ITF-14
      {{"E0", "4006381333931"}, "04006381333931"},  // the same with their identifiers
      {{"E4", "96385074"}, "00000096385074"},       {{"E0", "0036000291452"}, "00036000291452"},
      {{"I1", "10614141000415"}, "10614141000415"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.barcode.symbology, row.barcode.data);
    CHECK(gtin_of(row.barcode) == gtin(row.item));
  }
}

TEST_CASE("barcode: an element string carries its trade item in AI (01)", "[base][barcode]") {
  for (const std::string symbology : {"C1", "d2", "Q3", "e0"}) {
    CAPTURE(symbology);
    CHECK(gtin_of({symbology, "0104006381333931"}) == gtin("4006381333931"));
    CHECK(gtin_of({symbology, "010400638133393117261124"}) == gtin("4006381333931"));
    CHECK(gtin_of({symbology,
                   "010400638133393110BATCH\x1d"
                   "21S1"}) == gtin("4006381333931"));
    CHECK_FALSE(gtin_of({symbology, "010400638133393"}));       // one digit short
    CHECK_FALSE(gtin_of({symbology, "0104006381333932"}));      // wrong check digit
    CHECK_FALSE(gtin_of({symbology, "0204006381333931"}));      // contained items
    CHECK_FALSE(gtin_of({symbology, "00376104250021234569"}));  // a logistic unit
    CHECK_FALSE(gtin_of({symbology, "4006381333931"}));
    CHECK_FALSE(gtin_of({symbology, "01"}));
    CHECK_FALSE(gtin_of({symbology, ""}));
  }
}

TEST_CASE("barcode: without an identifier an element string is no trade item", "[base][barcode]") {
  CHECK_FALSE(gtin_of({"", "0104006381333931"}));
  CHECK_FALSE(gtin_of({"C0", "0104006381333931"}));
}

TEST_CASE("barcode: a number with a wrong check digit or length is no trade item",
          "[base][barcode]") {
  for (const std::string data :
       {"4006381333932", "96385075", "036000291453", "10614141000416", "400638133393", "9638507",
        "1234567890", "40063813339311234", "40063813339 1", "SKU-1", "]E04006381333931",
        "-006381333931", ""}) {
    CAPTURE(data);
    CHECK_FALSE(gtin_of({"", data}));
  }
}

}  // namespace
}  // namespace cairn::barcode_test
