#include "core/gs1/element_values.h"

#include "tests/support/catch.h"

#include <string>

namespace cairn::gs1::element_values_test {
namespace {

using namespace std::chrono;  // NOLINT(google-build-using-namespace): days are written as literals

TEST_CASE("gs1: a year of two digits is the nearest", "[gs1]") {
  constexpr year kNow{2026};
  CHECK(day_of("261127", kNow) == 2026y / November / 27);
  CHECK(day_of("760101", kNow) == 2076y / January / 1);  // 50 ahead
  CHECK(day_of("770101", kNow) == 1977y / January / 1);  // 51 ahead would be too far
  CHECK(day_of("000229", kNow) == 2000y / February / 29);
  CHECK(day_of("250101", year{2075}) == 2125y / January / 1);  // 50 back would be too far
  CHECK(day_of("260101", year{2075}) == 2026y / January / 1);
}

TEST_CASE("gs1: a day of zero is the last of its month", "[gs1]") {
  CHECK(day_of("260200", 2026y) == 2026y / February / 28);
  CHECK(day_of("280200", 2026y) == 2028y / February / 29);
  CHECK(day_of("261200", 2026y) == 2026y / December / 31);
}

TEST_CASE("gs1: amounts have the decimals of their identifier", "[gs1]") {
  CHECK(amount_of({"3103", "001234"}) == Amount{1234, 3, ""});
  CHECK(amount_of({"3100", "001234"}) == Amount{1234, 0, ""});
  CHECK(amount_of({"3922", "0599"}) == Amount{599, 2, ""});
  CHECK(amount_of({"3932", "978599"}) == Amount{599, 2, "978"});
  CHECK(amount_of({"3909", "999999999999999"}) == Amount{999'999'999'999'999, 9, ""});
  CHECK(amount_of({"37", "25"}) == Amount{25, 0, ""});
  CHECK(amount_of({"3952", "000199"}) == Amount{199, 2, ""});
  for (const Element& none :
       {Element{"10", "12"}, Element{"3940", "0010"}, Element{"3103", "1"},
        Element{"3106", "001234"}, Element{"", ""}, Element{"8005", "000100"}}) {
    INFO(none.ai);
    CHECK_FALSE(amount_of(none));
  }
}

}  // namespace
}  // namespace cairn::gs1::element_values_test
