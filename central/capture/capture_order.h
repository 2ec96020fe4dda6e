#pragma once
// Orders as channels sell them: once each, never more than can be promised, held where a rule wants
// somebody to look. Each function runs inside a job of the writer. Loop only.

#include "central/promise/site_ages.h"
#include "central/promotions/promotion_book.h"
#include "core/domain/order/order.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cairn::central {

/// Which orders are held by themselves.
struct HoldRules {
  std::optional<std::int64_t> above_minor{};  ///< that cost more: FRAUD; nothing: none
  bool without_position = false;              ///< to be shipped to nobody knows where: ADDRESS
};

struct CaptureOrder {
  domain::OrderPlaced order;     ///< without id; names and units of lines are the catalogue's
  std::optional<Money> total{};  ///< what the channel thinks it costs
  std::vector<ReservationId> reservations{};  ///< of its basket: they end with it
  bool allow_backorder = false;               ///< taken whatever is there
  WantedPromotions promotions{};              ///< of the hub, beside the discounts of the channel
};

struct CapturedOrder {
  OrderId order;
  bool fresh = true;  ///< false: it was here before, with the same content
};

/// One where customers can collect, or none. Any connection. Errors: kInvalid "unknown_site".
Result<> check_site(storage::Connection& connection, const SiteId& pickup_site);

/// What is wanted and what the channel can sell are compared in this job. On an error nothing may
/// be committed. Errors: kInvalid "bad_order", "unknown_sku", "unknown_site", "wrong_total",
/// "overflow", "bad_reservation"; kNotFound "no_such_reservation"; kConflict "order_differs" (the
/// number is another order's), "not_available"; kRejected "coupon_refused".
Result<CapturedOrder> capture_order(storage::UnitOfWork& work, const SiteAges& ages,
                                    const HoldRules& rules, CaptureOrder wanted, UserId actor);

}  // namespace cairn::central
