#include "central/stock/adjust_stock.h"

#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/stock_on_hand.h"

#include <fmt/format.h>

namespace cairn::central {

Result<domain::SiteFigures> adjust_stock(storage::UnitOfWork& work,
                                         const StockAdjustment& adjustment, UserId actor) {
  storage::Connection& connection = work.connection();
  if (!storage::find_facility(connection, adjustment.site)) {
    return fail(ErrorCode::kNotFound, "no_such_site",
                fmt::format("there is no site {}; nothing was changed", adjustment.site.text()));
  }
  const auto product = storage::find_product(connection, adjustment.sku);
  if (!product) {
    return fail(ErrorCode::kNotFound, "no_such_product",
                fmt::format("there is no article {}; nothing was changed", adjustment.sku.text()));
  }
  domain::AdjustStock command{
      adjustment.sku, adjustment.location, adjustment.milli, adjustment.reason, 0, product->uom};
  command.there_milli =
      storage::on_hand_milli(connection, adjustment.site, adjustment.sku, domain::left_by(command));
  const auto moved = domain::decide(command);
  if (!moved) return fail(moved.error());
  const auto written =
      work.record({domain::StockEvent(*moved), {}, adjustment.site, actor, {}, {}});
  if (!written) return fail(written.error());
  return storage::site_figures(connection, adjustment.site, adjustment.sku);
}

}  // namespace cairn::central
