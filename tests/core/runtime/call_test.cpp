#include "core/runtime/call.h"

#include "core/runtime/event_loop.h"
#include "core/runtime/system_clock.h"
#include "tests/core/runtime/support/raw_peer.h"
#include "tests/support/catch.h"

#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cairn::runtime::call_test {
namespace {

using std::chrono::milliseconds;
using test::kPatience;

struct LoopThread {
  ~LoopThread() {
    loop.stop();
    thread.join();
  }
  SystemClock clock;
  Metrics metrics;
  EventLoop loop{clock, metrics, 4};
  std::thread thread{[this] { loop.run(); }};
};

TEST_CASE("call: returns what the task returned, value or error", "[runtime][call]") {
  LoopThread running;
  bool in_loop = false;
  const auto sum = call<int>(running.loop, kPatience, [&running, &in_loop]() -> Result<int> {
    in_loop = running.loop.in_loop();
    return 42;
  });
  REQUIRE(sum);
  CHECK(*sum == 42);
  CHECK(in_loop);
  const auto refused = call<void>(running.loop, kPatience, []() -> Result<> {
    return fail(ErrorCode::kRejected, "over_pick", "too many");
  });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "over_pick");
  CHECK(call<void>(running.loop, kPatience, []() -> Result<> { return {}; }));
}

TEST_CASE("ask: the answer may come later than the task, as after a commit", "[runtime][call]") {
  std::vector<Reply<std::string>> waiting;  // loop only, so it outlives the loop
  LoopThread running;
  const auto answer =
      ask<std::string>(running.loop, kPatience, [&running, &waiting](Reply<std::string> reply) {
        waiting.push_back(std::move(reply));
        running.loop.after(milliseconds(5), [&waiting] {
          for (const auto& each : waiting) each.fulfil("committed");
          waiting.clear();
        });
      });
  REQUIRE(answer);
  CHECK(*answer == "committed");
}

TEST_CASE("ask: the first answer counts", "[runtime][call]") {
  LoopThread running;
  const auto answer = ask<int>(running.loop, kPatience, [](const Reply<int>& reply) {
    reply.fulfil(1);
    reply.fulfil(2);
  });
  REQUIRE(answer);
  CHECK(*answer == 1);
}

TEST_CASE("ask: an answer after the deadline is harmless, and the message says what is unknown",
          "[runtime][call]") {
  LoopThread running;
  std::optional<Reply<std::string>> late;  // loop only until the check below
  const auto answer =
      ask<std::string>(running.loop, milliseconds(20),
                       [&late](Reply<std::string> reply) { late.emplace(std::move(reply)); });
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kUnavailable);
  CHECK(answer.error().reason == "timeout");
  CHECK(answer.error().message.find("unknown") != std::string::npos);
  CHECK(answer.error().message.find("Idempotency-Key") != std::string::npos);
  const auto fulfilled = call<void>(running.loop, kPatience, [&late]() -> Result<> {
    late->fulfil("nobody hears this");
    late.reset();
    return {};
  });
  CHECK(fulfilled);
}

TEST_CASE("ask: a task that could not begin in time is not run any more", "[runtime][call]") {
  LoopThread running;
  std::promise<void> open;
  REQUIRE(running.loop.post([gate = open.get_future().share()] { gate.wait(); }));
  bool ran = false;
  const auto answer = call<void>(running.loop, milliseconds(20), [&ran]() -> Result<> {
    ran = true;
    return {};
  });
  REQUIRE_FALSE(answer);
  CHECK(answer.error().reason == "timeout");
  CHECK(answer.error().message.find("nothing was changed") != std::string::npos);
  open.set_value();
  CHECK(call<void>(running.loop, kPatience, []() -> Result<> { return {}; }));
  CHECK_FALSE(ran);
}

TEST_CASE("ask: a reply that nobody fulfils says so at once", "[runtime][call]") {
  LoopThread running;
  const auto answer = ask<int>(running.loop, kPatience, [](const Reply<int>&) {});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kUnavailable);
  CHECK(answer.error().reason == "dropped");
}

TEST_CASE("ask: a full loop refuses at once", "[runtime][call]") {
  LoopThread running;
  std::promise<void> open;
  std::promise<void> reached;
  REQUIRE(running.loop.post([gate = open.get_future().share(), &reached] {
    reached.set_value();
    gate.wait();
  }));
  REQUIRE(reached.get_future().wait_for(kPatience) == std::future_status::ready);
  for (int i = 0; i < 4; ++i) REQUIRE(running.loop.post([] {}));
  const auto answer = call<void>(running.loop, kPatience, []() -> Result<> { return {}; });
  open.set_value();
  REQUIRE_FALSE(answer);
  CHECK(answer.error().reason == "loop_full");
}

TEST_CASE("ask: a loop that ends drops what it never answered", "[runtime][call]") {
  auto running = std::make_unique<LoopThread>();
  auto kept = std::make_shared<std::optional<Reply<int>>>();
  std::promise<void> asked;
  auto answer = std::async(std::launch::async, [&running, kept, &asked] {
    return ask<int>(running->loop, kPatience, [kept, &asked](Reply<int> reply) {
      kept->emplace(std::move(reply));
      asked.set_value();
    });
  });
  REQUIRE(asked.get_future().wait_for(kPatience) == std::future_status::ready);
  running->loop.stop();
  running->thread.join();
  running->thread = std::thread([] {});  // for the destructor
  kept->reset();
  REQUIRE(answer.wait_for(kPatience) == std::future_status::ready);
  CHECK(answer.get().error().reason == "dropped");
}

}  // namespace
}  // namespace cairn::runtime::call_test
