#include "core/domain/fulfilment/detail/fold.h"
#include "core/domain/fulfilment/ship_group.h"

#include <algorithm>

namespace cairn::domain {

using detail::find_line;
using detail::Kind;
using detail::Move;

namespace {

void apply(ShipGroup& group, const Envelope& meta, const ShipGroupAllocated& e) {
  if (!group.lines.empty()) return;
  group.id = e.group;
  group.order = e.order;
  group.order_reference = e.order_reference;
  group.site = meta.site;
  group.method = e.method;
  group.allocated_at = meta.hlc;
  for (const ShipGroupLine& line : e.lines) {
    ShipGroupLineState state;
    state.line = line;
    state.in.open_milli = line.ordered.milli;
    group.lines.push_back(std::move(state));
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
  if (e.milli <= 0) return;
  ShipGroupLineState* const line = find_line(group, e.line);
  Move move(e.milli);
  if (line == nullptr) {
    group.exceptions.push_back({Kind::kUnknownLine, meta.ref, e.line, e.milli});
  } else {
    move.from(line->in.open_milli, line->in.picked_milli);
  }
  if (move.done() > 0) line->picked_from = e.from;
  if (move.left() > 0) group.put_backs.push_back({meta.ref, e.line, move.left(), e.from, 0});
  group.picks.push_back({meta.ref, e.line, e.milli, move.done(), e.from, false, 0});
}

/// Units of the line went back into a bin: what was to be put back anyway is done by it.
std::int64_t do_put_backs(ShipGroup& group, LineNo line, std::int64_t milli) {
  for (PutBack& back : group.put_backs) {
    if (back.line != line) continue;
    const std::int64_t done = std::min(milli, back.left_milli());
    back.done_milli += done;
    milli -= done;
  }
  return milli;
}

/// The units are in their bin whatever else became of the pick. What was too much of it needs no
/// put-back any more; what counted is open again, if it is in the tote; what was cancelled
/// meanwhile is put back by it. The rest is in a package, or with the customer, and in the bin: a
/// clash.
void apply(ShipGroup& group, const Envelope& meta, const PickUndone& e) {
  const auto pick = std::ranges::find(group.picks, e.pick, &PickedUnits::ref);
  if (pick == group.picks.end() || pick->undone || pick->line != e.line) return;
  pick->undone = true;
  std::int64_t left = std::clamp<std::int64_t>(e.milli, 0, pick->milli);
  for (PutBack& back : group.put_backs) {
    if (back.cause != e.pick || back.line != e.line) continue;
    const std::int64_t withdrawn = std::min(left, back.left_milli());
    back.milli -= withdrawn;
    left -= withdrawn;
    pick->taken_back_milli += withdrawn;
  }
  std::erase_if(group.put_backs, [](const PutBack& back) { return back.milli == 0; });
  if (ShipGroupLineState* const line = find_line(group, e.line)) {
    Move move(std::min(left, pick->counted_milli));
    move.from(line->in.picked_milli, line->in.open_milli);
    left -= move.done();
    pick->taken_back_milli += move.done();
  } else if (group.find_put_back(e.pick, e.line) == nullptr) {
    std::erase_if(group.exceptions, [&e](const auto& clash) { return clash.cause == e.pick; });
  }
  left = do_put_backs(group, e.line, left);
  if (left > 0) group.exceptions.push_back({Kind::kUndoneUnpicked, meta.ref, e.line, left});
}

/// What another device has picked meanwhile is not short after all.
void apply(ShipGroup& group, const Envelope& meta, const LineShorted& e) {
  ShipGroupLineState* const line = find_line(group, e.line);
  if (line == nullptr) {
    if (e.milli <= 0) return;
    group.exceptions.push_back({Kind::kUnknownLine, meta.ref, e.line, e.milli});
    return;
  }
  Move(e.milli).from(line->in.open_milli, line->in.short_milli);
}

void apply(ShipGroup& group, const Envelope&, const PutBackDone& e) {
  for (PutBack& back : group.put_backs) {
    if (back.cause != e.cause || back.line != e.line) continue;
    back.done_milli += std::clamp<std::int64_t>(e.milli, 0, back.left_milli());
  }
}

/// Units that are not packed yet go first: they are the cheapest to give back.
void apply(ShipGroup& group, const Envelope& meta, const GroupUnitsCancelled& e) {
  ShipGroupLineState* const line = find_line(group, e.line);
  if (line == nullptr) return;
  Move move(e.milli);
  move.from(line->in.open_milli, line->in.cancelled_milli);
  const std::int64_t never_picked = move.done();
  move.from(line->in.picked_milli, line->in.cancelled_milli);
  const std::int64_t before_packed = move.done();
  move.from(line->in.packed_milli, line->in.cancelled_milli);
  detail::take_from_packages(group, e.line, move.done() - before_packed);
  const std::int64_t to_put_back = move.done() - never_picked;
  if (to_put_back > 0) {
    group.put_backs.push_back({meta.ref, e.line, to_put_back, line->picked_from, 0});
  }
}

/// Of units that are still here, as far as is known, whoever took them back knows more: they wait
/// until it is heard how they left. Not where a hand-over was a mistake: then nothing did.
void apply(ShipGroup& group, const Envelope&, const UnitsReturned& e) {
  ShipGroupLineState* const line = find_line(group, e.line);
  if (line == nullptr) return;
  Move move(e.milli);
  move.from(line->in.shipped_milli, line->in.returned_milli);
  move.from(line->in.handed_over_milli, line->in.returned_milli);
  if (std::ranges::any_of(group.hand_overs, &HandOver::undone)) return;
  const std::int64_t here = line->in.open_milli + line->in.picked_milli + line->in.packed_milli;
  line->back_early_milli = std::min(line->back_early_milli + move.left(), here);
}

template <class E>
void apply(ShipGroup& group, const Envelope& meta, const E& e) {
  detail::apply(group, meta, e);
}

}  // namespace

void evolve(ShipGroup& group, const Recorded<ShipGroupEvent>& recorded) {
  std::visit([&group, &recorded](const auto& e) { apply(group, recorded.meta, e); },
             recorded.event);
}

}  // namespace cairn::domain
