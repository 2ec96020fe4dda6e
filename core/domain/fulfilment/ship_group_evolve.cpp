#include "core/domain/fulfilment/ship_group.h"

#include <algorithm>

namespace cairn::domain {
namespace {

using Kind = ShipGroupException::Kind;

ShipGroupLineState* find(ShipGroup& group, LineNo line) {
  const auto found =
      std::ranges::find(group.lines, line, [](const ShipGroupLineState& s) { return s.line.line; });
  return found == group.lines.end() ? nullptr : &*found;
}

void apply(ShipGroup& group, const Envelope& meta, const ShipGroupAllocated& e) {
  if (!group.lines.empty()) return;
  group.id = e.group;
  group.order = e.order;
  group.order_reference = e.order_reference;
  group.site = meta.site;
  group.method = e.method;
  group.allocated_at = meta.hlc;
  for (const ShipGroupLine& line : e.lines) {
    group.lines.push_back({line, {line.ordered.milli, 0, 0}});
  }
}

void apply(ShipGroup& group, const Envelope& meta, const TaskClaimed& e) {
  if (!group.claim) {
    group.claim = Claim{meta.ref, meta.hlc, meta.actor, e.station};
    return;
  }
  const bool same = group.claim->ref.node == meta.ref.node && group.claim->station == e.station;
  if (!same) group.exceptions.push_back({Kind::kLostClaim, meta.ref, LineNo{}, 0});
}

void apply(ShipGroup& group, const Envelope&, const TaskReleased& e) {
  if (group.claim && group.claim->ref == e.claim) group.claim.reset();
}

/// A pick is a fact whoever holds the claim: it counts as long as units are open, in view order;
/// what is too much goes back to its bin.
void apply(ShipGroup& group, const Envelope& meta, const LinePicked& e) {
  const std::int64_t milli = std::max<std::int64_t>(e.milli, 0);
  ShipGroupLineState* const line = find(group, e.line);
  if (line == nullptr) {
    group.exceptions.push_back({Kind::kUnknownLine, meta.ref, e.line, milli});
    group.put_backs.push_back({meta.ref, e.line, milli, e.from});
    return;
  }
  const std::int64_t credited = std::min(milli, line->in.open_milli);
  line->in.open_milli -= credited;
  line->in.picked_milli += credited;
  if (credited < milli) group.put_backs.push_back({meta.ref, e.line, milli - credited, e.from});
}

/// What left has left: units that were not known to be picked become an exception, not a refusal.
void apply(ShipGroup& group, const Envelope& meta, const ShipGroupShipped& e) {
  for (const ShippedLine& shipped : e.lines) {
    const std::int64_t milli = std::max<std::int64_t>(shipped.milli, 0);
    ShipGroupLineState* const line = find(group, shipped.line);
    const std::int64_t known = line == nullptr ? 0 : std::min(milli, line->in.picked_milli);
    if (known > 0) {
      line->in.picked_milli -= known;
      line->in.shipped_milli += known;
    }
    if (known < milli) {
      group.exceptions.push_back({Kind::kShippedUnpicked, meta.ref, shipped.line, milli - known});
    }
  }
}

}  // namespace

void evolve(ShipGroup& group, const Recorded<ShipGroupEvent>& recorded) {
  std::visit([&group, &recorded](const auto& e) { apply(group, recorded.meta, e); },
             recorded.event);
}

}  // namespace cairn::domain
