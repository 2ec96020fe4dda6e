#include "core/gs1/scan.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::gs1::scan_test {
namespace {

/// "]C1 09506000134352 (01)…", parts that are not there left out; or the fault.
std::string read(std::string_view sent) {
  const auto scan = parse_scan(sent);
  if (!scan) {
    return std::string(name_of(scan.error().code)) + '@' + std::to_string(scan.error().position);
  }
  std::string text = scan->symbology.empty() ? "?" : scan->symbology;
  if (scan->gtin) text += ' ' + scan->gtin->text();
  if (!scan->elements.empty()) text += ' ' + bracketed(scan->elements);
  return text;
}

TEST_CASE("gs1: the AIM identifier says what the data is", "[gs1]") {
  struct Case {
    std::string sent;
    std::string result;
  };
  const std::vector<Case> cases = {
      {"]C1010950600013435210AB", "]C1 09506000134352 (01)09506000134352(10)AB"},
      {"]e00109506000134352", "]e0 09506000134352 (01)09506000134352"},
      {"]d20109506000134352", "]d2 09506000134352 (01)09506000134352"},
      {"]d80109506000134352", "]d8 09506000134352 (01)09506000134352"},
      {"]Q30109506000134352", "]Q3 09506000134352 (01)09506000134352"},
      {"]J10109506000134352", "]J1 09506000134352 (01)09506000134352"},
      {"]C100106141412345678908", "]C1 (00)106141412345678908"},
      {"]C1", "length@0"},
      {"]C1X", "unknown_ai@0"},
      {"]C00109506000134352", "]C0"},
      {"]d1hello", "]d1"},
      {"]Q1hello", "]Q1"},
      {"]A0123", "]A0"},
      // EAN and UPC
      {"]E04006381333931", "]E0 04006381333931"},
      {"]E00036000291452", "]E0 00036000291452"},
      {"]E0036000291452", "length@12"},
      {"]E004252614", "length@8"},
      {"]E04006381333932", "check_digit@12"},
      {"]E0400638133393", "length@12"},
      {"]E012345", "length@5"},
      {"]E0400638133393x", "charset@12"},
      {"]E024252614", "length@8"},
      {"]E495200002", "]E4 00000095200002"},
      {"]E495200003", "check_digit@7"},
      {"]E4036000291452", "length@8"},
      {"]E495200002|]e010AB", "]E4 00000095200002 (10)AB"},
      {"]E3400638133393112", "]E3 04006381333931"},
      {"]E3400638133393112345", "]E3 04006381333931"},
      {"]E34006381333931123", "length@13"},
      {"]E112", "]E1"},
      // A composite component says more about the article of the linear one.
      {"]E04006381333931|]e010AB", "]E0 04006381333931 (10)AB"},
      {"]E04006381333931|]e089", "unknown_ai@17"},
      // ITF
      {"]I109506000134352", "]I1 09506000134352"},
      {"]I009506000134352", "]I0 09506000134352"},
      {"]I009506000134353", "]I0"},
      {"]I1123456", "]I1"},
      // Links
      {"]Q1https://id.gs1.org/01/09520123456788/10/A",
       "]Q1 09520123456788 (01)09520123456788(10)A"},
      {"]d1http://a/01/09520123456788", "]d1 09520123456788 (01)09520123456788"},
      {"]Q1https://example.com/hello?x=1", "]Q1"},
      {"]Q1https://id.gs1.org/01/09520123456789", "check_digit@35"},
      // No identifier
      {"4006381333931", "? 04006381333931"},
      {"4006381333932", "?"},
      {"10AB\x1D"
       "21X",
       "? (10)AB(21)X"},
      {"AB\x1D"
       "21X",
       "?"},
      {"https://id.gs1.org/01/09520123456788", "? 09520123456788 (01)09520123456788"},
      {"0109506000134352", "?"},
      {"", "?"},
      {"]", "?"},
      {"]C", "?"},
  };
  for (const Case& one : cases) {
    INFO(one.sent);
    CHECK(read(one.sent) == one.result);
  }
}

TEST_CASE("gs1: only an AIM identifier verifies the carrier", "[gs1]") {
  CHECK(parse_scan("]E04006381333931")->carrier_verified);
  CHECK_FALSE(parse_scan("4006381333931")->carrier_verified);
}

TEST_CASE("gs1: EAN, UPC and ITF-14 numbers are trade items", "[gs1]") {
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
    CHECK(gtin_of(row.barcode)->text() == row.item);
  }
}

TEST_CASE("gs1: an element string carries its trade item in AI (01)", "[gs1]") {
  for (const std::string symbology : {"C1", "d2", "Q3", "e0"}) {
    CAPTURE(symbology);
    CHECK(gtin_of({symbology, "0104006381333931"}) == Gtin::parse("4006381333931").value());
    CHECK(gtin_of({symbology, "010400638133393117261124"}) == Gtin::parse("4006381333931").value());
    CHECK(gtin_of({symbology,
                   "010400638133393110BATCH\x1d"
                   "21S1"}) == Gtin::parse("4006381333931").value());
    CHECK_FALSE(gtin_of({symbology, "010400638133393"}));       // one digit short
    CHECK_FALSE(gtin_of({symbology, "0104006381333932"}));      // wrong check digit
    CHECK_FALSE(gtin_of({symbology, "0204006381333931"}));      // contained items
    CHECK_FALSE(gtin_of({symbology, "00376104250021234569"}));  // a logistic unit
    CHECK_FALSE(gtin_of({symbology, "4006381333931"}));
    CHECK_FALSE(gtin_of({symbology, "01"}));
    CHECK_FALSE(gtin_of({symbology, ""}));
  }
}

TEST_CASE("gs1: without an identifier an element string is no trade item", "[gs1]") {
  CHECK_FALSE(gtin_of({"", "0104006381333931"}));
  CHECK_FALSE(gtin_of({"C0", "0104006381333931"}));
}

TEST_CASE("gs1: a number with a wrong check digit or length is no trade item", "[gs1]") {
  for (const std::string data :
       {"4006381333932", "96385075", "036000291453", "10614141000416", "400638133393", "9638507",
        "1234567890", "40063813339311234", "40063813339 1", "SKU-1", "]E04006381333931",
        "-006381333931", ""}) {
    CAPTURE(data);
    CHECK_FALSE(gtin_of({"", data}));
  }
}

TEST_CASE("gs1: which article a code names does not hang on its other elements", "[gs1]") {
  const Gtin mug = Gtin::parse("4006381333931").value();
  CHECK(gtin_of({"C1",
                 "10BATCH\x1D"
                 "0104006381333931"}) == mug);                // not at the front
  CHECK(gtin_of({"d2", "010400638133393117261399"}) == mug);  // no such month
  CHECK(gtin_of({"d2", "01040063813339318912"}) == mug);      // no such AI
  CHECK_FALSE(gtin_of({"d2",
                       "17261399"
                       "0104006381333931"}));  // what is behind is not sure
  CHECK(gtin_of({"Q1", "https://id.gs1.org/01/04006381333931/10/A"}) == mug);
  CHECK_FALSE(gtin_of({"Q1", "https://id.gs1.org/00/106141412345678908"}));
  CHECK(gtin_of({"E0", "04252614"})->text() == "00042100005264");  // UPC-E
  CHECK(gtin_of({"E0", "036000291452"})->text() == "00036000291452");
  CHECK_FALSE(gtin_of({"E0", "95200002"}));        // an EAN-8, and no UPC-E
  CHECK(gtin_of({"C0", "4006381333931"}) == mug);  // a shop's own label
  CHECK(gtin_of({"d8", "0104006381333931"}) == mug);
  CHECK(gtin_of({"J1", "0104006381333931"}) == mug);
}

}  // namespace
}  // namespace cairn::gs1::scan_test
