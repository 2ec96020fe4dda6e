#include "core/domain/registry.h"

#include "core/domain/event.h"

#include <algorithm>

namespace cairn::domain {
namespace {

using Kind = AggregateKind;

/// One row; the number comes from the event itself.
template <class E>
constexpr EventType row(std::string_view name, Kind kind, FoldClass fold, HubFeed feed,
                        Writers writers) {
  return {E::kTypeId, name, 1, kind, fold, feed, writers};
}

constexpr std::array<EventType, kEventTypes> kTypes = {{
    row<ProductDefined>("ProductDefined", Kind::kProduct, FoldClass::kReference,
                        HubFeed::kCatalogue, Writers::kHub),
    row<FacilityDefined>("FacilityDefined", Kind::kFacility, FoldClass::kReference,
                         HubFeed::kCatalogue, Writers::kHub),
    row<LocationDefined>("LocationDefined", Kind::kLocation, FoldClass::kReference, HubFeed::kSite,
                         Writers::kHub),
    row<StaffAssigned>("StaffAssigned", Kind::kStaff, FoldClass::kReference, HubFeed::kSite,
                       Writers::kHub),
    row<NodeRegistered>("NodeRegistered", Kind::kNode, FoldClass::kReference, HubFeed::kNode,
                        Writers::kHub),
    row<LabelBlockGranted>("LabelBlockGranted", Kind::kNode, FoldClass::kReference, HubFeed::kNode,
                           Writers::kHub),
    row<NodeCommandIssued>("NodeCommandIssued", Kind::kNode, FoldClass::kDevice, HubFeed::kNode,
                           Writers::kHub),
    row<NodeCommandEnded>("NodeCommandEnded", Kind::kNode, FoldClass::kDevice, HubFeed::kNone,
                          Writers::kNodes),
    row<NodeConfigDesired>("NodeConfigDesired", Kind::kNode, FoldClass::kDevice, HubFeed::kNode,
                           Writers::kHub),
    row<NodeConfigReported>("NodeConfigReported", Kind::kNode, FoldClass::kDevice, HubFeed::kNone,
                            Writers::kNodes),
    row<StockMoved>("StockMoved", Kind::kNone, FoldClass::kCommutative, HubFeed::kSite,
                    Writers::kBoth),
    row<StockCounted>("StockCounted", Kind::kNone, FoldClass::kCommutative, HubFeed::kSite,
                      Writers::kBoth),
    row<SafetyStockRuleDefined>("SafetyStockRuleDefined", Kind::kSafetyStock, FoldClass::kHubOnly,
                                HubFeed::kNone, Writers::kHub),
    row<SellingChannelDefined>("SellingChannelDefined", Kind::kChannel, FoldClass::kHubOnly,
                               HubFeed::kNone, Writers::kHub),
    row<StockReserved>("StockReserved", Kind::kReservation, FoldClass::kHubOnly, HubFeed::kNone,
                       Writers::kHub),
    row<ReservationEnded>("ReservationEnded", Kind::kReservation, FoldClass::kHubOnly,
                          HubFeed::kNone, Writers::kHub),
    row<SupplyExpected>("SupplyExpected", Kind::kSupply, FoldClass::kHubOnly, HubFeed::kNone,
                        Writers::kHub),
    row<StockLeased>("StockLeased", Kind::kStockLease, FoldClass::kCommutative, HubFeed::kSite,
                     Writers::kHub),
    row<LeaseRecalled>("LeaseRecalled", Kind::kStockLease, FoldClass::kCommutative, HubFeed::kSite,
                       Writers::kHub),
    row<LeaseReturned>("LeaseReturned", Kind::kStockLease, FoldClass::kCommutative, HubFeed::kNone,
                       Writers::kNodes),
    row<LeaseClosed>("LeaseClosed", Kind::kStockLease, FoldClass::kCommutative, HubFeed::kSite,
                     Writers::kHub),
    row<LeasePolicyDefined>("LeasePolicyDefined", Kind::kLeasePolicy, FoldClass::kReference,
                            HubFeed::kCatalogue, Writers::kHub),
    row<OrderPlaced>("OrderPlaced", Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone,
                     Writers::kHub),
    row<OrderUnitsCancelled>("OrderUnitsCancelled", Kind::kOrder, FoldClass::kHubOnly,
                             HubFeed::kNone, Writers::kHub),
    row<PickupConverted>("PickupConverted", Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone,
                         Writers::kHub),
    row<CancellationUnmatched>("CancellationUnmatched", Kind::kOrder, FoldClass::kHubOnly,
                               HubFeed::kNone, Writers::kHub),
    row<RoutingRulesDefined>("RoutingRulesDefined", Kind::kRuleSet, FoldClass::kHubOnly,
                             HubFeed::kNone, Writers::kHub),
    row<OrderParked>("OrderParked", Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone,
                     Writers::kHub),
    row<OrderHeld>("OrderHeld", Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone, Writers::kHub),
    row<OrderHoldReleased>("OrderHoldReleased", Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone,
                           Writers::kHub),
    row<OrderRejected>("OrderRejected", Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone,
                       Writers::kHub),
    row<CouponsGivenBack>("CouponsGivenBack", Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone,
                          Writers::kHub),
    row<OrderLineAdded>("OrderLineAdded", Kind::kOrder, FoldClass::kHubOnly, HubFeed::kNone,
                        Writers::kHub),
    row<OrderDeliveryChanged>("OrderDeliveryChanged", Kind::kOrder, FoldClass::kHubOnly,
                              HubFeed::kNone, Writers::kHub),
    row<PromotionDefined>("PromotionDefined", Kind::kPromotion, FoldClass::kHubOnly, HubFeed::kNone,
                          Writers::kHub),
    row<PaymentOpened>("PaymentOpened", Kind::kPayment, FoldClass::kHubOnly, HubFeed::kNone,
                       Writers::kHub),
    row<PaymentAsked>("PaymentAsked", Kind::kPayment, FoldClass::kHubOnly, HubFeed::kNone,
                      Writers::kHub),
    row<PaymentAnswered>("PaymentAnswered", Kind::kPayment, FoldClass::kHubOnly, HubFeed::kNone,
                         Writers::kHub),
    row<AuthorizationExpired>("AuthorizationExpired", Kind::kPayment, FoldClass::kHubOnly,
                              HubFeed::kNone, Writers::kHub),
    row<StoredValueOpened>("StoredValueOpened", Kind::kStoredValue, FoldClass::kHubOnly,
                           HubFeed::kNone, Writers::kHub),
    row<StoredValueCredited>("StoredValueCredited", Kind::kStoredValue, FoldClass::kHubOnly,
                             HubFeed::kNone, Writers::kHub),
    row<StoredValueDebited>("StoredValueDebited", Kind::kStoredValue, FoldClass::kHubOnly,
                            HubFeed::kNone, Writers::kHub),
    row<EscrowGranted>("EscrowGranted", Kind::kStoredValue, FoldClass::kHubOnly, HubFeed::kNone,
                       Writers::kHub),
    row<EscrowClosed>("EscrowClosed", Kind::kStoredValue, FoldClass::kHubOnly, HubFeed::kNone,
                      Writers::kHub),
    row<ShipGroupAllocated>("ShipGroupAllocated", Kind::kShipGroup, FoldClass::kOrdered,
                            HubFeed::kSite, Writers::kHub),
    row<TaskClaimed>("TaskClaimed", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                     Writers::kNodes),
    row<TaskReleased>("TaskReleased", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                      Writers::kNodes),
    row<LinePicked>("LinePicked", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                    Writers::kNodes),
    row<ShipGroupShipped>("ShipGroupShipped", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                          Writers::kNodes),
    row<LineShorted>("LineShorted", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                     Writers::kNodes),
    row<PackageClosed>("PackageClosed", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                       Writers::kNodes),
    row<LabelAssigned>("LabelAssigned", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                       Writers::kNodes),
    row<LabelPrintStarted>("LabelPrintStarted", Kind::kShipGroup, FoldClass::kOrdered,
                           HubFeed::kNone, Writers::kNodes),
    row<LabelPrintEnded>("LabelPrintEnded", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                         Writers::kNodes),
    row<LabelChecked>("LabelChecked", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                      Writers::kNodes),
    row<PickupCodeMinted>("PickupCodeMinted", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kSite,
                          Writers::kHub),
    row<PickupCodeRefused>("PickupCodeRefused", Kind::kShipGroup, FoldClass::kOrdered,
                           HubFeed::kNone, Writers::kNodes),
    row<HandedOver>("HandedOver", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                    Writers::kNodes),
    row<HandOverUndone>("HandOverUndone", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                        Writers::kNodes),
    row<GroupUnitsCancelled>("GroupUnitsCancelled", Kind::kShipGroup, FoldClass::kOrdered,
                             HubFeed::kSite, Writers::kHub),
    row<PutBackDone>("PutBackDone", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                     Writers::kNodes),
    row<UnitsReturned>("UnitsReturned", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kSite,
                       Writers::kBoth),
    row<PickUndone>("PickUndone", Kind::kShipGroup, FoldClass::kOrdered, HubFeed::kNone,
                    Writers::kNodes),
    row<ReturnTaken>("ReturnTaken", Kind::kReturnLedger, FoldClass::kOrdered, HubFeed::kSite,
                     Writers::kBoth),
    row<RefundContested>("RefundContested", Kind::kReturnLedger, FoldClass::kOrdered,
                         HubFeed::kSite, Writers::kHub),
}};

}  // namespace

const std::array<EventType, kEventTypes>& event_types() { return kTypes; }

std::optional<EventType> find_event_type(std::uint32_t id) {
  const auto found = std::ranges::find(kTypes, id, &EventType::id);
  return found == kTypes.end() ? std::nullopt : std::optional(*found);
}

bool may_write(const EventType& type, bool by_hub) {
  return type.writers == Writers::kBoth || (type.writers == Writers::kHub) == by_hub;
}

}  // namespace cairn::domain
