#include "device-drivers/epl/epl_printer.h"

#include "device-drivers/network/tcp_connection.h"
#include "device-drivers/serial/serial_connection.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/device-drivers/support/tcp_peer.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/pty.h"

#include <algorithm>
#include <memory>
#include <string>

namespace cairn::devices::epl_printer_test {
namespace {

using Catch::Matchers::Contains;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Outcome = PrintResult::Outcome;

PrintJob job(const std::string& reference) {
  return {"job-1", {"Store York", reference, "1.250 kg", "340123450000000018", "CRN0000000001"}};
}

/// A serial line, whose other end the test reads, and the driver on it.
struct Bench {
  Bench() {
    plug();
    config.name = "labels";
    config.take_within = milliseconds(500);
    config.look_every = milliseconds(50);
    driver = std::make_unique<EplPrinter>(
        config, std::make_unique<SerialConnector>(SerialLineConfig{folder.file("line")}), sink,
        clock);
    REQUIRE(sink.wait_online());
  }
  void plug() {
    auto created = simulator::Pty::create(folder.file("line"));
    REQUIRE(created);
    line = *std::move(created);
  }
  [[nodiscard]] std::string read() const { return line ? line->read() : std::string(); }
  /// Reads what the driver sends until the job has ended.
  PrintResult print(const std::string& reference = "ORD-1") {
    const auto before = sink.seen().results.size();
    REQUIRE(driver->print(job(reference)));
    const MonoTime until = clock.mono_now() + seconds(20);
    while (sink.seen().results.size() == before && clock.mono_now() < until) {
      sent += read();
      wait_for(pause, milliseconds(1));
    }
    REQUIRE(sink.seen().results.size() == before + 1);
    for (std::string more = read(); !more.empty(); more = read()) sent += more;
    return sink.seen().results.back();
  }

  test::TempFolder folder;
  test::MachineClock clock;
  Waker pause;
  std::unique_ptr<simulator::Pty> line;
  std::string sent;
  EplPrinterConfig config;
  test::PrintSink sink;
  std::unique_ptr<EplPrinter> driver;  // last: stops before what it uses goes away
};

TEST_CASE("epl printer: a label that was sent whole is unknown, because nothing says more",
          "[devices][printer][epl]") {
  Bench bench;
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kUnknown);
  CHECK_THAT(result.detail, Contains("does not say whether the label is printed"));
  CHECK_THAT(bench.sent, Contains("ORD-1"));
  CHECK_THAT(bench.sent, Contains("\nP1\n"));
  CHECK(bench.sent.find("P1\n") == bench.sent.rfind("P1\n"));
}

TEST_CASE("epl printer: one that is not there is offline, and gets nothing",
          "[devices][printer][epl]") {
  Bench bench;
  bench.driver.reset();
  bench.config.look_every = seconds(60);
  bench.driver = std::make_unique<EplPrinter>(
      bench.config, std::make_unique<SerialConnector>(SerialLineConfig{"/nowhere/at-all"}),
      bench.sink, bench.clock);
  REQUIRE(bench.sink.wait_offline());
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("nothing was printed"));
  CHECK(bench.sent.empty());
}

TEST_CASE("epl printer: pulled out it fails with nothing printed, and comes back",
          "[devices][printer][epl]") {
  Bench bench;
  bench.line.reset();
  REQUIRE(bench.sink.wait_offline());
  const PrintResult away = bench.print();
  CHECK(away.outcome == Outcome::kFailed);
  CHECK_THAT(away.detail, Contains("nothing was printed"));
  bench.plug();
  REQUIRE(bench.sink.wait_online());
  CHECK(bench.print("ORD-2").outcome == Outcome::kUnknown);
  CHECK_THAT(bench.sent, Contains("ORD-2"));
}

TEST_CASE("epl printer: what is no label is not sent", "[devices][printer][epl]") {
  Bench bench;
  const PrintResult result = bench.print(std::string(500, 'x'));
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("nothing was printed"));
  CHECK(bench.sent.empty());
}

TEST_CASE("epl printer: its queue has an end, and every label that it took ends",
          "[devices][printer][epl]") {
  Bench bench;
  bench.driver.reset();
  bench.config.take_within = seconds(60);
  bench.driver = std::make_unique<EplPrinter>(
      bench.config, std::make_unique<SerialConnector>(SerialLineConfig{bench.folder.file("line")}),
      bench.sink, bench.clock);
  // Nobody reads: labels are in the line, at most, when the service stops.
  std::size_t taken = 0;
  std::string refused;
  while (refused.empty() && taken < 200) {
    const auto is = bench.driver->print(job("ORD-1"));
    if (is) ++taken;
    if (!is) refused = is.error().reason;
  }
  CHECK(refused == "printer_busy");
  bench.driver.reset();  // the service stops
  const auto results = bench.sink.seen().results;
  CHECK(results.size() == taken);
  CHECK(std::ranges::count(results, Outcome::kDone, &PrintResult::outcome) == 0);
}

/// A printer on the network, played by the test, and the driver on it.
struct NetworkBench {
  NetworkBench() {
    config.name = "labels";
    config.take_within = milliseconds(500);
    config.look_every = seconds(60);
    driver = std::make_unique<EplPrinter>(config, std::make_unique<TcpConnector>(peer.address()),
                                          sink, clock);
    peer.accept();  // the first look
    CHECK(peer.is_at_end());
    peer.close();
    REQUIRE(sink.wait_online());
  }
  PrintResult result() {
    REQUIRE(sink.wait_results(1));
    return sink.seen().results.back();
  }

  test::MachineClock clock;
  test::TcpPeer peer;
  EplPrinterConfig config;
  test::PrintSink sink;
  std::unique_ptr<EplPrinter> driver;
};

TEST_CASE("epl printer: over the network a label is sent once, and unknown",
          "[devices][printer][epl]") {
  NetworkBench bench;
  REQUIRE(bench.driver->print(job("ORD-1")));
  bench.peer.accept();
  const std::string sent = bench.peer.read(1'000'000);  // until nothing more comes
  bench.peer.close();
  CHECK_THAT(sent, Contains("ORD-1") && Contains("\nP1\n"));
  CHECK(sent.find("P1\n") == sent.rfind("P1\n"));
  CHECK(bench.result().outcome == Outcome::kUnknown);
}

TEST_CASE("epl printer: reset in mid-label, or never reading, it is unknown and not sent again",
          "[devices][printer][epl]") {
  const bool resets = GENERATE(true, false);
  CAPTURE(resets);
  NetworkBench bench;
  REQUIRE(bench.driver->print(job("ORD-1")));
  bench.peer.accept();
  if (resets) {
    CHECK(bench.peer.read(20).size() == 20);
    bench.peer.reset();
  }
  CHECK(bench.result().outcome == Outcome::kUnknown);
  bench.driver.reset();
  CHECK(bench.sink.seen().results.size() == 1);
}

}  // namespace
}  // namespace cairn::devices::epl_printer_test
