#include "core/domain/promise/selling_channel.h"

#include "core/base/quantity.h"

#include <algorithm>

namespace cairn::domain {
namespace {

constexpr int kAllPercent = 100;
constexpr std::int64_t kMaxAge = 366LL * 24 * 3600;

tl::unexpected<Error> bad_channel(std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_channel", std::string(what));
}

}  // namespace

std::string_view name_of(ChannelSiteMode mode) {
  switch (mode) {
    case ChannelSiteMode::kOnline:
      return "ONLINE";
    case ChannelSiteMode::kPickupOnly:
      return "PICKUP_ONLY";
    case ChannelSiteMode::kExcluded:
      return "EXCLUDED";
  }
  return "";
}

Result<ChannelSiteMode> parse_channel_site_mode(std::string_view text) {
  for (const auto mode :
       {ChannelSiteMode::kOnline, ChannelSiteMode::kPickupOnly, ChannelSiteMode::kExcluded}) {
    if (name_of(mode) == text) return mode;
  }
  return fail(ErrorCode::kInvalid, "bad_site_mode", "a mode is ONLINE, PICKUP_ONLY or EXCLUDED");
}

ChannelSiteMode SellingChannel::mode_of(const SiteId& site) const {
  const auto found = std::ranges::lower_bound(sites, site, {}, &Site::site);
  return found != sites.end() && found->site == site ? found->mode : other_sites;
}

Result<> validate(const SellingChannel& channel) {
  if (channel.name.empty() || channel.name.size() > SellingChannel::kMaxName) {
    return bad_channel("a channel has a name of 1 to 32 octets");
  }
  if (channel.sites.size() > SellingChannel::kMaxSites) return bad_channel("at most 10,000 sites");
  const auto unordered = std::ranges::adjacent_find(
      channel.sites, [](const auto& a, const auto& b) { return a.site >= b.site; });
  if (unordered != channel.sites.end())
    return bad_channel("each site once, in the order of their names");
  if (channel.threshold_milli < 0 || channel.threshold_milli > kMaxMilli) {
    return bad_channel("the threshold is nothing or more, at most 10^9 units");
  }
  const Freshness& fresh = channel.freshness;
  if (fresh.stale_after_s < 0 || fresh.stale_after_s > kMaxAge) {
    return bad_channel("a site is stale after 0 s (never) to 366 days");
  }
  if (fresh.kept_percent < 0 || fresh.kept_percent > kAllPercent) {
    return bad_channel("of a stale site's stock 0 to 100 percent are sold");
  }
  return {};
}

int kept_percent(const Freshness& freshness, std::optional<std::int64_t> age_s) {
  if (freshness.stale_after_s == 0) return kAllPercent;
  if (age_s && *age_s <= freshness.stale_after_s) return kAllPercent;
  return freshness.kept_percent;
}

}  // namespace cairn::domain
