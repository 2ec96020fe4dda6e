#include "core/domain/registry.h"

#include "core/domain/event.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::registry_test {
namespace {

template <class Struct>
struct Tag {};

template <class... Structs>
std::vector<Event> each_of(Tag<std::variant<Structs...>>) {
  return {Event(std::variant<Structs...>(Structs{}))...};
}

template <class... Families>
std::vector<Event> each_of_each(Tag<std::variant<Families...>>) {
  std::vector<Event> all;
  (std::ranges::copy(each_of(Tag<Families>{}), std::back_inserter(all)), ...);
  return all;
}

/// One of every alternative of every family in domain::Event.
std::vector<Event> every_event() { return each_of_each(Tag<Event>{}); }

TEST_CASE("registry: every event struct has exactly one row", "[domain][registry]") {
  std::multiset<std::uint32_t> structs;
  for (const Event& event : every_event()) structs.insert(type_of(event));
  std::multiset<std::uint32_t> rows;
  for (const EventType& type : event_types()) rows.insert(type.id);
  CHECK(structs == rows);
  CHECK(std::set(rows.begin(), rows.end()).size() == rows.size());
}

TEST_CASE("registry: released numbers and names never change", "[domain][registry]") {
  const std::map<std::uint32_t, std::string_view> released{
      {10, "ProductDefined"},
      {20, "FacilityDefined"},
      {21, "LocationDefined"},
      {30, "StaffAssigned"},
      {40, "NodeRegistered"},
      {41, "LabelBlockGranted"},
      {42, "NodeCommandIssued"},
      {43, "NodeCommandEnded"},
      {44, "NodeConfigDesired"},
      {45, "NodeConfigReported"},
      {50, "StockMoved"},
      {51, "StockCounted"},
      {60, "SafetyStockRuleDefined"},
      {61, "SellingChannelDefined"},
      {62, "StockReserved"},
      {63, "ReservationEnded"},
      {64, "SupplyExpected"},
      {65, "StockLeased"},
      {66, "LeaseRecalled"},
      {67, "LeaseReturned"},
      {68, "LeaseClosed"},
      {69, "LeasePolicyDefined"},
      {100, "OrderPlaced"},
      {101, "OrderUnitsCancelled"},
      {102, "PickupConverted"},
      {103, "CancellationUnmatched"},
      {104, "OrderHeld"},
      {105, "OrderHoldReleased"},
      {106, "OrderRejected"},
      {107, "PromotionDefined"},
      {108, "CouponsGivenBack"},
      {109, "OrderLineAdded"},
      {110, "OrderDeliveryChanged"},
      {200, "ShipGroupAllocated"},
      {201, "TaskClaimed"},
      {202, "TaskReleased"},
      {203, "LinePicked"},
      {204, "ShipGroupShipped"},
      {205, "LineShorted"},
      {206, "PackageClosed"},
      {207, "LabelAssigned"},
      {208, "LabelPrintStarted"},
      {209, "LabelPrintEnded"},
      {210, "LabelChecked"},
      {211, "PickupCodeMinted"},
      {212, "PickupCodeRefused"},
      {213, "HandedOver"},
      {214, "HandOverUndone"},
      {215, "GroupUnitsCancelled"},
      {216, "PutBackDone"},
      {217, "UnitsReturned"},
      {218, "PickUndone"},
      {300, "ReturnTaken"},
      {301, "RefundContested"},
      {120, "PaymentOpened"},
      {121, "PaymentAsked"},
      {122, "PaymentAnswered"},
      {123, "AuthorizationExpired"},
      {150, "RoutingRulesDefined"},
      {151, "OrderParked"},
      {140, "StoredValueOpened"},
      {141, "StoredValueCredited"},
      {142, "StoredValueDebited"},
      {143, "EscrowGranted"},
      {144, "EscrowClosed"},
  };
  CHECK(released.size() == kEventTypes);
  for (const auto& [id, name] : released) {
    CAPTURE(id);
    const auto type = find_event_type(id);
    REQUIRE(type);
    CHECK(type->name == name);
  }
}

TEST_CASE("registry: names are unique and versions start at 1", "[domain][registry]") {
  std::set<std::string_view> names;
  for (const EventType& type : event_types()) {
    CAPTURE(type.id);
    CHECK(names.insert(type.name).second);
    CHECK_FALSE(type.name.empty());
    CHECK(type.version >= 1);
  }
}

TEST_CASE("registry: what it does not list is not found", "[domain][registry]") {
  for (const std::uint32_t id :
       {0U, 1U, 11U, 70U, 99U, 116U, 119U, 124U, 145U, 219U, 299U, 302U, UINT32_MAX}) {
    CAPTURE(id);
    CHECK_FALSE(find_event_type(id));
  }
}

TEST_CASE("registry: commutative events have no aggregate, but for leases; all others have one",
          "[domain][registry]") {
  for (const EventType& type : event_types()) {
    CAPTURE(type.name);
    CHECK((type.fold == FoldClass::kCommutative) ==
          (type.aggregate == AggregateKind::kNone || type.aggregate == AggregateKind::kStockLease));
  }
}

TEST_CASE("registry: reference data, orders and money are the hub's alone", "[domain][registry]") {
  for (const EventType& type : event_types()) {
    CAPTURE(type.name);
    const bool hubs = type.fold == FoldClass::kReference || type.fold == FoldClass::kHubOnly;
    if (hubs) CHECK(type.writers == Writers::kHub);
    if (type.fold == FoldClass::kHubOnly) CHECK(type.feed == HubFeed::kNone);
    if (type.fold == FoldClass::kDevice) CHECK(type.aggregate == AggregateKind::kNode);
    // What the hub writes for others needs a feed; what it never writes has none.
    if (type.fold == FoldClass::kReference) CHECK(type.feed != HubFeed::kNone);
    if (type.writers == Writers::kNodes) CHECK(type.feed == HubFeed::kNone);
  }
}

TEST_CASE("registry: whatever the hub writes about a ship group or a return goes to its site",
          "[domain][registry]") {
  for (const EventType& type : event_types()) {
    if (type.fold != FoldClass::kOrdered) continue;
    CAPTURE(type.name);
    CHECK(may_write(type, true) == (type.feed == HubFeed::kSite));
  }
}

TEST_CASE("registry: who may write what", "[domain][registry]") {
  const auto by = [](std::uint32_t id) {
    const auto type = find_event_type(id);
    REQUIRE(type);
    return std::pair(may_write(*type, true), may_write(*type, false));
  };
  const std::pair hub_only{true, false};
  const std::pair nodes_only{false, true};
  const std::pair both{true, true};
  for (const std::uint32_t id :
       {10U,  20U,  21U,  30U,  40U,  41U,  42U,  44U,  65U,  66U,  68U, 69U,
        100U, 101U, 102U, 120U, 122U, 140U, 144U, 200U, 211U, 215U, 301U}) {
    CAPTURE(id);
    CHECK(by(id) == hub_only);
  }
  for (const std::uint32_t id : {50U, 51U, 217U, 300U}) {
    CAPTURE(id);
    CHECK(by(id) == both);
  }
  for (const std::uint32_t id : {43U, 45U, 67U, 201U, 202U, 203U, 204U, 205U, 206U, 207U, 208U,
                                 209U, 210U, 212U, 213U, 214U, 216U, 218U}) {
    CAPTURE(id);
    CHECK(by(id) == nodes_only);
  }
}

}  // namespace
}  // namespace cairn::domain::registry_test
