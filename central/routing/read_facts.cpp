#include "central/routing/read_facts.h"

#include "core/base/geo.h"
#include "core/storage/full_sites.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/stock_on_hand.h"
#include "core/storage/site_load.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace cairn::central {
namespace {

using domain::RoutingFacts;

constexpr Duration kDay = std::chrono::hours(24);
constexpr std::int64_t kSalesWeeks = 4;
constexpr std::int64_t kAmpleWeeksMilli = 1'000'000;

UtcTime day_begin(UtcTime now) { return UtcTime{now.us - now.us % kDay.count()}; }
UtcTime sales_since(UtcTime now) { return UtcTime{now.us - kDay.count() * 7 * kSalesWeeks}; }

std::int64_t value_or_zero(const std::map<SiteId, std::int64_t>& values, const SiteId& site) {
  const auto found = values.find(site);
  return found == values.end() ? 0 : found->second;
}

/// Weeks for which `atp` lasts, in thousandths.
std::int64_t weeks_milli(std::int64_t atp_milli, std::int64_t given_milli) {
  if (given_milli <= 0) return kAmpleWeeksMilli;
  const std::int64_t atp = std::clamp<std::int64_t>(atp_milli, 0, kMaxMilli);
  return std::min(atp * kSalesWeeks * 1000 / given_milli, kAmpleWeeksMilli);
}

/// One article at all sites.
struct Article {
  std::map<SiteId, std::int64_t> atp_milli;
  std::map<SiteId, std::int64_t> given_milli;
};

Article read_article(storage::Connection& connection, const storage::OrderRow& order,
                     const std::map<SiteId, std::int64_t>& distances, const Sku& sku, UtcTime now) {
  Article article;
  article.atp_milli =
      atp_for_order(connection, storage::stock_by_site(connection, sku), order, distances, sku);
  article.given_milli = storage::milli_given(connection, sku, sales_since(now));
  return article;
}

RoutingFacts::Line line_of(const Article& article, const SiteId& site, bool was_short) {
  const std::int64_t atp = value_or_zero(article.atp_milli, site);
  return {atp, weeks_milli(atp, value_or_zero(article.given_milli, site)), was_short};
}

}  // namespace

std::map<SiteId, std::int64_t> atp_for_order(storage::Connection& connection,
                                             const std::vector<storage::SiteStock>& stock,
                                             const storage::OrderRow& order,
                                             const std::map<SiteId, std::int64_t>& distances,
                                             const Sku& sku) {
  std::map<SiteId, std::int64_t> atp;
  for (const storage::SiteStock& row : stock) atp[row.site] = row.stock.atp_milli();
  const auto held = storage::held_before(connection, sku, order.rank);
  if (held.empty()) return atp;
  std::vector<domain::StockForOrder> left;
  for (const auto& [site, milli] : atp) {
    const auto distance = distances.find(site);
    if (distance != distances.end()) left.push_back({site, distance->second, milli});
  }
  domain::keep_back(left, held);
  for (const domain::StockForOrder& site : left) atp[site.site] = site.atp_milli;
  return atp;
}

domain::WaitingOrder waiting_order(const storage::OrderRow& order,
                                   const std::vector<storage::OrderLineRow>& lines,
                                   const storage::OrderQueue& queue, UtcTime now) {
  domain::WaitingOrder waiting;
  waiting.order = order.id;
  waiting.queue = queue.queue;
  waiting.auto_cancel_at = queue.auto_cancel_at;
  const domain::Delivery& delivery = order.delivery;
  waiting.shipping_method = delivery.shipping_method.empty()
                                ? std::string(name_of(domain::FulfilmentMethod::kShip))
                                : delivery.shipping_method;
  waiting.priority = delivery.priority;
  waiting.sales_channel = order.channel;
  waiting.ordered_at = order.placed_at;
  waiting.ship_after = delivery.ship_after.value_or(order.placed_at);
  waiting.ship_by = delivery.ship_by.value_or(order.placed_at);
  waiting.delivery_days = delivery.delivery_days;
  waiting.promise_days = domain::promise_days(delivery, now);
  waiting.country = delivery.country;
  const bool pickup = order.method == domain::FulfilmentMethod::kPickup;
  for (const storage::OrderLineRow& line : lines) {
    const std::int64_t milli =
        pickup ? line.progress.waiting_to_ship_milli() : line.progress.waiting_milli();
    if (milli <= 0) continue;
    waiting.needs.push_back(
        {line.progress.line, line.line.sku, milli, line.line.unit_price.minor, line.line.together});
    waiting.hazmat = waiting.hazmat || line.hazmat;
    auto& categories = waiting.product_categories;
    if (!line.category.empty() &&
        std::ranges::find(categories, line.category) == categories.end()) {
      categories.push_back(line.category);
    }
  }
  return waiting;
}

RoutingFacts read_facts(storage::Connection& connection, const storage::OrderRow& order,
                        domain::WaitingOrder waiting, const SiteAges& ages, UtcTime now) {
  RoutingFacts facts;
  const auto facilities = storage::facilities(connection);
  std::map<SiteId, std::int64_t> distances;  // of those that may fill what is held
  for (const domain::Facility& facility : facilities) {
    if (!facility.active) continue;
    distances[facility.site] = distance_m(facility.position, order.destination);
  }
  std::map<Sku, Article> articles;
  for (const domain::CostNeed& need : waiting.needs) {
    const auto product = storage::find_product(connection, need.sku);
    facts.units.push_back({product ? product->unit_weight_mg : 0, 0});
    if (!articles.contains(need.sku)) {
      articles.emplace(need.sku, read_article(connection, order, distances, need.sku, now));
    }
  }
  const auto today = storage::orders_given(connection, day_begin(now));
  const auto shorts = storage::shorts_of(connection, order.id);
  const auto full = storage::full_sites(connection);
  for (const domain::Facility& facility : facilities) {
    RoutingFacts::Site& site = facts.sites.emplace_back();
    site.site = facility.site;
    site.active = facility.active;
    site.age_s = ages.of(facility.site, now).age_s;
    site.distance_m = distance_m(facility.position, order.destination);
    site.orders_today = value_or_zero(today, facility.site);
    site.full = full.contains(facility.site);
    for (const domain::CostNeed& need : waiting.needs) {
      site.lines.push_back(line_of(articles.at(need.sku), facility.site,
                                   shorts.contains({facility.site, need.sku})));
    }
  }
  facts.order = std::move(waiting);
  return facts;
}

}  // namespace cairn::central
