#pragma once
// What every site has of every article, in memory, to answer how much can be promised without the
// database. It follows the database commit by commit and is the same as it, to the unit; it holds
// nothing that is not there. Written on the loop; read by any thread.
//
// A cell takes 16 octets. Figures that do not fit into 32 bits (beyond two million pieces) stand
// beside, so that no figure is ever cut.

#include "core/domain/promise/availability.h"
#include "core/storage/projections/stock_on_hand.h"
#include "core/storage/replica.h"

#include <cstdint>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace cairn::storage {

class StockBook {
 public:
  /// Reads everything anew. Loop only; errors as in sqlite/connection.h.
  void load(Connection& connection);
  /// Reads what changed. Loop only, after the commit; errors as in sqlite/connection.h.
  void follow(Connection& connection, const Changes& changes);
  /// Sets one cell. Loop only.
  void set(const SiteId& site, const Sku& sku, const domain::SiteFigures& figures);

  /// The sites that have or had the article, by site. Any thread.
  [[nodiscard]] std::vector<SiteStock> by_site(const Sku& sku) const;
  [[nodiscard]] domain::SiteFigures figures(const SiteId& site, const Sku& sku) const;
  /// Sum of what can be promised over all sites, shortages left out. Any thread.
  [[nodiscard]] std::int64_t total_atp_milli(const Sku& sku) const;

  struct Size {
    std::size_t articles = 0;
    std::size_t cells = 0;
    std::size_t cell_bytes = 0;  ///< of memory, with what is kept free for more
  };
  [[nodiscard]] Size size() const;

 private:
  using SiteIndex = std::uint16_t;
  struct Cell {
    SiteIndex site = 0;
    std::uint16_t wide = 0;  ///< 1: the figures stand in wide_
    std::int32_t on_hand_milli = 0;
    std::int32_t unavailable_milli = 0;
    std::int32_t reserved_milli = 0;
  };
  static_assert(sizeof(Cell) == 16);
  struct Article {
    std::uint32_t index = 0;
    std::vector<Cell> cells;  ///< by site index
  };

  SiteIndex index_of(const SiteId& site);
  Article& article_of(const Sku& sku);
  void put(Article& article, SiteIndex site, const domain::SiteFigures& figures);
  [[nodiscard]] domain::SiteFigures read(const Article& article, const Cell& cell) const;
  [[nodiscard]] static std::uint64_t wide_key(const Article& article, SiteIndex site) {
    return std::uint64_t{article.index} << 16U | site;
  }

  mutable std::shared_mutex mutex_;
  std::vector<SiteId> sites_;
  std::unordered_map<SiteId, SiteIndex> site_index_;
  std::unordered_map<Sku, Article> articles_;
  std::unordered_map<std::uint64_t, domain::SiteFigures> wide_;
};

}  // namespace cairn::storage
