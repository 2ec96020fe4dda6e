#include "core/domain/routing/held_stock.h"

#include "tests/core/base/support/names.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <rapidcheck.h>
#include <string>
#include <vector>

namespace cairn::domain::held_stock_test {
namespace {

using cairn::test::holds;
using cairn::test::site;
using Stock = std::vector<StockForOrder>;

TEST_CASE("held stock: the nearest sites are left to the order that is routed",
          "[domain][routing]") {
  const Stock all{{site("near"), 10, 2000}, {site("far"), 900, 3000}, {site("mid"), 50, 1000}};
  Stock left = all;
  keep_back(left, {{{}, 3500}});
  CHECK(left == Stock{{site("near"), 10, 2000}, {site("far"), 900, 0}, {site("mid"), 50, 500}});
  left = all;
  keep_back(left, {});
  CHECK(left == all);
  // A pickup's units are at its site and nowhere else.
  left = all;
  keep_back(left, {{site("near"), 5000}, {{}, 1000}});
  CHECK(left == Stock{{site("near"), 10, 0}, {site("far"), 900, 2000}, {site("mid"), 50, 1000}});
  left = all;
  keep_back(left, {{site("elsewhere"), 5000}});
  CHECK(left == all);
  // A site that promised more than it has gives nothing, and gets nothing.
  left = {{site("near"), 10, -500}, {site("far"), 900, 1000}};
  keep_back(left, {{{}, 9000}});
  CHECK(left == Stock{{site("near"), 10, -500}, {site("far"), 900, 0}});
}

TEST_CASE("held stock: never more than there is, and as much as is held", "[domain][routing]") {
  CHECK(holds("held", [](const std::vector<std::int16_t>& atp, std::uint16_t held) {
    Stock stock;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < atp.size(); ++i) {
      stock.push_back({site("s-" + std::to_string(i)), static_cast<std::int64_t>(i % 3), atp[i]});
      before += std::max<std::int64_t>(atp[i], 0);
    }
    keep_back(stock, {{{}, held}});
    std::int64_t after = 0;
    for (std::size_t i = 0; i < atp.size(); ++i) {
      RC_ASSERT(stock[i].atp_milli >= std::min<std::int64_t>(atp[i], 0));
      RC_ASSERT(stock[i].atp_milli <= atp[i]);
      after += std::max<std::int64_t>(stock[i].atp_milli, 0);
    }
    RC_ASSERT(after == std::max<std::int64_t>(before - held, 0));
  }));
}

}  // namespace
}  // namespace cairn::domain::held_stock_test
