#include "core/domain/routing/order_selection.h"

#include <algorithm>
#include <tuple>

namespace cairn::domain {
namespace {

std::int64_t sort_key(const WaitingOrder& order, OrderSort sort) {
  switch (sort) {
    case OrderSort::kShipBy:
      return order.ship_by.us;
    case OrderSort::kShipAfter:
      return order.ship_after.us;
    case OrderSort::kOrderDate:
      return order.ordered_at.us;
    case OrderSort::kShippingMethod:
      return order.delivery_days;
    case OrderSort::kPriority:
      return order.priority;
  }
  return 0;
}

}  // namespace

bool matches(const OrderFilters& filters, const WaitingOrder& order) {
  return filters.shipping_method.takes({order.shipping_method}) &&
         filters.priority.takes({std::to_string(order.priority)}) &&
         filters.sales_channel.takes({order.sales_channel}) &&
         filters.product_category.takes(order.product_categories) &&
         filters.origin_group.takes(order.origin_groups) &&
         order.promise_days <= filters.promise_days_most.value_or(order.promise_days) &&
         (!filters.promise_days_over || order.promise_days > *filters.promise_days_over);
}

std::vector<std::size_t> select_orders(const OrderRouting& routing,
                                       const std::vector<WaitingOrder>& orders) {
  std::vector<std::size_t> taken;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const bool queued = std::ranges::find(routing.queues, orders[i].queue) != routing.queues.end();
    if (queued && is_routed(orders[i].queue) && matches(routing.filters, orders[i])) {
      taken.push_back(i);
    }
  }
  std::ranges::sort(taken, [&routing, &orders](std::size_t left, std::size_t right) {
    const WaitingOrder& a = orders[left];
    const WaitingOrder& b = orders[right];
    for (const OrderSort sort : routing.sorts) {
      if (sort_key(a, sort) != sort_key(b, sort)) return sort_key(a, sort) < sort_key(b, sort);
    }
    return std::tie(a.ordered_at, a.order, left) < std::tie(b.ordered_at, b.order, right);
  });
  return taken;
}

}  // namespace cairn::domain
