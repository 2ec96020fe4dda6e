#include "central/routing/rejections.h"

#include "central/orders/order_queue_book.h"
#include "core/storage/projections/orders.h"
#include "core/storage/site_load.h"

#include <algorithm>

namespace cairn::central {
namespace {

using domain::ParkingQueue;

bool is_customer_service(storage::Connection& connection, OrderId order,
                         const std::set<LineNo>& lines, const RejectionRules& rules) {
  if (rules.customer_service_after == 0) return false;
  const auto rejecting = storage::rejecting_sites(connection, order);
  return std::ranges::any_of(storage::order_lines(connection, order),
                             [&lines, &rejecting, &rules](const storage::OrderLineRow& row) {
                               const auto found = rejecting.find(row.progress.line);
                               return lines.contains(row.progress.line) &&
                                      row.progress.waiting_milli() > 0 &&
                                      found != rejecting.end() &&
                                      found->second >= rules.customer_service_after;
                             });
}

Result<> say_queue(storage::UnitOfWork& work, OrderId order, const std::set<LineNo>& lines,
                   const RejectionRules& rules) {
  storage::Connection& connection = work.connection();
  const auto row = storage::find_order(connection, order);
  if (!row || row->method == domain::FulfilmentMethod::kPickup) return {};
  const auto queue = storage::queue_of(connection, order);
  if (!queue) return {};
  if (is_customer_service(connection, order, lines, rules)) {
    return park_order(work, order, ParkingQueue::kCustomerService, {}, UserId{});
  }
  const bool given_up = queue->said && (queue->queue == ParkingQueue::kUnfillable ||
                                        queue->queue == ParkingQueue::kReleased);
  if (!given_up) return {};
  return park_order(work, order, ParkingQueue::kRejected, queue->auto_cancel_at, UserId{});
}

}  // namespace

Result<> on_short(storage::UnitOfWork& work, const ShortLines& lines, const RejectionRules& rules) {
  if (lines.empty()) return {};
  work.replica().save_views();  // what the sites have just given up
  for (const auto& [order, short_lines] : lines) {
    storage::note_shorts(work.connection(), order, work.now());
    if (auto ok = say_queue(work, order, short_lines, rules); !ok) return ok;
  }
  return {};
}

}  // namespace cairn::central
