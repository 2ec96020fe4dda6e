#pragma once
// Every event there is, one variant per aggregate, so that a new event rebuilds its own aggregate
// only.

#include "core/domain/facility/facility.h"
#include "core/domain/fulfilment/ship_group.h"
#include "core/domain/key.h"
#include "core/domain/node/node.h"
#include "core/domain/node/node_command.h"
#include "core/domain/node/node_config.h"
#include "core/domain/order/order.h"
#include "core/domain/payment/payment.h"
#include "core/domain/payment/stored_value.h"
#include "core/domain/product/product.h"
#include "core/domain/promise/expected_supply.h"
#include "core/domain/promise/safety_stock.h"
#include "core/domain/promise/selling_channel.h"
#include "core/domain/promise/soft_reservation.h"
#include "core/domain/promotion/promotion.h"
#include "core/domain/returns/return_ledger.h"
#include "core/domain/routing/routing_rules.h"
#include "core/domain/staff/staff.h"
#include "core/domain/stock/stock.h"
#include "core/domain/stock/stock_lease.h"

#include <cstdint>
#include <variant>

namespace cairn::domain {

using ReferenceEvent = std::variant<ProductDefined, FacilityDefined, LocationDefined, StaffAssigned,
                                    NodeRegistered, LabelBlockGranted>;

/// Between the hub and one device. Key: the device.
using DeviceEvent =
    std::variant<NodeCommandIssued, NodeCommandEnded, NodeConfigDesired, NodeConfigReported>;

/// What may be promised of the stock, at the hub only.
using PromiseEvent = std::variant<SafetyStockRuleDefined, SellingChannelDefined, StockReserved,
                                  ReservationEnded, SupplyExpected>;

/// By which orders are routed, at the hub only.
using RoutingEvent = std::variant<RoutingRulesDefined>;

/// Units set aside for a device's own sales. Key: the lease; of LeasePolicyDefined: the policy.
using LeaseEvent =
    std::variant<StockLeased, LeaseRecalled, LeaseReturned, LeaseClosed, LeasePolicyDefined>;

/// What is taken off orders, at the hub only.
using PromotionEvent = std::variant<PromotionDefined>;

using Event = std::variant<ReferenceEvent, StockEvent, OrderEvent, ShipGroupEvent, ReturnEvent,
                           DeviceEvent, PaymentEvent, StoredValueEvent, PromiseEvent, RoutingEvent,
                           LeaseEvent, PromotionEvent>;

/// The event's number in the registry.
std::uint32_t type_of(const Event& event);

}  // namespace cairn::domain
