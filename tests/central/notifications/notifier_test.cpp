#include "central/notifications/notifier.h"

#include "central/orders/order_book.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::central::notifier_test {
namespace {

using domain::DeliveryOutcome;
using domain::NotificationState;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::UnitOfWork;
using storage::test::node;
using storage::test::pieces;
using storage::test::user;

class FakeSender final : public Sender {
 public:
  explicit FakeSender(Executor& executor) : executor_(&executor) {}

  void send(const Delivery& delivery, Answered answered) override {
    sent.push_back(delivery);
    if (mute) {
      late.push_back(std::move(answered));
      return;
    }
    REQUIRE(executor_->post([answered = std::move(answered), answer = says] { answered(answer); }));
  }

  DeliveryAnswer says{DeliveryOutcome::kTaken, ""};
  bool mute = false;
  std::vector<Delivery> sent;
  std::deque<Answered> late;

 private:
  Executor* executor_;
};

struct Hub {
  explicit Hub(const std::string& path = ":memory:")
      : machine(storage::test::hub_identity(node(77)), path),
        mail(machine.executor),
        templates(MessageTemplates::load({"Shop", ""}, {}).value()),
        notifier(machine.env(), machine.writer, machine.store.connection(), templates,
                 {&mail, nullptr}, config()) {}

  static NotifierConfig config() {
    NotifierConfig config;
    config.look = seconds(10);
    return config;
  }

  void start() {
    REQUIRE(notifier.start());
    machine.run();
  }
  /// The replica's clock goes with the loop's.
  void run_for(Duration duration) {
    const MonoTime end = machine.timeline.now() + duration;
    while (machine.timeline.now() < end) {
      machine.run_for(std::min<Duration>(seconds(10), end - machine.timeline.now()));
      machine.store.clock.now = machine.clock.utc_now();
    }
  }
  void does(const std::function<Result<>(UnitOfWork&)>& job) {
    machine.write([&job](UnitOfWork& work) -> Result<EventRef> {
      if (auto ok = job(work); !ok) return fail(ok.error());
      return EventRef{};
    });
  }
  OrderId tell(const std::string& number,
               domain::NoticeChannel channel = domain::NoticeChannel::kEmail) {
    OrderId order;
    does([&](UnitOfWork& work) -> Result<> {
      const auto placed = place_order(work, storage::test::placed(number, {{1, "A1", 4}}), user(3));
      if (!placed) return fail(placed.error());
      order = *placed;
      return set_contact(work, order, {channel, "a@example.com", domain::NoticeLanguage::kGerman},
                         {});
    });
    return order;
  }
  void cancel(OrderId order) {
    does([&](UnitOfWork& work) {
      return cancel_units(
          work, {order, LineNo(1), pieces(1), domain::CancelReason::kCustomer, "rma", {}}, user(3));
    });
  }
  std::vector<storage::Notification> all() {
    return storage::notifications(machine.store.connection(), {});
  }

  sync::test::Machine machine;
  FakeSender mail;
  MessageTemplates templates;
  Notifier notifier;
};

TEST_CASE("notifier: causes within the window are one message, told once",
          "[central][notification]") {
  Hub hub;
  hub.start();
  const OrderId order = hub.tell("1001");
  hub.run_for(seconds(30));
  hub.cancel(order);
  CHECK(hub.mail.sent.empty());
  hub.run_for(minutes(2));
  REQUIRE(hub.mail.sent.size() == 1);
  CHECK(hub.mail.sent[0].message.subject == "Neues zu Ihrer Bestellung 1001");
  CHECK(hub.mail.sent[0].notice.parts.size() == 2);
  CHECK(hub.mail.sent[0].contact.email == "a@example.com");
  hub.run_for(hours(100));
  CHECK(hub.mail.sent.size() == 2);  // delayed, after a day
  for (const auto& each : hub.all()) {
    CHECK(each.state == NotificationState::kSent);
    CHECK(each.attempts == 1);
  }
}

TEST_CASE("notifier: what is refused for now is tried again under the same id",
          "[central][notification]") {
  Hub hub;
  hub.start();
  hub.mail.says = {DeliveryOutcome::kNotNow, "later"};
  hub.tell("1001");
  hub.run_for(minutes(10));
  CHECK(hub.mail.sent.size() >= 4);
  CHECK(hub.all()[0].state == NotificationState::kPending);
  CHECK(hub.all()[0].error == "later");
  hub.mail.says = {DeliveryOutcome::kTaken, ""};
  hub.run_for(hours(1));
  CHECK(hub.all()[0].state == NotificationState::kSent);
  CHECK(hub.all()[0].error.empty());
  const std::size_t tries = hub.mail.sent.size();
  for (const Delivery& each : hub.mail.sent) CHECK(each.id == hub.all()[0].id);
  hub.run_for(hours(2));
  CHECK(hub.mail.sent.size() == tries);
}

TEST_CASE("notifier: what comes while another waits for its next try is a message of its own",
          "[central][notification]") {
  Hub hub;
  hub.start();
  hub.mail.says = {DeliveryOutcome::kNotNow, "later"};
  const OrderId order = hub.tell("1001");
  hub.run_for(minutes(3));
  REQUIRE_FALSE(hub.mail.sent.empty());
  hub.cancel(order);
  hub.run_for(minutes(10));
  CHECK(hub.mail.sent.size() < 20);  // neither hurries the other
  hub.mail.says = {DeliveryOutcome::kTaken, ""};
  hub.run_for(hours(2));
  const auto both = hub.all();
  REQUIRE(both.size() == 2);
  for (const auto& each : both) {
    CHECK(each.state == NotificationState::kSent);
    CHECK(each.message == each.id);
  }
  for (const Delivery& each : hub.mail.sent) {
    REQUIRE(each.notice.parts.size() == 1);
    const auto& of = each.id == both[0].id ? both[0] : both[1];
    CHECK(each.id == of.id);
    CHECK(each.notice.parts[0].kind == of.kind);
  }
}

TEST_CASE("notifier: after three days it is given up", "[central][notification]") {
  Hub hub;
  hub.start();
  hub.mail.says = {DeliveryOutcome::kNotNow, "later"};
  hub.tell("1001");
  hub.run_for(hours(80));
  CHECK(hub.all()[0].state == NotificationState::kFailed);
  CHECK(hub.all()[0].error == "later");
  CHECK(hub.all()[0].attempts < 100);
}

TEST_CASE("notifier: what was noted too long before somebody carries it is no news",
          "[central][notification]") {
  Hub hub;
  hub.tell("1001");
  hub.run_for(hours(71));
  const OrderId fresh = hub.tell("1002");
  hub.run_for(hours(1));
  hub.start();
  hub.run_for(minutes(10));
  const auto first = hub.all()[0];
  CHECK(first.state == NotificationState::kFailed);
  CHECK(first.error == "it was noted more than 72 hours ago: too old to be news");
  CHECK(first.attempts == 0);
  CHECK(hub.all()[1].state == NotificationState::kSent);
  for (const Delivery& each : hub.mail.sent) {
    const bool delayed = each.notice.parts[0].kind == domain::NotificationKind::kDelayed;
    CHECK((each.notice.order == fresh || delayed));
  }
  hub.does([&](UnitOfWork& work) -> Result<> {
    storage::send_again(work.connection(), first, work.now());
    return {};
  });
  hub.run_for(minutes(1));
  CHECK(hub.all()[0].state == NotificationState::kSent);
}

TEST_CASE("notifier: what is refused for good, or unknown, is not tried again",
          "[central][notification]") {
  for (const auto outcome : {DeliveryOutcome::kNotEver, DeliveryOutcome::kUnknown}) {
    Hub hub;
    hub.start();
    hub.mail.says = {outcome, "why"};
    hub.tell("1001");
    hub.run_for(hours(5));
    CHECK(hub.mail.sent.size() == 1);
    CHECK(hub.all()[0].state == (outcome == DeliveryOutcome::kNotEver
                                     ? NotificationState::kFailed
                                     : NotificationState::kUnknown));
    CHECK(hub.all()[0].error == "why");
  }
}

TEST_CASE("notifier: who never answers leaves it unknown, and a late answer changes nothing",
          "[central][notification]") {
  Hub hub;
  hub.start();
  hub.mail.mute = true;
  hub.tell("1001");
  hub.run_for(minutes(5));
  CHECK(hub.all()[0].state == NotificationState::kSending);
  hub.run_for(minutes(20));
  CHECK(hub.all()[0].state == NotificationState::kUnknown);
  hub.mail.late.front()({DeliveryOutcome::kNotNow, "later"});
  hub.run_for(hours(1));
  CHECK(hub.all()[0].state == NotificationState::kUnknown);
  CHECK(hub.mail.sent.size() == 1);
}

TEST_CASE("notifier: a hub that was killed while it sent does not send again",
          "[central][notification]") {
  const storage::test::TempFolder folder;
  {
    Hub hub(folder.file("db"));
    hub.start();
    hub.mail.mute = true;
    hub.tell("1001");
    hub.run_for(minutes(2));
    REQUIRE(hub.mail.sent.size() == 1);
  }
  Hub hub(folder.file("db"));
  CHECK(hub.all()[0].state == NotificationState::kSending);
  hub.start();
  CHECK(hub.all()[0].state == NotificationState::kUnknown);
  hub.run_for(hours(1));
  CHECK(hub.mail.sent.empty());
}

TEST_CASE("notifier: what was committed and not looked at before a kill is told afterwards",
          "[central][notification]") {
  const storage::test::TempFolder folder;
  {
    Hub hub(folder.file("db"));
    hub.start();
    hub.mail.says = {DeliveryOutcome::kNotNow, "later"};
    hub.tell("1001");
  }
  {
    Hub nobody(folder.file("db"));  // its notifier is not started
    nobody.cancel(nobody.all()[0].order);
    CHECK(nobody.all().size() == 1);
  }
  Hub hub(folder.file("db"));
  hub.start();
  CHECK(hub.all().size() == 2);
}

TEST_CASE("notifier: without somebody who carries it, it waits and says so",
          "[central][notification]") {
  Hub hub;
  hub.start();
  hub.tell("1001", domain::NoticeChannel::kWebhook);
  hub.run_for(minutes(3));
  CHECK(hub.mail.sent.empty());
  CHECK(hub.all()[0].state == NotificationState::kPending);
  CHECK(hub.all()[0].error == "no receiver is configured: set notifications.webhook");
}

}  // namespace
}  // namespace cairn::central::notifier_test
