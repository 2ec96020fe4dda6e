#include "core/domain/policy/stock_policy.h"

#include "core/domain/promise/availability.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain::stock_policy_test {
namespace {

using namespace test;
using Events = std::vector<StockEvent>;

Story story() { return Story().allocated({pieces(1, 2), grams(2, 1500)}); }

StockMoved moved(const LocationCode& from, const LocationCode& to, MovementReason reason,
                 std::int64_t count = 1) {
  return {sku("SKU-1"), from, to, Quantity::pieces(count), reason, kGroup};
}

const LocationCode kBin = location("A-01");
const LocationCode kWorld;

TEST_CASE("stock policy: a pick moves units from the bin into the group's tote",
          "[domain][policy]") {
  const LinePicked by_piece{LineNo(1), 2000, kBin};
  CHECK(stock_events_of(story().group(), by_piece) ==
        Events{moved(kBin, tote_of(kGroup), MovementReason::kPick, 2)});
  const LinePicked by_weight{LineNo(2), 250, location("B-02")};
  CHECK(stock_events_of(story().group(), by_weight) ==
        Events{StockMoved{sku("SKU-2"), location("B-02"), tote_of(kGroup),
                          Quantity{250, Uom::kKilogram}, MovementReason::kPick, kGroup}});
}

TEST_CASE("stock policy: a shipment issues each line from the tote", "[domain][policy]") {
  const ShipGroupShipped shipped{{{LineNo(2), 1500}, {LineNo(1), 1000}}};
  CHECK(stock_events_of(story().group(), shipped) ==
        Events{StockMoved{sku("SKU-2"), tote_of(kGroup), kWorld, Quantity{1500, Uom::kKilogram},
                          MovementReason::kIssue, kGroup},
               moved(tote_of(kGroup), kWorld, MovementReason::kIssue)});
}

TEST_CASE("stock policy: a hand-over issues, too, and its undoing gives back what it issued",
          "[domain][policy]") {
  auto ready = story().picked(kNodeA, 1, 2000);
  const HandedOver handed{{units(1, 2000)}, HandOverProof::kCode, {}, ""};
  CHECK(stock_events_of(ready.group(), handed) ==
        Events{moved(tote_of(kGroup), kWorld, MovementReason::kIssue, 2)});
  ready.tell(kNodeA, handed);
  const HandOverUndone undone{ready.last()};
  CHECK(stock_events_of(ready.group(), undone) ==
        Events{moved(kWorld, tote_of(kGroup), MovementReason::kIssueUndone, 2)});
  // Once, and only what is known.
  ready.tell(kNodeA, undone);
  CHECK(stock_events_of(ready.group(), undone).empty());
  CHECK(stock_events_of(ready.group(), HandOverUndone{{kNodeB, Incarnation(1), 9}}).empty());
}

TEST_CASE("stock policy: a second hand-over that is taken back gives back what it issued",
          "[domain][policy]") {
  auto ready = Story().allocated({pieces(1, 2)}, FulfilmentMethod::kPickup).picked(kNodeA, 1, 2000);
  ready.handed_over(kNodeA, {units(1, 2000)});
  const EventRef second = ready.handed_over(kNodeB, {units(1, 2000)}).last();
  CHECK(stock_events_of(ready.group(), HandOverUndone{second}) ==
        Events{moved(kWorld, tote_of(kGroup), MovementReason::kIssueUndone, 2)});
}

// Units returned in those ten seconds are on hand already.
TEST_CASE("stock policy: what came back of a hand-over is not given back by its undoing",
          "[domain][policy]") {
  auto ready = Story().allocated({pieces(1, 2)}, FulfilmentMethod::kPickup).picked(kNodeA, 1, 2000);
  const EventRef handed = ready.handed_over(kNodeA, {units(1, 2000)}).last();
  ready.returned(1, 1000);
  CHECK(stock_events_of(ready.group(), HandOverUndone{handed}) ==
        Events{moved(kWorld, tote_of(kGroup), MovementReason::kIssueUndone, 1)});
}

TEST_CASE("stock policy: a put-back leads from the tote to the bin it was put into",
          "[domain][policy]") {
  const PutBackDone done{{kNodeA, Incarnation(1), 1}, LineNo(1), 1000, location("C-03")};
  CHECK(stock_events_of(story().group(), done) ==
        Events{moved(tote_of(kGroup), location("C-03"), MovementReason::kPutBack)});
}

TEST_CASE("stock policy: an undone pick leads from the tote to the bin it came from, once",
          "[domain][policy]") {
  auto picked = story().picked(kNodeA, 1, 2000, "C-03");
  const PickUndone undone{picked.last(), LineNo(1), 2000};
  CHECK(stock_events_of(picked.group(), undone) ==
        Events{moved(tote_of(kGroup), location("C-03"), MovementReason::kPickUndone, 2)});
  picked.tell(kNodeA, undone);
  CHECK(stock_events_of(picked.group(), undone).empty());
  CHECK(stock_events_of(picked.group(), PickUndone{{kNodeB, Incarnation(1), 9}, LineNo(1), 1000})
            .empty());
}

// ---- shorts ----

Events of_short(ShortReason reason, const LocationCode& from = kBin) {
  return stock_events_of(story().group(), LineShorted{LineNo(1), 2000, reason, from});
}

TEST_CASE("stock policy: an empty bin is counted as zero, whatever was missing",
          "[domain][policy]") {
  CHECK(of_short(ShortReason::kNotInStock) ==
        Events{StockCounted{sku("SKU-1"), kBin, Quantity::pieces(0), CountSource::kNotInStock}});
}

TEST_CASE("stock policy: units that are missing or something else are lost", "[domain][policy]") {
  for (const ShortReason reason : {ShortReason::kShortPartial, ShortReason::kMismatch}) {
    CHECK(of_short(reason) == Events{moved(kBin, kWorld, MovementReason::kShort, 2)});
  }
}

TEST_CASE("stock policy: units that cannot be sold stay on hand, set apart", "[domain][policy]") {
  CHECK(of_short(ShortReason::kDamaged) ==
        Events{moved(kBin, hold_damaged(), MovementReason::kHold, 2)});
  CHECK(of_short(ShortReason::kWornDisplay) ==
        Events{moved(kBin, hold_display(), MovementReason::kHold, 2)});
}

TEST_CASE("stock policy: other reasons say nothing about the stock", "[domain][policy]") {
  for (const ShortReason reason : {ShortReason::kNoVariance, ShortReason::kAvoidSplit,
                                   ShortReason::kStoreBusy, ShortReason::kNoCapacity}) {
    CAPTURE(name_of(reason));
    CHECK(of_short(reason).empty());
  }
}

/// A site with five pieces of the article, all in its bin, after these events.
SiteFigures five_after(const Events& events) {
  std::int64_t in_bin = 5000;
  SiteFigures figures;
  for (const StockEvent& event : events) {
    if (const auto* const count = std::get_if<StockCounted>(&event)) {
      in_bin = count->quantity.milli;
    } else {
      const auto& movement = std::get<StockMoved>(event);
      if (movement.from == kBin) in_bin -= movement.quantity.milli;
      if (is_hold(movement.to)) figures.unavailable_milli += movement.quantity.milli;
    }
  }
  figures.on_hand_milli = in_bin + figures.unavailable_milli;
  return figures;
}

// Three are ordered of five, and two of them reported with the reason.
TEST_CASE(
    "stock policy: each reason code releases its units, and has its own effect on the figures",
    "[domain][policy]") {
  struct Row {
    std::string_view code;
    std::int64_t on_hand;
    std::int64_t unavailable;
    std::int64_t atp;
  };
  const std::vector<Row> rows{
      {"NOT_IN_STOCK", 0, 0, -1000},  // a count of nothing
      {"SHORT_PARTIAL", 3000, 0, 2000}, {"MISMATCH", 3000, 0, 2000},
      {"DAMAGED", 5000, 2000, 2000},    {"WORN_DISPLAY", 5000, 2000, 2000},
      {"NO_VARIANCE", 5000, 0, 4000},   {"AVOID_SPLIT", 5000, 0, 4000},
      {"STORE_BUSY", 5000, 0, 4000},    {"NO_CAPACITY", 5000, 0, 4000},
  };
  REQUIRE(rows.size() == short_reasons().size());
  const auto before = Story().allocated({pieces(1, 3)}).claimed(kNodeA, "S1");
  for (const Row& row : rows) {
    CAPTURE(row.code);
    const auto reason = parse_short_reason(row.code);
    REQUIRE(reason);
    SiteFigures figures =
        five_after(stock_events_of(before.group(), LineShorted{LineNo(1), 2000, *reason, kBin}));
    const LineBuckets in = Story(before).shorted(kNodeA, 1, 2000, *reason).group().totals();
    CHECK(in.short_milli == 2000);
    figures.reserved_milli = in.open_milli + in.picked_milli + in.packed_milli;
    CHECK(figures.reserved_milli == 1000);
    CHECK(figures.on_hand_milli == row.on_hand);
    CHECK(figures.unavailable_milli == row.unavailable);
    CHECK(figures.atp_milli() == row.atp);
  }
}

TEST_CASE("stock policy: a short without a bin says nothing about the stock", "[domain][policy]") {
  for (const ShortReason reason : short_reasons()) CHECK(of_short(reason, LocationCode{}).empty());
}

// ---- returns ----

ReturnedLine returned(ReturnCondition condition, const LocationCode& to) {
  return {LineNo(1), sku("SKU-1"), "Article 1", Quantity::pieces(1), 2000, gbp(199),
          gbp(199),  condition,    to};
}

TEST_CASE("stock policy: what a customer brought back comes from outside, by its condition",
          "[domain][policy]") {
  ReturnTaken taken;
  taken.group = kGroup;
  taken.lines = {returned(ReturnCondition::kRestock, kBin),
                 returned(ReturnCondition::kQcHold, hold_qc()),
                 returned(ReturnCondition::kDamaged, hold_damaged())};
  CHECK(stock_events_of(taken) ==
        Events{moved(kWorld, kBin, MovementReason::kReturnRestock),
               moved(kWorld, hold_qc(), MovementReason::kReturnQc),
               moved(kWorld, hold_damaged(), MovementReason::kReturnDamaged)});
}

// ---- nothing ----

TEST_CASE("stock policy: a line the group does not have moves nothing", "[domain][policy]") {
  CHECK(stock_events_of(story().group(), LinePicked{LineNo(9), 1000, kBin}).empty());
  CHECK(stock_events_of(ShipGroup{}, LinePicked{LineNo(1), 1000, kBin}).empty());
  CHECK(
      stock_events_of(story().group(), LineShorted{LineNo(9), 1000, ShortReason::kNotInStock, kBin})
          .empty());
  const ShipGroupShipped shipped{{{LineNo(9), 1000}, {LineNo(1), 1000}}};
  CHECK(stock_events_of(story().group(), shipped).size() == 1);
}

TEST_CASE("stock policy: whatever moves nothing moves nothing", "[domain][policy]") {
  const ShipGroup group = story().group();
  const EventRef ref{kNodeA, Incarnation(1), 1};
  const std::vector<ShipGroupEvent> still{
      story().events().front().event,
      TaskClaimed{"S1"},
      TaskReleased{ref},
      PackageClosed{{units(1, 1000)}, 1, 1, WeightCheck::kMatched, {}, ""},
      LabelAssigned{ref, sscc_of(1), tracking_number(1)},
      LabelPrintStarted{ref, "p"},
      LabelPrintEnded{ref, PrintOutcome::kDone, ""},
      LabelChecked{ref, true},
      PickupCodeMinted{},
      PickupCodeRefused{},
      GroupUnitsCancelled{LineNo(1), 1000, CancelReason::kCustomer, ""},
      UnitsReturned{LineNo(1), 1000, ref},
  };
  for (const ShipGroupEvent& event : still) {
    CAPTURE(event.index());
    CHECK(stock_events_of(group, event).empty());
  }
}

}  // namespace
}  // namespace cairn::domain::stock_policy_test
