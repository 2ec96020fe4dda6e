// The adapter over real HTTP, on threads of its own, with the provider that cairn-sim plays.

#include "central/payments/http_provider.h"

#include "core/runtime/event_loop.h"
#include "core/runtime/system_clock.h"
#include "tests/core/domain/support/payments.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/provider/provider_server.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace cairn::central::http_provider_test {
namespace {

using domain::PaymentAction;
using domain::PaymentAnswered;
using domain::PaymentOutcome;

/// A loop on a thread of its own, a provider and an adapter to it.
class Bed {
 public:
  explicit Bed(const std::string& secret = "s3cret")
      : server_(
            simulator::ProviderServer::start({"127.0.0.1", 0}, "s3cret", played, [] {}).value()),
        provider_(HttpProvider::create(env_, config(server_->url(), secret)).value()) {}
  ~Bed() {
    provider_.reset();
    loop_.stop();
    thread_.join();
  }

  static HttpProviderConfig config(const std::string& url, const std::string& secret) {
    return {url, secret, std::chrono::seconds(5), 2};
  }

  /// Asks on the loop and waits for the answer.
  PaymentAnswered ask(const std::string& key, PaymentAction action, std::int64_t minor,
                      const std::string& authorization = "", const std::string& capture = "") {
    const domain::PaymentAsked asked{
        1, action, cairn::test::gbp(minor), {}, false, "", authorization, capture, 0};
    const ProviderQuestion question{key, domain::test::payment_id(7), asked, "tok_visa", false};
    REQUIRE(loop_.post([this, question] {
      provider_->ask(question, [this, key = question.key](const PaymentAnswered& answer) {
        const std::scoped_lock lock(mutex_);
        answers_[key + std::to_string(++count_)] = answer;
        last_ = answer;
        answered_.notify_all();
      });
    }));
    std::unique_lock lock(mutex_);
    const std::size_t before = seen_;
    const bool came = answered_.wait_for(lock, std::chrono::seconds(30),
                                         [this, before] { return answers_.size() > before; });
    REQUIRE(came);
    seen_ = answers_.size();
    return last_;
  }

 private:
  runtime::SystemClock clock_;
  Metrics metrics_;
  sim::SimRandom random_{1};
  storage::test::RecordingLog log_;
  runtime::EventLoop loop_{clock_, metrics_};
  Env env_{clock_, random_, loop_, log_, metrics_};
  std::mutex mutex_;
  std::condition_variable answered_;
  std::map<std::string, PaymentAnswered> answers_;
  PaymentAnswered last_;
  std::size_t seen_ = 0;
  int count_ = 0;

 public:
  simulator::PlayedProvider played{clock_};

 private:
  std::unique_ptr<simulator::ProviderServer> server_;
  std::unique_ptr<HttpProvider> provider_;
  std::thread thread_{[this] { loop_.run(); }};
};

TEST_CASE("http provider: holds, takes and gives back over real HTTP",
          "[central][payment][threads]") {
  Bed bed;
  const PaymentAnswered held = bed.ask("k1", PaymentAction::kAuthorize, 1'000);
  CHECK(held.outcome == PaymentOutcome::kDone);
  CHECK(held.reference == "auth_1");
  CHECK(held.expires);
  CHECK(bed.ask("k2", PaymentAction::kCapture, 700, "auth_1").outcome == PaymentOutcome::kDone);
  CHECK(bed.ask("k3", PaymentAction::kRefund, 700, "auth_1", "capture_2").outcome ==
        PaymentOutcome::kDone);
  CHECK(bed.ask("k4", PaymentAction::kVoid, 300, "auth_1").outcome == PaymentOutcome::kDone);
  CHECK(bed.ask("k5", PaymentAction::kCapture, 1, "auth_9").outcome == PaymentOutcome::kRefused);
}

TEST_CASE("http provider: what comes without a clear answer is unknown, and again the same",
          "[central][payment][threads]") {
  Bed bed;
  bed.played.fail_next(simulator::ProviderFault::kAnswerLost, 1);
  CHECK(bed.ask("k1", PaymentAction::kAuthorize, 1'000).outcome == PaymentOutcome::kUnknown);
  bed.played.fail_next(simulator::ProviderFault::kGarbage, 1);
  CHECK(bed.ask("k1", PaymentAction::kAuthorize, 1'000).outcome == PaymentOutcome::kUnknown);
  CHECK(bed.ask("k1", PaymentAction::kAuthorize, 1'000).reference == "auth_1");
}

TEST_CASE("http provider: with a wrong secret nothing is moved, and it is asked again later",
          "[central][payment][threads]") {
  Bed bed("wrong");
  CHECK(bed.ask("k1", PaymentAction::kAuthorize, 1'000).outcome == PaymentOutcome::kUnknown);
}

TEST_CASE("http provider: an address that is none is refused", "[central][payment]") {
  runtime::SystemClock clock;
  Metrics metrics;
  sim::SimRandom random(1);
  storage::test::RecordingLog log;
  runtime::EventLoop loop(clock, metrics);
  const Env env{clock, random, loop, log, metrics};
  const auto made = HttpProvider::create(env, Bed::config("ftp://nowhere", ""));
  REQUIRE_FALSE(made);
  CHECK(made.error().reason == "bad_url");
}

}  // namespace
}  // namespace cairn::central::http_provider_test
