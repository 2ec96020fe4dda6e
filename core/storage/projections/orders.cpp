#include "core/storage/projections/orders.h"

#include "core/storage/projections/order_queues.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

namespace cairn::storage {

void Orders::apply(OrderId order, const domain::OrderEvent& event) {
  std::visit([this, order](const auto& e) { apply_one(order, e); }, event);
}

namespace {

std::optional<std::int64_t> told_us(const std::optional<UtcTime>& time) {
  return time ? std::optional(time->us) : std::nullopt;
}

}  // namespace

void Orders::apply_one(OrderId order, const domain::OrderPlaced& placed) {
  const domain::Delivery& delivery = placed.delivery;
  connection_
      ->prepare(
          "INSERT INTO customer_order (id, channel, external_id, placed_at_utc_us, customer,"
          " latitude_udeg, longitude_udeg, method, pickup_site, sale, tax_added, priority,"
          " shipping_method, delivery_days, ship_after_utc_us, ship_by_utc_us, promised_utc_us,"
          " country) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
          " ?17, ?18)")
      .bind(order.value(), placed.channel, placed.external_id, placed.placed_at.us, placed.customer,
            placed.destination.latitude_udeg, placed.destination.longitude_udeg,
            name_of(placed.method), placed.pickup_site.text(),
            placed.sale ? name_of(*placed.sale) : std::string_view(), placed.tax_added,
            delivery.priority, delivery.shipping_method, delivery.delivery_days,
            told_us(delivery.ship_after), told_us(delivery.ship_by), told_us(delivery.promised_at),
            delivery.country)
      .run();
  for (const domain::OrderLine& line : placed.lines) insert_line(order, line);
  std::int64_t position = 0;
  for (const domain::OrderDiscount& discount : placed.discounts) {
    connection_
        ->prepare(
            "INSERT INTO order_discount (order_id, position, code, amount_minor, promotion,"
            " title, coupon) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .bind(order.value(), ++position, discount.code, discount.minor, discount.promotion,
              discount.title, discount.coupon)
        .run();
    for (const domain::OrderDiscount::Share& share : discount.shares) {
      connection_
          ->prepare(
              "INSERT OR REPLACE INTO order_discount_share (order_id, position, line,"
              " amount_minor) VALUES (?1, ?2, ?3, ?4)")
          .bind(order.value(), position, share.line.value(), share.minor)
          .run();
    }
  }
}

void Orders::insert_line(OrderId order, const domain::OrderLine& line) {
  connection_
      ->prepare(
          "INSERT OR IGNORE INTO order_line (order_id, line, sku, name, uom, ordered_milli,"
          " own_cancelled_milli, converted_milli, unit_price_minor, currency, service,"
          " discount_minor, order_discount_minor, tax_minor, together, kit_line, pickup_site)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
          " (SELECT pickup_site FROM customer_order WHERE id = ?1))")
      .bind(order.value(), line.line.value(), line.sku.text(), line.name,
            static_cast<int>(line.ordered.uom), line.ordered.milli, line.unit_price.minor,
            line.unit_price.currency.text(), line.service, line.discount_minor,
            line.order_discount_minor, line.tax_minor, line.together,
            line.kit ? line.kit->line.value() : 0)
      .run();
  if (!line.kit) return;
  const domain::SoldKit& kit = *line.kit;
  connection_
      ->prepare(
          "INSERT OR IGNORE INTO order_kit (order_id, line, sku, name, ordered_milli,"
          " unit_price_minor, discount_minor, tax_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
      .bind(order.value(), kit.line.value(), kit.sku.text(), kit.name, kit.milli,
            kit.unit_price.minor, kit.discount_minor, kit.tax_minor)
      .run();
}

void Orders::apply_one(OrderId order, const domain::OrderLineAdded& added) {
  insert_line(order, added.line);
}

void Orders::apply_one(OrderId order, const domain::OrderDeliveryChanged& changed) {
  const domain::DeliveryPlace& now = changed.after;
  connection_
      ->prepare(
          "UPDATE customer_order SET method = ?2, pickup_site = ?3, latitude_udeg = ?4,"
          " longitude_udeg = ?5 WHERE id = ?1")
      .bind(order.value(), name_of(now.method), now.pickup_site.text(),
            now.destination.latitude_udeg, now.destination.longitude_udeg)
      .run();
  connection_->prepare("UPDATE order_line SET pickup_site = ?2 WHERE order_id = ?1")
      .bind(order.value(), now.pickup_site.text())
      .run();
}

void Orders::set_standing(OrderId order, std::string_view hold, const std::string& note,
                          bool rejected) {
  connection_
      ->prepare("UPDATE customer_order SET hold = ?2, note = ?3, rejected = ?4 WHERE id = ?1")
      .bind(order.value(), hold, note, rejected)
      .run();
}

void Orders::apply_one(OrderId order, const domain::OrderHeld& held) {
  set_standing(order, name_of(held.reason), held.note, false);
}

void Orders::apply_one(OrderId order, const domain::OrderHoldReleased& released) {
  set_standing(order, "", released.note, false);
}

void Orders::apply_one(OrderId order, const domain::OrderRejected& rejected) {
  set_standing(order, "", rejected.note, true);
}

void Orders::apply_one(OrderId order, const domain::CouponsGivenBack&) {
  connection_->prepare("UPDATE order_discount SET given_back = 1 WHERE order_id = ?1")
      .bind(order.value())
      .run();
}

void Orders::apply_one(OrderId order, const domain::OrderUnitsCancelled& cancelled) {
  connection_
      ->prepare(
          "UPDATE order_line SET own_cancelled_milli ="
          " own_cancelled_milli + min(?3, ordered_milli - own_cancelled_milli)"
          " WHERE order_id = ?1 AND line = ?2")
      .bind(order.value(), cancelled.line.value(), cancelled.milli)
      .run();
}

void Orders::apply_one(OrderId order, const domain::PickupConverted& converted) {
  connection_
      ->prepare(
          "UPDATE order_line SET converted_milli = converted_milli + ?3"
          " WHERE order_id = ?1 AND line = ?2")
      .bind(order.value(), converted.line.value(), converted.milli)
      .run();
}

void Orders::apply_one(OrderId order, const domain::OrderParked& parked) {
  if (!parked.queue) {
    connection_->prepare("DELETE FROM order_queue WHERE order_id = ?1").bind(order.value()).run();
    return;
  }
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO order_queue (order_id, queue, auto_cancel_utc_us)"
          " VALUES (?1, ?2, ?3)")
      .bind(order.value(), static_cast<int>(*parked.queue), told_us(parked.auto_cancel_at))
      .run();
}

void Orders::refresh_routed(OrderId order) {
  connection_
      ->prepare(
          "UPDATE order_line SET (routed_milli, to_ship_milli, group_cancelled_milli,"
          " pickup_ordered_milli, pickup_short_milli) = (SELECT"
          " coalesce(sum(l.ordered_milli - l.short_milli - l.cancelled_milli), 0),"
          " coalesce(sum(CASE WHEN g.method = 'SHIP'"
          "  THEN l.ordered_milli - l.short_milli - l.cancelled_milli END), 0),"
          " coalesce(sum(l.cancelled_milli), 0),"
          " coalesce(sum(CASE WHEN g.method = 'PICKUP' THEN l.ordered_milli END), 0),"
          " coalesce(sum(CASE WHEN g.method = 'PICKUP' THEN l.short_milli END), 0)"
          " FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id"
          " WHERE g.order_id = ?1 AND l.line = order_line.line) WHERE order_id = ?1")
      .bind(order.value())
      .run();
}

void Orders::reset() {
  connection_->execute(
      "DELETE FROM customer_order; DELETE FROM order_line; DELETE FROM order_queue;"
      "DELETE FROM order_discount; DELETE FROM order_discount_share; DELETE FROM order_kit;");
}

namespace {

constexpr std::string_view kOrder =
    "SELECT rank, id, channel, external_id, placed_at_utc_us, customer, latitude_udeg,"
    " longitude_udeg, method, pickup_site, sale, tax_added, hold, rejected, note, priority,"
    " shipping_method, delivery_days, ship_after_utc_us, ship_by_utc_us, promised_utc_us, country"
    " FROM customer_order o";
constexpr int kOrderColumns = 22;

/// Per order line: what its ship groups have done with it.
constexpr std::string_view kProgress =
    "o.line, o.service, o.ordered_milli, o.cancelled_milli, o.routed_milli, o.to_ship_milli,"
    " o.pickup_short_milli, o.converted_milli, o.parked_cancelled_milli,"
    " (SELECT coalesce(sum(l.picked_milli + l.packed_milli), 0) FROM ship_group g"
    "   JOIN ship_group_line l ON l.group_id = g.id"
    "   WHERE g.order_id = o.order_id AND l.line = o.line),"
    " (SELECT coalesce(sum(l.shipped_milli + l.handed_over_milli), 0) FROM ship_group g"
    "   JOIN ship_group_line l ON l.group_id = g.id"
    "   WHERE g.order_id = o.order_id AND l.line = o.line),"
    " (SELECT coalesce(sum(l.returned_milli), 0) FROM ship_group g"
    "   JOIN ship_group_line l ON l.group_id = g.id"
    "   WHERE g.order_id = o.order_id AND l.line = o.line)";
constexpr int kProgressColumns = 12;

/// The order's status as domain::status_of() has it.
constexpr std::string_view kStatus =
    "CASE WHEN o.rejected = 1 THEN 'REJECTED' ELSE"
    " (SELECT CASE WHEN max(s.gone + s.cancelled < s.ordered)"
    "  THEN CASE o.hold WHEN '' THEN 'APPROVED' ELSE 'HOLD' END"
    "  WHEN count(*) > 0 AND NOT max(s.gone > 0) THEN 'CANCELLED' ELSE 'COMPLETED' END"
    "  FROM (SELECT w.ordered_milli AS ordered, w.cancelled_milli AS cancelled,"
    "   (SELECT coalesce(sum(l.shipped_milli + l.handed_over_milli + l.returned_milli), 0)"
    "    FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id"
    "    WHERE g.order_id = w.order_id AND l.line = w.line) AS gone"
    "   FROM order_line w WHERE w.order_id = o.id AND w.service = 0) s) END";

/// A pattern of LIKE.
std::string beginning_with(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

template <class Enum>
std::optional<Enum> stored_word(const std::string& text, Result<Enum> (*parse)(std::string_view)) {
  if (text.empty()) return std::nullopt;
  const auto word = parse(text);
  CAIRN_ASSERT(word.has_value(), "stored words are known");
  return *word;
}

std::optional<UtcTime> read_time(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(UtcTime{row.integer(column)});
}

/// From kOrderColumns columns, the first on.
OrderRow read_order(const Statement& row) {
  const auto method = domain::parse_fulfilment_method(row.text(8));
  CAIRN_ASSERT(method.has_value(), "stored methods are known");
  return {row.integer(0),
          OrderId(row.uuid(1)),
          row.text(2),
          row.text(3),
          UtcTime{row.integer(4)},
          row.text(5),
          {static_cast<std::int32_t>(row.integer(6)), static_cast<std::int32_t>(row.integer(7))},
          *method,
          stored_site(row.text(9)),
          stored_word(row.text(10), domain::parse_sale_kind),
          row.integer(11) != 0,
          {stored_word(row.text(12), domain::parse_hold_reason), row.integer(13) != 0},
          row.text(14),
          {row.integer(15), row.text(16), row.integer(17), read_time(row, 18), read_time(row, 19),
           read_time(row, 20), row.text(21)}};
}

/// From kProgressColumns columns, `first` on.
domain::LineProgress read_progress(const Statement& row, int first) {
  domain::LineProgress progress;
  progress.line = stored_line(row.integer(first));
  progress.service = row.integer(first + 1) != 0;
  progress.ordered_milli = row.integer(first + 2);
  progress.cancelled_milli = row.integer(first + 3);
  progress.routed_milli = row.integer(first + 4);
  progress.to_ship_milli = row.integer(first + 5);
  progress.pickup_short_milli = row.integer(first + 6);
  progress.converted_milli = row.integer(first + 7);
  progress.parked_cancelled_milli = row.integer(first + 8);
  progress.picked_milli = row.integer(first + 9);
  progress.shipped_milli = row.integer(first + 10);
  progress.returned_milli = row.integer(first + 11);
  return progress;
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

namespace {

/// Of a page; `among`: a condition that every order must meet.
std::string orders_sql(std::string_view among) {
  return std::string(kOrder) + " WHERE " + std::string(among) +
         " AND rank > ?1 AND (?3 = 0 OR EXISTS (SELECT 1 FROM order_line w"
         " WHERE w.order_id = o.id AND w.unrouted_milli > w.waiting_milli))"
         " AND (?4 IS NULL OR o.method = ?4)"
         " AND (?5 IS NULL OR EXISTS (SELECT 1 FROM ship_group g"
         " WHERE g.order_id = o.id AND g.site = ?5))"
         " AND (?6 IS NULL OR o.external_id LIKE ?6 ESCAPE '\\')"
         " AND (?7 IS NULL OR ?7 = " +
         std::string(kStatus) + ") AND (?8 IS NULL OR ?8 = " + queue_expression() +
         ") ORDER BY rank LIMIT ?2";
}

}  // namespace

std::vector<OrderRow> orders(Connection& connection, const OrderPage& page) {
  static const std::string kAll = orders_sql("1 = 1");
  static const std::string kWaiting = orders_sql(kIsRoutable);
  Statement& select = connection.prepare(page.only_waiting ? kWaiting : kAll);
  using Text = std::optional<std::string>;
  select.bind(page.after_rank, page.limit, page.only_parked,
              page.method ? Text(name_of(*page.method)) : Text(),
              page.site ? Text(page.site->text()) : Text(),
              page.text.empty() ? Text() : Text(beginning_with(page.text)),
              page.status ? Text(name_of(*page.status)) : Text(),
              page.queue ? std::optional(static_cast<int>(*page.queue)) : std::nullopt);
  std::vector<OrderRow> rows;
  while (select.step()) rows.push_back(read_order(select));
  return rows;
}

namespace {

/// From seven columns, `first` on; nothing: of none. Its currency is the order's.
std::optional<domain::SoldKit> read_kit(const Statement& row, int first, int currency) {
  if (row.is_null(first)) return std::nullopt;
  return domain::SoldKit{stored_line(row.integer(first)),
                         stored_sku(row.text(first + 1)),
                         row.text(first + 2),
                         row.integer(first + 3),
                         Money{row.integer(first + 4), stored_currency(row.text(currency))},
                         row.integer(first + 5),
                         row.integer(first + 6)};
}

}  // namespace

std::vector<OrderLineRow> order_lines(Connection& connection, OrderId order) {
  static const std::string kSql = "SELECT " + std::string(kProgress) +
                                  ", o.sku, o.name, o.uom, o.unit_price_minor, o.currency,"
                                  " o.discount_minor, o.order_discount_minor, o.tax_minor,"
                                  " o.together, coalesce(t.hazmat, 0), coalesce(t.category, ''),"
                                  " k.line, k.sku, k.name, k.ordered_milli, k.unit_price_minor,"
                                  " k.discount_minor, k.tax_minor"
                                  " FROM order_line o LEFT JOIN product_trait t ON t.sku = o.sku"
                                  " LEFT JOIN order_kit k ON k.order_id = o.order_id"
                                  " AND k.line = o.kit_line"
                                  " WHERE o.order_id = ?1 ORDER BY o.line";
  Statement& select = connection.prepare(kSql);
  select.bind(order.value());
  std::vector<OrderLineRow> rows;
  while (select.step()) {
    OrderLineRow row;
    row.progress = read_progress(select, 0);
    constexpr int kNext = kProgressColumns;
    row.line = {row.progress.line,
                stored_sku(select.text(kNext)),
                select.text(kNext + 1),
                Quantity{row.progress.ordered_milli, static_cast<Uom>(select.integer(kNext + 2))},
                Money{select.integer(kNext + 3), stored_currency(select.text(kNext + 4))},
                row.progress.service,
                select.integer(kNext + 5),
                select.integer(kNext + 6),
                select.integer(kNext + 7),
                static_cast<std::uint32_t>(select.integer(kNext + 8)),
                read_kit(select, kNext + 11, kNext + 4)};
    row.hazmat = select.integer(kNext + 9) != 0;
    row.category = select.text(kNext + 10);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<domain::OrderDiscount> order_discounts(Connection& connection, OrderId order) {
  Statement& select = connection.prepare(
      "SELECT d.code, d.amount_minor, d.promotion, d.title, d.coupon, d.position, s.line,"
      " s.amount_minor FROM order_discount d LEFT JOIN order_discount_share s"
      " ON s.order_id = d.order_id AND s.position = d.position"
      " WHERE d.order_id = ?1 ORDER BY d.position, s.line");
  select.bind(order.value());
  std::vector<domain::OrderDiscount> discounts;
  std::int64_t last = 0;
  while (select.step()) {
    if (select.integer(5) != last) {
      discounts.push_back(
          {select.text(0), select.integer(1), select.text(2), select.text(3), select.text(4), {}});
    }
    last = select.integer(5);
    if (select.is_null(6)) continue;
    discounts.back().shares.push_back({stored_line(select.integer(6)), select.integer(7)});
  }
  return discounts;
}

std::vector<CustomerLine> customer_lines(Connection& connection, const std::string& customer,
                                         const Sku& sku) {
  static const std::string kSql =
      "SELECT c.rank, c.id, c.channel, c.external_id, c.placed_at_utc_us, c.customer,"
      " c.latitude_udeg, c.longitude_udeg, c.method, c.pickup_site, c.sale, c.tax_added, c.hold,"
      " c.rejected, c.note, c.priority, c.shipping_method, c.delivery_days, c.ship_after_utc_us,"
      " c.ship_by_utc_us, c.promised_utc_us, c.country, " +
      std::string(kProgress) +
      " FROM customer_order c JOIN order_line o ON o.order_id = c.id"
      " WHERE c.customer = ?1 AND o.sku = ?2 ORDER BY c.rank, o.line";
  Statement& select = connection.prepare(kSql);
  select.bind(customer, sku.text());
  std::vector<CustomerLine> lines;
  while (select.step()) lines.push_back({read_order(select), read_progress(select, kOrderColumns)});
  return lines;
}

OrderTotals order_totals(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT (SELECT count(*) FROM customer_order), count(*), coalesce(sum(ordered_milli), 0),"
      " coalesce(sum(cancelled_milli), 0), coalesce(sum(routed_milli), 0),"
      " coalesce(sum(waiting_milli), 0), coalesce(sum(unrouted_milli - waiting_milli), 0),"
      " (SELECT count(DISTINCT order_id) FROM order_line WHERE waiting_milli > 0)"
      " FROM order_line WHERE service = 0");
  OrderTotals totals;
  if (select.bind().step()) {
    totals = {select.integer(0), select.integer(1), select.integer(2), select.integer(3),
              select.integer(4), select.integer(5), select.integer(6), select.integer(7)};
    select.reset();
  }
  return totals;
}

}  // namespace cairn::storage
