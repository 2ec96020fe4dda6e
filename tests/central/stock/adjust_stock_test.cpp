#include "central/stock/adjust_stock.h"

#include "core/storage/projections/stock_on_hand.h"
#include "tests/central/support/order_hub.h"

#include <string_view>

namespace cairn::central::adjust_stock_test {
namespace {

using namespace test;
using domain::AdjustmentReason;

struct Hub : OrderHub {
  Hub() {
    define_site("store");
    define_product("A1");
    append(domain::StockEvent(
               storage::test::counted("A1", "B-1", pieces(10), domain::CountSource::kRecount)),
           {}, site("store"));
  }
  void define_site(std::string_view code) {
    const domain::Facility facility{site(code), "Store", domain::FacilityKind::kStore, {}, true};
    append(domain::ReferenceEvent(domain::FacilityDefined{facility}),
           domain::facility_key(facility.site), {});
  }
  void define_product(std::string_view article) {
    domain::Product product;
    product.sku = sku(article);
    product.name = "Article";
    append(domain::ReferenceEvent(domain::ProductDefined{product}),
           domain::product_key(product.sku), {});
  }
  Result<domain::SiteFigures> adjust(std::int64_t units, AdjustmentReason reason,
                                     std::string_view article = "A1",
                                     std::string_view at = "store") {
    return job([&](UnitOfWork& work) {
      return adjust_stock(work, {site(at), sku(article), bin("B-1"), pieces(units), reason},
                          user(3));
    });
  }
  /// "on hand, unavailable, ATP", in units.
  std::string figures() {
    const auto now = storage::site_figures(connection(), site("store"), sku("A1"));
    return milli_text(now.on_hand_milli) + " " + milli_text(now.unavailable_milli) + " " +
           milli_text(now.atp_milli());
  }
};

TEST_CASE("adjustments: a reason changes what is there, or what can be promised of it",
          "[central][stock]") {
  Hub hub;
  const auto lost = hub.adjust(-2, AdjustmentReason::kVarLost);
  REQUIRE(lost);
  CHECK(lost->on_hand_milli == pieces(8));
  CHECK(hub.figures() == "8 0 8");
  REQUIRE(hub.adjust(-3, AdjustmentReason::kDamaged));
  CHECK(hub.figures() == "8 3 5");
  REQUIRE(hub.adjust(1, AdjustmentReason::kDamaged));  // one was only dusty
  CHECK(hub.figures() == "8 2 6");
  REQUIRE(hub.adjust(4, AdjustmentReason::kVarFound));
  CHECK(hub.figures() == "12 2 10");
  // Of what is set apart no more comes back than was set apart, of that kind.
  CHECK(hub.adjust(3, AdjustmentReason::kDamaged).error().reason == "not_there");
  CHECK(hub.adjust(1, AdjustmentReason::kQc).error().reason == "not_there");
  CHECK(hub.adjust(-11, AdjustmentReason::kVarStolen).error().reason == "not_there");
  CHECK(hub.figures() == "12 2 10");
}

TEST_CASE("adjustments: what is promised may be lost, and the shortage shows", "[central][stock]") {
  Hub hub;
  hub.route(hub.place("1", {{1, "A1", 9}}), 1, {{1, "A1", 9}});
  REQUIRE(hub.adjust(-4, AdjustmentReason::kVarStolen));
  CHECK(hub.figures() == "6 0 -3");
}

TEST_CASE("adjustments: of articles and sites that are known", "[central][stock]") {
  Hub hub;
  const auto before = hub.written();
  CHECK(hub.adjust(1, AdjustmentReason::kVarFound, "A9").error().reason == "no_such_product");
  CHECK(hub.adjust(1, AdjustmentReason::kVarFound, "A1", "depot").error().reason == "no_such_site");
  CHECK(hub.written() == before);
}

}  // namespace
}  // namespace cairn::central::adjust_stock_test
