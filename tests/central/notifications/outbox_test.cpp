// Which causes make which notices, once each.

#include "central/notifications/outbox.h"

#include "central/notifications/notice.h"
#include "central/orders/order_queue_book.h"
#include "central/payments/payment_book.h"
#include "core/storage/order_contacts.h"
#include "tests/central/support/order_hub.h"

#include <algorithm>
#include <string>
#include <vector>

namespace cairn::central::outbox_test {
namespace {

using domain::NotificationKind;
using domain::NotificationState;
using test::node;
using test::pieces;
using test::user;

const domain::OrderContact kContact{domain::NoticeChannel::kEmail, "a@example.com",
                                    domain::NoticeLanguage::kEnglish};

struct TellingHub : test::OrderHub {
  TellingHub() { look(); }  // what is there already is no news

  OutboxRules rules{std::chrono::seconds(60), std::chrono::hours(24), std::chrono::hours(72)};

  std::size_t look() {
    return job([this](storage::UnitOfWork& work) -> Result<std::size_t> {
             return look_at_log(work, begin_to_look(work), rules).made;
           })
        .value();
  }
  OrderId told(const std::string& number, std::string_view pickup_at = "") {
    const OrderId order = place(number, {{1, "A1", 4}}, pickup_at);
    contact(order);
    return order;
  }
  void contact(OrderId order) {
    REQUIRE(
        job([&](storage::UnitOfWork& work) { return set_contact(work, order, kContact, rules); }));
  }
  std::vector<storage::Notification> of(OrderId order) {
    storage::NotificationPage page;
    page.order = order;
    return storage::notifications(connection(), page);
  }
  std::vector<NotificationKind> kinds(OrderId order) {
    std::vector<NotificationKind> all;
    for (const auto& each : of(order)) all.push_back(each.kind);
    return all;
  }
};

using Kinds = std::vector<NotificationKind>;

TEST_CASE("outbox: an order is confirmed once, whichever came first", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed});
  hub.contact(order);
  hub.look();
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed});
  const auto first = hub.of(order).front();
  CHECK(first.id == notification_id(order, NotificationKind::kConfirmed, "once"));
  CHECK(first.next_at.us - first.made_at.us == 60'000'000);
}

TEST_CASE("outbox: orders without a contact are told nothing, now or later",
          "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  REQUIRE(hub.cancel_line(order, 1, 1));
  CHECK(hub.look() == 0);
  CHECK(hub.of(order).empty());
  hub.contact(order);
  hub.look();
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed});
}

TEST_CASE("outbox: an order that is over is not confirmed any more", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  REQUIRE(hub.cancel_line(order, 1, 4));
  hub.contact(order);
  CHECK(hub.of(order).empty());
}

TEST_CASE("outbox: each cancellation is told, before routing and in a group",
          "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  REQUIRE(hub.cancel_line(order, 1, 1));
  hub.route(order, 7, {{1, "A1", 2}});
  hub.cancel(7, 1);
  CHECK(hub.look() == 2);
  CHECK(hub.look() == 0);
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed, NotificationKind::kCancelled,
                                  NotificationKind::kCancelled});
  const auto notice = notice_of(hub.connection(), hub.of(order));
  REQUIRE(notice);
  REQUIRE(notice->parts.size() == 2);
  CHECK(notice->parts[0].lines == std::vector<NoticeLine>{{"Article A1", "4"}});
  CHECK(notice->parts[1].lines == std::vector<NoticeLine>{{"Article A1", "2"}});
}

TEST_CASE("outbox: what is cancelled because its time was up is told once",
          "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  REQUIRE(hub.job([&](storage::UnitOfWork& work) {
    return park_order(work, order, domain::ParkingQueue::kUnfillable, hub.clock.now, user(3));
  }));
  const auto cancel = [&hub, order] {
    return hub.job([order](storage::UnitOfWork& work) { return cancel_expired(work, order); })
        .value();
  };
  CHECK(cancel() == pieces(4));
  CHECK(hub.look() == 1);
  CHECK(cancel() == 0);
  CHECK(hub.look() == 0);
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed, NotificationKind::kCancelled});
}

TEST_CASE("outbox: a pickup is ready once, and short each time", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1", "store");
  hub.route(order, 7, {{1, "A1", 4}}, "store", domain::FulfilmentMethod::kPickup);
  hub.claim(7, "s1");
  hub.pick(7, 2);
  hub.look();
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed});
  hub.shorted(7, 1);
  hub.pick(7, 1);
  CHECK(hub.look() == 2);
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed, NotificationKind::kReady,
                                  NotificationKind::kRejectedWithChoices});
  const auto notice = notice_of(hub.connection(), hub.of(order));
  REQUIRE(notice);
  CHECK(notice->parts[1].lines == std::vector<NoticeLine>{{"Article A1", "3"}});
  CHECK(notice->parts[2].lines == std::vector<NoticeLine>{{"Article A1", "1"}});
  CHECK_FALSE(notice->parts[2].site.empty());
}

TEST_CASE("outbox: a pickup is ready whichever record shows it", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.place("1", {{1, "A1", 4}}, "store");
  hub.route(order, 7, {{1, "A1", 4}}, "store", domain::FulfilmentMethod::kPickup);
  hub.claim(7, "s1");
  hub.pick(7, 4);
  CHECK(hub.look() == 0);  // nobody to be told, as if the pick had no effect yet
  hub.contact(order);
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed});
  hub.claim(7, "s2", 2);
  CHECK(hub.look() == 1);
  CHECK(hub.kinds(order).back() == NotificationKind::kReady);
  hub.claim(7, "s1");
  CHECK(hub.look() == 0);
}

TEST_CASE("outbox: what is shipped is neither ready nor a choice", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  hub.route(order, 7, {{1, "A1", 4}});
  hub.claim(7, "s1");
  hub.pick(7, 3);
  hub.shorted(7, 1);
  hub.look();
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed});
}

TEST_CASE("outbox: money that is back is told with its amount", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  const PaymentId id(test::group_id(900).value());
  const auto gbp = [](std::int64_t minor) { return Money{minor, Currency::parse("GBP").value()}; };
  const auto does = [&hub](const std::function<Result<>(storage::UnitOfWork&)>& what) {
    REQUIRE(hub.job([&what](storage::UnitOfWork& work) { return what(work); }));
  };
  does([&](storage::UnitOfWork& work) {
    return open_payment(work, {id, order, domain::Tender::kCash, gbp(900), "", false}, user(3));
  });
  does([&](storage::UnitOfWork& work) {
    return ask_payment(work, id, domain::CapturePayment{gbp(900), {}, false}, user(3));
  });
  hub.look();
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed});
  does([&](storage::UnitOfWork& work) {
    return ask_payment(work, id, domain::RefundPayment{gbp(250), "came back"}, user(3));
  });
  CHECK(hub.look() == 1);
  REQUIRE(hub.kinds(order).back() == NotificationKind::kRefunded);
  CHECK(notice_of(hub.connection(), {hub.of(order).back()})->parts.front().amount == "2.50 GBP");
}

TEST_CASE("outbox: what is recorded too long is no news", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  REQUIRE(hub.cancel_line(order, 1, 1));
  hub.clock.advance(std::chrono::hours(73));
  CHECK(hub.look() == 0);
  CHECK(hub.kinds(order) == Kinds{NotificationKind::kConfirmed});
}

TEST_CASE("outbox: an order that waits too long is told once", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  const OrderId routed = hub.told("2");
  hub.place("3", {{1, "A1", 1}});
  hub.route(routed, 7, {{1, "A1", 4}});
  const auto look = [&hub] {
    return hub
        .job([&hub](storage::UnitOfWork& work) -> Result<std::size_t> {
          return note_delayed(work, hub.rules);
        })
        .value();
  };
  hub.rules.delayed_after = std::chrono::hours(24 * 365 * 100);
  CHECK(look() == 0);
  hub.rules.delayed_after = Duration(0);
  CHECK(look() == 0);
  hub.clock.advance(std::chrono::hours(25));
  hub.rules.delayed_after = std::chrono::hours(24);
  CHECK(look() == 1);
  CHECK(look() == 0);
  CHECK(hub.kinds(order).back() == NotificationKind::kDelayed);
  CHECK(hub.kinds(routed).size() == 1);
}

TEST_CASE("outbox: who is erased is told nothing more", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  const auto erase = [&] {
    return hub.job([&](storage::UnitOfWork& work) { return erase_contact(work, order); });
  };
  REQUIRE(erase());
  CHECK_FALSE(storage::order_contact(hub.connection(), order));
  CHECK(hub.of(order).front().state == NotificationState::kFailed);
  CHECK(hub.of(order).front().error == "the contact of the order was erased");
  test::check_refused(erase(), ErrorCode::kNotFound, "no_such_contact");
  REQUIRE(hub.cancel_line(order, 1, 1));
  CHECK(hub.look() == 0);
}

TEST_CASE("outbox: a contact needs an order and an address", "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  const auto set = [&hub](OrderId whose, const std::string& email) {
    return hub.job([&](storage::UnitOfWork& work) {
      return set_contact(work, whose,
                         {domain::NoticeChannel::kEmail, email, domain::NoticeLanguage::kGerman},
                         hub.rules);
    });
  };
  test::check_refused(set(order, "a@example.com\r\nBcc: b@example.com"), ErrorCode::kInvalid,
                      "bad_email");
  test::check_refused(set(OrderId(test::group_id(9).value()), "a@example.com"),
                      ErrorCode::kNotFound, "no_such_order");
}

TEST_CASE("outbox: what was being sent is unknown, and goes again when a person wants it",
          "[central][notification]") {
  TellingHub hub;
  const OrderId order = hub.told("1");
  REQUIRE(hub.cancel_line(order, 1, 1));
  hub.look();
  const auto both = hub.of(order);
  REQUIRE(both.size() == 2);
  auto& connection = hub.connection();
  REQUIRE(hub.job([&](storage::UnitOfWork&) -> Result<> {
    storage::begin_sending(connection, order, std::nullopt, both[0].id);
    return {};
  }));
  CHECK(storage::notifications_of(connection, both[0].id).size() == 2);
  REQUIRE(hub.job([&](storage::UnitOfWork&) -> Result<> {
    CHECK(storage::give_up_sending(connection, "why") == 2);
    CHECK(storage::give_up_sending(connection, "why") == 0);
    return {};
  }));
  CHECK(storage::pending_notifications(connection, order).empty());
  REQUIRE(hub.job([&](storage::UnitOfWork& work) -> Result<> {
    storage::send_again(connection, hub.of(order)[1], work.now());
    return {};
  }));
  CHECK(storage::pending_notifications(connection, order).size() == 2);
}

}  // namespace
}  // namespace cairn::central::outbox_test
