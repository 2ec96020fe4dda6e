#include "core/domain/promise/future_supply.h"

#include <algorithm>
#include <set>

namespace cairn::domain {
namespace {

template <class Dated>
std::int64_t until(const std::vector<Dated>& all, UtcTime date) {
  std::int64_t milli = 0;
  for (const Dated& one : all) {
    if (one.due <= date) milli += one.milli;
  }
  return milli;
}

}  // namespace

std::int64_t future_atp_milli(const std::vector<Supply>& supply,
                              const std::vector<PeggedDemand>& pegged, UtcTime date) {
  // What is free at a date can only be had if it is still free at each later one.
  std::int64_t least = until(supply, date) - until(pegged, date);
  for (const PeggedDemand& later : pegged) {
    if (later.due <= date) continue;
    least = std::min(least, until(supply, later.due) - until(pegged, later.due));
  }
  return std::max<std::int64_t>(0, least);
}

std::optional<UtcTime> promise_date(const std::vector<Supply>& supply,
                                    const std::vector<PeggedDemand>& pegged, std::int64_t milli) {
  std::set<UtcTime> dates;
  for (const Supply& one : supply) dates.insert(one.due);
  for (const PeggedDemand& one : pegged) dates.insert(one.due);
  for (const UtcTime date : dates) {
    if (future_atp_milli(supply, pegged, date) >= milli) return date;
  }
  return std::nullopt;
}

AheadOfStock ahead_of_stock(std::int64_t on_hand_milli, bool new_style,
                            const std::vector<Supply>& supply) {
  const bool comes = std::ranges::any_of(supply, [](const Supply& one) { return one.milli > 0; });
  if (on_hand_milli > 0 || !comes) return AheadOfStock::kNo;
  return new_style ? AheadOfStock::kPreorder : AheadOfStock::kBackorder;
}

}  // namespace cairn::domain
