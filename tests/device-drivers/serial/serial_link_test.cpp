#include "device-drivers/serial/serial_link.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/recorder.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/pty.h"

#include <poll.h>

#include <atomic>
#include <ctime>
#include <memory>
#include <optional>

namespace cairn::devices::serial_link_test {
namespace {

using simulator::Pty;
using std::chrono::milliseconds;

struct SeenSession : test::SeenStates {
  std::string octets;
  std::vector<Duration> late;  ///< how much after its deadline quiet() came
};
using Seen = SeenSession;

/// A session that writes down what it is told and says what a test wants it to.
class ProbeSession final : public SerialSession, public test::Recorder<SeenSession> {
 public:
  explicit ProbeSession(const Clock& clock) : clock_(clock) {}

  // What the test chooses.
  std::atomic<bool> online_when_opened = true;
  std::atomic<SerialLink*> link = nullptr;  // to report through, on octets "up" and "down"

  void say(const std::string& octets) {
    const std::scoped_lock lock(mutex_);
    to_send_ = octets;
  }
  void call_in(Duration duration) {
    const std::scoped_lock lock(mutex_);
    deadline_ = clock_.mono_now() + duration;
  }
  void on_state(StateChange change) { record_state(std::move(change)); }

  bool opened(MonoTime) override {
    record([](Seen& seen) { seen.order.emplace_back("opened"); });
    return online_when_opened;
  }
  void received(std::string_view octets, MonoTime) override {
    record([octets](Seen& seen) { seen.octets += octets; });
    if (octets.ends_with("up")) link.load()->report(DeviceState::kOnline, "");
    if (octets.ends_with("down")) link.load()->report(DeviceState::kOffline, "it sleeps");
  }
  void quiet(MonoTime now) override {
    const std::scoped_lock lock(mutex_);
    if (!deadline_ || now < *deadline_) return;
    const Duration late = now - *deadline_;
    deadline_.reset();
    record([late](Seen& seen) { seen.late.push_back(late); });
  }
  void lost(MonoTime) override {
    record([](Seen& seen) { seen.order.emplace_back("lost"); });
  }
  [[nodiscard]] std::optional<MonoTime> deadline() const override {
    const std::scoped_lock lock(mutex_);
    return deadline_;
  }
  std::string to_send() override {
    const std::scoped_lock lock(mutex_);
    return std::exchange(to_send_, {});
  }

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<MonoTime> deadline_;
  std::string to_send_;
};

struct Bench {
  void plug() {
    auto made = Pty::create(path);
    REQUIRE(made);
    pty = *std::move(made);
  }
  void start() {
    link = std::make_unique<SerialLink>(
        SerialLinkConfig{"device-1", path}, session,
        [this](StateChange change) { session.on_state(std::move(change)); }, clock);
    session.link = link.get();
  }
  /// What the link has sent, once it is that much.
  std::string hears(std::size_t size) const {
    std::string octets;
    while (octets.size() < size) {
      pollfd polled{pty->fd(), POLLIN, 0};
      REQUIRE(::poll(&polled, 1, 20'000) == 1);
      octets += pty->read();
    }
    return octets;
  }

  test::TempFolder folder;
  std::string path = folder.file("tty");
  test::MachineClock clock;
  std::unique_ptr<Pty> pty;
  ProbeSession session{clock};
  std::unique_ptr<SerialLink> link;  // last: stops before what it uses goes away
};

TEST_CASE("serial link: octets go both ways", "[devices][link]") {
  Bench bench;
  bench.plug();
  bench.session.say("hello");
  bench.start();
  CHECK(bench.hears(5) == "hello");
  REQUIRE(bench.pty->write("abc"));
  REQUIRE(bench.session.wait([](const Seen& seen) { return seen.octets == "abc"; }));
  // What the session has to say next is sent once it is woken, without anything arriving.
  bench.session.say("more");
  bench.link->wake();
  CHECK(bench.hears(4) == "more");
}

TEST_CASE("serial link: the session is called when its time has come, not before",
          "[devices][link]") {
  Bench bench;
  bench.plug();
  bench.start();
  REQUIRE(bench.session.wait_online());
  for (int i = 1; i <= 3; ++i) {
    bench.session.call_in(milliseconds(30));
    bench.link->wake();
    REQUIRE(bench.session.wait(
        [i](const Seen& seen) { return seen.late.size() == static_cast<std::size_t>(i); }));
  }
  for (const Duration late : bench.session.seen().late) CHECK(late >= Duration::zero());
}

TEST_CASE("serial link: a session that is not there when the port is reports it later",
          "[devices][link]") {
  Bench bench;
  bench.plug();
  bench.session.online_when_opened = false;
  bench.start();
  // What is sent before the port is set up is dropped.
  REQUIRE(bench.session.wait([](const Seen& seen) { return !seen.order.empty(); }));
  REQUIRE(bench.pty->write("x"));
  REQUIRE(bench.session.wait([](const Seen& seen) { return seen.octets == "x"; }));
  CHECK(bench.session.seen().states.empty());
  REQUIRE(bench.pty->write("up"));
  REQUIRE(bench.session.wait_online());
  REQUIRE(bench.pty->write("up"));  // the same again is no news
  REQUIRE(bench.session.wait([](const Seen& seen) { return seen.octets == "xupup"; }));
  REQUIRE(bench.pty->write("down"));
  REQUIRE(bench.session.wait_offline());
  const auto states = bench.session.seen().states;
  CHECK(states.size() == 2);
  CHECK(states.back().device == "device-1");
  CHECK(states.back().detail == "it sleeps");
}

TEST_CASE("serial link: the session is told of a loss before anybody else, and of the return",
          "[devices][link]") {
  Bench bench;
  bench.plug();
  bench.start();
  REQUIRE(bench.session.wait_online());
  bench.pty.reset();
  REQUIRE(bench.session.wait_offline());
  bench.plug();
  REQUIRE(bench.session.wait_online());
  CHECK(bench.session.seen().order ==
        std::vector<std::string>{"opened", "online", "lost", "offline", "opened", "online"});
}

TEST_CASE("serial link: a device that goes away while it is written to is lost once",
          "[devices][link]") {
  Bench bench;
  bench.plug();
  bench.start();
  REQUIRE(bench.session.wait_online());
  bench.session.say(std::string(100, 'x'));
  bench.pty.reset();
  bench.link->wake();
  REQUIRE(bench.session.wait_offline());
  const auto order = bench.session.seen().order;
  CHECK(std::ranges::count(order, "lost") == 1);
  CHECK(order.back() == "offline");
}

TEST_CASE("serial link: a session that waits costs no processor time", "[devices][link]") {
  Bench bench;
  bench.plug();
  bench.start();
  REQUIRE(bench.session.wait_online());
  bench.session.call_in(milliseconds(500));
  const std::clock_t before = std::clock();
  bench.link->wake();
  REQUIRE(bench.session.wait([](const Seen& seen) { return !seen.late.empty(); }));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 10);
}

}  // namespace
}  // namespace cairn::devices::serial_link_test
