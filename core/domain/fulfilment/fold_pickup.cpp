#include "core/domain/fulfilment/detail/fold.h"

#include <algorithm>
#include <iterator>

namespace cairn::domain::detail {
namespace {

/// True if a customer was given units of the line, whatever became of them later.
bool handed_before(const ShipGroup& group, LineNo line) {
  return std::ranges::any_of(group.hand_overs, [line](const HandOver& done) {
    return !done.undone &&
           std::ranges::find(done.lines, line, &LineUnits::line) != done.lines.end();
  });
}

/// Why units that were handed over were not there to be handed over.
Kind clash_of(const ShipGroup& group, const ShipGroupLineState* line) {
  if (line == nullptr) return Kind::kShippedUnpicked;
  if (handed_before(group, line->line.line)) return Kind::kDuplicateHandOver;
  if (line->in.cancelled_milli > 0) return Kind::kHandedAfterCancel;
  return Kind::kShippedUnpicked;
}

}  // namespace

void apply(ShipGroup& group, const Envelope&, const PickupCodeMinted& e) {
  group.pickup = {e.salt, e.hash, 0};
}

void apply(ShipGroup& group, const Envelope&, const PickupCodeRefused&) {
  ++group.pickup.wrong_codes;
}

/// The first in the view stands; what a second one gave away is a matter for a person.
void apply(ShipGroup& group, const Envelope& meta, const HandedOver& e) {
  HandOver done{meta.ref, meta.hlc, {}, false};
  for (const LineUnits& units : e.lines) {
    ShipGroupLineState* const line = find_line(group, units.line);
    const Kind clash = clash_of(group, line);
    Move move(units.milli);
    if (line != nullptr) move.from(line->in.picked_milli, line->in.handed_over_milli);
    if (line != nullptr) take_back_early_returns(*line);
    if (move.done() > 0) done.lines.push_back({units.line, move.done()});
    if (move.left() == 0) continue;
    group.exceptions.push_back({clash, meta.ref, units.line, move.left()});
    std::ranges::copy(settle_put_backs(group, units.line, move.left()),
                      std::back_inserter(done.settled));
  }
  group.hand_overs.push_back(std::move(done));
}

/// Nothing left the counter, so nothing of it clashes with anything either.
void apply(ShipGroup& group, const Envelope&, const HandOverUndone& e) {
  for (HandOver& done : group.hand_overs) {
    if (done.ref != e.hand_over || done.undone) continue;
    done.undone = true;
    std::erase_if(group.exceptions, [&done](const ShipGroupException& exception) {
      return exception.cause == done.ref;
    });
    for (const SettledPutBack& settled : done.settled) {
      for (PutBack& back : group.put_backs) {
        if (back.cause == settled.cause && back.line == settled.line) {
          back.done_milli -= std::min(settled.milli, back.done_milli);
        }
      }
    }
    for (const LineUnits& units : done.lines) {
      ShipGroupLineState* const line = find_line(group, units.line);
      if (line != nullptr) {
        Move(units.milli).from(line->in.handed_over_milli, line->in.picked_milli);
        line->back_early_milli = 0;
      }
    }
  }
}

}  // namespace cairn::domain::detail
