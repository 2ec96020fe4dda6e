#include "core/storage/projections/stock_on_hand.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace cairn::storage {
namespace {

using domain::StockPosition;

/// The position of the cell's last count; nothing if it was never counted.
std::optional<StockPosition> counted_at(Connection& connection, const SiteId& site, const Sku& sku,
                                        const LocationCode& location) {
  Statement& select = connection.prepare(
      "SELECT counted_hlc, counted_node, counted_inc, counted_seq FROM stock_cell"
      " WHERE site = ?1 AND sku = ?2 AND location = ?3 AND counted_hlc IS NOT NULL");
  if (!select.bind(site.text(), sku.text(), location.text()).step()) return std::nullopt;
  StockPosition at{Hlc{select.unsigned_integer(0)},
                   {NodeId(select.uuid(1)), Incarnation(select.unsigned_integer(2)),
                    select.unsigned_integer(3)}};
  select.reset();
  return at;
}

/// Sum of the cell's movements after a position.
std::int64_t moved_after(Connection& connection, const SiteId& site, const Sku& sku,
                         const LocationCode& location, const StockPosition& at) {
  Statement& select = connection.prepare(
      "SELECT m.hlc, a.node, a.inc, m.seq, m.delta_milli FROM stock_movement m"
      " JOIN author a ON a.id = m.author"
      " WHERE m.site = ?1 AND m.sku = ?2 AND m.location = ?3 AND m.hlc >= ?4");
  select.bind(site.text(), sku.text(), location.text(), at.hlc.value);
  std::int64_t sum = 0;
  while (select.step()) {
    const StockPosition moved{Hlc{select.unsigned_integer(0)},
                              {NodeId(select.uuid(1)), Incarnation(select.unsigned_integer(2)),
                               select.unsigned_integer(3)}};
    if (moved > at) sum += select.integer(4);
  }
  return sum;
}

}  // namespace

void StockOnHand::apply(const domain::Recorded<domain::StockEvent>& recorded, std::int64_t author) {
  std::visit([this, &recorded, author](const auto& e) { apply(recorded.meta, author, e); },
             recorded.event);
}

void StockOnHand::apply(const domain::Envelope& meta, std::int64_t author,
                        const domain::StockMoved& moved) {
  if (!moved.from.empty()) move(meta, author, moved, moved.from, -moved.quantity.milli);
  if (!moved.to.empty()) move(meta, author, moved, moved.to, moved.quantity.milli);
}

void StockOnHand::move(const domain::Envelope& meta, std::int64_t author,
                       const domain::StockMoved& moved, const LocationCode& location,
                       std::int64_t delta_milli) {
  connection_
      ->prepare(
          "INSERT INTO stock_movement (site, sku, location, hlc, author, seq, delta_milli, reason)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
      .bind(meta.site.text(), moved.sku.text(), location.text(), meta.hlc.value, author,
            meta.ref.seq, delta_milli, static_cast<int>(moved.reason))
      .run();
  // A count at or after the movement has seen it.
  connection_
      ->prepare(
          "INSERT INTO stock_cell (site, sku, location, uom, on_hand_milli)"
          " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (site, sku, location)"
          " DO UPDATE SET on_hand_milli = on_hand_milli + excluded.on_hand_milli,"
          " uom = CASE WHEN counted_hlc IS NULL THEN min(uom, excluded.uom) ELSE uom END"
          " WHERE counted_hlc IS NULL OR (counted_hlc, counted_node, counted_inc, counted_seq)"
          " <= (?6, ?7, ?8, ?9)")
      .bind(meta.site.text(), moved.sku.text(), location.text(),
            static_cast<int>(moved.quantity.uom), delta_milli, meta.hlc.value,
            meta.ref.node.value(), meta.ref.inc.value(), meta.ref.seq)
      .run();
}

void StockOnHand::apply(const domain::Envelope& meta, std::int64_t,
                        const domain::StockCounted& counted) {
  const StockPosition at{meta.hlc, meta.ref};
  const auto last = counted_at(*connection_, meta.site, counted.sku, counted.location);
  if (!last || at > *last) set_count(meta, counted);
  if (counted.source == domain::CountSource::kImport) note_import(meta, counted);
}

void StockOnHand::set_count(const domain::Envelope& meta, const domain::StockCounted& counted) {
  const StockPosition at{meta.hlc, meta.ref};
  const std::int64_t on_hand =
      counted.quantity.milli +
      moved_after(*connection_, meta.site, counted.sku, counted.location, at);
  connection_
      ->prepare(
          "INSERT INTO stock_cell (site, sku, location, uom, on_hand_milli, counted_milli,"
          " counted_hlc, counted_node, counted_inc, counted_seq)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
          " ON CONFLICT (site, sku, location) DO UPDATE SET uom = excluded.uom,"
          " on_hand_milli = excluded.on_hand_milli, counted_milli = excluded.counted_milli,"
          " counted_hlc = excluded.counted_hlc, counted_node = excluded.counted_node,"
          " counted_inc = excluded.counted_inc, counted_seq = excluded.counted_seq")
      .bind(meta.site.text(), counted.sku.text(), counted.location.text(),
            static_cast<int>(counted.quantity.uom), on_hand, counted.quantity.milli, meta.hlc.value,
            meta.ref.node.value(), meta.ref.inc.value(), meta.ref.seq)
      .run();
}

/// The newest import's figure stays, whatever was counted since. Only the hub imports, so that
/// stamps alone order imports.
void StockOnHand::note_import(const domain::Envelope& meta, const domain::StockCounted& counted) {
  connection_
      ->prepare(
          "UPDATE stock_cell SET imported_milli = ?4, imported_hlc = ?5"
          " WHERE site = ?1 AND sku = ?2 AND location = ?3"
          " AND coalesce(imported_hlc, 0) <= ?5")
      .bind(meta.site.text(), counted.sku.text(), counted.location.text(), counted.quantity.milli,
            meta.hlc.value)
      .run();
}

void StockOnHand::reset() {
  connection_->execute("DELETE FROM stock_cell; DELETE FROM stock_movement;");
}

std::vector<StockCell> stock_cells(Connection& connection, const SiteId& site,
                                   const StockPage& page) {
  Statement& select = connection.prepare(
      "SELECT sku, location, uom, on_hand_milli FROM stock_cell"
      " WHERE site = ?1 AND (?2 IS NULL OR sku = ?2) AND (sku, location) > (?3, ?4)"
      " AND on_hand_milli <> 0 ORDER BY sku, location LIMIT ?5");
  const auto sku = page.sku ? std::optional(page.sku->text()) : std::nullopt;
  select.bind(site.text(), sku, page.after_sku, page.after_location, page.limit);
  std::vector<StockCell> cells;
  while (select.step()) {
    cells.push_back({site, stored_sku(select.text(0)), stored_location(select.text(1)),
                     Quantity{select.integer(3), static_cast<Uom>(select.integer(2))}});
  }
  return cells;
}

std::int64_t on_hand_milli(Connection& connection, const SiteId& site, const Sku& sku,
                           const LocationCode& location) {
  Statement& select = connection.prepare(
      "SELECT on_hand_milli FROM stock_cell WHERE site = ?1 AND sku = ?2 AND location = ?3");
  const bool found = select.bind(site.text(), sku.text(), location.text()).step();
  const std::int64_t milli = found ? select.integer(0) : 0;
  select.reset();
  return milli;
}

std::int64_t site_on_hand_milli(Connection& connection, const SiteId& site, const Sku& sku) {
  Statement& select = connection.prepare(
      "SELECT coalesce(sum(on_hand_milli), 0) FROM stock_cell WHERE site = ?1 AND sku = ?2");
  const std::int64_t sum = select.bind(site.text(), sku.text()).step() ? select.integer(0) : 0;
  select.reset();
  return sum;
}

std::optional<LocationCode> pick_location(Connection& connection, const SiteId& site,
                                          const Sku& sku) {
  Statement& select = connection.prepare(
      "SELECT c.location FROM stock_cell c"
      " LEFT JOIN location l ON l.site = c.site AND l.code = c.location"
      " WHERE c.site = ?1 AND c.sku = ?2 AND c.location NOT GLOB 'TOTE-*' AND c.location NOT GLOB "
      "'HOLD-*'"
      " ORDER BY c.on_hand_milli <= 0, coalesce(l.pick_sequence, 4294967295), c.location LIMIT 1");
  if (!select.bind(site.text(), sku.text()).step()) return std::nullopt;
  const std::string code = select.text(0);
  select.reset();
  return stored_location(code);
}

std::optional<std::int64_t> imported_milli(Connection& connection, const SiteId& site,
                                           const Sku& sku, const LocationCode& location) {
  Statement& select = connection.prepare(
      "SELECT imported_milli FROM stock_cell WHERE site = ?1 AND sku = ?2 AND location = ?3");
  if (!select.bind(site.text(), sku.text(), location.text()).step()) return std::nullopt;
  const auto milli = select.optional_integer(0);
  select.reset();
  return milli;
}

namespace {

/// The same columns as those of cells: of lines of ship groups and of leases.
std::string promised_sql(std::string_view which) {
  return fmt::format(
      "SELECT sku, site, 0 AS on_hand, 0 AS held, reserved_milli AS reserved, 0 AS leased"
      " FROM ship_group_line WHERE reserved_milli > 0 AND {0}"
      " UNION ALL SELECT sku, site, 0, 0, 0, max(0, milli - sold_milli) FROM stock_lease"
      "  WHERE returned_milli IS NULL AND closed IS NULL AND {0}",
      which);
}

/// "SELECT `columns`, on hand, unavailable, reserved, leased", summed over what `which` says of
/// cells, of lines of ship groups and of leases.
std::string figures_sql(std::string_view columns, std::string_view which) {
  return fmt::format(
      "SELECT {0} coalesce(sum(on_hand), 0), coalesce(sum(held), 0), coalesce(sum(reserved), 0),"
      " coalesce(sum(leased), 0)"
      " FROM (SELECT sku, site, on_hand_milli AS on_hand,"
      "  CASE WHEN location GLOB 'HOLD-*' THEN on_hand_milli ELSE 0 END AS held, 0 AS reserved,"
      "  0 AS leased FROM stock_cell WHERE {1} UNION ALL {2})",
      columns, which, promised_sql(which));
}

domain::SiteFigures read_figures(const Statement& row, int first) {
  return {row.integer(first), row.integer(first + 1), row.integer(first + 2),
          row.integer(first + 3)};
}

std::vector<SiteStock> sum_by_site(Statement& select) {
  std::vector<SiteStock> all;
  while (select.step()) all.push_back({stored_site(select.text(0)), read_figures(select, 1)});
  return all;
}

}  // namespace

std::vector<SiteStock> stock_by_site(Connection& connection, const Sku& sku) {
  static const std::string kSql = figures_sql("site,", "sku = ?1") + " GROUP BY site ORDER BY site";
  return sum_by_site(connection.prepare(kSql).bind(sku.text()));
}

domain::SiteFigures site_figures(Connection& connection, const SiteId& site, const Sku& sku) {
  static const std::string kSql = figures_sql("", "site = ?1 AND sku = ?2");
  Statement& select = connection.prepare(kSql);
  domain::SiteFigures figures;
  if (select.bind(site.text(), sku.text()).step()) figures = read_figures(select, 0);
  select.reset();
  return figures;
}

namespace {

/// Of a site and an article: what is not in its cells.
struct PromisedCell {
  std::string site;
  std::string sku;
  domain::SiteFigures figures;
};

/// By site, then article.
std::vector<PromisedCell> promised_cells(Connection& connection) {
  static const std::string kSql = "SELECT site, sku, sum(reserved), sum(leased) FROM (" +
                                  promised_sql("TRUE") + ") GROUP BY site, sku ORDER BY site, sku";
  Statement& select = connection.prepare(kSql);
  select.bind();
  std::vector<PromisedCell> promised;
  while (select.step()) {
    PromisedCell cell{select.text(0), select.text(1), {}};
    cell.figures.reserved_milli = select.integer(2);
    cell.figures.leased_milli = select.integer(3);
    promised.push_back(std::move(cell));
  }
  return promised;
}

/// Numbers articles as they are met. Most sites have the same ones, in the same order: the next is
/// known without looking for it.
class ArticleNumbers {
 public:
  std::size_t of(std::string_view sku) {
    if (next_ < skus_.size() && skus_[next_].text() == sku) return next_++;
    const auto [entry, fresh] = numbers_.try_emplace(std::string(sku), skus_.size());
    if (fresh) skus_.push_back(stored_sku(entry->first));
    next_ = entry->second + 1;
    return entry->second;
  }
  [[nodiscard]] const Sku& sku(std::size_t number) const { return skus_[number]; }

 private:
  std::vector<Sku> skus_;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::size_t next_ = 0;
};

/// Puts the figures of an article's cells together, which come one after the other, and what is
/// promised of it.
class StockVisit {
 public:
  using Visit = std::function<void(const VisitedStock&)>;
  StockVisit(std::vector<PromisedCell> promised, const Visit& visit)
      : promised_(std::move(promised)), visit_(&visit) {}

  void add(std::string_view site, std::string_view sku, std::int64_t on_hand_milli, bool is_hold) {
    if (!begun_ || site != site_.text() || sku != numbers_.sku(article_).text()) begin(site, sku);
    figures_.on_hand_milli += on_hand_milli;
    if (is_hold) figures_.unavailable_milli += on_hand_milli;
  }
  void end() {
    tell();
    for (; next_promised_ < promised_.size(); ++next_promised_) {
      tell_alone(promised_[next_promised_]);
    }
  }

 private:
  void begin(std::string_view site, std::string_view sku) {
    tell();
    figures_ = {};
    for (; next_promised_ < promised_.size(); ++next_promised_) {
      const PromisedCell& cell = promised_[next_promised_];
      const auto order = std::tie(cell.site, cell.sku) <=> std::tie(site, sku);
      if (order > 0) break;
      if (order < 0) tell_alone(cell);
      if (order == 0) figures_ = cell.figures;
    }
    if (!begun_ || site != site_.text()) site_ = stored_site(std::string(site));
    article_ = numbers_.of(sku);
    begun_ = true;
  }
  void tell() {
    if (begun_) (*visit_)({site_, numbers_.sku(article_), article_, figures_});
  }
  /// Promised, and no cell is there.
  void tell_alone(const PromisedCell& cell) {
    const SiteId site = stored_site(cell.site);
    const std::size_t article = numbers_.of(cell.sku);
    (*visit_)({site, numbers_.sku(article), article, cell.figures});
  }

  std::vector<PromisedCell> promised_;
  std::size_t next_promised_ = 0;
  const Visit* visit_;
  ArticleNumbers numbers_;
  bool begun_ = false;
  SiteId site_;
  std::size_t article_ = 0;
  domain::SiteFigures figures_;
};

}  // namespace

// Twenty million cells are read while a hub starts: in the order in which they lie, summed up here.
void each_site_stock(Connection& connection,
                     const std::function<void(const VisitedStock&)>& visit) {
  StockVisit all(promised_cells(connection), visit);
  Statement& select = connection.prepare(
      "SELECT site, sku, on_hand_milli, location >= 'HOLD-' AND location < 'HOLD.' FROM stock_cell"
      " ORDER BY site, sku, location");
  select.bind();
  while (select.step()) {
    all.add(select.text_view(0), select.text_view(1), select.integer(2), select.integer(3) != 0);
  }
  all.end();
}

std::vector<SiteStock> stock_totals(Connection& connection) {
  static const std::string kSql = figures_sql("site,", "TRUE") + " GROUP BY site ORDER BY site";
  return sum_by_site(connection.prepare(kSql).bind());
}

}  // namespace cairn::storage
