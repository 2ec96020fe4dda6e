#include "core/storage/found_sales.h"

#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

namespace cairn::storage::found_sales_test {
namespace {

using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;

struct Device : test::Store {
  Device() : Store(test::site_identity(node(1), site("store"))) {}
  void save(const domain::Sale& sale, const std::string& asked, std::int64_t at_us = 1) {
    REQUIRE(job([&](UnitOfWork& work) -> Result<bool> {
      save_found_sale(work.connection(), sale, asked, UtcTime{at_us});
      return true;
    }));
  }
};

domain::Sale sale(std::uint64_t group, const std::string& reference = "web-1") {
  domain::Sale found{group_id(group), order_id(group), reference, {}};
  found.lines = {{{LineNo(1), sku("A1"), "Mug", Quantity::pieces(3), test::pounds(199)},
                  {test::gtin(1), test::gtin(2)}},
                 {{LineNo(4), sku("A2"), "Tea", {250, Uom::kKilogram}, test::pounds(500)}, {}}};
  return found;
}

TEST_CASE("found sales: one is kept as it was told", "[storage][returns]") {
  Device device;
  CHECK_FALSE(found_sale(device.connection(), group_id(5)));
  device.save(sale(5), "web-1");
  CHECK(found_sale(device.connection(), group_id(5)) == sale(5));
}

TEST_CASE("found sales: what is told again replaces what was known", "[storage][returns]") {
  Device device;
  device.save(sale(5), "web-1");
  domain::Sale less = sale(5);
  less.lines.pop_back();
  less.lines[0].sold.sold = Quantity::pieces(1);
  device.save(less, "web-1", 2);
  CHECK(found_sale(device.connection(), group_id(5)) == less);
}

TEST_CASE("found sales: by the order's number, or by what the hub was asked, the last first",
          "[storage][returns]") {
  Device device;
  device.save(sale(5), test::sscc_of(1), 1);
  device.save(sale(6), "web-1", 3);
  device.save(sale(7, "web-7"), "web-7", 2);
  const auto by_number = found_sales(device.connection(), "web-1");
  REQUIRE(by_number.size() == 2);
  CHECK(by_number[0].group == group_id(6));
  CHECK(by_number[1] == sale(5));
  const auto by_label = found_sales(device.connection(), test::sscc_of(1));
  REQUIRE(by_label.size() == 1);
  CHECK(by_label[0].group == group_id(5));
  CHECK(found_sales(device.connection(), "web-9").empty());
}

TEST_CASE("found sales: they are this device's own: a rebuild leaves them", "[storage][returns]") {
  Device device;
  device.save(sale(5), "web-1");
  const auto head = device.replica().log().author(node(1), Incarnation(1)).head;
  CHECK(head == 0);
  device.rebuild();
  CHECK(found_sale(device.connection(), group_id(5)) == sale(5));
}

}  // namespace
}  // namespace cairn::storage::found_sales_test
