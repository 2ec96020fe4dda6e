#pragma once
// Corrections of a site's stock by head office: the site hears of them with its feed. Inside a job
// of the writer. Loop only.

#include "core/domain/promise/availability.h"
#include "core/domain/stock/adjustment.h"
#include "core/storage/unit_of_work.h"

namespace cairn::central {

struct StockAdjustment {
  SiteId site;
  Sku sku;
  LocationCode location;
  std::int64_t milli = 0;  ///< as in domain::AdjustStock
  domain::AdjustmentReason reason = domain::AdjustmentReason::kCountAdj;
};

/// The site's figures of the article afterwards. Errors: those of domain::decide(); kNotFound
/// "no_such_site", "no_such_product".
Result<domain::SiteFigures> adjust_stock(storage::UnitOfWork& work,
                                         const StockAdjustment& adjustment, UserId actor);

}  // namespace cairn::central
