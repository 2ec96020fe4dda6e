#pragma once
// What happened to one ship group, event by event, each with an envelope of its own.

#include "core/domain/fulfilment/ship_group.h"
#include "core/domain/label/label_numbers.h"
#include "tests/core/base/support/names.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::test {

using cairn::test::gbp;
using cairn::test::gtin;
using cairn::test::location;
using cairn::test::node;
using cairn::test::order_id;
using cairn::test::ship_group_id;
using cairn::test::site;
using cairn::test::sku;
using cairn::test::user;

inline const NodeId kHub = node(0xF0);
inline const NodeId kNodeA = node(0xA);
inline const NodeId kNodeB = node(0xB);
inline const UserId kPicker = user(0x51);
inline const UserId kLead = user(0x52);
inline const ShipGroupId kGroup = ship_group_id(0x60);
inline const OrderId kOrder = order_id(0x70);

/// Line `no` orders that many pieces of "SKU-<no>".
inline ShipGroupLine pieces(std::uint32_t no, std::int64_t count) {
  ShipGroupLine line;
  line.line = LineNo(no);
  line.sku = sku("SKU-" + std::to_string(no));
  line.name = "Article " + std::to_string(no);
  line.unit_price = gbp(199);
  line.ordered = Quantity::pieces(count);
  return line;
}

inline ShipGroupLine grams(std::uint32_t no, std::int64_t milli) {
  ShipGroupLine line = pieces(no, 0);
  line.ordered = {milli, Uom::kKilogram};
  return line;
}

/// The line, one unit of which weighs so much.
inline ShipGroupLine weighing(ShipGroupLine line, std::int64_t unit_weight_mg) {
  line.unit_weight_mg = unit_weight_mg;
  return line;
}

inline LineUnits units(std::uint32_t line, std::int64_t milli) { return {LineNo(line), milli}; }

/// The numbers of a label that are made from a serial.
inline std::string sscc_of(std::uint64_t serial) {
  return sscc(Gs1Prefix::parse("9521234").value(), serial);
}

class Story {
 public:
  /// Adds the event as the next one of `by`.
  Story& tell(NodeId by, ShipGroupEvent event) {
    return tell_as({by, Incarnation(1), ++last_seq_[by]}, std::move(event));
  }
  /// Under a number of its own: what others named before it was heard.
  Story& tell_as(const EventRef& ref, ShipGroupEvent event) {
    events_.push_back({{ref, Hlc{++stamp_}, kPicker, site("store-1")}, std::move(event)});
    return *this;
  }
  /// What comes next happens so much later.
  Story& later(std::uint64_t ms) {
    stamp_ += ms << 16U;
    return *this;
  }

  Story& allocated(std::vector<ShipGroupLine> lines,
                   FulfilmentMethod method = FulfilmentMethod::kShip) {
    return tell(kHub, ShipGroupAllocated{kGroup, kOrder, "WEB-1001", method, std::move(lines)});
  }
  Story& claimed(NodeId by, const std::string& station) { return tell(by, TaskClaimed{station}); }
  Story& released(NodeId by, const EventRef& claim) { return tell(by, TaskReleased{claim}); }
  Story& picked(NodeId by, std::uint32_t line, std::int64_t milli, std::string_view from = "A-01") {
    return tell(by, LinePicked{LineNo(line), milli, location(from)});
  }
  Story& shorted(NodeId by, std::uint32_t line, std::int64_t milli,
                 ShortReason reason = ShortReason::kShortPartial) {
    return tell(by, LineShorted{LineNo(line), milli, reason, location("A-01")});
  }
  Story& packed(NodeId by, std::vector<LineUnits> lines, std::int64_t weight_mg = 1'000'000) {
    return tell(
        by, PackageClosed{std::move(lines), weight_mg, weight_mg, WeightCheck::kMatched, {}, ""});
  }
  Story& labelled(NodeId by, const EventRef& package, std::uint64_t serial) {
    return tell(by, LabelAssigned{package, sscc_of(serial), tracking_number(serial)});
  }
  Story& printing(NodeId by, const EventRef& package, const EventRef& after = {}) {
    return tell(by, LabelPrintStarted{package, "printer-1", after});
  }
  Story& printed(NodeId by, const EventRef& start, PrintOutcome outcome = PrintOutcome::kDone) {
    return tell(by, LabelPrintEnded{start, outcome, ""});
  }
  Story& checked(NodeId by, const EventRef& package, bool came_out, const EventRef& print = {}) {
    return tell(by, LabelChecked{package, came_out, print});
  }
  Story& shipped(NodeId by, std::vector<LineUnits> lines) {
    return tell(by, ShipGroupShipped{std::move(lines)});
  }
  Story& code_minted() { return tell(kHub, PickupCodeMinted{Bytes(16, 's'), Bytes(16, 'h')}); }
  Story& handed_over(NodeId by, std::vector<LineUnits> lines) {
    return tell(by, HandedOver{std::move(lines), HandOverProof::kCode, {}, ""});
  }
  Story& undone(NodeId by, const EventRef& hand_over) {
    return tell(by, HandOverUndone{hand_over});
  }
  Story& cancelled(std::uint32_t line, std::int64_t milli) {
    return tell(kHub, GroupUnitsCancelled{LineNo(line), milli, CancelReason::kCustomer, "c-1"});
  }
  Story& put_back(NodeId by, const EventRef& cause, std::uint32_t line, std::int64_t milli) {
    return tell(by, PutBackDone{cause, LineNo(line), milli, location("A-01")});
  }
  Story& pick_undone(NodeId by, const EventRef& pick, std::uint32_t line, std::int64_t milli) {
    return tell(by, PickUndone{pick, LineNo(line), milli});
  }
  Story& returned(std::uint32_t line, std::int64_t milli) {
    return tell(kNodeA, UnitsReturned{LineNo(line), milli, {kNodeA, Incarnation(1), 99}});
  }

  [[nodiscard]] const std::vector<Recorded<ShipGroupEvent>>& events() const { return events_; }
  [[nodiscard]] EventRef last() const { return events_.back().meta.ref; }
  /// When the last event happened.
  [[nodiscard]] UtcTime now() const { return Hlc{stamp_}.utc(); }
  /// The fold of it all.
  [[nodiscard]] ShipGroup group() const {
    ShipGroup group;
    for (const auto& recorded : events_) evolve(group, recorded);
    return group;
  }

 private:
  std::map<NodeId, std::uint64_t> last_seq_;
  std::uint64_t stamp_ = 0;
  std::vector<Recorded<ShipGroupEvent>> events_;
};

}  // namespace cairn::domain::test
