#pragma once
// What happened to one ship group, event by event, each with an envelope of its own.

#include "core/domain/fulfilment/ship_group.h"
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

class Story {
 public:
  /// Adds the event as the next one of `by`.
  Story& tell(NodeId by, ShipGroupEvent event) {
    const EventRef ref{by, Incarnation(1), ++last_seq_[by]};
    events_.push_back({{ref, Hlc{++stamp_}, kPicker, site("store-1")}, std::move(event)});
    return *this;
  }
  Story& allocated(std::vector<ShipGroupLine> lines) {
    return tell(kHub, ShipGroupAllocated{kGroup, kOrder, "WEB-1001", FulfilmentMethod::kShip,
                                         std::move(lines)});
  }
  Story& claimed(NodeId by, const std::string& station) { return tell(by, TaskClaimed{station}); }
  Story& released(NodeId by, const EventRef& claim) { return tell(by, TaskReleased{claim}); }
  Story& picked(NodeId by, std::uint32_t line, std::int64_t milli, std::string_view from = "A-01") {
    return tell(by, LinePicked{LineNo(line), milli, location(from)});
  }
  Story& shipped(NodeId by, std::vector<ShippedLine> lines) {
    return tell(by, ShipGroupShipped{std::move(lines)});
  }

  [[nodiscard]] const std::vector<Recorded<ShipGroupEvent>>& events() const { return events_; }
  [[nodiscard]] EventRef last() const { return events_.back().meta.ref; }
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
