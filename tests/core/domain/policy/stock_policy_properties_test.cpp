// Whatever a site does by accepted commands, its stock is what it had, less what left or was lost,
// and what came back; and a tote holds what its group says.

#include "core/domain/fulfilment/package_plan.h"
#include "core/domain/fulfilment/ship_group_decide.h"
#include "core/domain/policy/stock_policy.h"
#include "tests/core/domain/support/property.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace cairn::domain::stock_policy_properties_test {
namespace {

using namespace test;
using cairn::test::anything;
using cairn::test::holds;

/// The site's stock, cell by cell, as movements and counts leave it.
class Shelves {
 public:
  void apply(const StockEvent& event) {
    if (const auto* const counted = std::get_if<StockCounted>(&event)) {
      cells_[{counted->sku, counted->location}] = counted->quantity.milli;
      return;
    }
    const auto& moved = std::get<StockMoved>(event);
    RC_ASSERT(validate(moved).has_value());
    if (!moved.from.empty()) cells_[{moved.sku, moved.from}] -= moved.quantity.milli;
    if (!moved.to.empty()) cells_[{moved.sku, moved.to}] += moved.quantity.milli;
  }
  std::int64_t at(const Sku& article, const LocationCode& place) {
    return cells_[{article, place}];
  }
  [[nodiscard]] std::int64_t on_hand(const Sku& article) const {
    std::int64_t sum = 0;
    for (const auto& [cell, milli] : cells_) sum += cell.first == article ? milli : 0;
    return sum;
  }

 private:
  std::map<std::pair<Sku, LocationCode>, std::int64_t> cells_;
};

/// Kind of command, line, quantity, which package, put-back or bin is meant.
using RawCommand = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint8_t>;

constexpr std::int64_t kOpening = 50'000;

class Site {
 public:
  explicit Site(bool pickup) {
    story_.allocated({pieces(1, 3), pieces(2, 2)},
                     pickup ? FulfilmentMethod::kPickup : FulfilmentMethod::kShip);
    if (pickup) story_.code_minted();
    for (const std::uint32_t line : {1U, 2U}) {
      const Sku article = group().find(LineNo(line))->line.sku;
      shelves_.apply(StockCounted{article, bin(0), {kOpening, Uom::kPiece}, CountSource::kImport});
      shelves_.apply(StockCounted{article, bin(1), {kOpening, Uom::kPiece}, CountSource::kImport});
      on_hand_[article] = 2 * kOpening;
    }
  }

  void step(const RawCommand& raw) {
    story_.later(1000);
    if (std::get<0>(raw) % 26U == 25) {
      take_back(raw);
    } else {
      perform(command_of(raw));
    }
    check();
  }
  [[nodiscard]] ShipGroup group() const { return story_.group(); }

 private:
  static LocationCode bin(std::uint8_t which) {
    return location(which % 2U == 0 ? "A-01" : "B-02");
  }

  /// The first package with that label; none: one that does not exist.
  static EventRef package_with(const ShipGroup& group, LabelStatus label) {
    const auto found = std::ranges::find(group.packages, label, &Package::label);
    return found == group.packages.end() ? EventRef{} : found->ref;
  }

  ShipGroupCommand command_of(const RawCommand& raw) {
    const auto& [kind, at, much, which] = raw;
    const LineNo line(1 + at % 2U);
    const std::int64_t milli = (1 + much % 2) * 1000;
    const ShipGroup now = group();
    switch (kind % 26U) {
      case 0:
        return ClaimTask{"S1"};
      case 1:
        return ReportShort{"S1", line, milli, static_cast<ShortReason>(1 + which % 9), bin(much)};
      case 2:
        return ClosePackage{{{line, milli}}, 1000, {}};
      case 3:
      case 4:
        return ClosePackage{next_package(now), 1000, {}};
      case 5:
      case 6:
        return AssignLabel{package_with(now, LabelStatus::kNone), sscc_of(which),
                           tracking_number(which)};
      case 7:
      case 8:
        return CheckLabel{package_with(now, LabelStatus::kAssigned), true};
      case 9:
      case 10:
        return ShipGroupOut{};
      case 11:
      case 12:
        return GiveToCustomer{};
      case 13:
        // What a hand-over gives back after a return is a defect of its own (stock_policy_test).
        if (now.totals().returned_milli > 0) return ShipGroupOut{};
        return UndoHandOver{};
      case 14:
        return CancelGroupUnits{line, milli, CancelReason::kCustomer, ""};
      case 15:
      case 16: {
        if (now.put_backs.empty()) return ClaimTask{"S1"};
        const PutBack& back = now.put_backs[which % now.put_backs.size()];
        return ConfirmPutBack{back.cause, back.line, milli, bin(much)};
      }
      case 17:
      case 18:
        if (now.picks.empty()) return ClaimTask{"S1"};
        return UndoPick{"S1", now.picks[which % now.picks.size()].ref};
      default:
        return ConfirmPick{"S1", line, milli, bin(which)};
    }
  }

  void perform(const ShipGroupCommand& command) {
    const ShipGroup before = group();
    const auto events = decide(before, command, {kNodeA, kPicker, story_.now()});
    if (!events) return;
    for (const ShipGroupEvent& event : *events) {
      expect(before, event);
      for (const StockEvent& follow_up : stock_events_of(before, event)) shelves_.apply(follow_up);
      story_.tell(kNodeA, event);
    }
  }

  /// The stock as the words of the event mean it.
  void expect(const ShipGroup& before, const ShipGroupEvent& event) {
    const auto out = [this, &before](const std::vector<LineUnits>& lines, std::int64_t sign) {
      for (const LineUnits& each : lines) {
        on_hand_[before.find(each.line)->line.sku] -= sign * each.milli;
      }
    };
    if (const auto* e = std::get_if<ShipGroupShipped>(&event)) out(e->lines, 1);
    if (const auto* e = std::get_if<HandedOver>(&event)) out(e->lines, 1);
    if (const auto* e = std::get_if<HandOverUndone>(&event)) {
      for (const HandOver& done : before.hand_overs) {
        if (done.ref == e->hand_over) out(done.lines, -1);
      }
    }
    if (const auto* e = std::get_if<LineShorted>(&event)) {
      const Sku article = before.find(e->line)->line.sku;
      if (e->reason == ShortReason::kNotInStock) on_hand_[article] -= shelves_.at(article, e->from);
      if (effect_of(e->reason) == ShortEffect::kLose) on_hand_[article] -= e->milli;
    }
  }

  void take_back(const RawCommand& raw) {
    const auto& [kind, at, much, which] = raw;
    TakeReturn command;
    command.id = ReturnId(cairn::test::uuid(which));
    command.group = kGroup;
    for (const ShipGroupLineState& line : group().lines) command.sold.push_back(sold_line(line));
    command.units = {{LineNo(1 + at % 2U), (1 + much % 2) * 1000,
                      static_cast<ReturnCondition>(1 + which % 3), bin(which)}};
    command.limit = gbp(100'000);
    const auto taken = decide(ledger_, command, kPicker);
    if (!taken) return;
    for (const StockEvent& follow_up : stock_events_of(*taken)) shelves_.apply(follow_up);
    const ReturnedLine& line = taken->lines.front();
    on_hand_[line.sku] += line.quantity.milli;
    evolve(ledger_, {{{kNodeA, Incarnation(9), ++returns_}, Hlc{returns_}, kPicker, {}}, *taken});
    story_.returned(line.line.value(), line.quantity.milli);
  }

  void check() {
    const ShipGroup now = group();
    for (const ShipGroupLineState& line : now.lines) {
      const Sku& article = line.line.sku;
      RC_ASSERT(shelves_.on_hand(article) == on_hand_[article]);
      std::int64_t in_tote = line.in.picked_milli + line.in.packed_milli;
      for (const PutBack& back : now.put_backs) {
        if (back.line == line.line.line) in_tote += back.left_milli();
      }
      RC_ASSERT(shelves_.at(article, tote_of(kGroup)) == in_tote);
    }
  }

  Story story_;
  ReturnLedger ledger_;
  std::uint64_t returns_ = 0;
  Shelves shelves_;
  std::map<Sku, std::int64_t> on_hand_;  ///< as it should be
};

TEST_CASE("stock policy: the site's stock is the opening less issues and losses, plus returns",
          "[domain][policy][property]") {
  CHECK(holds("on-hand after any accepted commands", [](bool pickup) {
    Site site(pickup);
    site.step({0, 0, 0, 0});  // claimed: else little would be accepted
    for (const RawCommand& raw : anything<std::vector<RawCommand>>()) site.step(raw);
    const LineBuckets in = site.group().totals();
    RC_CLASSIFY(in.shipped_milli > 0, "shipped");
    RC_CLASSIFY(in.handed_over_milli > 0, "handed over");
    RC_CLASSIFY(in.returned_milli > 0, "returned");
    RC_CLASSIFY(std::ranges::any_of(site.group().picks, &PickedUnits::undone), "pick undone");
    RC_CLASSIFY(!site.group().put_backs.empty(), "put back");
  }));
}

}  // namespace
}  // namespace cairn::domain::stock_policy_properties_test
