#include "core/domain/policy/stock_policy.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::domain {
namespace {

using namespace test;

Story story() { return Story().allocated({pieces(1, 2), grams(2, 1500)}); }

TEST_CASE("stock policy: a pick moves units from the bin into the group's tote",
          "[domain][policy]") {
  const LinePicked by_piece{LineNo(1), 2000, location("A-01")};
  CHECK(stock_moves_of(story().group(), by_piece) ==
        std::vector<StockMoved>{{sku("SKU-1"), location("A-01"), tote_of(kGroup),
                                 Quantity::pieces(2), MovementReason::kPick, kGroup}});
  const LinePicked by_weight{LineNo(2), 250, location("B-02")};
  CHECK(stock_moves_of(story().group(), by_weight) ==
        std::vector<StockMoved>{{sku("SKU-2"), location("B-02"), tote_of(kGroup),
                                 Quantity{250, Uom::kKilogram}, MovementReason::kPick, kGroup}});
}

TEST_CASE("stock policy: a shipment issues each line from the tote", "[domain][policy]") {
  const ShipGroupShipped shipped{{{LineNo(2), 1500}, {LineNo(1), 1000}}};
  CHECK(stock_moves_of(story().group(), shipped) ==
        std::vector<StockMoved>{{sku("SKU-2"), tote_of(kGroup), LocationCode{},
                                 Quantity{1500, Uom::kKilogram}, MovementReason::kIssue, kGroup},
                                {sku("SKU-1"), tote_of(kGroup), LocationCode{}, Quantity::pieces(1),
                                 MovementReason::kIssue, kGroup}});
}

TEST_CASE("stock policy: a line the group does not have moves nothing", "[domain][policy]") {
  CHECK(stock_moves_of(story().group(), LinePicked{LineNo(9), 1000, location("A-01")}).empty());
  CHECK(stock_moves_of(ShipGroup{}, LinePicked{LineNo(1), 1000, location("A-01")}).empty());
  const ShipGroupShipped shipped{{{LineNo(9), 1000}, {LineNo(1), 1000}}};
  CHECK(stock_moves_of(story().group(), shipped).size() == 1);
}

TEST_CASE("stock policy: allocations, claims and releases move nothing", "[domain][policy]") {
  const ShipGroup group = story().group();
  CHECK(stock_moves_of(group, story().events().front().event).empty());
  CHECK(stock_moves_of(group, TaskClaimed{"S1"}).empty());
  CHECK(stock_moves_of(group, TaskReleased{}).empty());
}

TEST_CASE("stock policy: what follows from a decided command is a valid movement",
          "[domain][policy]") {
  const auto all = Story(story()).picked(kNodeA, 1, 2000).picked(kNodeA, 2, 1500);
  for (const StockMoved& moved :
       stock_moves_of(all.group(), ShipGroupShipped{{{LineNo(1), 2000}, {LineNo(2), 1500}}})) {
    CHECK(validate(moved));
  }
}

}  // namespace
}  // namespace cairn::domain
