#include "core/runtime/event_loop.h"

#include "core/runtime/system_clock.h"
#include "tests/core/runtime/support/raw_peer.h"
#include "tests/support/catch.h"

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace cairn::runtime::event_loop_test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::kPatience;

/// A loop in a thread of its own.
struct RunningLoop {
  explicit RunningLoop(std::size_t capacity = EventLoop::kDefaultCapacity)
      : loop(clock, metrics, capacity), thread([this] { loop.run(); }) {}
  ~RunningLoop() { finish(); }

  void finish() {
    loop.stop();
    if (thread.joinable()) thread.join();
  }
  /// Runs `work` on the loop and returns when it is done.
  void on_loop(std::function<void()> work) {
    std::promise<void> done;
    const auto posted = loop.post([&work, &done] {
      work();
      done.set_value();
    });
    REQUIRE(posted);
    REQUIRE(done.get_future().wait_for(kPatience) == std::future_status::ready);
  }
  [[nodiscard]] std::string metric(std::string_view name) const {
    for (const auto& sample : metrics.samples()) {
      if (sample.name == name) return sample.value;
    }
    return "";
  }

  SystemClock clock;
  Metrics metrics;
  EventLoop loop;
  std::thread thread;
};

/// Keeps the loop busy until it dies.
class Plug {
 public:
  explicit Plug(EventLoop& loop) {
    auto reached = std::make_shared<std::promise<void>>();
    REQUIRE(loop.post([reached, open = open_.get_future().share()] {
      reached->set_value();
      open.wait();
    }));
    REQUIRE(reached->get_future().wait_for(kPatience) == std::future_status::ready);
  }
  ~Plug() { open_.set_value(); }

 private:
  std::promise<void> open_;
};

TEST_CASE("event loop: tasks of one thread run in the order posted, on the loop",
          "[runtime][loop]") {
  RunningLoop running;
  std::vector<int> seen;
  bool in_loop = true;
  CHECK_FALSE(running.loop.in_loop());
  for (int i = 0; i < 100; ++i) REQUIRE(running.loop.post([&seen, i] { seen.push_back(i); }));
  running.on_loop([&running, &in_loop] { in_loop = running.loop.in_loop(); });
  CHECK(in_loop);
  REQUIRE(seen.size() == 100);
  CHECK(std::ranges::is_sorted(seen));
}

TEST_CASE("event loop: posts of several threads all run", "[runtime][loop]") {
  RunningLoop running(100'000);
  int ran = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&running, &ran] {
      for (int i = 0; i < 1000; ++i) {
        if (!running.loop.post([&ran] { ++ran; })) return;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  running.on_loop([] {});
  CHECK(ran == 4000);
}

TEST_CASE("event loop: a full queue refuses other threads but never itself", "[runtime][loop]") {
  RunningLoop running(2);
  int ran = 0;
  {
    const Plug plug(running.loop);
    REQUIRE(running.loop.post([&running, &ran] {
      for (int i = 0; i < 10; ++i) (void)running.loop.post([&ran] { ++ran; });
    }));
    REQUIRE(running.loop.post([] {}));
    const auto refused = running.loop.post([] {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kUnavailable);
    CHECK(refused.error().reason == "loop_full");
  }
  running.finish();
  CHECK(ran == 10);
}

TEST_CASE("event loop: timers fire in the order of their time, equal ones in the order made",
          "[runtime][loop]") {
  RunningLoop running;
  std::string order;
  std::promise<void> last;
  running.on_loop([&running, &order, &last] {
    auto& loop = running.loop;
    loop.after(milliseconds(30), [&last] { last.set_value(); });
    loop.after(milliseconds(10), [&order] { order += "c"; });
    loop.after(Duration::zero(), [&order] { order += "a"; });
    loop.after(milliseconds(-5), [&order] { order += "b"; });
  });
  REQUIRE(last.get_future().wait_for(kPatience) == std::future_status::ready);
  running.finish();
  CHECK(order == "abc");
}

TEST_CASE("event loop: a timer is not early", "[runtime][loop]") {
  RunningLoop running;
  std::promise<MonoTime> fired;
  MonoTime set{};
  running.on_loop([&running, &fired, &set] {
    set = running.clock.mono_now();
    running.loop.after(milliseconds(20),
                       [&running, &fired] { fired.set_value(running.clock.mono_now()); });
  });
  auto at = fired.get_future();
  REQUIRE(at.wait_for(kPatience) == std::future_status::ready);
  CHECK(at.get() - set >= milliseconds(20));
}

TEST_CASE("event loop: a cancelled timer does not fire, unknown ids are ignored",
          "[runtime][loop]") {
  RunningLoop running;
  bool fired = false;
  std::promise<void> later;
  running.on_loop([&running, &fired, &later] {
    auto& loop = running.loop;
    const auto timer = loop.after(milliseconds(1), [&fired] { fired = true; });
    loop.cancel(timer);
    loop.cancel(timer);
    loop.cancel(Executor::TimerId{4711});
    loop.after(milliseconds(5), [&later] { later.set_value(); });
  });
  REQUIRE(later.get_future().wait_for(kPatience) == std::future_status::ready);
  CHECK_FALSE(fired);
}

TEST_CASE(
    "event loop: timers that re-arm themselves do not keep tasks from running, nor tasks timers",
    "[runtime][loop]") {
  RunningLoop running;
  bool rearm = true;
  std::promise<void> fired;
  std::function<void()> again = [&running, &rearm, &again] {
    if (rearm) running.loop.after(Duration::zero(), again);
  };
  running.on_loop([&again] { again(); });
  running.on_loop([&rearm] { rearm = false; });

  bool repost = true;
  std::function<void()> flood = [&running, &repost, &flood] {
    if (repost) (void)running.loop.post(flood);
  };
  running.on_loop([&running, &flood, &repost, &fired] {
    running.loop.after(milliseconds(1), [&repost, &fired] {
      repost = false;
      fired.set_value();
    });
    flood();
  });
  CHECK(fired.get_future().wait_for(kPatience) == std::future_status::ready);
  running.finish();  // before what the tasks refer to is gone
}

TEST_CASE("event loop: stop runs what is queued and what that posts, drops timers, refuses others",
          "[runtime][loop]") {
  RunningLoop running;
  std::string ran;
  {
    const Plug plug(running.loop);
    REQUIRE(running.loop.post([&running, &ran] {
      ran += "queued ";
      running.loop.after(Duration::zero(), [&ran] { ran += "timer "; });
      (void)running.loop.post([&ran] { ran += "posted "; });
    }));
    running.loop.stop();
    const auto refused = running.loop.post([] {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "loop_stopped");
  }
  running.finish();
  CHECK(ran == "queued posted ");
  const auto after = running.loop.post([] {});
  REQUIRE_FALSE(after);
  CHECK(after.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("event loop: stop wakes a loop that waits for a distant timer", "[runtime][loop]") {
  RunningLoop running;
  running.on_loop([&running] { running.loop.after(hours(1), [] {}); });
  auto finished = std::async(std::launch::async, [&running] { running.finish(); });
  CHECK(finished.wait_for(kPatience) == std::future_status::ready);
}

TEST_CASE("event loop: tasks posted before run() wait for it; stop before run() still runs them",
          "[runtime][loop]") {
  SystemClock clock;
  Metrics metrics;
  EventLoop loop(clock, metrics);
  int ran = 0;
  REQUIRE(loop.post([&ran] { ++ran; }));
  loop.stop();
  CHECK(ran == 0);
  loop.run();
  CHECK(ran == 1);
}

TEST_CASE("event loop: tells how long slow tasks took and how many wait", "[runtime][loop]") {
  RunningLoop running;
  running.on_loop([&running] {
    const MonoTime start = running.clock.mono_now();
    while (running.clock.mono_now() - start < milliseconds(3)) continue;
  });
  running.on_loop([] {});
  CHECK(running.metric("loop_task_ms_count") == "1");
  CHECK_FALSE(running.metric("loop_queue_depth").empty());
}

TEST_CASE("event loop: cost of a task", "[.][bench]") {
  RunningLoop running(2'000'000);
  constexpr int kTasks = 1'000'000;
  const MonoTime start = running.clock.mono_now();
  for (int i = 0; i < kTasks; ++i) REQUIRE(running.loop.post([] {}));
  running.on_loop([] {});
  const Duration took = running.clock.mono_now() - start;
  WARN("post and run: " << 1000.0 * static_cast<double>(took.count()) / kTasks << " ns a task");
}

}  // namespace
}  // namespace cairn::runtime::event_loop_test
