#include "core/domain/routing/cost_items.h"

#include "core/base/quantity.h"

#include <algorithm>
#include <utility>

namespace cairn::domain {

CostItems::CostItems(const CostCase& order, const CostRules& rules) : order_(order) {
  items_.reserve(order.needs.size());
  std::vector<const Sku*> articles;
  for (std::size_t need = 0; need < order.needs.size(); ++need) {
    const Sku& sku = order.needs[need].sku;
    const auto known = std::ranges::find_if(articles, [&sku](const Sku* a) { return *a == sku; });
    const auto article = static_cast<std::size_t>(known - articles.begin());
    if (known == articles.end()) articles.push_back(&sku);
    add(need, article);
  }
  articles_ = articles.size();
  if (!rules.split_quantities) return;
  for (Item& item : items_) {
    if (!divisible(item)) continue;
    item.parts = static_cast<std::int32_t>(item.wants.front().part_milli / kMilliPerUnit);
    item.wants.front().part_milli = kMilliPerUnit;
  }
}

void CostItems::add(std::size_t need, std::size_t article) {
  const CostNeed& wanted = order_.needs[need];
  const auto same = std::ranges::find_if(items_, [this, &wanted](const Item& item) {
    return wanted.together != 0 && order_.needs[item.needs.front()].together == wanted.together;
  });
  for (const Item& item : items_) {
    const bool wants = std::ranges::find(item.wants, article, &Want::article) != item.wants.end();
    shared_ = shared_ || (wants && (same == items_.end() || &item != &*same));
  }
  if (same == items_.end()) {
    items_.push_back({{need}, {{article, need, wanted.milli}}, 1});
    return;
  }
  same->needs.push_back(need);
  const auto want = std::ranges::find(same->wants, article, &Want::article);
  if (want == same->wants.end()) {
    same->wants.push_back({article, need, wanted.milli});
  } else {
    want->part_milli += wanted.milli;
  }
}

bool CostItems::divisible(const Item& item) const {
  const CostNeed& need = order_.needs[item.needs.front()];
  const bool units = need.milli % kMilliPerUnit == 0 && need.milli > kMilliPerUnit;
  if (!units || need.together != 0) return false;
  for (std::size_t site = 0; site < order_.sites.size(); ++site) {
    if (most(site, item) > 0) return false;
  }
  return true;
}

std::int32_t CostItems::most(std::size_t site, const Item& item) const {
  std::int64_t parts = item.parts;
  for (const Want& want : item.wants) {
    const std::int64_t there = order_.offer(site, want.need).available_milli;
    if (there < want.part_milli) return 0;
    if (parts > 1) parts = std::min(parts, there / want.part_milli);
  }
  return static_cast<std::int32_t>(parts);
}

std::int64_t CostItems::part_cost(std::size_t site, const Item& item) const {
  std::int64_t micro = 0;
  for (const std::size_t need : item.needs) {
    const std::int64_t milli = item.parts > 1 ? kMilliPerUnit : order_.needs[need].milli;
    micro += for_milli(order_.offer(site, need).unit_micro, milli);
  }
  return micro;
}

CostGrid CostItems::grid() const {
  CostGrid grid;
  grid.sizes.reserve(items_.size());
  for (const Item& item : items_) grid.sizes.push_back(item.parts);
  grid.opening.reserve(order_.sites.size());
  grid.cells.reserve(order_.sites.size() * items_.size());
  for (std::size_t site = 0; site < order_.sites.size(); ++site) {
    grid.opening.push_back(order_.sites[site].fixed_micro);
    for (const Item& item : items_) {
      const std::int32_t parts = most(site, item);
      grid.cells.push_back({parts, parts > 0 ? part_cost(site, item) : 0});
    }
  }
  return grid;
}

bool CostItems::scarce(const CostGrid& grid) const {
  if (!shared_) return false;
  for (std::size_t site = 0; site < order_.sites.size(); ++site) {
    ItemParts all{};
    for (std::size_t item = 0; item < items_.size(); ++item) all[item] = grid.cell(site, item).most;
    if (!has_all(site, all)) return true;
  }
  return false;
}

bool CostItems::has_all(std::size_t site, const ItemParts& parts) const {
  if (!shared_) return true;
  std::vector<std::int64_t> wanted(articles_);
  for (std::size_t item = 0; item < items_.size(); ++item) {
    if (parts[item] == 0) continue;
    for (const Want& want : items_[item].wants) {
      std::int64_t& milli = wanted[want.article];
      milli += want.part_milli * parts[item];
      if (milli > order_.offer(site, want.need).available_milli) return false;
    }
  }
  return true;
}

std::int64_t CostItems::value_minor(const ItemParts& parts) const {
  std::int64_t minor = 0;
  for (std::size_t item = 0; item < items_.size(); ++item) {
    if (parts[item] == 0) continue;
    for (const std::size_t need : items_[item].needs) {
      minor += for_milli(order_.needs[need].unit_value_minor, given_milli(item, need, parts));
    }
  }
  return minor;
}

std::int64_t CostItems::cost_micro(std::size_t site, const ItemParts& parts) const {
  std::int64_t micro = 0;
  for (std::size_t item = 0; item < items_.size(); ++item) {
    if (parts[item] > 0) micro += part_cost(site, items_[item]) * parts[item];
  }
  return micro;
}

std::int64_t CostItems::given_milli(std::size_t item, std::size_t need,
                                    const ItemParts& parts) const {
  return items_[item].parts > 1 ? parts[item] * kMilliPerUnit : order_.needs[need].milli;
}

std::vector<RoutingShare> CostItems::shares(const ItemParts& parts) const {
  std::vector<std::pair<std::size_t, std::int64_t>> given;
  for (std::size_t item = 0; item < items_.size(); ++item) {
    if (parts[item] == 0) continue;
    for (const std::size_t need : items_[item].needs) {
      given.emplace_back(need, given_milli(item, need, parts));
    }
  }
  std::ranges::sort(given);
  std::vector<RoutingShare> shares;
  shares.reserve(given.size());
  for (const auto& [need, milli] : given) {
    shares.push_back({order_.needs[need].line, order_.needs[need].sku, milli});
  }
  return shares;
}

}  // namespace cairn::domain
