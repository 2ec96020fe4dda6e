#pragma once
// Stock per cell (site, SKU, location). Class: commutative; applied once, on first sight of an
// event, in any order. Loop only; errors as in sqlite/connection.h.

#include "core/domain/promise/availability.h"
#include "core/domain/stock/stock.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class StockOnHand {
 public:
  explicit StockOnHand(Connection& connection) : connection_(&connection) {}

  /// `author`: the local number of the event's author.
  void apply(const domain::Recorded<domain::StockEvent>& recorded, std::int64_t author);
  /// Empties the projection, before a rebuild from the log.
  void reset();

 private:
  void apply(const domain::Envelope& meta, std::int64_t author, const domain::StockMoved& moved);
  void apply(const domain::Envelope& meta, std::int64_t author,
             const domain::StockCounted& counted);
  void set_count(const domain::Envelope& meta, const domain::StockCounted& counted);
  void note_import(const domain::Envelope& meta, const domain::StockCounted& counted);
  void move(const domain::Envelope& meta, std::int64_t author, const domain::StockMoved& moved,
            const LocationCode& location, std::int64_t delta_milli);

  Connection* connection_;
};

// ---- queries: any connection ----

struct StockCell {
  SiteId site;
  Sku sku;
  LocationCode location;
  Quantity on_hand;
};

/// Cells of a site with stock or a shortage, by SKU, then location; `sku`: only this one.
/// At most `limit`, after the cell (`after_sku`, `after_location`).
struct StockPage {
  std::optional<Sku> sku;
  std::string after_sku;
  std::string after_location;
  std::size_t limit = 100;
};
std::vector<StockCell> stock_cells(Connection& connection, const SiteId& site,
                                   const StockPage& page);

/// In one location; below zero: a shortage.
std::int64_t on_hand_milli(Connection& connection, const SiteId& site, const Sku& sku,
                           const LocationCode& location);

/// Sum over the site's locations.
std::int64_t site_on_hand_milli(Connection& connection, const SiteId& site, const Sku& sku);

/// The bin a pick of `sku` should come from: the first on the walk that has stock, else the first
/// that ever held the SKU, else nothing. Totes are no bins.
std::optional<LocationCode> pick_location(Connection& connection, const SiteId& site,
                                          const Sku& sku);

/// What the last imported count of the cell said; nothing if none was imported.
std::optional<std::int64_t> imported_milli(Connection& connection, const SiteId& site,
                                           const Sku& sku, const LocationCode& location);

struct SiteStock {
  SiteId site;
  domain::SiteFigures stock;
  friend bool operator==(const SiteStock&, const SiteStock&) = default;
};

/// What the sites have of a SKU: those that hold or reserve any.
std::vector<SiteStock> stock_by_site(Connection& connection, const Sku& sku);

/// Of one site.
domain::SiteFigures site_figures(Connection& connection, const SiteId& site, const Sku& sku);

/// What one site has of one article, as each_site_stock() tells it.
struct VisitedStock {
  const SiteId& site;
  const Sku& sku;
  std::size_t article = 0;  ///< the article's number among those of this reading, from 0
  const domain::SiteFigures& figures;
};

/// Every article that a site holds or reserves: by site, then article.
void each_site_stock(Connection& connection, const std::function<void(const VisitedStock&)>& visit);

/// Totals of all SKUs by site.
std::vector<SiteStock> stock_totals(Connection& connection);

}  // namespace cairn::storage
