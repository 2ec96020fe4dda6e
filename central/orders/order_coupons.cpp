#include "central/orders/order_coupons.h"

#include "core/domain/order/order.h"
#include "core/storage/projections/orders.h"
#include "core/storage/promotions.h"

#include <algorithm>

namespace cairn::central {

Result<> give_back_coupons(storage::UnitOfWork& work, OrderId order, UserId actor) {
  if (!storage::has_used_coupons(work.connection(), order)) return {};
  work.replica().save_views();  // what a ship group has just given up
  const auto row = storage::find_order(work.connection(), order);
  if (!row) return {};
  const auto lines = storage::order_lines(work.connection(), order);
  const bool kept = std::ranges::any_of(lines, [](const storage::OrderLineRow& line) {
    const domain::LineProgress& progress = line.progress;
    return !progress.service &&
           (progress.cancelled_milli < progress.ordered_milli || progress.shipped_milli > 0);
  });
  if (kept) return {};
  const auto written = work.record({domain::OrderEvent(domain::CouponsGivenBack{}),
                                    domain::order_key(order),
                                    SiteId{},
                                    actor,
                                    {},
                                    {}});
  if (!written) return fail(written.error());
  return {};
}

}  // namespace cairn::central
