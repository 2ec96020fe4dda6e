#pragma once
// The fewest sites that together hold what is wanted; among equally few the least total distance,
// then the one that begins nearer. Pure; used by route() only.

#include "core/domain/routing/routing.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace cairn::domain {

class SiteSearch {
 public:
  /// Indexes into the sites, ascending: nearer sites first.
  using Combination = std::vector<std::size_t>;

  /// `sites` sorted by distance, then id. Both outlive the search; every wanted figure is > 0.
  SiteSearch(const std::vector<RoutingSite>& sites,
             const std::map<Sku, std::int64_t>& wanted_milli);

  /// Nothing if all sites together do not hold it. The answer is exact within kMaxSteps; an order
  /// that is harder than that gets the best found so far, at the worst a set that fills it.
  std::optional<Combination> best();

 private:
  /// Bounds the work of one decision.
  static constexpr std::size_t kMaxSteps = 20'000;

  struct Article {
    std::int64_t missing_milli = 0;           ///< not held by the chosen sites yet
    std::vector<std::int64_t> stocked_milli;  ///< by site, never negative
  };

  void descend(std::size_t more);
  void remember_if_better();
  /// False if no choice of `more` further sites can bring what is missing.
  [[nodiscard]] bool possible(const Article& article, std::size_t more) const;
  /// Sites that may still be chosen and hold the article.
  [[nodiscard]] std::vector<std::size_t> candidates(const Article& article) const;
  void choose(std::size_t site);
  void take_back(std::size_t site);
  [[nodiscard]] Combination greedy();

  const std::vector<RoutingSite>& sites_;
  std::vector<Article> articles_;
  std::vector<bool> barred_;  ///< chosen already, or tried in an earlier branch
  Combination chosen_;
  std::int64_t distance_m_ = 0;
  std::optional<Combination> best_;
  std::int64_t best_distance_m_ = 0;
  std::size_t steps_ = 0;
};

}  // namespace cairn::domain
