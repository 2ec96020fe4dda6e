#include "core/domain/key.h"

namespace cairn::domain {
namespace {

/// A name that people gave: of a channel, of a rule, of a supply.
constexpr std::size_t kMaxNamedKey = 64;

}  // namespace

Bytes Key::bytes() const {
  if (kind == AggregateKind::kNone) return {};
  return static_cast<char>(kind) + id;
}

Key product_key(const Sku& sku) { return {AggregateKind::kProduct, sku.text()}; }

Key facility_key(const SiteId& site) { return {AggregateKind::kFacility, site.text()}; }

Key location_key(const SiteId& site, const LocationCode& location) {
  return {AggregateKind::kLocation, site.text() + '\0' + location.text()};
}

Key staff_key(const SiteId& site, UserId user) {
  return {AggregateKind::kStaff, site.text() + '\0' + user.value().bytes()};
}

Key node_key(NodeId node) { return {AggregateKind::kNode, node.value().bytes()}; }

Key order_key(OrderId order) { return {AggregateKind::kOrder, order.value().bytes()}; }

Key ship_group_key(ShipGroupId group) { return {AggregateKind::kShipGroup, group.value().bytes()}; }

Key return_ledger_key(ShipGroupId group, const SiteId& site) {
  return {AggregateKind::kReturnLedger, group.value().bytes() + site.text()};
}

Key channel_key(std::string_view name) { return {AggregateKind::kChannel, std::string(name)}; }

Key safety_stock_key(std::string_view name) {
  return {AggregateKind::kSafetyStock, std::string(name)};
}

Key reservation_key(ReservationId reservation) {
  return {AggregateKind::kReservation, reservation.value().bytes()};
}

Key supply_key(std::string_view reference) {
  return {AggregateKind::kSupply, std::string(reference)};
}

Key rule_set_key(std::string_view name) { return {AggregateKind::kRuleSet, std::string(name)}; }

Key stock_lease_key(StockLeaseId lease) {
  return {AggregateKind::kStockLease, lease.value().bytes()};
}

Key lease_policy_key(std::string_view name) {
  return {AggregateKind::kLeasePolicy, std::string(name)};
}

Key promotion_key(std::string_view name) { return {AggregateKind::kPromotion, std::string(name)}; }

Key payment_key(PaymentId payment) { return {AggregateKind::kPayment, payment.value().bytes()}; }

Key stored_value_key(StoredValueId id) { return {AggregateKind::kStoredValue, id.value().bytes()}; }

bool is_key(BytesView key) {
  if (key.empty()) return false;
  const BytesView id = key.substr(1);
  const auto cut = id.find('\0');
  const BytesView behind = cut == BytesView::npos ? BytesView() : id.substr(cut + 1);
  const auto is_site = [](BytesView text) { return SiteId::parse(text).has_value(); };
  switch (static_cast<AggregateKind>(key.front())) {
    case AggregateKind::kProduct:
      return Sku::parse(id).has_value();
    case AggregateKind::kFacility:
      return is_site(id);
    case AggregateKind::kLocation:
      return is_site(id.substr(0, cut)) && LocationCode::parse(behind).has_value();
    case AggregateKind::kStaff:  // head office's have no site
      return (cut == 0 || is_site(id.substr(0, cut))) && behind.size() == Uuid::kSize;
    case AggregateKind::kNode:
    case AggregateKind::kOrder:
    case AggregateKind::kShipGroup:
    case AggregateKind::kReservation:
    case AggregateKind::kPayment:
    case AggregateKind::kStoredValue:
    case AggregateKind::kStockLease:
      return id.size() == Uuid::kSize;
    case AggregateKind::kChannel:
    case AggregateKind::kSafetyStock:
    case AggregateKind::kSupply:
    case AggregateKind::kRuleSet:
    case AggregateKind::kLeasePolicy:
    case AggregateKind::kPromotion:
      return !id.empty() && id.size() <= kMaxNamedKey;
    case AggregateKind::kReturnLedger:
      return id.size() > Uuid::kSize && is_site(id.substr(Uuid::kSize));
    case AggregateKind::kNone:
      return false;
  }
  return false;
}

ShipGroupId group_of_key(BytesView key) {
  if (key.size() < 1 + Uuid::kSize) return {};
  const auto kind = static_cast<AggregateKind>(key.front());
  const bool group = kind == AggregateKind::kShipGroup && key.size() == 1 + Uuid::kSize;
  if (!group && kind != AggregateKind::kReturnLedger) return {};
  const auto id = Uuid::from_bytes(key.substr(1, Uuid::kSize));
  return id ? ShipGroupId(*id) : ShipGroupId();
}

}  // namespace cairn::domain
