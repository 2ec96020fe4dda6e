#include "central/payments/provider_desk.h"

#include "central/orders/order_book.h"
#include "central/payments/payment_book.h"
#include "core/storage/projections/payments.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::central::provider_desk_test {
namespace {

using domain::PaymentOutcome;
using domain::PaymentStatus;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::UnitOfWork;
using storage::test::group_id;
using storage::test::node;
using storage::test::user;

/// A provider that does each key once, whatever becomes of its answers.
class FakeProvider final : public Provider {
 public:
  explicit FakeProvider(Executor& executor) : executor_(&executor) {}

  enum class Line { kWorks, kAnswerLost, kDead, kMute };

  void ask(const ProviderQuestion& question, Answered answered) override {
    keys.push_back(question.key);
    if (line == Line::kMute) {
      late.emplace_back(question, std::move(answered));
      return;
    }
    domain::PaymentAnswered answer{question.asked.no, PaymentOutcome::kUnknown, "", "", {}};
    if (line != Line::kDead) {
      const auto done = effects.emplace(question.key, question.asked.amount.minor);
      if (done.second) moved[question.asked.action] += question.asked.amount.minor;
    }
    if (line == Line::kWorks) answer = {question.asked.no, says, "ref-" + question.key, "", {}};
    tell(answered, answer);
  }
  void tell(const Answered& answered, const domain::PaymentAnswered& answer) {
    REQUIRE(executor_->post([answered, answer] { answered(answer); }));
  }

  Line line = Line::kWorks;
  PaymentOutcome says = PaymentOutcome::kDone;
  std::vector<std::string> keys;
  std::map<std::string, std::int64_t> effects;
  std::map<domain::PaymentAction, std::int64_t> moved;
  std::deque<std::pair<ProviderQuestion, Answered>> late;

 private:
  Executor* executor_;
};

struct Hub {
  explicit Hub(const std::string& path = ":memory:")
      : machine(storage::test::hub_identity(node(77)), path),
        provider(machine.executor),
        desk(machine.env(), machine.writer, machine.store.connection(), &provider, {}) {}

  void start() {
    REQUIRE(desk.start());
    machine.run();
  }
  void place() {
    machine.write([this](UnitOfWork& work) -> Result<EventRef> {
      const auto placed = place_order(work, storage::test::placed("1001", {{1, "A1", 2}}), user(3));
      if (!placed) return fail(placed.error());
      order = *placed;
      return EventRef{};
    });
  }
  /// Records the question; what follows is the desk's.
  PaymentId pay(std::int64_t minor = 5'000) {
    const PaymentId id(group_id(900).value());
    does([this, id, minor](UnitOfWork& work) {
      return open_payment(work, {id, order, domain::Tender::kCard, gbp(minor), "tok_visa", false},
                          user(3));
    });
    return id;
  }
  void ask(PaymentId id, const domain::PaymentCommand& command) {
    does([id, command](UnitOfWork& work) { return ask_payment(work, id, command, user(3)); });
  }
  void does(const std::function<Result<>(UnitOfWork&)>& job) {
    machine.write([&job](UnitOfWork& work) -> Result<EventRef> {
      if (auto ok = job(work); !ok) return fail(ok.error());
      return EventRef{};
    });
  }
  domain::Payment payment(PaymentId id) {
    return storage::find_payment(machine.store.connection(), id).value();
  }
  static Money gbp(std::int64_t minor) { return {minor, Currency::parse("GBP").value()}; }

  sync::test::Machine machine;
  FakeProvider provider;
  ProviderDesk desk;
  OrderId order;
};

TEST_CASE("provider desk: what is recorded is asked after the commit, once", "[central][payment]") {
  Hub hub;
  hub.start();
  hub.place();
  const PaymentId id = hub.pay();
  CHECK(hub.payment(id).status == PaymentStatus::kAuthorized);
  CHECK(hub.provider.keys == std::vector{id.value().text() + "-AUTHORIZE-1"});
  hub.ask(id, domain::CapturePayment{Hub::gbp(2'000), {}, false});
  hub.ask(id, domain::CapturePayment{Hub::gbp(3'000), {}, false});
  CHECK(hub.payment(id).status == PaymentStatus::kSettled);
  hub.machine.run_for(minutes(30));
  CHECK(hub.provider.keys.size() == 3);
  CHECK(hub.provider.moved[domain::PaymentAction::kCapture] == 5'000);
}

TEST_CASE("provider desk: an answer that is lost is asked for again under the same key",
          "[central][payment]") {
  Hub hub;
  hub.start();
  hub.place();
  hub.provider.line = FakeProvider::Line::kAnswerLost;
  const PaymentId id = hub.pay();
  hub.machine.run_for(seconds(20));
  CHECK(hub.payment(id).status == PaymentStatus::kNotAuth);
  CHECK(hub.payment(id).open_question()->unknown == 1);  // said once, however often it was asked
  CHECK(hub.provider.keys.size() > 3);
  hub.provider.line = FakeProvider::Line::kWorks;
  hub.machine.run_for(minutes(5));
  CHECK(hub.payment(id).status == PaymentStatus::kAuthorized);
  CHECK(hub.provider.effects.size() == 1);
  CHECK(hub.provider.moved[domain::PaymentAction::kAuthorize] == 5'000);
}

TEST_CASE("provider desk: it asks less and less often while the provider is away",
          "[central][payment]") {
  Hub hub;
  hub.start();
  hub.place();
  hub.provider.line = FakeProvider::Line::kDead;
  hub.pay();
  hub.machine.run_for(std::chrono::hours(1));
  // 1, 2, 4, ... 256 s, then every five minutes.
  CHECK(hub.provider.keys.size() > 15);
  CHECK(hub.provider.keys.size() < 25);
}

TEST_CASE("provider desk: who never answers is asked again, and a late answer counts",
          "[central][payment]") {
  Hub hub;
  hub.start();
  hub.place();
  hub.provider.line = FakeProvider::Line::kMute;
  const PaymentId id = hub.pay();
  CHECK(hub.provider.keys.size() == 1);
  hub.machine.run_for(minutes(2));
  CHECK(hub.payment(id).open_question()->answer->outcome == PaymentOutcome::kUnknown);
  CHECK(hub.provider.keys.size() >= 2);
  const auto& [question, answered] = hub.provider.late.front();
  hub.provider.tell(answered, {question.asked.no, PaymentOutcome::kDone, "auth-9", "", {}});
  hub.provider.tell(answered, {question.asked.no, PaymentOutcome::kDeclined, "", "", {}});
  hub.machine.run();
  CHECK(hub.payment(id).status == PaymentStatus::kAuthorized);
  CHECK(hub.payment(id).authorization == "auth-9");
  const std::size_t asked = hub.provider.keys.size();
  hub.machine.run_for(minutes(30));
  CHECK(hub.provider.keys.size() == asked);
}

TEST_CASE("provider desk: a hub that was killed between question and answer asks again",
          "[central][payment]") {
  const storage::test::TempFolder folder;
  PaymentId id;
  std::vector<std::string> before;
  {
    Hub hub(folder.file("db"));
    hub.start();
    hub.place();
    hub.provider.line = FakeProvider::Line::kMute;
    id = hub.pay();
    before = hub.provider.keys;
  }
  Hub hub(folder.file("db"));
  CHECK_FALSE(hub.payment(id).open_question()->answer);
  hub.start();
  CHECK(hub.payment(id).questions.front().unknown == 1);
  CHECK(hub.provider.keys == before);
  CHECK(hub.payment(id).status == PaymentStatus::kAuthorized);
}

TEST_CASE("provider desk: a decline ends it, and nothing more is asked", "[central][payment]") {
  Hub hub;
  hub.start();
  hub.place();
  hub.provider.says = PaymentOutcome::kDeclined;
  const PaymentId id = hub.pay();
  CHECK(hub.payment(id).status == PaymentStatus::kDeclined);
  hub.machine.run_for(minutes(30));
  CHECK(hub.provider.keys.size() == 1);
}

TEST_CASE("provider desk: without a provider questions wait until there is one",
          "[central][payment]") {
  const storage::test::TempFolder folder;
  PaymentId id;
  {
    Hub hub(folder.file("db"));
    ProviderDesk nobody(hub.machine.env(), hub.machine.writer, hub.machine.store.connection(),
                        nullptr, {});
    REQUIRE(nobody.start());
    hub.machine.run();
    hub.place();
    id = hub.pay();
    hub.machine.run_for(minutes(10));
    CHECK(hub.provider.keys.empty());
  }
  Hub hub(folder.file("db"));
  hub.start();
  CHECK(hub.payment(id).status == PaymentStatus::kAuthorized);
}

}  // namespace
}  // namespace cairn::central::provider_desk_test
