#include "core/runtime/signals.h"

#include "core/base/bounded_queue.h"
#include "core/runtime/unique_fd.h"
#include "tests/core/runtime/support/raw_peer.h"
#include "tests/support/catch.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

namespace cairn::runtime::signals_test {
namespace {

using test::kPatience;

TEST_CASE("signals: arrive as calls from another thread", "[runtime][signals]") {
  BoundedQueue<std::pair<Signal, std::thread::id>> seen(8);
  const Signals signals(
      [&seen](Signal signal) { (void)seen.push({signal, std::this_thread::get_id()}); });
  for (const auto& [number, signal] :
       {std::pair{SIGTERM, Signal::kTerminate}, std::pair{SIGINT, Signal::kInterrupt},
        std::pair{SIGHUP, Signal::kHangup}}) {
    ::kill(::getpid(), number);
    const auto got = seen.pop(kPatience);
    REQUIRE(got);
    CHECK(got->first == signal);
    CHECK(word(got->first) == std::string("SIG") + ::sigabbrev_np(number));
    CHECK(got->second != std::this_thread::get_id());
  }
}

TEST_CASE("signals: end without a call, and can be built again", "[runtime][signals]") {
  int calls = 0;
  for (int i = 0; i < 3; ++i) const Signals signals([&calls](Signal) { ++calls; });
  CHECK(calls == 0);
  sigset_t blocked{};
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  CHECK(::sigismember(&blocked, SIGTERM) == 0);
}

TEST_CASE("signals: writing to a peer that has gone is an error, not the end",
          "[runtime][signals]") {
  const Signals signals([](Signal) {});
  struct sigaction now = {};
  REQUIRE(::sigaction(SIGPIPE, nullptr, &now) == 0);
  CHECK(now.sa_handler == SIG_IGN);  // Poco blocks it too, but only in threads of its own and main
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
  const UniqueFd here(ends[0]);
  UniqueFd(ends[1]).close();
  CHECK(::write(here.get(), "x", 1) == -1);
}

}  // namespace
}  // namespace cairn::runtime::signals_test
