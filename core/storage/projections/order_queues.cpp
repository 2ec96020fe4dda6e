#include "core/storage/projections/order_queues.h"

#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

namespace cairn::storage {
namespace {

using domain::ParkingQueue;

int number_of(ParkingQueue queue) { return static_cast<int>(queue); }

}  // namespace

const std::string& queue_expression() {
  static const std::string kSql = fmt::format(
      "CASE WHEN EXISTS (SELECT 1 FROM order_line w WHERE w.order_id = o.id AND w.waiting_milli > "
      "0)"
      " THEN coalesce((SELECT q.queue FROM order_queue q WHERE q.order_id = o.id),"
      "  CASE WHEN EXISTS (SELECT 1 FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id"
      "   WHERE g.order_id = o.id AND l.short_milli > 0) THEN {} ELSE {} END)"
      " WHEN EXISTS (SELECT 1 FROM order_line w WHERE w.order_id = o.id AND w.unrouted_milli > 0)"
      " THEN {} END",
      number_of(ParkingQueue::kRejected), number_of(ParkingQueue::kBrokering),
      number_of(ParkingQueue::kPickupRejected));
  return kSql;
}

std::optional<OrderQueue> queue_of(Connection& connection, OrderId order) {
  static const std::string kSql =
      "SELECT " + queue_expression() +
      ", q.auto_cancel_utc_us, q.order_id IS NOT NULL FROM customer_order o"
      " LEFT JOIN order_queue q ON q.order_id = o.id WHERE o.id = ?1";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(order.value()).step()) return std::nullopt;
  std::optional<OrderQueue> found;
  if (!select.is_null(0)) {
    found = OrderQueue{static_cast<ParkingQueue>(select.integer(0)), std::nullopt,
                       select.integer(2) != 0};
    if (!select.is_null(1)) found->auto_cancel_at = UtcTime{select.integer(1)};
  }
  select.reset();
  return found;
}

bool is_waiting(Connection& connection, OrderId order) {
  Statement& select = connection.prepare(
      "SELECT 1 FROM order_line WHERE order_id = ?1 AND waiting_milli > 0 LIMIT 1");
  const bool waiting = select.bind(order.value()).step();
  select.reset();
  return waiting;
}

std::optional<ParkingQueue> said_queue(Connection& connection, OrderId order) {
  Statement& select = connection.prepare("SELECT queue FROM order_queue WHERE order_id = ?1");
  if (!select.bind(order.value()).step()) return std::nullopt;
  const auto queue = static_cast<ParkingQueue>(select.integer(0));
  select.reset();
  return queue;
}

std::optional<UtcTime> auto_cancel_of(Connection& connection, OrderId order) {
  Statement& select = connection.prepare(
      "SELECT auto_cancel_utc_us FROM order_queue"
      " WHERE order_id = ?1 AND auto_cancel_utc_us IS NOT NULL");
  if (!select.bind(order.value()).step()) return std::nullopt;
  const UtcTime at{select.integer(0)};
  select.reset();
  return at;
}

std::vector<OrderId> orders_to_cancel(Connection& connection, UtcTime now, std::size_t limit) {
  Statement& select = connection.prepare(
      "SELECT q.order_id FROM order_queue q JOIN customer_order o ON o.id = q.order_id"
      " WHERE q.auto_cancel_utc_us <= ?1 AND o.hold = ''"
      " ORDER BY q.auto_cancel_utc_us, q.order_id LIMIT ?2");
  select.bind(now.us, limit);
  std::vector<OrderId> orders;
  while (select.step()) orders.emplace_back(select.uuid(0));
  return orders;
}

}  // namespace cairn::storage
