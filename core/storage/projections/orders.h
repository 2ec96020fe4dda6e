#pragma once
// Orders as rows, at the hub. Class: single writer; what the ship groups did is joined from their
// rows. Writing: loop only. Errors as in sqlite/connection.h.

#include "core/domain/order/order.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class Orders {
 public:
  explicit Orders(Connection& connection) : connection_(&connection) {}

  void apply(OrderId order, const domain::OrderEvent& event);
  /// Ship groups of the order changed: how much of each line is in one.
  void refresh_routed(OrderId order);
  void reset();

 private:
  void apply_one(OrderId order, const domain::OrderPlaced& placed);
  void apply_one(OrderId order, const domain::OrderUnitsCancelled& cancelled);
  void apply_one(OrderId order, const domain::PickupConverted& converted);
  void apply_one(OrderId, const domain::CancellationUnmatched&) {}  // only the log has it
  void apply_one(OrderId order, const domain::OrderParked& parked);
  void apply_one(OrderId order, const domain::OrderHeld& held);
  void apply_one(OrderId order, const domain::OrderHoldReleased& released);
  void apply_one(OrderId order, const domain::OrderRejected& rejected);
  void apply_one(OrderId order, const domain::CouponsGivenBack&);
  void apply_one(OrderId order, const domain::OrderLineAdded& added);
  void apply_one(OrderId order, const domain::OrderDeliveryChanged& changed);
  void insert_line(OrderId order, const domain::OrderLine& line);
  void set_standing(OrderId order, std::string_view hold, const std::string& note, bool rejected);

  Connection* connection_;
};

// ---- queries: any connection ----

struct OrderRow {
  std::int64_t rank = 0;
  OrderId id;
  std::string channel;
  std::string external_id;
  UtcTime placed_at;
  std::string customer;
  GeoPoint destination;
  domain::FulfilmentMethod method = domain::FulfilmentMethod::kShip;
  SiteId pickup_site;
  std::optional<domain::SaleKind> sale;
  bool tax_added = false;
  domain::OrderStanding standing;
  std::string note;  ///< of the hold or the rejection
  domain::Delivery delivery;
};

std::optional<OrderRow> find_order(Connection& connection, OrderId order);
std::optional<OrderRow> find_order(Connection& connection, const std::string& channel,
                                   const std::string& external_id);

struct OrderPage {
  std::int64_t after_rank = 0;
  std::size_t limit = 100;
  bool only_waiting = false;  ///< with units to be given to a site: not held
  bool only_parked = false;   ///< with units that wait for the customer's choice
  std::optional<domain::OrderStatus> status = {};
  std::optional<domain::ParkingQueue> queue = {};  ///< its units wait in this one
  std::optional<domain::FulfilmentMethod> method = {};
  std::optional<SiteId> site = {};  ///< with a ship group of this site
  std::string text = {};            ///< the beginning of its number in its channel; empty: any
};
/// In the order they were placed here. Whether letters are capital makes no difference to `text`.
std::vector<OrderRow> orders(Connection& connection, const OrderPage& page);

struct OrderLineRow {
  domain::OrderLine line;
  domain::LineProgress progress;
  bool hazmat = false;   ///< of the article, as it is defined now, like the next
  std::string category;  ///< empty: none
};
std::vector<OrderLineRow> order_lines(Connection& connection, OrderId order);
std::vector<domain::OrderDiscount> order_discounts(Connection& connection, OrderId order);

/// A customer's lines of one article, with how far each has come.
struct CustomerLine {
  OrderRow order;
  domain::LineProgress progress;
};
std::vector<CustomerLine> customer_lines(Connection& connection, const std::string& customer,
                                         const Sku& sku);

struct OrderTotals {
  std::int64_t orders = 0;
  std::int64_t lines = 0;          ///< of goods
  std::int64_t ordered_milli = 0;  ///< goods only, like all below
  std::int64_t cancelled_milli = 0;
  std::int64_t routed_milli = 0;
  std::int64_t waiting_milli = 0;
  std::int64_t parked_milli = 0;  ///< pickups that wait for the customer's choice
  std::int64_t waiting_orders = 0;
};
OrderTotals order_totals(Connection& connection);

}  // namespace cairn::storage
