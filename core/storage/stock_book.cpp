#include "core/storage/stock_book.h"

#include "core/base/assert.h"

#include <algorithm>
#include <limits>
#include <mutex>

namespace cairn::storage {
namespace {

bool fits(std::int64_t milli) {
  return milli >= std::numeric_limits<std::int32_t>::min() &&
         milli <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

void StockBook::load(Connection& connection) {
  const std::unique_lock lock(mutex_);
  articles_.clear();
  wide_.clear();
  std::vector<Article*> articles;  // by their numbers in this reading
  SiteId site;
  SiteIndex index = 0;
  each_site_stock(connection, [&](const VisitedStock& row) {
    if (row.article >= articles.size()) articles.resize(row.article + 1, nullptr);
    Article*& article = articles[row.article];
    if (article == nullptr) article = &article_of(row.sku);
    if (row.site != site) {
      site = row.site;
      index = index_of(site);
    }
    put(*article, index, row.figures);
  });
  for (auto& [sku, article] : articles_) article.cells.shrink_to_fit();
}

void StockBook::follow(Connection& connection, const Changes& changes) {
  if (changes.stock_anew) return load(connection);
  for (const auto& [site, sku] : changes.stock_cells) {
    set(site, sku, site_figures(connection, site, sku));
  }
}

void StockBook::set(const SiteId& site, const Sku& sku, const domain::SiteFigures& figures) {
  const std::unique_lock lock(mutex_);
  put(article_of(sku), index_of(site), figures);
}

StockBook::SiteIndex StockBook::index_of(const SiteId& site) {
  const auto [entry, fresh] = site_index_.try_emplace(site, static_cast<SiteIndex>(sites_.size()));
  if (fresh) {
    CAIRN_ASSERT(sites_.size() < std::numeric_limits<SiteIndex>::max(), "65,535 sites at most");
    sites_.push_back(site);
  }
  return entry->second;
}

StockBook::Article& StockBook::article_of(const Sku& sku) {
  const auto [entry, fresh] = articles_.try_emplace(sku);
  if (fresh) entry->second.index = static_cast<std::uint32_t>(articles_.size() - 1);
  return entry->second;
}

void StockBook::put(Article& article, SiteIndex index, const domain::SiteFigures& figures) {
  auto cell = article.cells.end();
  if (!article.cells.empty() && article.cells.back().site >= index) {
    cell = std::ranges::lower_bound(article.cells, index, {}, &Cell::site);
  }
  if (cell == article.cells.end() || cell->site != index) {
    cell = article.cells.insert(cell, Cell{index});
  }
  const bool narrow = fits(figures.on_hand_milli) && fits(figures.unavailable_milli) &&
                      fits(figures.reserved_milli) && figures.leased_milli == 0;
  if (cell->wide != 0 && narrow) wide_.erase(wide_key(article, index));
  if (narrow) {
    *cell = {index, 0, static_cast<std::int32_t>(figures.on_hand_milli),
             static_cast<std::int32_t>(figures.unavailable_milli),
             static_cast<std::int32_t>(figures.reserved_milli)};
  } else {
    *cell = {index, 1, 0, 0, 0};
    wide_[wide_key(article, index)] = figures;
  }
}

domain::SiteFigures StockBook::read(const Article& article, const Cell& cell) const {
  if (cell.wide != 0) return wide_.at(wide_key(article, cell.site));
  return {cell.on_hand_milli, cell.unavailable_milli, cell.reserved_milli};
}

std::vector<SiteStock> StockBook::by_site(const Sku& sku) const {
  std::vector<SiteStock> rows;
  {
    const std::shared_lock lock(mutex_);
    const auto article = articles_.find(sku);
    if (article == articles_.end()) return rows;
    rows.reserve(article->second.cells.size());
    for (const Cell& cell : article->second.cells) {
      rows.push_back({sites_[cell.site], read(article->second, cell)});
    }
  }
  std::ranges::sort(rows, {}, &SiteStock::site);
  return rows;
}

domain::SiteFigures StockBook::figures(const SiteId& site, const Sku& sku) const {
  const std::shared_lock lock(mutex_);
  const auto index = site_index_.find(site);
  const auto article = articles_.find(sku);
  if (index == site_index_.end() || article == articles_.end()) return {};
  const auto& cells = article->second.cells;
  // What every site has lies at the site's own number.
  const bool dense = index->second < cells.size() && cells[index->second].site == index->second;
  const auto cell = dense ? cells.begin() + index->second
                          : std::ranges::lower_bound(cells, index->second, {}, &Cell::site);
  if (cell == cells.end() || cell->site != index->second) return {};
  return read(article->second, *cell);
}

std::int64_t StockBook::total_atp_milli(const Sku& sku) const {
  const std::shared_lock lock(mutex_);
  const auto article = articles_.find(sku);
  if (article == articles_.end()) return 0;
  std::int64_t total = 0;
  for (const Cell& cell : article->second.cells) {
    const std::int64_t atp = cell.wide != 0 ? read(article->second, cell).atp_milli()
                                            : std::int64_t{cell.on_hand_milli} -
                                                  cell.unavailable_milli - cell.reserved_milli;
    total += std::max<std::int64_t>(0, atp);
  }
  return total;
}

StockBook::Size StockBook::size() const {
  const std::shared_lock lock(mutex_);
  Size size;
  size.articles = articles_.size();
  for (const auto& [sku, article] : articles_) {
    size.cells += article.cells.size();
    size.cell_bytes += article.cells.capacity() * sizeof(Cell);
  }
  return size;
}

}  // namespace cairn::storage
