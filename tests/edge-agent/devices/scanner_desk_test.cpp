#include "edge-agent/devices/scanner_desk.h"

#include "core/runtime/event_loop.h"
#include "core/runtime/system_clock.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/sim/sim_network.h"
#include "tests/support/catch.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cairn::agent::scanner_desk_test {
namespace {

using std::chrono::milliseconds;

/// What a page at the other end of the stream is told.
class Screen {
 public:
  explicit Screen(runtime::SseHub& stream) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    socket_ = runtime::UniqueFd(ends[0]);
    stream.attach({runtime::UniqueFd(ends[1]), "", std::nullopt});
    REQUIRE(hears("event: hello"));  // from here on it misses nothing
  }

  /// The data of the next verdict.
  std::string verdict() {
    REQUIRE(hears("event: verdict\ndata: "));
    std::string data;
    REQUIRE(hears("\n", &data));
    return data;
  }

 private:
  /// Reads over all up to and with `text`; false: it does not come.
  bool hears(std::string_view text, std::string* before = nullptr) {
    constexpr milliseconds kPatience{20'000};
    auto at = unread_.find(text);
    while (at == std::string::npos) {
      pollfd polled{socket_.get(), POLLIN, 0};
      if (::poll(&polled, 1, static_cast<int>(kPatience.count())) <= 0) return false;
      std::array<char, 4096> buffer{};
      const auto count = ::read(socket_.get(), buffer.data(), buffer.size());
      if (count <= 0) return false;
      unread_.append(buffer.data(), static_cast<std::size_t>(count));
      at = unread_.find(text);
    }
    if (before != nullptr) *before = unread_.substr(0, at);
    unread_.erase(0, at + text.size());
    return true;
  }

  runtime::UniqueFd socket_;
  std::string unread_;
};

/// An agent whose loop has room for few, and does not turn before it is told to.
struct Agent {
  static constexpr std::size_t kRoom = 8;

  Agent() {
    auto opened =
        AgentCore::open({folder.file("agent.sqlite"), storage::Connection::Durability::kSimulated,
                         storage::test::node(1), storage::test::site("store")},
                        env(), *transport, [](const Error&) {});
    REQUIRE(opened);
    core = *std::move(opened);
    sales.emplace(*core);
    desk.emplace(board, env(), *core, *sales, stream);
  }
  ~Agent() {
    loop.stop();
    if (thread.joinable()) thread.join();
  }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  Env env() { return {clock, random, loop, log, metrics}; }
  void turn() {
    thread = std::thread([this] { loop.run(); });
  }
  /// As a driver's thread does.
  void scan(int number) {
    desk->on_scan({"gun-1", fmt::format("CODE-{}", number), clock.mono_now()});
  }
  std::string counted(std::string_view counter) const {
    for (const Metrics::Sample& sample : metrics.samples()) {
      if (sample.name == counter) return sample.value;
    }
    return "0";
  }

  storage::test::TempFolder folder;
  runtime::SystemClock clock;
  sim::Timeline timeline;
  sim::SimRandom random{1};
  sim::SimNetwork network{timeline, random};
  std::unique_ptr<sync::Transport> transport = network.attach(1);
  NullLog log;
  Metrics metrics;
  runtime::EventLoop loop{clock, metrics, kRoom};
  runtime::SseHub stream{clock, metrics};
  DeviceBoard board{
      {DeviceSettings{{"gun-1", "scanner", "serial:/dev/none", "lines"}, false, "bench-1"}},
      env(),
      stream};
  std::unique_ptr<AgentCore> core;
  std::optional<SaleSearch> sales;
  std::optional<ScannerDesk> desk;
  std::thread thread;
};

TEST_CASE("scanner desk: a read that the agent's queue has no room for is refused aloud",
          "[agent][devices][threads]") {
  constexpr int kScans = 2 * static_cast<int>(Agent::kRoom);
  Agent agent;
  Screen screen(agent.stream);
  for (int number = 1; number <= kScans; ++number) agent.scan(number);
  // Those that found room wait. The others were refused at once, though nobody can serve them.
  const int refused = std::stoi(agent.counted("reads_refused_total"));
  REQUIRE(refused >= static_cast<int>(Agent::kRoom));
  REQUIRE(refused < kScans);
  for (int number = kScans - refused + 1; number <= kScans; ++number) {
    const std::string verdict = screen.verdict();
    CHECK_THAT(verdict, Catch::Contains(fmt::format(R"("code":"CODE-{}")", number)) &&
                            Catch::Contains(R"("verdict":"nok","reason":"busy")") &&
                            Catch::Contains("not saved, scan again") &&
                            Catch::Contains(R"("station":"bench-1")"));
  }
  // A read that failed is told, too.
  agent.desk->on_failed_read(
      {"gun-1", devices::FailedRead::Reason::kIncomplete, agent.clock.mono_now()});
  CHECK_THAT(screen.verdict(), Catch::Contains(R"("reason":"busy")"));

  // The others get their turn, in their order; of those that were refused nothing comes later.
  agent.turn();
  for (int number = 1; number <= kScans - refused; ++number) {
    CHECK_THAT(screen.verdict(), Catch::Contains(fmt::format(R"("code":"CODE-{}")", number)) &&
                                     Catch::Contains(R"("reason":"nobody_signed_in")"));
  }
  // Scanned again it is taken.
  agent.scan(kScans);
  CHECK_THAT(screen.verdict(), Catch::Contains(fmt::format(R"("code":"CODE-{}")", kScans)) &&
                                   Catch::Contains(R"("reason":"nobody_signed_in")"));
  CHECK(agent.board.status("gun-1").reads == kScans + 1);
}

}  // namespace
}  // namespace cairn::agent::scanner_desk_test
