// The story of an order, over all sites.

#include "central/api/timeline.h"

#include "tests/central/support/order_hub.h"

namespace cairn::central::timeline_test {
namespace {

using namespace test;

struct Hub : OrderHub {
  /// Word by word: type, site, device, person.
  std::string told(OrderId order) {
    const auto timeline = order_timeline(connection(), order, node(77));
    return timeline ? timeline->dump() : "";
  }
};

std::size_t place_of(const std::string& text, const std::string& type) {
  const auto at = text.find("\"type\":\"" + type + "\"");
  CAPTURE(type, text);
  REQUIRE(at != std::string::npos);
  return at;
}

TEST_CASE("timeline: an order that is none has none", "[central][timeline]") {
  Hub hub;
  CHECK(hub.told(storage::test::order_id(9)).empty());
}

TEST_CASE("timeline: the order's own events, its groups' and its returns', and no others",
          "[central][timeline]") {
  Hub hub;
  hub.append(
      domain::ReferenceEvent(domain::NodeRegistered{{node(1), site("store"), "Handheld 3", true}}),
      domain::node_key(node(1)), site("store"));
  const OrderId order = hub.place("4711", {{1, "A1", 3}});
  const OrderId other = hub.place("4712", {{1, "A1", 1}});
  hub.route(order, 1, {{1, "A1", 2}});
  hub.route(order, 2, {{1, "A1", 1}}, "depot");
  hub.route(other, 3, {{1, "A1", 1}});
  hub.claim(1, "bench-1");
  const EventRef pick = hub.pick(1, 1);
  hub.happens(1, domain::PickUndone{pick, LineNo(1), pieces(1)});
  hub.claim(3, "bench-2");
  hub.pick(1, 2);
  hub.ship(1, 2);
  hub.comes_back(storage::test::came_back(1, 1, 1, 2));
  const std::string told = hub.told(order);
  CHECK(told.find("\"items\":[") != std::string::npos);
  for (const char* const type : {"OrderPlaced", "ShipGroupAllocated", "TaskClaimed", "LinePicked",
                                 "PickUndone", "ShipGroupShipped", "ReturnTaken"}) {
    place_of(told, type);
  }
  CHECK(place_of(told, "LinePicked") < place_of(told, "PickUndone"));
  CHECK(place_of(told, "PickUndone") < place_of(told, "ShipGroupShipped"));
  CHECK(told.find("bench-2") == std::string::npos);
  CHECK(told.find("\"device\":\"Head office\"") != std::string::npos);
  CHECK(told.find("\"device\":\"Handheld 3\"") != std::string::npos);
  CHECK(told.find("\"event\":\"" + pick.text() + "\"") != std::string::npos);
  CHECK(told.find("1 of Article A1 put back: the pick was a mistake") != std::string::npos);
  CHECK(told.find("\"site\":\"depot\"") != std::string::npos);
  CHECK(hub.told(other).find("bench-2") != std::string::npos);
}

TEST_CASE("timeline: what had no effect is not told", "[central][timeline]") {
  Hub hub;
  const OrderId order = hub.place("4711", {{1, "A1", 3}});
  hub.route(order, 1, {{1, "A1", 2}});
  // Only head office cancels: a device's word is set aside.
  hub.happens(
      1, domain::GroupUnitsCancelled{LineNo(1), pieces(1), domain::CancelReason::kCustomer, "c"});
  CHECK(hub.told(order).find("GroupUnitsCancelled") == std::string::npos);
}

}  // namespace
}  // namespace cairn::central::timeline_test
