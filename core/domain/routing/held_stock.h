#pragma once
// What sites have for an order, less what held orders before it were sold: no site is given these
// units while the hold lasts, and nobody else may have them. Pure.

#include "core/base/ids.h"

#include <cstdint>
#include <vector>

namespace cairn::domain {

/// One article at an active site.
struct StockForOrder {
  SiteId site;                  ///< each once
  std::int64_t distance_m = 0;  ///< from the customer of the order that is to be routed
  std::int64_t atp_milli = 0;   ///< below zero: it has promised more than it has
  friend bool operator==(const StockForOrder&, const StockForOrder&) = default;
};

/// Of one article.
struct HeldUnits {
  SiteId pickup_site;  ///< where the customer comes to; empty: any site may ship them
  std::int64_t milli = 0;
};

/// Takes off what is held: a pickup at its site, then what is to be shipped at the sites farthest
/// from the customer of this order, who is so given the nearest. Never more than a site has.
void keep_back(std::vector<StockForOrder>& stock, const std::vector<HeldUnits>& held);

}  // namespace cairn::domain
