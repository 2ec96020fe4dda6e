#include "core/base/barcode.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::barcode_test {
namespace {

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

}  // namespace
}  // namespace cairn::barcode_test
