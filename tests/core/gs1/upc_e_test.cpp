#include "core/gs1/upc_e.h"

#include "core/base/gtin.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::gs1::upc_e_test {
namespace {

TEST_CASE("gs1: UPC-E is expanded by its last digit", "[gs1]") {
  // Both without the check digit, which is that of the longer number.
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"0425261", "04210000526"}, {"0123450", "01200000345"}, {"0123451", "01210000345"},
      {"0123452", "01220000345"}, {"0123453", "01230000045"}, {"0123454", "01234000005"},
      {"0123455", "01234500005"}, {"0123456", "01234500006"}, {"0123459", "01234500009"},
      {"1123456", "11234500006"},
  };
  for (const auto& [upc_e, upc_a] : cases) {
    INFO(upc_e);
    const std::string check = std::to_string(gs1_check_digit(upc_a));
    CHECK(expand_upc_e(upc_e + check) == upc_a + check);
  }
  CHECK(expand_upc_e("04252614") == "042100005264");
  CHECK(expand_upc_e("01234565") == "012345000065");
}

TEST_CASE("gs1: eight digits that are no UPC-E", "[gs1]") {
  CHECK(expand_upc_e("04252615").error() ==
        Fault{FaultCode::kCheckDigit, "the check digit is 5, it must be 4", 7});
  CHECK(expand_upc_e("24252614").error().code == FaultCode::kNumberSystem);
  CHECK(expand_upc_e("0425261").error().code == FaultCode::kLength);
  CHECK(expand_upc_e("042526144").error().code == FaultCode::kLength);
  CHECK(expand_upc_e("0425x614").error() == Fault{FaultCode::kCharset, "UPC-E has no 'x'", 4});
}

}  // namespace
}  // namespace cairn::gs1::upc_e_test
