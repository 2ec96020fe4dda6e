#pragma once
// Promotions and their coupons; at the hub. How often a coupon was used is counted in the orders
// themselves. Class: single writer. Writing: loop only. Errors as in sqlite/connection.h.

#include "core/domain/event.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class Promotions {
 public:
  explicit Promotions(Connection& connection) : connection_(&connection) {}

  void apply(const domain::PromotionEvent& event);
  void reset();

 private:
  Connection* connection_;
};

// ---- queries: any connection ----

/// By name, behind that one; the ended ones among them.
std::vector<domain::Promotion> promotions(Connection& connection, const std::string& after,
                                          std::size_t limit);
std::optional<domain::Promotion> find_promotion(Connection& connection, const std::string& name);
/// The active ones that need no coupon, by name.
std::vector<domain::Promotion> promotions_by_themselves(Connection& connection, UtcTime now);
/// The active promotion that has this coupon.
std::optional<domain::Promotion> promotion_of_coupon(Connection& connection,
                                                     const std::string& code);

/// Orders that used the coupon and were not cancelled whole, up to `most`.
std::int64_t coupon_uses(Connection& connection, const std::string& code, std::int64_t most);
/// Likewise, of one customer of a channel.
std::int64_t coupon_uses_of(Connection& connection, const std::string& code,
                            const std::string& channel, const std::string& customer);
/// Whether the order used one that was not given back.
bool has_used_coupons(Connection& connection, OrderId order);

}  // namespace cairn::storage
