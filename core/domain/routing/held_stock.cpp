#include "core/domain/routing/held_stock.h"

#include <algorithm>
#include <tuple>

namespace cairn::domain {
namespace {

/// Takes off so much as there is; returns what is left to be taken elsewhere.
std::int64_t take_off(StockForOrder& site, std::int64_t milli) {
  const std::int64_t kept = std::clamp<std::int64_t>(site.atp_milli, 0, milli);
  site.atp_milli -= kept;
  return milli - kept;
}

}  // namespace

void keep_back(std::vector<StockForOrder>& stock, const std::vector<HeldUnits>& held) {
  std::int64_t anywhere = 0;
  for (const HeldUnits& units : held) {
    const std::int64_t milli = std::max<std::int64_t>(units.milli, 0);
    if (units.pickup_site.empty()) {
      anywhere += milli;
      continue;
    }
    const auto site = std::ranges::find(stock, units.pickup_site, &StockForOrder::site);
    if (site != stock.end()) take_off(*site, milli);
  }
  std::vector<StockForOrder*> farthest;
  farthest.reserve(stock.size());
  for (StockForOrder& site : stock) farthest.push_back(&site);
  std::ranges::sort(farthest, [](const StockForOrder* a, const StockForOrder* b) {
    return std::tie(b->distance_m, b->site) < std::tie(a->distance_m, a->site);
  });
  for (StockForOrder* const site : farthest) anywhere = take_off(*site, anywhere);
}

}  // namespace cairn::domain
