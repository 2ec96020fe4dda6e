#pragma once
// An order's needs as items for CostSearch: lines that go together are one item, a line that no
// site has whole is one of several parts, any other line is an item of one part. Pure; used by
// route_by_cost() only.

#include "core/domain/routing/cost_case.h"
#include "core/domain/routing/cost_search.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cairn::domain {

class CostItems {
 public:
  /// Both outlive the items; `order` is checked already.
  CostItems(const CostCase& order, const CostRules& rules);

  [[nodiscard]] std::size_t count() const { return items_.size() - 1; }
  /// At most kMostCostItems of them.
  [[nodiscard]] CostGrid grid() const;
  /// Whether some site has articles for each of several items, but not for all of them.
  [[nodiscard]] bool scarce(const CostGrid& grid) const;
  /// Whether the site has all these parts at once.
  [[nodiscard]] bool has_all(std::size_t site, const ItemParts& parts) const;
  /// What the parts are worth.
  [[nodiscard]] std::int64_t value_minor(const ItemParts& parts) const;
  /// What they cost at the site, without its fixed part.
  [[nodiscard]] std::int64_t cost_micro(std::size_t site, const ItemParts& parts) const;
  /// In line order of the needs.
  [[nodiscard]] std::vector<RoutingShare> shares(const ItemParts& parts) const;

 private:
  /// Of one article, for one item.
  struct Want {
    std::size_t article = 0;  ///< the order's first need of it
    std::size_t need = 0;     ///< one of this article, for its offers
    std::int64_t part_milli = 0;
  };
  struct Item {
    std::size_t needs = 0;  ///< its first in needs_, up to the next item's
    std::size_t wants = 0;  ///< in wants_
    std::int32_t parts = 1;
  };

  void add(const std::vector<std::size_t>& articles, std::size_t first);
  [[nodiscard]] std::span<const std::size_t> needs_of(const Item& item) const;
  [[nodiscard]] std::span<const Want> wants_of(const Item& item) const;
  [[nodiscard]] bool divisible(const Item& item) const;
  [[nodiscard]] std::int32_t most(std::size_t site, const Item& item) const;
  /// Of a need whose item gives these parts.
  [[nodiscard]] std::int64_t given_milli(std::size_t item, std::size_t need,
                                         const ItemParts& parts) const;
  [[nodiscard]] std::int64_t part_cost(std::size_t site, const Item& item) const;

  const CostCase& order_;
  std::vector<Item> items_;  ///< and one behind the last
  std::vector<std::size_t> needs_;
  std::vector<Want> wants_;
  bool shared_ = false;  ///< an article that several items want
};

}  // namespace cairn::domain
