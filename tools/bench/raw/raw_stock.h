#pragma once
// The stock of many sites by the barest means: rows of cells one behind the other in memory, and a
// table of SQLite. Both hold the same figures and answer the same question: the sum, over the sites
// of an article, of what is not reserved.

#include "tools/bench/raw/raw_database.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::bench::raw {

/// What there is of an article at a site: made from the two numbers, so that everybody has the
/// same.
struct StockFigures {
  std::int32_t on_hand = 0;
  std::int32_t reserved = 0;
};
StockFigures stock_figures(std::uint32_t article, std::uint32_t site);

/// Cells of 12 octets, by article (compressed sparse rows).
class StockRows {
 public:
  /// Every article is at `sites_each` sites: from the first on, one behind the other.
  StockRows(std::uint32_t articles, std::uint32_t sites_each);
  [[nodiscard]] std::int64_t total(std::uint32_t article) const;

 private:
  struct Cell {
    std::uint32_t site;
    std::int32_t on_hand;
    std::int32_t reserved;
  };
  std::vector<std::size_t> begins_;
  std::vector<Cell> cells_;
};

/// A table in a file, kept in the cache, asked by one prepared statement.
class StockTable {
 public:
  StockTable(const std::string& file, std::uint32_t articles, std::uint32_t sites_each);
  StockTable(const StockTable&) = delete;
  StockTable& operator=(const StockTable&) = delete;
  ~StockTable();
  std::int64_t total(std::uint32_t article);

 private:
  Database database_;
  sqlite3_stmt* select_ = nullptr;
};

}  // namespace cairn::bench::raw
