#include "core/domain/policy/stock_policy.h"

namespace cairn::domain {
namespace {

using Events = std::vector<StockEvent>;

/// Units of a line of the group, between two places.
void move(Events& events, const ShipGroup& group, const LineUnits& units, const LocationCode& from,
          const LocationCode& to, MovementReason reason) {
  const ShipGroupLineState* const line = group.find(units.line);
  if (line == nullptr || units.milli <= 0) return;
  const Quantity quantity{units.milli, line->line.ordered.uom};
  events.push_back(StockMoved{line->line.sku, from, to, quantity, reason, group.id});
}

void issue(Events& events, const ShipGroup& group, const std::vector<LineUnits>& lines) {
  for (const LineUnits& units : lines) {
    move(events, group, units, tote_of(group.id), LocationCode{}, MovementReason::kIssue);
  }
}

Events follow(const ShipGroup& group, const LinePicked& e) {
  Events events;
  move(events, group, {e.line, e.milli}, e.from, tote_of(group.id), MovementReason::kPick);
  return events;
}

Events follow(const ShipGroup& group, const PickUndone& e) {
  const PickedUnits* const pick = group.find_pick(e.pick);
  if (pick == nullptr || pick->undone) return {};
  Events events;
  move(events, group, {e.line, e.milli}, tote_of(group.id), pick->from,
       MovementReason::kPickUndone);
  return events;
}

Events follow(const ShipGroup& group, const LineShorted& e) {
  const ShipGroupLineState* const line = group.find(e.line);
  if (line == nullptr || e.from.empty()) return {};
  Events events;
  const LineUnits units{e.line, e.milli};
  switch (effect_of(e.reason)) {
    case ShortEffect::kNone:
      break;
    case ShortEffect::kCountZero:
      events.push_back(StockCounted{line->line.sku, e.from, Quantity{0, line->line.ordered.uom},
                                    CountSource::kNotInStock});
      break;
    case ShortEffect::kLose:
      move(events, group, units, e.from, LocationCode{}, MovementReason::kShort);
      break;
    case ShortEffect::kHold:
      move(events, group, units, e.from,
           e.reason == ShortReason::kWornDisplay ? hold_display() : hold_damaged(),
           MovementReason::kHold);
      break;
  }
  return events;
}

Events follow(const ShipGroup& group, const ShipGroupShipped& e) {
  Events events;
  issue(events, group, e.lines);
  return events;
}

Events follow(const ShipGroup& group, const HandedOver& e) {
  Events events;
  issue(events, group, e.lines);
  return events;
}

/// Units of the line that clash because of this event.
std::int64_t clashing_milli(const ShipGroup& group, const EventRef& cause, LineNo line) {
  std::int64_t sum = 0;
  for (const ShipGroupException& exception : group.exceptions) {
    if (exception.cause == cause && exception.line == line) sum += exception.milli;
  }
  return sum;
}

/// What the customer really gives back, no more: units may have been returned meanwhile. Units that
/// were not known to be there were issued as well, so they come back as well.
Events follow(const ShipGroup& group, const HandOverUndone& e) {
  ShipGroup after = group;
  evolve(after, {Envelope{}, e});
  Events events;
  for (std::size_t i = 0; i < group.lines.size(); ++i) {
    const LineNo line = group.lines[i].line.line;
    const std::int64_t milli =
        group.lines[i].in.handed_over_milli - after.lines[i].in.handed_over_milli +
        clashing_milli(group, e.hand_over, line) - clashing_milli(after, e.hand_over, line);
    move(events, group, {line, milli}, LocationCode{}, tote_of(group.id),
         MovementReason::kIssueUndone);
  }
  return events;
}

Events follow(const ShipGroup& group, const PutBackDone& e) {
  Events events;
  move(events, group, {e.line, e.milli}, tote_of(group.id), e.to, MovementReason::kPutBack);
  return events;
}

template <class Other>
Events follow(const ShipGroup&, const Other&) {
  return {};
}

MovementReason reason_of(ReturnCondition condition) {
  switch (condition) {
    case ReturnCondition::kRestock:
      return MovementReason::kReturnRestock;
    case ReturnCondition::kQcHold:
      return MovementReason::kReturnQc;
    case ReturnCondition::kDamaged:
      return MovementReason::kReturnDamaged;
  }
  return MovementReason::kReturnQc;
}

}  // namespace

std::vector<StockEvent> stock_events_of(const ShipGroup& group, const ShipGroupEvent& event) {
  return std::visit([&group](const auto& e) { return follow(group, e); }, event);
}

std::vector<StockEvent> stock_events_of(const ReturnTaken& taken) {
  Events events;
  for (const ReturnedLine& line : taken.lines) {
    events.push_back(StockMoved{line.sku, LocationCode{}, line.to, line.quantity,
                                reason_of(line.condition), taken.group});
  }
  return events;
}

}  // namespace cairn::domain
