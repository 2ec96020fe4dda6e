#include "core/storage/notifications.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <fmt/format.h>

namespace cairn::storage {
namespace {

constexpr std::string_view kSelectNotification =
    "SELECT rank, id, order_id, kind, state, message, made_utc_us, next_utc_us, sent_utc_us,"
    " attempts, error, line, milli, group_id, amount_minor, currency FROM notification ";

Notification notification_from(const Statement& row) {
  Notification found;
  found.rank = row.integer(0);
  found.id = row.uuid(1);
  found.order = OrderId(row.uuid(2));
  const auto kind = domain::parse_notification_kind(row.text(3));
  const auto state = domain::parse_notification_state(row.text(4));
  CAIRN_ASSERT(kind && state, "stored notifications are known words");
  found.kind = *kind;
  found.state = *state;
  if (!row.is_null(5)) found.message = row.uuid(5);
  found.made_at = {row.integer(6)};
  found.next_at = {row.integer(7)};
  if (!row.is_null(8)) found.sent_at = UtcTime{row.integer(8)};
  found.attempts = static_cast<std::uint32_t>(row.integer(9));
  found.error = row.text(10);
  if (!row.is_null(11)) found.line = stored_line(row.integer(11));
  found.milli = row.integer(12);
  if (!row.is_null(13)) found.group = ShipGroupId(row.uuid(13));
  if (!row.is_null(14)) found.amount = Money{row.integer(14), stored_currency(row.text(15))};
  return found;
}

std::vector<Notification> notifications_from(Statement& select) {
  std::vector<Notification> found;
  while (select.step()) found.push_back(notification_from(select));
  return found;
}

Statement& prepare_notifications(Connection& connection, std::string_view rest) {
  return connection.prepare(fmt::format("{}{}", kSelectNotification, rest));
}

template <class Id>
std::optional<Uuid> value_of(const std::optional<Id>& id) {
  return id ? std::optional(id->value()) : std::nullopt;
}

}  // namespace

bool save_notification(Connection& writer, const Notification& fresh) {
  const auto line = fresh.line ? std::optional(fresh.line->value()) : std::nullopt;
  const auto minor = fresh.amount ? std::optional(fresh.amount->minor) : std::nullopt;
  const auto currency = fresh.amount ? std::optional(fresh.amount->currency.text()) : std::nullopt;
  writer
      .prepare(
          "INSERT OR IGNORE INTO notification (id, order_id, kind, state, made_utc_us, next_utc_us,"
          " attempts, error, line, milli, group_id, amount_minor, currency)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, '', ?7, ?8, ?9, ?10, ?11)")
      .bind(fresh.id, fresh.order.value(), name_of(fresh.kind), name_of(fresh.state),
            fresh.made_at.us, fresh.next_at.us, line, fresh.milli, value_of(fresh.group), minor,
            currency)
      .run();
  return writer.changes() > 0;
}

std::vector<OrderId> orders_to_notify(Connection& connection, UtcTime now, std::size_t limit) {
  Statement& select = connection.prepare(
      "SELECT order_id FROM notification WHERE state = 'PENDING' AND next_utc_us <= ?1"
      " GROUP BY order_id ORDER BY min(next_utc_us), min(rank) LIMIT ?2");
  select.bind(now.us, limit);
  std::vector<OrderId> orders;
  while (select.step()) orders.emplace_back(select.uuid(0));
  return orders;
}

std::vector<Notification> pending_notifications(Connection& connection, OrderId order) {
  Statement& select =
      prepare_notifications(connection, "WHERE order_id = ?1 AND state = 'PENDING' ORDER BY rank");
  return notifications_from(select.bind(order.value()));
}

std::vector<Notification> notifications_of(Connection& connection, const Uuid& message) {
  Statement& select = prepare_notifications(connection, "WHERE message = ?1 ORDER BY rank");
  return notifications_from(select.bind(message));
}

std::optional<Notification> find_notification(Connection& connection, const Uuid& id) {
  Statement& select = prepare_notifications(connection, "WHERE id = ?1");
  if (!select.bind(id).step()) return std::nullopt;
  auto found = notification_from(select);
  select.reset();
  return found;
}

void begin_sending(Connection& writer, OrderId order, const std::optional<Uuid>& before,
                   const Uuid& message) {
  writer
      .prepare(
          "UPDATE notification SET state = 'SENDING', message = ?3, attempts = attempts + 1,"
          " error = '' WHERE order_id = ?1 AND state = 'PENDING' AND message IS ?2")
      .bind(order.value(), before, message)
      .run();
}

void end_sending(Connection& writer, const Uuid& message, const TryEnded& ended) {
  const bool sent = ended.state == domain::NotificationState::kSent;
  writer
      .prepare(
          "UPDATE notification SET state = ?2, error = ?3, next_utc_us = ?4, sent_utc_us = ?5"
          " WHERE message = ?1 AND state = 'SENDING'")
      .bind(message, name_of(ended.state), ended.error, ended.next_at.us,
            sent ? std::optional(ended.at.us) : std::nullopt)
      .run();
}

std::size_t give_up_sending(Connection& writer, const std::string& why) {
  writer.prepare("UPDATE notification SET state = 'UNKNOWN', error = ?1 WHERE state = 'SENDING'")
      .bind(why)
      .run();
  return static_cast<std::size_t>(writer.changes());
}

void send_again(Connection& writer, const Notification& wanted, UtcTime now) {
  writer
      .prepare(
          "UPDATE notification SET state = 'PENDING', next_utc_us = ?3, made_utc_us = ?3,"
          " sent_utc_us = NULL, error = '' WHERE id = ?1 OR (message = ?2 AND state = ?4)")
      .bind(wanted.id, wanted.message, now.us, name_of(wanted.state))
      .run();
}

void fail_pending(Connection& writer, OrderId order, const std::string& why) {
  writer
      .prepare(
          "UPDATE notification SET state = 'FAILED', error = ?2"
          " WHERE order_id = ?1 AND state = 'PENDING'")
      .bind(order.value(), why)
      .run();
}

void fail_stale(Connection& writer, OrderId order, UtcTime oldest, const std::string& why) {
  writer
      .prepare(
          "UPDATE notification SET state = 'FAILED', error = iif(error = '', ?3, error)"
          " WHERE order_id = ?1 AND state = 'PENDING' AND (made_utc_us <= ?2 OR message IN"
          " (SELECT message FROM notification WHERE order_id = ?1 AND state = 'PENDING'"
          " AND made_utc_us <= ?2))")
      .bind(order.value(), oldest.us, why)
      .run();
}

std::vector<Notification> notifications(Connection& connection, const NotificationPage& page) {
  std::string where = "WHERE rank > ?1";
  if (page.order) where += " AND order_id = ?3";
  if (page.state) where += " AND state = ?4";
  // The unused ones are bound, too: SQLite numbers them up to the greatest.
  where += " AND (?3 IS NULL OR 1) AND (?4 IS NULL OR 1) ORDER BY rank LIMIT ?2";
  Statement& select = prepare_notifications(connection, where);
  return notifications_from(
      select.bind(page.after_rank, page.limit, value_of(page.order),
                  page.state ? std::optional(name_of(*page.state)) : std::nullopt));
}

std::vector<OrderId> orders_waiting_untold(Connection& connection, UtcTime placed_before,
                                           domain::NotificationKind kind, std::size_t limit) {
  Statement& select = connection.prepare(
      "SELECT o.id FROM (SELECT DISTINCT order_id FROM order_line WHERE waiting_milli > 0) w"
      " CROSS JOIN order_contact c ON c.order_id = w.order_id"
      " CROSS JOIN customer_order o ON o.id = w.order_id"
      " WHERE o.placed_at_utc_us < ?1 AND o.hold = ''"
      // What was sold ahead waits as promised (domain::ParkingQueue kPreorder, kBackorder).
      " AND NOT EXISTS (SELECT 1 FROM order_queue q WHERE q.order_id = o.id AND q.queue IN (7, 8))"
      " AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.order_id = o.id AND n.kind = ?2)"
      " ORDER BY o.rank LIMIT ?3");
  select.bind(placed_before.us, name_of(kind), limit);
  std::vector<OrderId> orders;
  while (select.step()) orders.emplace_back(select.uuid(0));
  return orders;
}

bool begin_looking(Connection& writer) {
  writer.prepare("INSERT OR IGNORE INTO notification_cursor (node, inc, seq) VALUES (?1, 0, 0)")
      .bind(Uuid())
      .run();
  if (writer.changes() == 0) return false;
  writer.execute(
      "INSERT OR IGNORE INTO notification_cursor (node, inc, seq)"
      " SELECT node, inc, head FROM author");
  return true;
}

std::vector<EventRef> unseen_authors(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT a.node, a.inc, coalesce(c.seq, 0) FROM author a LEFT JOIN notification_cursor c"
      " ON c.node = a.node AND c.inc = a.inc WHERE a.head > coalesce(c.seq, 0)");
  select.bind();
  std::vector<EventRef> authors;
  while (select.step()) {
    authors.push_back({NodeId(select.uuid(0)), Incarnation(select.unsigned_integer(1)),
                       select.unsigned_integer(2)});
  }
  return authors;
}

std::uint64_t seen_of(Connection& connection, NodeId node, Incarnation inc) {
  Statement& select =
      connection.prepare("SELECT seq FROM notification_cursor WHERE node = ?1 AND inc = ?2");
  if (!select.bind(node.value(), inc.value()).step()) return 0;
  const std::uint64_t seq = select.unsigned_integer(0);
  select.reset();
  return seq;
}

void note_seen(Connection& writer, const EventRef& last) {
  writer
      .prepare(
          "INSERT INTO notification_cursor (node, inc, seq) VALUES (?1, ?2, ?3)"
          " ON CONFLICT (node, inc) DO UPDATE SET seq = max(seq, ?3)")
      .bind(last.node.value(), last.inc.value(), last.seq)
      .run();
}

}  // namespace cairn::storage
