#pragma once
// Order: what a customer bought, at the hub only. Its lines never change after placement; cancelled
// units, lines that are added and another way to the customer are events of their own. What
// happened to the rest is read from the order's ship groups (the order folds them). Merge rule:
// single writer, the hub.

#include "core/base/geo.h"
#include "core/base/gtin.h"
#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/quantity.h"
#include "core/base/time.h"
#include "core/domain/envelope.h"
#include "core/domain/order/delivery.h"
#include "core/domain/order/order_standing.h"
#include "core/domain/routing/parking_queue.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::domain {

enum class FulfilmentMethod : std::uint8_t { kShip = 1, kPickup = 2 };
/// "SHIP", "PICKUP"; empty for a number that is neither.
std::string_view name_of(FulfilmentMethod method);
/// Errors: kInvalid "bad_method".
Result<FulfilmentMethod> parse_fulfilment_method(std::string_view text);

/// How it was sold.
enum class SaleKind : std::uint8_t {
  kWeb = 1,
  kPhone = 2,
  kMarketplace = 3,
  kStore = 4,
  kWholesale = 5,
};
/// "WEB", "PHONE", "MARKETPLACE", "STORE", "WHOLESALE"; empty for a number that is none of them.
std::string_view name_of(SaleKind kind);
/// Errors: kInvalid "bad_sale_kind".
Result<SaleKind> parse_sale_kind(std::string_view text);

/// A line of the channel that sold a kit: its parts are lines of the order.
struct SoldKit {
  LineNo line;  ///< its number in the channel's order, which no part has
  Sku sku;
  std::string name;
  std::int64_t milli = 0;  ///< whole pieces
  Money unit_price;
  std::int64_t discount_minor = 0;  ///< its own, of the whole line
  std::int64_t tax_minor = 0;

  friend bool operator==(const SoldKit&, const SoldKit&) = default;
};

struct OrderLine {
  LineNo line;
  Sku sku;
  std::string name;
  Quantity ordered;
  Money unit_price;
  bool service = false;  ///< charged, never picked: postage, fees, vouchers
  // Of the whole line, in minor units of the price's currency: 0 to kMaxMinor.
  std::int64_t discount_minor = 0;        ///< the line's own
  std::int64_t order_discount_minor = 0;  ///< its share of the order's discounts
  std::int64_t tax_minor = 0;             ///< in the price, or on top of it (tax_added)
  std::uint32_t together = 0;    ///< lines of one number go whole to one site; 0: by itself
  std::optional<SoldKit> kit{};  ///< it is part of; nothing: of none

  friend bool operator==(const OrderLine&, const OrderLine&) = default;
};

/// A discount on the order as a whole; it is shared out to its lines (order_amounts.h). One that a
/// promotion of the hub gave says which, and what each line had of it: as it was then.
struct OrderDiscount {
  struct Share {
    LineNo line;
    std::int64_t minor = 0;  ///< 1 to kMaxMinor
    friend bool operator==(const Share&, const Share&) = default;
  };

  std::string code;             ///< of the campaign or the coupon: 1-64 octets
  std::int64_t minor = 0;       ///< 1 to kMaxMinor
  std::string promotion{};      ///< its name; empty: the channel's own discount
  std::string title{};          ///< of the promotion
  std::string coupon{};         ///< the code that was shown for it; empty: none
  std::vector<Share> shares{};  ///< of a promotion only: they add up to `minor`
  friend bool operator==(const OrderDiscount&, const OrderDiscount&) = default;
};

struct OrderPlaced {
  static constexpr std::uint32_t kTypeId = 100;
  OrderId order;
  std::string channel;      ///< where it was sold: 1-32 octets, e.g. "web"
  std::string external_id;  ///< unique within the channel: 1-64 octets
  UtcTime placed_at;
  std::string customer;  ///< the channel's reference to the customer, never a name; may be empty
  GeoPoint destination;  ///< 0, 0: nobody knows
  std::vector<OrderLine> lines;
  FulfilmentMethod method = FulfilmentMethod::kShip;
  SiteId pickup_site;              ///< kPickup: where the customer comes to
  std::optional<SaleKind> sale{};  ///< nothing: not told
  bool tax_added = false;          ///< taxes come on top of the prices; else they are in them
  std::vector<OrderDiscount> discounts{};  ///< their sum is that of the lines' shares
  Delivery delivery{};
  friend bool operator==(const OrderPlaced&, const OrderPlaced&) = default;
};

enum class CancelReason : std::uint8_t {
  kCustomer = 1,
  kHeadOffice = 2,
  kAutoCancel = 3,  ///< it waited until its time was up (OrderParked)
};
std::string_view name_of(CancelReason reason);

struct OrderUnitsCancelled {
  static constexpr std::uint32_t kTypeId = 101;
  LineNo line;
  std::int64_t milli = 0;
  CancelReason reason = CancelReason::kCustomer;
  std::string source;  ///< what asked for it, e.g. its number in its channel; at most 64 octets
  friend bool operator==(const OrderUnitsCancelled&, const OrderUnitsCancelled&) = default;
};

/// Units that the pickup site could not give are to be shipped instead, as the customer wishes.
/// They are never routed anywhere else without being asked.
struct PickupConverted {
  static constexpr std::uint32_t kTypeId = 102;
  LineNo line;
  std::int64_t milli = 0;
  friend bool operator==(const PickupConverted&, const PickupConverted&) = default;
};

/// A cancellation came that means nothing the customer ordered before it. Recorded, so that it does
/// not act later, when it is repeated and there is such an order; its key is its own number.
struct CancellationUnmatched {
  static constexpr std::uint32_t kTypeId = 103;
  std::string customer;
  Sku sku;
  std::int64_t milli = 0;
  std::string source;  ///< its number in its channel; at most 64 octets
  friend bool operator==(const CancellationUnmatched&, const CancellationUnmatched&) = default;
};
/// Errors: kInvalid "bad_quantity", "bad_source".
Result<> validate(const CancellationUnmatched& cancellation);

/// Where the order's units wait that no site has, and until when. The last one holds.
struct OrderParked {
  static constexpr std::uint32_t kTypeId = 151;
  std::optional<ParkingQueue> queue;      ///< nothing: nothing of it waits in a queue any more
  std::optional<UtcTime> auto_cancel_at;  ///< then what waits is cancelled; nothing: never
  friend bool operator==(const OrderParked&, const OrderParked&) = default;
};

/// How it gets to the customer.
struct DeliveryPlace {
  FulfilmentMethod method = FulfilmentMethod::kShip;
  SiteId pickup_site;    ///< kPickup: where the customer comes to
  GeoPoint destination;  ///< 0, 0: nobody knows
  friend bool operator==(const DeliveryPlace&, const DeliveryPlace&) = default;
};
/// Errors: kInvalid "bad_order".
Result<> check_delivery(const DeliveryPlace& delivery);

/// Before any site had some of it the customer wanted more.
struct OrderLineAdded {
  static constexpr std::uint32_t kTypeId = 109;
  OrderLine line;    ///< without a share of the order's discounts: those are of what was placed
  LineNo raises;     ///< more units of that one, at its price; 0: something else
  std::string note;  ///< for people; at most kMaxOrderNote octets
  friend bool operator==(const OrderLineAdded&, const OrderLineAdded&) = default;
};

/// Before any site had some of it the customer wanted it elsewhere, or in another way.
struct OrderDeliveryChanged {
  static constexpr std::uint32_t kTypeId = 110;
  DeliveryPlace before;
  DeliveryPlace after;
  std::string note;  ///< for people; at most kMaxOrderNote octets
  friend bool operator==(const OrderDeliveryChanged&, const OrderDeliveryChanged&) = default;
};

/// All of it is cancelled: its coupons can be used again.
struct CouponsGivenBack {
  static constexpr std::uint32_t kTypeId = 108;
  friend bool operator==(const CouponsGivenBack&, const CouponsGivenBack&) = default;
};

using OrderEvent =
    std::variant<OrderPlaced, OrderUnitsCancelled, PickupConverted, CancellationUnmatched,
                 OrderHeld, OrderHoldReleased, OrderRejected, OrderParked, CouponsGivenBack,
                 OrderLineAdded, OrderDeliveryChanged>;

struct OrderLineState {
  OrderLine line;
  std::int64_t cancelled_milli = 0;  ///< by the order's own events; its groups have theirs
  std::int64_t converted_milli = 0;  ///< PickupConverted

  [[nodiscard]] std::int64_t wanted_milli() const { return line.ordered.milli - cancelled_milli; }
  friend bool operator==(const OrderLineState&, const OrderLineState&) = default;
};

struct Order {
  OrderPlaced placed;                 ///< as it was then
  std::vector<OrderLineState> lines;  ///< with those that were added
  OrderStanding standing{};
  DeliveryPlace delivery{};  ///< as it is now

  [[nodiscard]] const OrderLineState* find(LineNo line) const;
  friend bool operator==(const Order&, const Order&) = default;
};

/// Nothing before OrderPlaced. Total: an event that does not fit changes nothing.
std::optional<Order> evolve(std::optional<Order> order, const OrderEvent& event);

/// Limits of one order.
inline constexpr std::size_t kMaxOrderLines = 2000;
inline constexpr std::size_t kMaxOrderDiscounts = 20;

/// Numbers, quantities, prices and names of an order's lines. Errors: kInvalid "bad_order".
Result<> check_lines(const std::vector<OrderLine>& lines);

struct PlaceOrder {
  OrderPlaced order;
};

/// Errors: kInvalid "bad_order" with a sentence.
Result<OrderPlaced> decide(const PlaceOrder& command);

struct CancelUnits {
  LineNo line;
  std::int64_t milli = 0;
  CancelReason reason = CancelReason::kCustomer;
  std::string source;
  std::int64_t unrouted_milli = 0;  ///< of this line: wanted and in no ship group
};

/// Only what no site has been given yet can be cancelled here.
/// Errors: kNotFound "no_such_line", kInvalid "bad_quantity", "bad_source", kRejected
/// "already_routed".
Result<OrderUnitsCancelled> decide(const Order& order, const CancelUnits& command);

struct ConvertPickup {
  LineNo line;
  std::int64_t milli = 0;
  std::int64_t parked_milli = 0;  ///< of this line: what the pickup site could not give
};

/// Errors: kNotFound "no_such_line", kInvalid "bad_quantity", kRejected "is_no_pickup",
/// "nothing_parked".
Result<PickupConverted> decide(const Order& order, const ConvertPickup& command);

/// How far one line has come; the sums over its ship groups come from their views.
struct LineProgress {
  LineNo line;
  bool service = false;
  std::int64_t ordered_milli = 0;
  std::int64_t cancelled_milli = 0;     ///< before routing and in ship groups
  std::int64_t routed_milli = 0;        ///< in ship groups, and neither short nor cancelled there
  std::int64_t to_ship_milli = 0;       ///< of these: in groups that ship
  std::int64_t pickup_short_milli = 0;  ///< what pickup groups could not give
  std::int64_t converted_milli = 0;     ///< of that: to be shipped instead
  std::int64_t parked_cancelled_milli = 0;  ///< of that: cancelled before anybody chose
  std::int64_t picked_milli = 0;            ///< of the routed: in totes and packages
  std::int64_t shipped_milli = 0;           ///< of the routed: shipped, or handed over
  std::int64_t returned_milli = 0;          ///< of the routed: came back

  /// Wanted, and no site has it to fill.
  [[nodiscard]] std::int64_t unrouted_milli() const {
    return service ? 0 : ordered_milli - cancelled_milli - routed_milli;
  }
  /// Of these: a pickup site could not give them, and the customer has not been asked yet.
  [[nodiscard]] std::int64_t parked_milli() const {
    return std::clamp<std::int64_t>(pickup_short_milli - converted_milli - parked_cancelled_milli,
                                    0, unrouted_milli());
  }
  /// Of these: what the next routing run looks at.
  [[nodiscard]] std::int64_t waiting_milli() const { return unrouted_milli() - parked_milli(); }
  /// Of the waiting of a pickup order: what is to be shipped instead.
  [[nodiscard]] std::int64_t waiting_to_ship_milli() const {
    return std::clamp<std::int64_t>(converted_milli - to_ship_milli, 0, waiting_milli());
  }
};

/// An order of services alone has nothing to ship: it is complete once placed.
OrderStatus status_of(const std::vector<LineProgress>& lines, const OrderStanding& standing = {});

}  // namespace cairn::domain
