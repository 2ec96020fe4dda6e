#include "core/domain/routing/cost_items.h"

#include "core/base/quantity.h"

#include <algorithm>
#include <utility>

namespace cairn::domain {

CostItems::CostItems(const CostCase& order, const CostRules& rules) : order_(order) {
  const std::size_t count = order.needs.size();
  std::vector<std::size_t> articles;  // by need: the first need of the same article
  articles.reserve(count);
  items_.reserve(count + 1);
  needs_.reserve(count);
  wants_.reserve(count);
  for (const CostNeed& need : order.needs) {
    const auto first = std::ranges::find(order.needs, need.sku, &CostNeed::sku);
    articles.push_back(static_cast<std::size_t>(first - order.needs.begin()));
  }
  for (std::size_t need = 0; need < count; ++need) {
    const std::uint32_t together = order.needs[need].together;
    const auto first = together == 0
                           ? order.needs.begin() + std::ptrdiff_t(need)
                           : std::ranges::find(order.needs, together, &CostNeed::together);
    if (first - order.needs.begin() == std::ptrdiff_t(need)) add(articles, need);
  }
  items_.push_back({needs_.size(), wants_.size(), 0});
  shared_ = wants_.size() > static_cast<std::size_t>(std::ranges::count_if(
                                wants_, [](const Want& w) { return w.article == w.need; }));
  if (!rules.split_quantities) return;
  for (std::size_t item = 0; item < this->count(); ++item) {
    if (!divisible(items_[item])) continue;
    Want& want = wants_[items_[item].wants];
    items_[item].parts = static_cast<std::int32_t>(want.part_milli / kMilliPerUnit);
    want.part_milli = kMilliPerUnit;
  }
}

/// The item of a need and of those that go together with it, which are all behind it.
void CostItems::add(const std::vector<std::size_t>& articles, std::size_t first) {
  const Item item{needs_.size(), wants_.size(), 1};
  items_.push_back(item);
  const std::uint32_t together = order_.needs[first].together;
  for (std::size_t need = first; need < order_.needs.size(); ++need) {
    if (need != first && (together == 0 || order_.needs[need].together != together)) continue;
    needs_.push_back(need);
    const auto known = std::ranges::find(wants_.begin() + std::ptrdiff_t(item.wants), wants_.end(),
                                         articles[need], &Want::article);
    if (known != wants_.end()) {
      known->part_milli += order_.needs[need].milli;
    } else {
      wants_.push_back({articles[need], need, order_.needs[need].milli});
    }
    if (together == 0) break;
  }
}

std::span<const std::size_t> CostItems::needs_of(const Item& item) const {
  return {needs_.data() + item.needs, (&item + 1)->needs - item.needs};
}

std::span<const CostItems::Want> CostItems::wants_of(const Item& item) const {
  return {wants_.data() + item.wants, (&item + 1)->wants - item.wants};
}

bool CostItems::divisible(const Item& item) const {
  const CostNeed& need = order_.needs[needs_[item.needs]];
  const bool units = need.milli % kMilliPerUnit == 0 && need.milli > kMilliPerUnit;
  if (!units || need.together != 0) return false;
  for (std::size_t site = 0; site < order_.sites.size(); ++site) {
    if (most(site, item) > 0) return false;
  }
  return true;
}

std::int32_t CostItems::most(std::size_t site, const Item& item) const {
  std::int64_t parts = item.parts;
  for (const Want& want : wants_of(item)) {
    const std::int64_t there = order_.offer(site, want.need).available_milli;
    if (there < want.part_milli) return 0;
    if (parts > 1) parts = std::min(parts, there / want.part_milli);
  }
  return static_cast<std::int32_t>(parts);
}

std::int64_t CostItems::part_cost(std::size_t site, const Item& item) const {
  std::int64_t micro = 0;
  for (const std::size_t need : needs_of(item)) {
    const std::int64_t milli = item.parts > 1 ? kMilliPerUnit : order_.needs[need].milli;
    micro += for_milli(order_.offer(site, need).unit_micro, milli);
  }
  return micro;
}

CostGrid CostItems::grid() const {
  CostGrid grid;
  grid.sizes.reserve(count());
  for (std::size_t item = 0; item < count(); ++item) grid.sizes.push_back(items_[item].parts);
  // The common case, written out: each item is one line that goes whole.
  const bool plain =
      needs_.size() == count() && std::ranges::count(grid.sizes, 1) == std::ssize(grid.sizes);
  grid.sites.reserve(order_.sites.size());
  grid.offers.reserve(order_.sites.size() * count());
  for (std::size_t site = 0; site < order_.sites.size(); ++site) {
    const std::size_t first = grid.offers.size();
    for (std::uint32_t item = 0; plain && item < count(); ++item) {
      const Want& want = wants_[item];
      const CostOffer& offer = order_.offer(site, want.need);
      if (offer.available_milli < want.part_milli) continue;
      grid.offers.push_back({item, 1, for_milli(offer.unit_micro, want.part_milli)});
    }
    for (std::uint32_t item = 0; !plain && item < count(); ++item) {
      const std::int32_t parts = most(site, items_[item]);
      if (parts > 0) grid.offers.push_back({item, parts, part_cost(site, items_[item])});
    }
    grid.sites.push_back({order_.sites[site].fixed_micro, first, grid.offers.size()});
  }
  return grid;
}

bool CostItems::scarce(const CostGrid& grid) const {
  if (!shared_) return false;
  for (std::size_t site = 0; site < grid.sites.size(); ++site) {
    ItemParts all{};
    for (std::size_t i = grid.sites[site].first; i < grid.sites[site].last; ++i) {
      all[grid.offers[i].item] = grid.offers[i].most;
    }
    if (!has_all(site, all)) return true;
  }
  return false;
}

bool CostItems::has_all(std::size_t site, const ItemParts& parts) const {
  if (!shared_) return true;
  std::vector<std::int64_t> wanted(order_.needs.size());  // by article
  for (std::size_t item = 0; item < count(); ++item) {
    if (parts[item] == 0) continue;
    for (const Want& want : wants_of(items_[item])) {
      std::int64_t& milli = wanted[want.article];
      milli += want.part_milli * parts[item];
      if (milli > order_.offer(site, want.need).available_milli) return false;
    }
  }
  return true;
}

std::int64_t CostItems::value_minor(const ItemParts& parts) const {
  std::int64_t minor = 0;
  for (std::size_t item = 0; item < count(); ++item) {
    if (parts[item] == 0) continue;
    for (const std::size_t need : needs_of(items_[item])) {
      minor += for_milli(order_.needs[need].unit_value_minor, given_milli(item, need, parts));
    }
  }
  return minor;
}

std::int64_t CostItems::cost_micro(std::size_t site, const ItemParts& parts) const {
  std::int64_t micro = 0;
  for (std::size_t item = 0; item < count(); ++item) {
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
  for (std::size_t item = 0; item < count(); ++item) {
    if (parts[item] == 0) continue;
    for (const std::size_t need : needs_of(items_[item])) {
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
