#include "core/storage/projections/held_orders.h"

#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace cairn::storage {
namespace {

/// Something is held, or may still be asked for.
constexpr std::string_view kUnfinished =
    "p.status IN ('NOT_AUTH', 'OFFLINE_PENDING', 'AUTHORIZED', 'AUTH_EXPIRED',"
    " 'PARTIALLY_CAPTURED')";

void add(std::vector<OrderId>& orders, Statement& select) {
  while (select.step()) {
    const OrderId order(select.uuid(0));
    if (std::ranges::find(orders, order) == orders.end()) orders.push_back(order);
  }
}

}  // namespace

std::vector<OrderId> held_orders(Connection& connection) {
  static const std::string kSql = fmt::format(
      "SELECT order_id FROM payment p WHERE {} GROUP BY order_id ORDER BY min(rank)", kUnfinished);
  Statement& select = connection.prepare(kSql);
  std::vector<OrderId> orders;
  select.bind();
  while (select.step()) orders.emplace_back(select.uuid(0));
  return orders;
}

std::vector<OrderId> held_orders(Connection& connection, const HeldOf& of) {
  static const std::string kOfOrder =
      fmt::format("SELECT order_id FROM payment p WHERE order_id = ?1 AND {} LIMIT 1", kUnfinished);
  static const std::string kOfGroup = fmt::format(
      "SELECT p.order_id FROM ship_group g JOIN payment p ON p.order_id = g.order_id"
      " WHERE g.id = ?1 AND {} LIMIT 1",
      kUnfinished);
  static const std::string kOfPayment = fmt::format(
      "SELECT p.order_id FROM payment of JOIN payment p ON p.order_id = of.order_id"
      " WHERE of.id = ?1 AND {} LIMIT 1",
      kUnfinished);
  std::vector<OrderId> orders;
  for (const OrderId order : of.orders)
    add(orders, connection.prepare(kOfOrder).bind(order.value()));
  for (const ShipGroupId group : of.groups) {
    add(orders, connection.prepare(kOfGroup).bind(group.value()));
  }
  for (const PaymentId payment : of.payments) {
    add(orders, connection.prepare(kOfPayment).bind(payment.value()));
  }
  return orders;
}

std::vector<PaymentId> unheld_payments(Connection& connection, UtcTime asked_before,
                                       std::size_t limit) {
  Statement& select = connection.prepare(
      "SELECT id FROM payment WHERE status = 'AUTH_EXPIRED'"
      " AND NOT EXISTS (SELECT 1 FROM payment_question q WHERE q.payment_id = payment.id"
      " AND (q.outcome IS NULL OR q.outcome = 'UNKNOWN'"
      " OR (q.action = 'AUTHORIZE' AND q.asked_utc_us >= ?1))) ORDER BY rank LIMIT ?2");
  select.bind(asked_before.us, limit);
  std::vector<PaymentId> ids;
  while (select.step()) ids.emplace_back(select.uuid(0));
  return ids;
}

}  // namespace cairn::storage
