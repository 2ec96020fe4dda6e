#include "tools/bench/raw/raw_stock.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace cairn::bench::raw {
namespace {

constexpr std::uint32_t kMost = 97;

void check_stock(sqlite3* database, int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  std::fprintf(stderr, "raw stock: %s\n", sqlite3_errmsg(database));
  std::exit(1);
}

}  // namespace

StockFigures stock_figures(std::uint32_t article, std::uint32_t site) {
  const std::uint32_t mixed = (article * 2'654'435'761U) ^ (site * 40'503U);
  return {static_cast<std::int32_t>(mixed % kMost * 1000),
          static_cast<std::int32_t>(mixed / kMost % 5 * 1000)};
}

StockRows::StockRows(std::uint32_t articles, std::uint32_t sites_each) {
  cells_.reserve(std::size_t{articles} * sites_each);
  for (std::uint32_t article = 0; article < articles; ++article) {
    begins_.push_back(cells_.size());
    for (std::uint32_t site = 0; site < sites_each; ++site) {
      const StockFigures figures = stock_figures(article, site);
      cells_.push_back({site, figures.on_hand, figures.reserved});
    }
  }
  begins_.push_back(cells_.size());
}

std::int64_t StockRows::total(std::uint32_t article) const {
  std::int64_t total = 0;
  for (std::size_t i = begins_[article]; i < begins_[article + 1]; ++i) {
    total += std::max(0, cells_[i].on_hand - cells_[i].reserved);
  }
  return total;
}

StockTable::StockTable(const std::string& file, std::uint32_t articles, std::uint32_t sites_each)
    : database_(file) {
  database_.execute(
      "PRAGMA cache_size = -400000;"
      "CREATE TABLE stock (article INTEGER NOT NULL, site INTEGER NOT NULL, on_hand INTEGER NOT"
      " NULL, reserved INTEGER NOT NULL, PRIMARY KEY (article, site)) STRICT, WITHOUT ROWID;"
      "BEGIN");
  {
    Statement insert(database_.handle(), "INSERT INTO stock VALUES (?1, ?2, ?3, ?4)");
    for (std::uint32_t article = 0; article < articles; ++article) {
      for (std::uint32_t site = 0; site < sites_each; ++site) {
        const StockFigures figures = stock_figures(article, site);
        insert.integer(1, article).integer(2, site).integer(3, figures.on_hand);
        insert.integer(4, figures.reserved).run();
      }
    }
  }
  database_.execute("COMMIT");
  check_stock(database_.handle(),
              sqlite3_prepare_v2(database_.handle(),
                                 "SELECT sum(max(0, on_hand - reserved)) FROM stock"
                                 " WHERE article = ?1",
                                 -1, &select_, nullptr));
}

StockTable::~StockTable() { sqlite3_finalize(select_); }

std::int64_t StockTable::total(std::uint32_t article) {
  sqlite3_bind_int64(select_, 1, article);
  check_stock(database_.handle(), sqlite3_step(select_));
  const std::int64_t total = sqlite3_column_int64(select_, 0);
  sqlite3_reset(select_);
  return total;
}

}  // namespace cairn::bench::raw
