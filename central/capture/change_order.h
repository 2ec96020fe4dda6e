#pragma once
// Changes of orders that no site has yet. Inside a job of the writer. Loop only.

#include "central/capture/capture_order.h"
#include "core/domain/order/order_change.h"

#include <optional>
#include <vector>

namespace cairn::central {

/// The way to the customer, as far as it is to be another one.
struct WantedDelivery {
  std::optional<domain::FulfilmentMethod> method{};
  std::optional<SiteId> pickup_site{};
  std::optional<GeoPoint> destination{};
};

struct OrderChange {
  OrderId order;
  std::vector<domain::OrderLine> add{};  ///< names and units are the catalogue's
  std::vector<domain::LineQuantity> quantities{};
  WantedDelivery delivery{};
  std::string note{};
  bool allow_backorder = false;
};

/// Units more, and all units where the way is another one, are compared with what can be sold in
/// this job; what the order has waiting counts for it. An order that costs too much now is held.
/// Errors: kNotFound "no_such_order"; those of domain::decide(); kInvalid "unknown_sku",
/// "unknown_site"; kConflict "not_available".
Result<> change_order(storage::UnitOfWork& work, const SiteAges& ages, const HoldRules& rules,
                      OrderChange change, UserId actor);

}  // namespace cairn::central
