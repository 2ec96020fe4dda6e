#include "core/domain/promise/availability.h"

#include "core/base/quantity.h"

#include <algorithm>

namespace cairn::domain {
namespace {

constexpr std::int64_t kPercent = 100;

std::int64_t at_least_zero(std::int64_t milli) { return std::max<std::int64_t>(0, milli); }

/// A part of whole units is whole units, and never more than the part.
std::int64_t part_of(std::int64_t milli, int percent) {
  const std::int64_t part = milli / kPercent * percent + milli % kPercent * percent / kPercent;
  const bool whole = milli % kMilliPerUnit == 0;
  return whole ? part / kMilliPerUnit * kMilliPerUnit : part;
}

}  // namespace

std::string_view name_of(Withheld reason) {
  switch (reason) {
    case Withheld::kNot:
      return "";
    case Withheld::kInactive:
      return "INACTIVE";
    case Withheld::kExcluded:
      return "EXCLUDED";
    case Withheld::kPickupOnly:
      return "PICKUP_ONLY";
    case Withheld::kStale:
      return "STALE";
  }
  return "";
}

std::int64_t SiteOffer::safety_kept_milli() const {
  return std::min(safety_milli, at_least_zero(stock.atp_milli()));
}

std::int64_t SiteOffer::web_sellable_milli() const {
  if (withheld != Withheld::kNot) return 0;
  return part_of(at_least_zero(stock.atp_milli() - safety_milli), kept_percent);
}

std::int64_t SiteOffer::pickup_milli() const {
  if (withheld != Withheld::kNot && withheld != Withheld::kPickupOnly) return 0;
  const std::int64_t sellable = at_least_zero(stock.atp_milli() - safety_milli);
  return at_least_zero(part_of(sellable, kept_percent) - soft_milli - queued_milli);
}

std::int64_t online_atp_milli(std::span<const SiteOffer> sites, const ChannelDemand& demand) {
  std::int64_t sellable = 0;
  for (const SiteOffer& site : sites) sellable += site.web_sellable_milli();
  return at_least_zero(sellable - demand.taken_milli()) + demand.future_milli;
}

}  // namespace cairn::domain
