#include "central/capture/stock_check.h"

#include "central/promise/channel_stock.h"
#include "core/domain/order/order.h"

#include <fmt/format.h>

namespace cairn::central {

using domain::AheadOfStock;

Result<AheadOfStock> check_stock(storage::UnitOfWork& work, const SiteAges& ages,
                                 const WantedGoods& wanted, bool allow_backorder) {
  AheadOfStock ahead = AheadOfStock::kNo;
  const ChannelSites sites =
      channel_sites(work.connection(), wanted.channel, work.replica().facilities());
  const UtcTime now = work.now();
  std::string lacking;
  for (const auto& [sku, milli] : wanted.goods) {
    const auto own = wanted.queued.find(sku);
    const ChannelStock stock =
        channel_stock(work.connection(), sites, work.replica().stock_by_site(sku), ages, sku, now,
                      {wanted.queued_for, own == wanted.queued.end() ? 0 : own->second});
    const std::int64_t sellable = stock.sellable_milli(wanted.pickup_site);
    const std::int64_t here = wanted.pickup_site.empty() ? stock.in_stock_milli() : sellable;
    if (milli > here && ahead != AheadOfStock::kPreorder) {
      ahead = stock.future.how == AheadOfStock::kNo ? AheadOfStock::kBackorder : stock.future.how;
    }
    if (milli <= sellable) continue;
    lacking += fmt::format("{}{}: wanted {}, available {}", lacking.empty() ? "" : "; ", sku.text(),
                           milli_text(milli), milli_text(sellable));
  }
  if (lacking.empty() || allow_backorder) return ahead;
  return fail(ErrorCode::kConflict, "not_available", lacking + "; nothing was changed");
}

Result<> park_ahead(storage::UnitOfWork& work, OrderId order, AheadOfStock ahead, UserId actor) {
  if (ahead == AheadOfStock::kNo) return {};
  const bool preorder = ahead == AheadOfStock::kPreorder;
  const domain::OrderParked parked{
      preorder ? domain::ParkingQueue::kPreorder : domain::ParkingQueue::kBackorder, {}};
  const auto written =
      work.record({domain::OrderEvent(parked), domain::order_key(order), SiteId{}, actor, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

}  // namespace cairn::central
