#include "core/domain/returns/sale.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::domain::sale_test {
namespace {

using namespace test;

TEST_CASE("sale: a group as what was sold of it", "[domain][returns]") {
  ShipGroupLine mug = pieces(1, 5);
  mug.gtins = {gtin("4006381333931")};
  auto story = Story()
                   .allocated({mug, pieces(2, 1)})
                   .picked(kNodeA, 1, 4000)
                   .shipped(kNodeA, {units(1, 3000)})
                   .returned(1, 1000);
  const Sale sale = sale_of(story.group());
  CHECK(sale.group == kGroup);
  CHECK(sale.order == kOrder);
  CHECK(sale.order_reference == "WEB-1001");
  REQUIRE(sale.lines.size() == 2);
  CHECK(sale.lines[0].sold == sold_line(*story.group().find(LineNo(1))));
  CHECK(sale.lines[0].sold.sold == Quantity::pieces(3));
  CHECK(sale.lines[0].gtins == mug.gtins);
  CHECK(sale.lines[1].sold.sold == Quantity::pieces(0));
  CHECK(sale.sold_milli() == 3000);
}

TEST_CASE("sale: lines are found by their number", "[domain][returns]") {
  const Sale sale = sale_of(Story().allocated({pieces(3, 1), pieces(7, 2)}).group());
  REQUIRE(sale.find(LineNo(7)) != nullptr);
  CHECK(sale.find(LineNo(7))->sold.sku == sku("SKU-7"));
  CHECK(sale.find(LineNo(1)) == nullptr);
  CHECK(Sale{}.sold_milli() == 0);
}

TEST_CASE("sale: a scanned logistic label carries its SSCC behind the identifier 00",
          "[domain][returns]") {
  const std::string number = sscc_of(7);
  CHECK(label_number("00" + number) == number);
  // Everything else is left as it is: an SSCC may itself begin with 00.
  for (const std::string& text :
       {number, std::string("006141410000000001"), std::string("CN473124829GB"),
        std::string("WEB-1001"), std::string(), std::string("01") + number}) {
    CHECK(label_number(text) == text);
  }
}

}  // namespace
}  // namespace cairn::domain::sale_test
