#pragma once
// What a channel can sell of an article, and why: the book's figures, the ages of the sites, and
// the company's rules put together. Any connection.

#include "central/promise/site_ages.h"
#include "core/domain/promise/expected_supply.h"
#include "core/domain/promise/safety_stock.h"
#include "core/domain/promise/selling_channel.h"
#include "core/storage/projections/promises.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/stock_on_hand.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cairn::central {

struct ChannelStock {
  struct Site {
    SiteId site;
    domain::SiteOffer offer;
    std::string safety_rule;  ///< that holds; empty: none
    SiteAge age;
  };
  domain::SellingChannel channel;  ///< as it is defined; its own name alone if it is not
  bool defined = false;
  std::vector<Site> sites;  ///< every active site and every one that has some of it, by site
  domain::ChannelDemand demand;
  std::vector<domain::ExpectedSupply> expected;  ///< of the article, by date; also what is overdue
  domain::FutureOffer future;
  std::int64_t online_milli = 0;  ///< what can be sold now, to be shipped

  /// What can be sold to be collected at a site; 0 if there is no such site. Never more than all
  /// sites have together beyond what is in the queue and in baskets.
  [[nodiscard]] std::int64_t pickup_milli(const SiteId& site) const;
  /// Of online_milli: what is there already.
  [[nodiscard]] std::int64_t in_stock_milli() const { return online_milli - future.milli; }
  /// What can be sold: to be collected at the site, or, if it is empty, to be shipped.
  [[nodiscard]] std::int64_t sellable_milli(const SiteId& pickup_site) const {
    return pickup_site.empty() ? online_milli : pickup_milli(pickup_site);
  }
};

/// What holds for every article of a channel: read once for many of them.
struct ChannelSites {
  domain::SellingChannel channel;  ///< as ChannelStock::channel
  bool defined = false;
  std::map<SiteId, domain::Facility> facilities;
};
ChannelSites channel_sites(storage::Connection& connection, const std::string& channel,
                           const std::vector<domain::Facility>& facilities);

/// `stock`: the article's, by site. `but`: units in the queue that do not count, because they are
/// those of whoever asks.
ChannelStock channel_stock(storage::Connection& connection, const ChannelSites& of,
                           const std::vector<storage::SiteStock>& stock, const SiteAges& ages,
                           const Sku& sku, UtcTime now, const storage::SoftReserved& but = {});
/// The same, of one article.
ChannelStock channel_stock(storage::Connection& connection,
                           const std::vector<storage::SiteStock>& stock, const SiteAges& ages,
                           const std::string& channel, const Sku& sku, UtcTime now);

}  // namespace cairn::central
