#pragma once
// Orders that wait and sites that may fill them, to be changed in what a test is about.

#include "core/domain/routing/candidates.h"
#include "tests/core/domain/support/cost_case.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::domain::test {

/// Two lines, 2 x A and 1 x B, for next day delivery.
inline WaitingOrder waiting_order(std::uint8_t number = 1) {
  WaitingOrder order;
  order.order = cairn::test::order_id(number);
  order.shipping_method = "NEXT_DAY";
  order.priority = 2;
  order.sales_channel = "web";
  order.product_categories = {"shoes", "care"};
  order.origin_groups = {"north"};
  order.ordered_at = cairn::test::utc("2026-11-27T08:00:00Z");
  order.ship_after = order.ordered_at;
  order.ship_by = order.ordered_at;
  order.delivery_days = 1;
  order.promise_days = 3;
  order.country = "GB";
  order.needs = {cost_need(1, "A", 2), cost_need(2, "B", 1)};
  return order;
}

/// Has that many of A and B, and nothing against it.
inline SiteForOrder site_offer(std::string_view name, std::int64_t units_a = 9,
                               std::int64_t units_b = 9) {
  SiteForOrder made;
  made.site = site(name);
  made.groups = {"stores"};
  made.fixed_micro = 1'000'000;
  for (const std::int64_t units : {units_a, units_b}) {
    made.lines.push_back({units * 1000, 0, 10'000, false});
  }
  return made;
}

}  // namespace cairn::domain::test
