#include "edge-agent/devices/receipt_desk.h"

#include "core/storage/original_receipts.h"
#include "core/storage/writer.h"
#include "tests/edge-agent/support/device.h"
#include "tests/edge-agent/support/played_loop.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::agent::receipt_desk_test {
namespace {

using namespace test;
using Outcome = devices::PrintResult::Outcome;

/// Is out of paper: what it is given ends when it is closed.
class WaitingPrinter final : public devices::ReceiptPrinter {
 public:
  WaitingPrinter(std::string name, devices::PrinterSink& sink)
      : name_(std::move(name)), sink_(sink) {}
  WaitingPrinter(const WaitingPrinter&) = delete;
  WaitingPrinter& operator=(const WaitingPrinter&) = delete;
  ~WaitingPrinter() override {
    for (const std::string& id : ids_) sink_.on_printed({name_, id, Outcome::kFailed, "closed"});
  }
  Result<> print(devices::ReceiptJob job) override {
    ids_.push_back(std::move(job.id));
    return {};
  }
  Result<> open_drawer(std::string) override { return {}; }

 private:
  const std::string name_;
  devices::PrinterSink& sink_;
  std::vector<std::string> ids_;
};

struct Bench : Device {
  Bench() { REQUIRE(desk.open()); }

  EventRef act(std::uint64_t seq) { return {node(1), replica().identity().inc, seq}; }
  /// As a request to print a receipt does. False: it is a copy.
  bool print(const std::string& id, std::uint64_t seq) {
    bool original = false;
    loop.run([&] {
      writer.submit<bool>(
          [this, seq](UnitOfWork& work) -> Result<bool> {
            return storage::take_original(work.connection(), work.replica().identity(), act(seq));
          },
          [&](const Result<bool>& taken) {
            REQUIRE(taken);
            original = *taken;
            CounterJob job;
            job.id = id;
            job.printer = "epson";
            job.copy = !original;
            desk.print(job, act(seq), {});
          });
    });
    return original;
  }
  void fails(const std::string& id) {
    desk.on_printed({"epson", id, Outcome::kFailed, "no paper"});
  }
  bool counts_as_printed(std::uint64_t seq) {
    return number("SELECT count(*) FROM original_receipt WHERE seq = " + std::to_string(seq)) != 0;
  }

  Env env() { return {clock, random, loop, log, metrics}; }

  PlayedLoop loop{clock};
  sim::SimRandom random{1};
  Metrics metrics;
  storage::Writer writer{replica(), loop, clock, metrics, [](const Error&) { FAIL("fatal"); }};
  runtime::SseHub stream{clock, metrics};
  DeviceBoard board{
      {DeviceSettings{{"epson", "receipt_printer", "tcp://192.0.2.7:9100", "escpos"}, false, ""}},
      env(),
      stream};
  ReceiptDesk desk{board, env(), stream, writer,
                   [](const devices::DeviceConfig& device, devices::PrinterSink& sink,
                      const Clock&) -> Result<std::unique_ptr<devices::ReceiptPrinter>> {
                     return std::make_unique<WaitingPrinter>(device.name, sink);
                   }};
};

TEST_CASE("receipt desk: of which nothing was printed can be printed again as the original",
          "[agent][receipts]") {
  Bench bench;
  CHECK(bench.print("first", 11));
  CHECK_FALSE(bench.print("again", 11));
  bench.fails("again");  // a copy gives nothing back
  bench.loop.turn();
  CHECK(bench.counts_as_printed(11));
  bench.fails("first");
  bench.loop.turn();
  CHECK(bench.print("second", 11));
}

TEST_CASE("receipt desk: what a full loop does not take is given back a little later by itself",
          "[agent][receipts]") {
  Bench bench;
  REQUIRE(bench.print("first", 11));
  bench.loop.full = true;
  bench.fails("first");
  bench.loop.pass(std::chrono::seconds(1));
  CHECK_FALSE(bench.counts_as_printed(11));
  // Nothing is on its way any more, so nothing is looked for.
  bench.loop.pass(std::chrono::seconds(1));
  CHECK_FALSE(bench.loop.waits());
}

TEST_CASE("receipt desk: what a full disk does not take is told, and given back when there is room",
          "[agent][receipts]") {
  Bench bench;
  REQUIRE(bench.print("first", 11));
  bench.connection().execute("PRAGMA max_page_count=1");
  bench.fails("first");
  REQUIRE(bench.loop.post([&bench] {  // joins the commit of what comes of it
    bench.writer.submit<bool>(
        [](UnitOfWork& work) -> Result<bool> {
          work.connection().execute(
              "INSERT INTO meta (name, value) VALUES ('x', zeroblob(1000000))");
          return true;
        },
        [](const Result<bool>& done) { CHECK_FALSE(done); });
  }));
  bench.loop.turn();
  CHECK(bench.counts_as_printed(11));
  CHECK(std::ranges::count(bench.log.events, "original_not_given_back") == 1);
  bench.connection().execute("PRAGMA max_page_count=1000000");
  bench.loop.pass(std::chrono::seconds(1));
  CHECK_FALSE(bench.counts_as_printed(11));
}

TEST_CASE("receipt desk: what waits when the service stops is given back before the loop ends",
          "[agent][receipts]") {
  Bench bench;
  REQUIRE(bench.print("waits", 11));
  bench.loop.run([&bench] { bench.desk.stop(); });
  CHECK_FALSE(bench.counts_as_printed(11));
  // A request that was under way comes too late for a printer.
  CHECK(bench.print("late", 12));
  CHECK_FALSE(bench.counts_as_printed(12));
}

}  // namespace
}  // namespace cairn::agent::receipt_desk_test
