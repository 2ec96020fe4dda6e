#include "core/domain/product/product.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::product_test {
namespace {

using namespace test;

TEST_CASE("product: what a definition must hold to", "[domain][product]") {
  Product good;
  good.sku = sku("SKU-1");
  good.name = "Pencil";
  CHECK(validate(good));
  const Gtin number = gtin("4006381333931");
  const std::vector<std::pair<std::function<void(Product&)>, bool>> rows{
      {[](Product& p) { p.sku = Sku{}; }, false},
      {[](Product& p) { p.name.clear(); }, false},
      {[](Product& p) { p.name = std::string(200, 'n'); }, true},
      {[](Product& p) { p.name = std::string(201, 'n'); }, false},
      {[](Product& p) { p.name = "\xc3"; }, false},
      {[&number](Product& p) { p.gtins.assign(16, number); }, true},
      {[&number](Product& p) { p.gtins.assign(17, number); }, false},
      {[](Product& p) { p.unit_weight_mg = 0; }, true},
      {[](Product& p) { p.unit_weight_mg = -1; }, false},
      {[](Product& p) { p.price = gbp(0); }, true},
      {[](Product& p) { p.price = gbp(-1); }, false},
      {[](Product& p) { p.active = false; }, true},
      {[](Product& p) { p.hazmat = true; }, true},
      {[](Product& p) { p.category = std::string(64, 'c'); }, true},
      {[](Product& p) { p.category = std::string(65, 'c'); }, false},
      {[](Product& p) { p.category = "\xc3"; }, false},
      {[](Product& p) { p.parts = {{sku("A"), 1}, {sku("B"), KitPart::kMaxUnits}}; }, true},
      {[](Product& p) { p.parts = {{sku("B"), 1}, {sku("A"), 1}}; }, false},
      {[](Product& p) { p.parts = {{sku("A"), 1}, {sku("A"), 1}}; }, false},
      {[](Product& p) { p.parts = {{sku("A"), 0}}; }, false},
      {[](Product& p) { p.parts = {{sku("A"), KitPart::kMaxUnits + 1}}; }, false},
      {[](Product& p) { p.parts = {{sku("SKU-1"), 1}}; }, false},
      {[](Product& p) {
         p.uom = Uom::kKilogram;
         p.parts = {{sku("A"), 1}};
       },
       false},
      {[](Product& p) {
         for (int i = 10; i < 60; ++i) p.parts.push_back({sku("P" + std::to_string(i)), 1});
       },
       true},
      {[](Product& p) {
         for (int i = 10; i < 61; ++i) p.parts.push_back({sku("P" + std::to_string(i)), 1});
       },
       false},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    Product product = good;
    rows[i].first(product);
    const auto ok = validate(product);
    CHECK(ok.has_value() == rows[i].second);
    if (!ok) CHECK(ok.error().code == ErrorCode::kInvalid);
    if (!ok) CHECK(ok.error().reason == "bad_product");
  }
}

}  // namespace
}  // namespace cairn::domain::product_test
