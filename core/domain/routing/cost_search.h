#pragma once
// The cheapest way to give every part of some items to sites, where a site costs something to open
// and each part something more: dynamic programming over what is still to be given, exact. Numbers
// only; cost_routing.h says what they stand for. Pure; used by route_by_cost() only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace cairn::domain {

inline constexpr std::size_t kMostCostItems = 10;

/// Parts by item; 0 beyond the last item.
using ItemParts = std::array<std::int32_t, kMostCostItems>;

/// What a site can give of an item; none if it can give nothing.
struct ItemOffer {
  std::uint32_t item = 0;
  std::int32_t most = 0;       ///< parts it can give, 1 to the item's size
  std::int64_t part_cost = 0;  ///< for each; may be negative
};

struct CostGrid {
  struct Site {
    std::int64_t opening = 0;  ///< its cost once it gives anything, >= 0
    std::size_t first = 0;     ///< its offers, by item, up to `last`
    std::size_t last = 0;
  };
  std::vector<std::int32_t> sizes;  ///< by item: parts to be given, > 0; at most kMostCostItems
  std::vector<Site> sites;
  std::vector<ItemOffer> offers;
};

/// What is not a sum over items.
struct CostBounds {
  std::size_t sites_most = 0;  ///< 0: any number
  /// Whether a site may give just these parts; empty: always.
  std::function<bool(std::size_t site, const ItemParts& parts)> allowed;
};

struct CostShare {
  std::size_t site = 0;
  ItemParts parts{};
};

class CostSearch {
 public:
  /// Of one search: what can still be to give, figures that are kept (8 octets each), and shares of
  /// sites that are looked at, where that is not bound by ten whole items.
  static constexpr std::size_t kMostStates = 4096;
  static constexpr std::size_t kMostFigures = 4'000'000;
  static constexpr std::size_t kMostSteps = 20'000'000;

  enum class Outcome : std::uint8_t { kFound, kImpossible, kTooHard };

  /// Both outlive the search. An opening is at most 2 x 10^15, and so is what all parts of an item
  /// cost more or less at one site than at another.
  CostSearch(const CostGrid& grid, const CostBounds& bounds);

  /// Of all ways the one that costs least; of these with the fewest sites; of these whose list of
  /// sites comes first in the grid's order; of these where the first site gives the most of the
  /// first item, then of the second, and so on to the last site.
  Outcome run();

  /// After kFound: the sites in the grid's order, with what each gives.
  [[nodiscard]] const std::vector<CostShare>& shares() const { return shares_; }

 private:
  struct Opening {
    std::size_t site = 0;
    std::int64_t key = 0;
    std::size_t first = 0;  ///< its offers in the grid, up to `last`
    std::size_t last = 0;
    bool tied = false;  ///< for some state it is as good to leave it closed
  };

  [[nodiscard]] bool enough() const;
  /// Sets how keys are made; false if the largest cannot be counted.
  bool countable();
  void collect(const std::vector<std::size_t>& sites);
  Outcome solve(const std::vector<std::size_t>& sites, std::size_t layers);
  void drop_hopeless();
  [[nodiscard]] std::int64_t greedy_key() const;
  [[nodiscard]] std::size_t steps(std::size_t layers) const;
  void fill_from_sums(std::size_t at, std::size_t layer);
  void fill_from_shares(std::size_t at, std::size_t layer);
  /// The chosen sites; shares_ is right unless `unique_` is false afterwards.
  std::vector<std::size_t> walk();
  void assign();

  [[nodiscard]] std::int64_t* row(std::size_t at, std::size_t layer) const {
    return rows_.get() + (at * layers_ + layer) * states_;
  }
  [[nodiscard]] std::size_t below(std::size_t layer) const {
    return layers_ == 1 ? layer : layer - 1;
  }
  [[nodiscard]] std::int64_t part_key(const ItemOffer& offer) const;
  [[nodiscard]] std::int64_t key_of(const Opening& opening, const ItemParts& parts) const;
  [[nodiscard]] ItemParts most_of(const Opening& opening, std::size_t state) const;
  template <class Visit>
  void each_share(const ItemParts& most, Visit visit) const;
  template <class Visit>
  void each_best_share(std::size_t at, std::size_t layer, std::size_t state, Visit visit) const;

  const CostGrid& grid_;
  const CostBounds& bounds_;
  std::size_t items_;
  std::size_t states_ = 1;
  std::int64_t keys_per_cost_ = 1;
  std::array<std::size_t, kMostCostItems> strides_{};
  std::vector<Opening> openings_;
  std::array<std::int64_t, kMostCostItems>
      least_{};  ///< by item: the part cost of its cheapest giver
  std::size_t layers_ = 1;
  std::unique_ptr<std::int64_t[]> rows_;
  std::vector<CostShare> shares_;
  bool unique_ = true;
};

}  // namespace cairn::domain
