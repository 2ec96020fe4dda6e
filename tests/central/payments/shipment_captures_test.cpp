#include "central/payments/shipment_captures.h"

#include "central/payments/payment_book.h"
#include "core/storage/projections/held_orders.h"
#include "core/storage/projections/payments.h"
#include "tests/central/support/order_hub.h"
#include "tests/sync/support/machine.h"

#include <chrono>
#include <functional>
#include <string>

namespace cairn::central::shipment_captures_test {
namespace {

using namespace test;
using domain::PaymentOutcome;
using domain::PaymentStatus;
using domain::Tender;

/// An order of two lines, two pieces each, in two ship groups.
struct Hub : OrderHub {
  Hub() : order(place("1001", {{1, "A1", 2}, {2, "A2", 2}})) {
    route(order, 1, {{1, "A1", 2}});
    route(order, 2, {{2, "A2", 2}});
    price = storage::order_lines(connection(), order).front().line.unit_price;
  }
  PaymentId pay(Tender tender, std::int64_t minor) {
    const PaymentId id(group_id(++payments).value());
    const std::string token = tender == Tender::kCash ? "" : "tok_visa";
    REQUIRE(job([&](UnitOfWork& work) {
      return open_payment(work, {id, order, tender, {minor, price.currency}, token, false},
                          user(3));
    }));
    return id;
  }
  void hear(PaymentId id, std::uint32_t no, PaymentOutcome outcome = PaymentOutcome::kDone) {
    REQUIRE(job(
        [&](UnitOfWork& work) { return answer_payment(work, id, {no, outcome, "ref", "", {}}); }));
  }
  void leaves(std::uint64_t group, std::uint32_t line) {
    claim(group, "bench");
    pick(group, 2, line);
    pack(group, 2, line);
    ship(group, 2, line);
  }
  std::size_t look() {
    return job([this](UnitOfWork& work) { return capture_shipped(work, order); }).value().asked;
  }
  domain::Payment payment(PaymentId id) { return storage::find_payment(connection(), id).value(); }

  OrderId order;
  Money price;
  std::uint64_t payments = 900;
};

TEST_CASE("shipment captures: each group that leaves is paid once, at its own price",
          "[central][payment]") {
  Hub hub;
  const PaymentId id = hub.pay(Tender::kCash, hub.price.minor * 4 + 100);
  CHECK(hub.look() == 0);
  hub.leaves(1, 1);
  CHECK(hub.look() == 1);
  CHECK(hub.payment(id).captured_minor == hub.price.minor * 2);
  CHECK(hub.look() == 0);
  CHECK(storage::held_orders(hub.connection()) == std::vector{hub.order});
  hub.leaves(2, 2);
  CHECK(hub.look() == 2);  // and the rest is given up: the order is over
  CHECK(hub.payment(id).captured_minor == hub.price.minor * 4);
  CHECK(hub.payment(id).status == PaymentStatus::kSettled);
  CHECK(hub.look() == 0);
  CHECK(storage::held_orders(hub.connection()).empty());
}

TEST_CASE("shipment captures: two tenders pay one group together", "[central][payment]") {
  Hub hub;
  const PaymentId first = hub.pay(Tender::kCash, 1);
  const PaymentId second = hub.pay(Tender::kCash, hub.price.minor * 4);
  hub.leaves(1, 1);
  CHECK(hub.look() == 2);
  CHECK(hub.payment(first).captured_minor == 1);
  CHECK(hub.payment(second).captured_minor == hub.price.minor * 2 - 1);
  CHECK(hub.look() == 0);
}

TEST_CASE("shipment captures: while a question is open the money is not asked for, later it is",
          "[central][payment]") {
  Hub hub;
  const PaymentId id = hub.pay(Tender::kCard, hub.price.minor * 4);
  hub.leaves(1, 1);
  CHECK(hub.look() == 0);
  hub.hear(id, 1);
  CHECK(hub.look() == 1);
  hub.leaves(2, 2);
  CHECK(hub.look() == 0);
  hub.hear(id, 2, PaymentOutcome::kUnknown);
  CHECK(hub.look() == 0);
  hub.hear(id, 2);
  CHECK(hub.look() == 1);
  hub.hear(id, 3);
  CHECK(hub.payment(id).status == PaymentStatus::kSettled);
}

TEST_CASE("shipment captures: what expired is asked again, what was declined is not",
          "[central][payment]") {
  Hub hub;
  const PaymentId id = hub.pay(Tender::kCard, hub.price.minor * 4);
  hub.hear(id, 1);
  hub.leaves(1, 1);
  CHECK(hub.look() == 1);
  hub.hear(id, 2, PaymentOutcome::kExpired);
  CHECK(hub.look() == 0);
  REQUIRE(hub.job([id](UnitOfWork& work) {
    return ask_payment(work, id, domain::AuthorizePayment{}, user(3));
  }));
  hub.hear(id, 3);
  CHECK(hub.look() == 1);
  hub.hear(id, 4, PaymentOutcome::kDeclined);
  CHECK(hub.look() == 0);
}

TEST_CASE("shipment captures: nothing is given up while money for what left may still be wanted",
          "[central][payment]") {
  Hub hub;
  const PaymentId first = hub.pay(Tender::kCard, hub.price.minor * 4);
  const PaymentId second = hub.pay(Tender::kCard, hub.price.minor * 4);
  hub.hear(first, 1);
  hub.hear(second, 1);
  hub.leaves(1, 1);
  hub.leaves(2, 2);
  CHECK(hub.look() == 2);  // one of each: the second group's comes from the second card
  CHECK(hub.payment(second).open_question()->asked.action == domain::PaymentAction::kCapture);
  hub.hear(second, 2);
  CHECK(hub.look() == 0);
  CHECK(hub.payment(second).open_question() == nullptr);
  hub.hear(first, 2, PaymentOutcome::kDeclined);
  CHECK(hub.look() == 1);
  hub.hear(second, 3);
  CHECK(hub.payment(second).status == PaymentStatus::kSettled);
  CHECK(hub.payment(second).captured_minor == hub.price.minor * 4);
}

TEST_CASE("shipment captures: what was taken by hand is not taken again, and the rest is",
          "[central][payment]") {
  Hub hub;
  const PaymentId id = hub.pay(Tender::kCash, hub.price.minor * 10);
  const auto by_hand = [&](std::int64_t minor, ShipGroupId group) {
    REQUIRE(hub.job([&](UnitOfWork& work) {
      return ask_payment(
          work, id, domain::CapturePayment{{minor, hub.price.currency}, group, false}, user(3));
    }));
  };
  by_hand(7, {});
  by_hand(11, group_id(1));
  hub.leaves(1, 1);
  CHECK(hub.look() == 1);
  CHECK(hub.payment(id).captured_minor == hub.price.minor * 2);
  hub.leaves(2, 2);
  CHECK(hub.look() == 2);
  CHECK(hub.payment(id).captured_minor == hub.price.minor * 4);
  CHECK(hub.payment(id).status == PaymentStatus::kSettled);
}

TEST_CASE("shipment captures: what left and is not paid is told", "[central][payment]") {
  Hub hub;
  const PaymentId id = hub.pay(Tender::kCard, hub.price.minor * 4);
  hub.hear(id, 1);
  hub.leaves(1, 1);
  const auto unpaid = [&hub] {
    return hub.job([&hub](UnitOfWork& work) { return capture_shipped(work, hub.order); })
        .value()
        .unpaid_minor;
  };
  CHECK(unpaid() == 0);  // it is asked for
  hub.hear(id, 2, PaymentOutcome::kExpired);
  CHECK(unpaid() == hub.price.minor * 2);
}

TEST_CASE("shipment captures: what was refused before it was held again is no reason to keep it",
          "[central][payment]") {
  Hub hub;
  const PaymentId id = hub.pay(Tender::kCard, hub.price.minor * 4);
  hub.hear(id, 1, PaymentOutcome::kRefused);
  REQUIRE(hub.job([id](UnitOfWork& work) {
    return ask_payment(work, id, domain::AuthorizePayment{}, user(3));
  }));
  hub.hear(id, 2);
  REQUIRE(hub.cancel_line(hub.order, 1, 2));
  REQUIRE(hub.cancel_line(hub.order, 2, 2));
  CHECK(hub.look() == 1);
  hub.hear(id, 3);
  CHECK(hub.payment(id).status == PaymentStatus::kCancelled);
}

TEST_CASE("shipment captures: what is held for a cancelled order is given up",
          "[central][payment]") {
  Hub hub;
  const PaymentId id = hub.pay(Tender::kCash, 500);
  REQUIRE(hub.cancel_line(hub.order, 1, 2));
  CHECK(hub.look() == 0);
  REQUIRE(hub.cancel_line(hub.order, 2, 2));
  CHECK(hub.look() == 1);
  CHECK(hub.payment(id).status == PaymentStatus::kCancelled);
}

TEST_CASE("shipment captures: an order is looked at when units are cancelled that no group has",
          "[central][payment]") {
  OrderHub hub;
  const OrderId order = hub.place("1002", {{1, "A1", 2}});
  const Money price = storage::order_lines(hub.connection(), order).front().line.unit_price;
  const PaymentId id(group_id(901).value());
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return open_payment(work, {id, order, Tender::kCash, price, "", false}, user(3));
  }));
  REQUIRE(hub.cancel_line(order, 1, 2));
  CHECK(hub.changes.ship_groups.empty());
  CHECK(hub.changes.any());
  const storage::HeldOf changed{hub.changes.orders, hub.changes.ship_groups, hub.changes.payments};
  CHECK(storage::held_orders(hub.connection(), changed) == std::vector{order});
}

TEST_CASE("shipment captures: what the disk did not give is looked at again",
          "[central][payment]") {
  sync::test::Machine machine(storage::test::hub_identity(node(77)));
  storage::Connection& connection = machine.store.connection();
  ShipmentCaptures captures(machine.env(), machine.writer, connection);
  REQUIRE(captures.start());
  machine.run();
  OrderId order;
  const PaymentId id(group_id(901).value());
  const auto does = [&machine](const std::function<Result<>(UnitOfWork&)>& job) {
    machine.write([&job](UnitOfWork& work) -> Result<EventRef> {
      if (auto ok = job(work); !ok) return fail(ok.error());
      return EventRef{};
    });
  };
  does([&](UnitOfWork& work) -> Result<> {
    const auto placed = place_order(work, storage::test::placed("1001", {{1, "A1", 2}}), user(3));
    if (!placed) return fail(placed.error());
    order = *placed;
    const Money price = storage::order_lines(work.connection(), order).front().line.unit_price;
    return open_payment(work, {id, order, Tender::kCash, price, "", false}, user(3));
  });
  connection.execute("ALTER TABLE payment RENAME TO payment_gone");
  does([&](UnitOfWork& work) {
    return cancel_units(
        work, {order, LineNo(1), pieces(2), domain::CancelReason::kCustomer, "rma-1", {}}, user(3));
  });
  connection.execute("ALTER TABLE payment_gone RENAME TO payment");
  CHECK(storage::find_payment(connection, id)->status == PaymentStatus::kAuthorized);
  machine.run_for(std::chrono::minutes(1));
  CHECK(storage::find_payment(connection, id)->status == PaymentStatus::kCancelled);
}

}  // namespace
}  // namespace cairn::central::shipment_captures_test
