#include "central/promise/channel_stock.h"

#include <algorithm>
#include <utility>

namespace cairn::central {
namespace {

using domain::ChannelSiteMode;
using domain::SiteOffer;
using domain::Withheld;

/// What a channel does with a site, whatever is there.
void apply_channel(const domain::SellingChannel& channel, const domain::Facility* facility,
                   const SiteId& site, const SiteAge& age, SiteOffer& offer) {
  const ChannelSiteMode mode = channel.mode_of(site);
  offer.kept_percent = domain::kept_percent(channel.freshness, age.age_s);
  if (facility == nullptr || !facility->active) {
    offer.withheld = Withheld::kInactive;
  } else if (mode == ChannelSiteMode::kExcluded) {
    offer.withheld = Withheld::kExcluded;
  } else if (offer.kept_percent == 0) {
    offer.withheld = Withheld::kStale;
  } else if (mode == ChannelSiteMode::kPickupOnly) {
    offer.withheld = Withheld::kPickupOnly;
  }
}

}  // namespace

std::int64_t ChannelStock::pickup_milli(const SiteId& site) const {
  const auto found = std::ranges::find(sites, site, &Site::site);
  if (found == sites.end()) return 0;
  std::int64_t together = -demand.unbrokered_milli - demand.soft_milli;
  for (const Site& each : sites) {
    together += std::max<std::int64_t>(each.offer.stock.atp_milli(), 0);
  }
  return std::clamp<std::int64_t>(found->offer.pickup_milli(), 0,
                                  std::max<std::int64_t>(together, 0));
}

ChannelSites channel_sites(storage::Connection& connection, const std::string& channel,
                           const std::vector<domain::Facility>& facilities) {
  ChannelSites of;
  const auto defined = storage::find_selling_channel(connection, channel);
  of.defined = defined.has_value();
  if (defined) of.channel = *defined;
  of.channel.name = channel;
  for (const domain::Facility& facility : facilities) {
    of.facilities.emplace(facility.site, facility);
  }
  return of;
}

ChannelStock channel_stock(storage::Connection& connection,
                           const std::vector<storage::SiteStock>& stock, const SiteAges& ages,
                           const std::string& channel, const Sku& sku, UtcTime now) {
  const auto sites = channel_sites(connection, channel, storage::facilities(connection));
  return channel_stock(connection, sites, stock, ages, sku, now);
}

ChannelStock channel_stock(storage::Connection& connection, const ChannelSites& of,
                           const std::vector<storage::SiteStock>& stock, const SiteAges& ages,
                           const Sku& sku, UtcTime now, const storage::SoftReserved& but) {
  ChannelStock result;
  result.defined = of.defined;
  result.channel = of.channel;

  std::map<SiteId, domain::SiteFigures> figures;
  for (const auto& [site, facility] : of.facilities) {
    if (facility.active) figures[site];
  }
  for (const storage::SiteStock& row : stock) figures[row.site] = row.stock;
  std::map<SiteId, std::int64_t> soft;
  for (const storage::SoftReserved& kept : storage::soft_reserved(connection, sku, now)) {
    soft[kept.pickup_site] = kept.milli;
  }
  storage::Unbrokered unbrokered = storage::unbrokered(connection, sku);
  auto& queued = unbrokered.pickup_milli;
  if (!but.pickup_site.empty()) queued[but.pickup_site] -= but.milli;
  const domain::SafetyStock safety(storage::safety_stock_rules_for(connection, sku));

  std::vector<SiteOffer> offers;
  for (const auto& [site, at_site] : figures) {
    const auto facility = of.facilities.find(site);
    const bool known = facility != of.facilities.end();
    ChannelStock::Site row{site, {at_site}, {}, ages.of(site, now)};
    if (const auto kept = soft.find(site); kept != soft.end()) row.offer.soft_milli = kept->second;
    if (const auto all = queued.find(site); all != queued.end()) {
      row.offer.queued_milli = all->second;
    }
    const auto* const rule =
        known ? safety.rule_for(site, facility->second.kind, sku, now) : nullptr;
    if (rule != nullptr) {
      row.offer.safety_milli = rule->milli;
      row.safety_rule = rule->name;
    }
    apply_channel(result.channel, known ? &facility->second : nullptr, site, row.age, row.offer);
    offers.push_back(row.offer);
    result.sites.push_back(std::move(row));
  }
  result.demand.threshold_milli = result.channel.threshold_milli;
  result.demand.unbrokered_milli = unbrokered.milli - but.milli;
  for (const auto& [site, milli] : soft) result.demand.soft_milli += milli;
  result.expected = storage::expected_supply(connection, sku);
  if (result.channel.sells_ahead) {
    std::int64_t free = -result.demand.taken_milli();
    for (const SiteOffer& offer : offers) free += offer.web_sellable_milli();
    result.future = domain::future_offer(domain::promisable(result.expected, now), free,
                                         /*new_style=*/stock.empty());
    result.demand.future_milli = result.future.milli;
  }
  result.online_milli = domain::online_atp_milli(offers, result.demand);
  return result;
}

}  // namespace cairn::central
