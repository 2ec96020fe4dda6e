#include "core/storage/projections/orders.h"

#include "core/storage/projections/detail/stored.h"
#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

void Orders::apply(OrderId order, const domain::OrderEvent& event) {
  std::visit([this, order](const auto& e) { apply_one(order, e); }, event);
}

void Orders::apply_one(OrderId order, const domain::OrderPlaced& placed) {
  connection_
      ->prepare(
          "INSERT INTO customer_order (id, channel, external_id, placed_at_utc_us, customer,"
          " latitude_udeg, longitude_udeg) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind(order.value(), placed.channel, placed.external_id, placed.placed_at.us, placed.customer,
            placed.destination.latitude_udeg, placed.destination.longitude_udeg)
      .run();
  for (const domain::OrderLine& line : placed.lines) {
    connection_
        ->prepare(
            "INSERT INTO order_line (order_id, line, sku, name, uom, ordered_milli, "
            "cancelled_milli,"
            " routed_milli, unit_price_minor, currency, service)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8, ?9)")
        .bind(order.value(), line.line.value(), line.sku.text(), line.name,
              static_cast<int>(line.ordered.uom), line.ordered.milli, line.unit_price.minor,
              line.unit_price.currency.text(), line.service)
        .run();
  }
}

void Orders::apply_one(OrderId order, const domain::OrderUnitsCancelled& cancelled) {
  connection_
      ->prepare(
          "UPDATE order_line SET cancelled_milli ="
          " cancelled_milli + min(?3, ordered_milli - cancelled_milli)"
          " WHERE order_id = ?1 AND line = ?2")
      .bind(order.value(), cancelled.line.value(), cancelled.milli)
      .run();
}

void Orders::refresh_routed(OrderId order) {
  connection_
      ->prepare(
          "UPDATE order_line SET routed_milli = (SELECT coalesce(sum(l.ordered_milli), 0)"
          " FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id"
          " WHERE g.order_id = ?1 AND l.line = order_line.line) WHERE order_id = ?1")
      .bind(order.value())
      .run();
}

void Orders::reset() {
  connection_->execute("DELETE FROM customer_order; DELETE FROM order_line;");
}

namespace {

constexpr std::string_view kOrder =
    "SELECT rank, id, channel, external_id, placed_at_utc_us, customer, latitude_udeg, "
    "longitude_udeg"
    " FROM customer_order o";

/// Per order line: what its ship groups have done with it.
constexpr std::string_view kProgress =
    "o.line, o.service, o.ordered_milli, o.cancelled_milli, o.routed_milli,"
    " (SELECT coalesce(sum(l.picked_milli), 0) FROM ship_group g JOIN ship_group_line l"
    "   ON l.group_id = g.id WHERE g.order_id = o.order_id AND l.line = o.line),"
    " (SELECT coalesce(sum(l.shipped_milli), 0) FROM ship_group g JOIN ship_group_line l"
    "   ON l.group_id = g.id WHERE g.order_id = o.order_id AND l.line = o.line)";

OrderRow read_order(const Statement& row) {
  return {row.integer(0),
          OrderId(row.uuid(1)),
          row.text(2),
          row.text(3),
          UtcTime{row.integer(4)},
          row.text(5),
          {static_cast<std::int32_t>(row.integer(6)), static_cast<std::int32_t>(row.integer(7))}};
}

/// From seven columns, `first` on.
domain::LineProgress read_progress(const Statement& row, int first) {
  return {stored_line(row.integer(first)), row.integer(first + 1) != 0, row.integer(first + 2),
          row.integer(first + 3),          row.integer(first + 4),      row.integer(first + 5),
          row.integer(first + 6)};
}

std::optional<OrderRow> first_order(Statement& select) {
  if (!select.step()) return std::nullopt;
  OrderRow row = read_order(select);
  select.reset();
  return row;
}

}  // namespace

std::optional<OrderRow> find_order(Connection& connection, OrderId order) {
  static const std::string kSql = std::string(kOrder) + " WHERE id = ?1";
  return first_order(connection.prepare(kSql).bind(order.value()));
}

std::optional<OrderRow> find_order(Connection& connection, const std::string& channel,
                                   const std::string& external_id) {
  static const std::string kSql = std::string(kOrder) + " WHERE channel = ?1 AND external_id = ?2";
  return first_order(connection.prepare(kSql).bind(channel, external_id));
}

std::vector<OrderRow> orders(Connection& connection, const OrderPage& page) {
  static const std::string kSql =
      std::string(kOrder) +
      " WHERE rank > ?1 AND (?2 = 0 OR EXISTS (SELECT 1 FROM order_line w"
      " WHERE w.order_id = o.id AND w.waiting_milli > 0)) ORDER BY rank LIMIT ?3";
  Statement& select = connection.prepare(kSql);
  select.bind(page.after_rank, page.only_waiting, page.limit);
  std::vector<OrderRow> rows;
  while (select.step()) rows.push_back(read_order(select));
  return rows;
}

std::vector<OrderLineRow> order_lines(Connection& connection, OrderId order) {
  static const std::string kSql = "SELECT " + std::string(kProgress) +
                                  ", o.sku, o.name, o.uom, o.unit_price_minor, o.currency"
                                  " FROM order_line o WHERE o.order_id = ?1 ORDER BY o.line";
  Statement& select = connection.prepare(kSql);
  select.bind(order.value());
  std::vector<OrderLineRow> rows;
  while (select.step()) {
    OrderLineRow row;
    row.progress = read_progress(select, 0);
    const auto currency = Currency::parse(select.text(11));
    CAIRN_ASSERT(currency.has_value(), "stored currencies are well-formed");
    row.line = {row.progress.line,
                stored_sku(select.text(7)),
                select.text(8),
                Quantity{row.progress.ordered_milli, static_cast<Uom>(select.integer(9))},
                Money{select.integer(10), *currency},
                row.progress.service};
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<CustomerLine> customer_lines(Connection& connection, const std::string& customer,
                                         const Sku& sku) {
  static const std::string kSql =
      "SELECT c.rank, c.id, c.channel, c.external_id, c.placed_at_utc_us, c.customer,"
      " c.latitude_udeg, c.longitude_udeg, " +
      std::string(kProgress) +
      " FROM customer_order c JOIN order_line o ON o.order_id = c.id"
      " WHERE c.customer = ?1 AND o.sku = ?2 ORDER BY c.rank, o.line";
  Statement& select = connection.prepare(kSql);
  select.bind(customer, sku.text());
  std::vector<CustomerLine> lines;
  while (select.step()) lines.push_back({read_order(select), read_progress(select, 8)});
  return lines;
}

OrderTotals order_totals(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT (SELECT count(*) FROM customer_order), count(*), coalesce(sum(ordered_milli), 0),"
      " coalesce(sum(cancelled_milli), 0), coalesce(sum(routed_milli), 0),"
      " coalesce(sum(waiting_milli), 0),"
      " (SELECT count(DISTINCT order_id) FROM order_line WHERE waiting_milli > 0)"
      " FROM order_line WHERE service = 0");
  OrderTotals totals;
  if (select.bind().step()) {
    totals = {select.integer(0), select.integer(1), select.integer(2), select.integer(3),
              select.integer(4), select.integer(5), select.integer(6)};
    select.reset();
  }
  return totals;
}

}  // namespace cairn::storage
