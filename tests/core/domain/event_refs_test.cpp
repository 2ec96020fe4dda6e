// Every reference of every event is found when records are issued again under other numbers.

#include "core/domain/event_refs.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

namespace cairn::domain::event_refs_test {
namespace {

std::vector<EventRef> refs_of(Event event) {
  std::vector<EventRef> refs;
  each_ref(event, [&refs](EventRef& ref) { refs.push_back(ref); });
  return refs;
}

TEST_CASE("references: what an event names is seen and can be changed", "[domain][repair]") {
  const EventRef package{NodeId(cairn::test::uuid(1)), Incarnation(2), 3};
  const EventRef renamed{NodeId(cairn::test::uuid(1)), Incarnation(9), 1};
  Event event = ShipGroupEvent(LabelAssigned{package, {}, {}});
  CHECK(refs_of(event) == std::vector{package});
  each_ref(event, [&renamed](EventRef& ref) { ref = renamed; });
  CHECK(refs_of(event) == std::vector{renamed});
}

TEST_CASE("references: a print names its package and the print before it", "[domain][repair]") {
  const EventRef package{NodeId(cairn::test::uuid(1)), Incarnation(2), 3};
  const EventRef print{NodeId(cairn::test::uuid(1)), Incarnation(2), 5};
  CHECK(refs_of(ShipGroupEvent(LabelPrintStarted{package, {}, print})) ==
        std::vector{package, print});
  CHECK(refs_of(ShipGroupEvent(LabelChecked{package, false, print})) ==
        std::vector{package, print});
}

TEST_CASE("references: events without any are left alone", "[domain][repair]") {
  CHECK(refs_of(ShipGroupEvent(TaskClaimed{"bench-1"})).empty());
  CHECK(refs_of(StockEvent(StockCounted{})).empty());
}

}  // namespace
}  // namespace cairn::domain::event_refs_test
