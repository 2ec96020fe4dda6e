#include "core/domain/registry.h"

#include "core/domain/event.h"

#include <algorithm>

namespace cairn::domain {
namespace {

using Kind = AggregateKind;

constexpr std::array<EventType, 15> kTypes = {{
    {ProductDefined::kTypeId, "ProductDefined", 1, Kind::kProduct, FoldClass::kReference,
     HubFeed::kCatalogue, Writers::kHub},
    {FacilityDefined::kTypeId, "FacilityDefined", 1, Kind::kFacility, FoldClass::kReference,
     HubFeed::kCatalogue, Writers::kHub},
    {LocationDefined::kTypeId, "LocationDefined", 1, Kind::kLocation, FoldClass::kReference,
     HubFeed::kSite, Writers::kHub},
    {StaffAssigned::kTypeId, "StaffAssigned", 1, Kind::kStaff, FoldClass::kReference,
     HubFeed::kSite, Writers::kHub},
    {NodeRegistered::kTypeId, "NodeRegistered", 1, Kind::kNode, FoldClass::kReference,
     HubFeed::kNode, Writers::kHub},
    {StockMoved::kTypeId, "StockMoved", 1, Kind::kNone, FoldClass::kCommutative, HubFeed::kSite,
     Writers::kBoth},
    {StockCounted::kTypeId, "StockCounted", 1, Kind::kNone, FoldClass::kCommutative, HubFeed::kSite,
     Writers::kBoth},
    {OrderPlaced::kTypeId, "OrderPlaced", 1, Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone,
     Writers::kHub},
    {OrderUnitsCancelled::kTypeId, "OrderUnitsCancelled", 1, Kind::kOrder, FoldClass::kHubOnly,
     HubFeed::kNone, Writers::kHub},
    {CancellationUnmatched::kTypeId, "CancellationUnmatched", 1, Kind::kOrder, FoldClass::kHubOnly,
     HubFeed::kNone, Writers::kHub},
    {ShipGroupAllocated::kTypeId, "ShipGroupAllocated", 1, Kind::kShipGroup, FoldClass::kOrdered,
     HubFeed::kSite, Writers::kHub},
    {TaskClaimed::kTypeId, "TaskClaimed", 1, Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
     Writers::kNodes},
    {TaskReleased::kTypeId, "TaskReleased", 1, Kind::kShipGroup, FoldClass::kOrdered,
     HubFeed::kNone, Writers::kNodes},
    {LinePicked::kTypeId, "LinePicked", 1, Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
     Writers::kNodes},
    {ShipGroupShipped::kTypeId, "ShipGroupShipped", 1, Kind::kShipGroup, FoldClass::kOrdered,
     HubFeed::kNone, Writers::kNodes},
}};

}  // namespace

const std::array<EventType, 15>& event_types() { return kTypes; }

std::optional<EventType> find_event_type(std::uint32_t id) {
  const auto found = std::ranges::find(kTypes, id, &EventType::id);
  return found == kTypes.end() ? std::nullopt : std::optional(*found);
}

bool may_write(const EventType& type, bool by_hub) {
  return type.writers == Writers::kBoth || (type.writers == Writers::kHub) == by_hub;
}

}  // namespace cairn::domain
