#include "central/promise/kit_stock.h"

#include "core/base/quantity.h"

#include <algorithm>

namespace cairn::central {
namespace {

/// Whole kits for which every part suffices. `milli_of`: what there is of a part.
template <class MilliOf>
std::int64_t kits_of(const std::vector<KitStock::Part>& parts, MilliOf milli_of) {
  std::optional<std::int64_t> least;
  for (const KitStock::Part& part : parts) {
    const std::int64_t milli = std::max<std::int64_t>(milli_of(part.stock), 0);
    const std::int64_t kits = milli / (kMilliPerUnit * part.part.units) * kMilliPerUnit;
    least = std::min(kits, least.value_or(kits));
  }
  return least.value_or(0);
}

}  // namespace

std::int64_t KitStock::online_milli() const {
  const auto here = [](const ChannelStock& stock) { return stock.in_stock_milli(); };
  const std::int64_t all =
      kits_of(parts, [](const ChannelStock& stock) { return stock.online_milli; });
  return in_stock_milli() + all - kits_of(parts, here);
}

std::int64_t KitStock::in_stock_milli() const {
  if (parts.empty()) return 0;
  std::int64_t whole = 0;
  for (const ChannelStock::Site& row : parts.front().stock.sites) {
    whole += kits_of(parts, [&row](const ChannelStock& stock) {
      const auto found = std::ranges::find(stock.sites, row.site, &ChannelStock::Site::site);
      return found == stock.sites.end() ? 0 : found->offer.web_sellable_milli();
    });
  }
  return std::min(whole,
                  kits_of(parts, [](const ChannelStock& stock) { return stock.in_stock_milli(); }));
}

std::vector<KitStock::Site> KitStock::sites() const {
  std::vector<Site> found;
  if (parts.empty()) return found;
  for (const ChannelStock::Site& row : parts.front().stock.sites) {
    const std::int64_t kits =
        kits_of(parts, [&row](const ChannelStock& stock) { return stock.pickup_milli(row.site); });
    if (kits > 0) found.push_back({row.site, kits});
  }
  return found;
}

std::optional<UtcTime> KitStock::date_for(std::int64_t milli) const {
  std::optional<UtcTime> last;
  for (const Part& part : parts) {
    if (milli > kMaxMilli / part.part.units) return std::nullopt;
    const std::int64_t wanted = milli * part.part.units;
    if (wanted <= part.stock.in_stock_milli()) continue;
    const auto due = part.stock.future.date_for(wanted);
    if (!due) return std::nullopt;
    if (!last || *last < *due) last = due;
  }
  return last;
}

}  // namespace cairn::central
