#include "core/domain/promise/future_supply.h"

#include <algorithm>
#include <set>
#include <utility>

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

std::string_view name_of(AheadOfStock how) {
  switch (how) {
    case AheadOfStock::kNo:
      return "";
    case AheadOfStock::kPreorder:
      return "PREORDER";
    case AheadOfStock::kBackorder:
      return "BACKORDER";
  }
  return "";
}

AheadOfStock ahead_of_stock(std::int64_t in_stock_milli, bool new_style,
                            const std::vector<Supply>& supply) {
  const bool comes = std::ranges::any_of(supply, [](const Supply& one) { return one.milli > 0; });
  if (in_stock_milli > 0 || !comes) return AheadOfStock::kNo;
  return new_style ? AheadOfStock::kPreorder : AheadOfStock::kBackorder;
}

std::optional<UtcTime> FutureOffer::date_for(std::int64_t wanted_milli) const {
  if (how == AheadOfStock::kNo) return std::nullopt;
  return promise_date(supply, pegged, wanted_milli);
}

FutureOffer future_offer(std::vector<Supply> supply, std::int64_t free_milli, bool new_style) {
  FutureOffer offer;
  offer.how = ahead_of_stock(free_milli, new_style, supply);
  if (offer.how == AheadOfStock::kNo) return offer;
  const auto [first, last] = std::ranges::minmax(supply, {}, &Supply::due);
  if (free_milli < 0) offer.pegged.push_back({first.due, -free_milli});
  offer.supply = std::move(supply);
  offer.milli = future_atp_milli(offer.supply, offer.pegged, last.due);
  return offer;
}

}  // namespace cairn::domain
