#pragma once
// Random histories of one ship group, sensible or not, made from plain numbers so that rapidcheck
// can shrink them. Lines 1 to 3 exist once they are allocated.

#include "tests/core/domain/support/story.h"

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

namespace cairn::domain::test {

/// Kind of event, author, line, quantity, which of the events before it is meant.
using RawEvent = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint8_t, std::uint8_t>;
using RawStory = std::vector<RawEvent>;

inline ShipGroupEvent event_of(const RawEvent& raw, const std::vector<EventRef>& seen) {
  const auto& [kind, by, at, much, which] = raw;
  const LineNo line(at % 5U);  // 0 and 4 do not exist
  const std::int64_t milli = (much % 6) * 500;
  const EventRef ref = seen.empty() ? EventRef{} : seen[which % seen.size()];
  std::vector<LineUnits> lines{{line, milli}};
  if (much >= 128) lines.push_back(units(1 + which % 3U, milli + 1000));
  switch (kind % 26U) {
    case 0:
      return ShipGroupAllocated{
          kGroup,
          kOrder,
          "WEB",
          which % 2 == 0 ? FulfilmentMethod::kShip : FulfilmentMethod::kPickup,
          {pieces(1, much % 4), pieces(2, 2), grams(3, 1500)}};
    case 1:
      return TaskClaimed{which % 2 == 0 ? "S1" : "S2"};
    case 2:
      return TaskReleased{ref};
    case 3:
      return LineShorted{line, milli, static_cast<ShortReason>(1 + which % 9), location("A-01")};
    case 4:
    case 5:
      return PackageClosed{lines, 1000, 1000, WeightCheck::kMatched, {}, ""};
    case 6:
      return LabelAssigned{ref, sscc_of(which % 4U), tracking_number(which % 4U)};
    case 7:
      return LabelPrintStarted{ref, "printer-1"};
    case 8:
      return LabelPrintEnded{ref, static_cast<PrintOutcome>(1 + much % 3), "x"};
    case 9:
      return LabelChecked{ref, much % 2 == 0};
    case 10:
      return ShipGroupShipped{lines};
    case 11:
      return PickupCodeMinted{Bytes(16, 's'), Bytes(16, 'h')};
    case 12:
      return PickupCodeRefused{};
    case 13:
    case 14:
      return HandedOver{lines, HandOverProof::kCode, {}, ""};
    case 15:
      return HandOverUndone{ref};
    case 16:
    case 17:
      return GroupUnitsCancelled{line, milli, CancelReason::kCustomer, "c"};
    case 18:
      return PutBackDone{ref, line, milli, location("A-01")};
    case 19:
      return UnitsReturned{line, milli, ref};
    case 20:
    case 21:
      return PickUndone{ref, line, milli};
    default:
      return LinePicked{line, milli, location(by % 2 == 0 ? "A-01" : "B-02")};
  }
}

/// It begins with an allocation, unless it is empty.
inline Story story_of(const RawStory& raw) {
  Story story;
  std::vector<EventRef> seen;
  const std::array authors{kHub, kNodeA, kNodeB};
  const auto tell = [&story, &seen](NodeId by, const ShipGroupEvent& event) {
    story.tell(by, event);
    seen.push_back(story.last());
  };
  if (!raw.empty()) tell(kHub, event_of({0, 0, 0, 3, std::get<4>(raw.front())}, seen));
  for (const RawEvent& each : raw) {
    tell(authors.at(std::get<1>(each) % 3U), event_of(each, seen));
  }
  return story;
}

}  // namespace cairn::domain::test
