#include "core/domain/routing/site_search.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace cairn::domain {

SiteSearch::SiteSearch(const std::vector<RoutingSite>& sites,
                       const std::map<Sku, std::int64_t>& wanted_milli)
    : sites_(sites), barred_(sites.size(), false) {
  for (const auto& [sku, milli] : wanted_milli) {
    Article article{milli, {}};
    for (const RoutingSite& site : sites) article.stocked_milli.push_back(site.stocked_milli(sku));
    articles_.push_back(std::move(article));
  }
}

std::optional<SiteSearch::Combination> SiteSearch::best() {
  const auto fillable = [this](const Article& article) { return possible(article, sites_.size()); };
  if (articles_.empty() || !std::ranges::all_of(articles_, fillable)) return std::nullopt;
  for (std::size_t size = 1; size <= sites_.size(); ++size) {
    descend(size);
    if (best_) return best_;
    if (steps_ > kMaxSteps) break;
  }
  return greedy();
}

/// Branches on the article that fewest sites can bring: one of these must be among the chosen.
void SiteSearch::descend(std::size_t more) {
  if (++steps_ > kMaxSteps) return;
  std::optional<std::vector<std::size_t>> fewest;
  for (const Article& article : articles_) {
    if (article.missing_milli <= 0) continue;
    if (!possible(article, more)) return;
    auto sites = candidates(article);
    if (!fewest || sites.size() < fewest->size()) fewest = std::move(sites);
  }
  if (!fewest) return remember_if_better();
  for (const std::size_t site : *fewest) {
    const bool nearer = !best_ || distance_m_ + sites_[site].distance_m <= best_distance_m_;
    if (nearer) {
      choose(site);
      descend(more - 1);
      take_back(site);
    }
    barred_[site] = true;
  }
  for (const std::size_t site : *fewest) barred_[site] = false;
}

void SiteSearch::remember_if_better() {
  Combination sorted = chosen_;
  std::ranges::sort(sorted);
  if (best_ && std::tie(best_distance_m_, *best_) <= std::tie(distance_m_, sorted)) return;
  best_ = std::move(sorted);
  best_distance_m_ = distance_m_;
}

bool SiteSearch::possible(const Article& article, std::size_t more) const {
  std::vector<std::int64_t> stocked;
  for (const std::size_t site : candidates(article)) stocked.push_back(article.stocked_milli[site]);
  std::ranges::sort(stocked, std::greater());
  std::int64_t missing = article.missing_milli;
  for (std::size_t i = 0; i < std::min(more, stocked.size()) && missing > 0; ++i) {
    missing -= stocked[i];
  }
  return missing <= 0;
}

std::vector<std::size_t> SiteSearch::candidates(const Article& article) const {
  std::vector<std::size_t> sites;
  for (std::size_t site = 0; site < sites_.size(); ++site) {
    if (!barred_[site] && article.stocked_milli[site] > 0) sites.push_back(site);
  }
  return sites;
}

void SiteSearch::choose(std::size_t site) {
  barred_[site] = true;
  chosen_.push_back(site);
  distance_m_ += sites_[site].distance_m;
  for (Article& article : articles_) article.missing_milli -= article.stocked_milli[site];
}

void SiteSearch::take_back(std::size_t site) {
  barred_[site] = false;
  chosen_.pop_back();
  distance_m_ -= sites_[site].distance_m;
  for (Article& article : articles_) article.missing_milli += article.stocked_milli[site];
}

/// Again and again the site that brings most of what is missing, until nothing is.
SiteSearch::Combination SiteSearch::greedy() {
  const auto brings = [this](std::size_t site) {
    std::int64_t milli = 0;
    for (const Article& article : articles_) {
      milli += std::clamp<std::int64_t>(article.missing_milli, 0, article.stocked_milli[site]);
    }
    return milli;
  };
  const auto missing = [](const Article& article) { return article.missing_milli > 0; };
  while (std::ranges::any_of(articles_, missing)) {
    std::size_t most = 0;
    for (std::size_t site = 1; site < sites_.size(); ++site) {
      if (brings(site) > brings(most)) most = site;
    }
    choose(most);
  }
  std::ranges::sort(chosen_);
  return chosen_;
}

}  // namespace cairn::domain
