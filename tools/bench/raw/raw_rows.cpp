#include "tools/bench/raw/raw_rows.h"

namespace cairn::bench::raw {

Rows::Rows(Database& database)
    : log_(database.handle(),
           "INSERT INTO event_log (author, seq, hlc, type, key, feed, fseq, record, chain)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      movement_(database.handle(),
                "INSERT INTO stock_movement (site, sku, location, hlc, author, seq, delta_milli,"
                " reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      moved_cell_(database.handle(),
                  "INSERT INTO stock_cell (site, sku, location, uom, on_hand_milli)"
                  " VALUES (?1, ?2, ?3, 0, ?4) ON CONFLICT (site, sku, location)"
                  " DO UPDATE SET on_hand_milli = on_hand_milli + excluded.on_hand_milli"),
      counted_cell_(
          database.handle(),
          "INSERT INTO stock_cell (site, sku, location, uom, on_hand_milli, counted_milli,"
          " counted_hlc, counted_node, counted_inc, counted_seq)"
          " VALUES (?1, ?2, ?3, 0, ?4, ?4, ?5, ?6, 1, ?7)"
          " ON CONFLICT (site, sku, location) DO UPDATE SET on_hand_milli ="
          " excluded.on_hand_milli, counted_milli = excluded.counted_milli,"
          " counted_hlc = excluded.counted_hlc, counted_node = excluded.counted_node,"
          " counted_inc = excluded.counted_inc, counted_seq = excluded.counted_seq"),
      author_(database.handle(), "UPDATE author SET head = ?2, chain = ?3 WHERE id = ?1"),
      feed_(database.handle(), "UPDATE feed SET head = ?2 WHERE id = ?1") {}

void Rows::log(const LogRow& row) {
  log_.integer(1, row.author).integer(2, row.seq).integer(3, row.hlc).integer(4, row.type);
  if (row.key.empty()) {
    log_.null(5);
  } else {
    log_.blob(5, row.key);
  }
  if (row.feed == 0) {
    log_.null(6).null(7);
  } else {
    log_.integer(6, row.feed).integer(7, row.fseq);
  }
  log_.blob(8, row.record).blob(9, row.chain).run();
}

void Rows::cell(const LogRow& of, const CellRow& row, std::string_view node) {
  if (row.counted) {
    counted_cell_.text(1, row.site).text(2, row.sku).text(3, row.location).integer(4, row.milli);
    counted_cell_.integer(5, of.hlc).blob(6, node).integer(7, of.seq).run();
    return;
  }
  movement_.text(1, row.site).text(2, row.sku).text(3, row.location).integer(4, of.hlc);
  movement_.integer(5, of.author).integer(6, of.seq).integer(7, row.milli).integer(8, row.reason);
  movement_.run();
  moved_cell_.text(1, row.site).text(2, row.sku).text(3, row.location).integer(4, row.milli).run();
}

void Rows::author(std::int64_t author, std::int64_t head, std::string_view chain) {
  author_.integer(1, author).integer(2, head).blob(3, chain).run();
}

void Rows::feed(std::int64_t feed, std::int64_t head) {
  feed_.integer(1, feed).integer(2, head).run();
}

Articles::Articles(Database& database)
    : product_(database.handle(),
               "INSERT OR REPLACE INTO product (sku, name, uom, unit_weight_mg, price_minor,"
               " currency, active) VALUES (?1, ?2, 0, ?3, ?4, 'GBP', 1)"),
      gtin_(database.handle(), "INSERT OR IGNORE INTO product_gtin (gtin, sku) VALUES (?1, ?2)") {}

void Articles::write(const ArticleRow& row) {
  product_.text(1, row.sku).text(2, row.name).integer(3, row.weight_mg);
  product_.integer(4, row.price_minor).run();
  gtin_.integer(1, row.gtin).text(2, row.sku).run();
}

PickRows::PickRows(Database& database)
    : group_(database.handle(),
             "UPDATE ship_group SET status = 'PICKING', claim_hlc = ?2 WHERE id = ?1"),
      line_(database.handle(),
            "UPDATE ship_group_line SET open_milli = ordered_milli - ?3, picked_milli = ?3"
            " WHERE group_id = ?1 AND line = ?2") {}

void PickRows::group(std::string_view group, std::int64_t claim_hlc) {
  group_.blob(1, group).integer(2, claim_hlc).run();
}

void PickRows::line(std::string_view group, std::int64_t line, std::int64_t picked_milli) {
  line_.blob(1, group).integer(2, line).integer(3, picked_milli).run();
}

}  // namespace cairn::bench::raw
