#pragma once
// The key of a record: which aggregate its ordered state belongs to. It can be read without knowing
// the event's type, so that an unknown event parks its own aggregate and nobody else's
// (docs/protocol.md).

#include "core/base/bytes.h"
#include "core/base/ids.h"

#include <compare>
#include <cstdint>
#include <string_view>

namespace cairn::domain {

/// First octet of a key; numbers are never reused.
enum class AggregateKind : std::uint8_t {
  kNone = 0,          ///< commutative events: no ordered state
  kProduct = 1,       ///< id: SKU
  kFacility = 2,      ///< id: site
  kLocation = 3,      ///< id: site, NUL, location
  kStaff = 4,         ///< id: site, NUL, user (16 octets)
  kNode = 5,          ///< id: node (16 octets)
  kOrder = 6,         ///< id: order (16 octets)
  kShipGroup = 7,     ///< id: ship group (16 octets)
  kReturnLedger = 8,  ///< id: ship group (16 octets), site
  kPayment = 9,       ///< id: payment (16 octets)
  kStoredValue = 10,  ///< id: gift card or store credit (16 octets)
  kChannel = 12,      ///< id: the channel's name
  kSafetyStock = 13,  ///< id: the rule's name
  kReservation = 14,  ///< id: reservation (16 octets)
  kSupply = 15,       ///< id: the supply's reference
  kRuleSet = 16,      ///< id: the rule set's name
  kPromotion = 17,    ///< id: the promotion's name
  kStockLease = 20,   ///< id: stock lease (16 octets)
  kLeasePolicy = 21,  ///< id: the policy's name
};

struct Key {
  AggregateKind kind = AggregateKind::kNone;
  Bytes id;

  /// Kind, then id; empty for kNone.
  [[nodiscard]] Bytes bytes() const;
  friend auto operator<=>(const Key&, const Key&) = default;
};

Key product_key(const Sku& sku);
Key facility_key(const SiteId& site);
Key location_key(const SiteId& site, const LocationCode& location);
Key staff_key(const SiteId& site, UserId user);
Key node_key(NodeId node);
Key order_key(OrderId order);
Key ship_group_key(ShipGroupId group);
Key return_ledger_key(ShipGroupId group, const SiteId& site);
Key payment_key(PaymentId payment);
Key stored_value_key(StoredValueId id);
Key channel_key(std::string_view name);
Key safety_stock_key(std::string_view name);
Key reservation_key(ReservationId reservation);
Key supply_key(std::string_view reference);
Key rule_set_key(std::string_view name);
Key promotion_key(std::string_view name);
Key stock_lease_key(StockLeaseId lease);
Key lease_policy_key(std::string_view name);

/// Is it of a known kind, and is its id what that kind has?
bool is_key(BytesView key);

/// The group of a ship group's or a return ledger's key; nil: it is another one's.
ShipGroupId group_of_key(BytesView key);

}  // namespace cairn::domain
