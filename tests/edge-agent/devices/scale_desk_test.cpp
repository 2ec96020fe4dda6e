#include "edge-agent/devices/scale_desk.h"

#include "core/runtime/system_clock.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"
#include "tests/support/catch.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cairn::agent::scale_desk_test {
namespace {

using devices::WeightReading;

const devices::DeviceConfig kScale{"scale-1", "scale", "serial:/dev/none", "toledo"};

/// Answers at once, and again and again, while it is watched.
class PlayedScale final : public devices::Scale {
 public:
  PlayedScale(devices::ScaleSink& sink, const Clock& clock) : sink_(sink), clock_(clock) {
    thread_ = std::thread([this] { run(); });
  }
  PlayedScale(const PlayedScale&) = delete;
  PlayedScale& operator=(const PlayedScale&) = delete;
  ~PlayedScale() override {
    set([this] { stopping_ = true; });
    thread_.join();
  }
  void watch(bool on) override {
    set([this, on] { watched_ = on; });
  }
  Result<> order(devices::ScaleOrder) override { return {}; }

 private:
  void set(const std::function<void()>& change) {
    {
      const std::scoped_lock lock(mutex_);
      change();
    }
    changed_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return watched_ || stopping_; });
    return !stopping_;
  }
  void run() {
    sink_.on_state({kScale.name, devices::DeviceState::kOnline, ""});
    while (wait()) {
      sink_.on_weight(
          {kScale.name, WeightReading::State::kStable, 1'250'000, "1.250 kg", clock_.mono_now()});
      std::this_thread::yield();
    }
  }

  devices::ScaleSink& sink_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool watched_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

/// Stands still until it is put forward.
class StillClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc_now() const override { return {1'790'000'000'000'000}; }
  [[nodiscard]] MonoTime mono_now() const override { return MonoTime{now_}; }
  void put_forward(Duration by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_ = 1;
};

struct Bench {
  const Clock& clock;
  sim::Timeline timeline;
  sim::SimRandom random{1};
  sim::SimExecutor executor{timeline};
  NullLog log;
  Metrics metrics;
  runtime::SseHub stream{clock, metrics};
  DeviceBoard board;
  ScaleDesk desk;

  explicit Bench(const Clock& time)
      : clock(time),
        board({DeviceSettings{kScale, false, "bench-1"}}, env(), stream),
        desk(board, env(),
             [](const devices::DeviceConfig&, devices::ScaleSink& sink,
                const Clock& now) -> Result<std::unique_ptr<devices::Scale>> {
               return std::make_unique<PlayedScale>(sink, now);
             }) {}
  Env env() { return {clock, random, executor, log, metrics}; }
};

TEST_CASE("scale desk: it weighs while scales are opened, released and claimed",
          "[agent][devices][threads]") {
  const runtime::SystemClock clock;
  Bench bench(clock);
  std::atomic<bool> stop = false;
  std::atomic<int> weighed = 0;
  std::atomic<int> other_reasons = 0;
  // As HTTP's threads do, some of them before the devices are open.
  std::vector<std::thread> callers;
  for (int number = 0; number < 3; ++number) {
    callers.emplace_back([&] {
      while (!stop) {
        static_cast<void>(bench.desk.watch("bench-1"));
        const auto weight = bench.desk.weigh("bench-1");
        if (weight) {
          ++weighed;
        } else if (weight.error().reason != "scale_offline") {
          ++other_reasons;
        }
      }
    });
  }
  const auto opened = bench.desk.open();
  int rounds = 0;
  while (rounds < 50 || weighed == 0) {
    bench.desk.release(kScale.name);
    bench.board.on_state({kScale.name, devices::DeviceState::kOffline, "closed"});
    static_cast<void>(bench.desk.claim(kScale));
    ++rounds;
  }
  stop = true;
  bench.desk.close();
  for (std::thread& caller : callers) caller.join();
  CHECK(opened);
  CHECK(weighed > 0);
  // Between two drivers a weighing may have begun with the last one and wait for the next in vain.
  CAPTURE(other_reasons.load());
  const auto claimed = bench.desk.claim(kScale);
  REQUIRE_FALSE(claimed);
  CHECK(claimed.error().reason == "stopping");
}

TEST_CASE("scale desk: the end of one watch does not end the next", "[agent][devices][threads]") {
  StillClock clock;
  Bench bench(clock);
  REQUIRE(bench.desk.open());
  while (bench.board.status(kScale.name).state == devices::DeviceState::kOffline) {
    std::this_thread::yield();
  }
  // The next reading ends the watch; a weighing that comes just then is answered all the same.
  for (int round = 0; round < 2000; ++round) {
    clock.put_forward(std::chrono::seconds(16));
    const auto weight = bench.desk.weigh("bench-1");
    CAPTURE(round);
    REQUIRE(weight);
    CHECK(weight->weight_mg == 1'250'000);
  }
}

TEST_CASE("scale desk: who waits for a weight is told that the scale was released",
          "[agent][devices][threads]") {
  const runtime::SystemClock clock;
  Bench bench(clock);
  bench.board.on_released(kScale.name);
  const auto weight = bench.desk.weigh("bench-1");
  REQUIRE_FALSE(weight);
  CHECK(weight.error().reason == "device_released");
  CHECK(weight.error().code == ErrorCode::kUnavailable);
  CHECK_THAT(weight.error().message, Catch::Contains("nothing was done"));
}

}  // namespace
}  // namespace cairn::agent::scale_desk_test
