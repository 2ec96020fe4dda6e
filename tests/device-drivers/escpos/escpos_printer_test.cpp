#include "device-drivers/escpos/escpos_printer.h"

#include "device-drivers/serial/serial_connection.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/escpos_intake.h"
#include "tools/cairn-sim/pty.h"
#include "tools/cairn-sim/virtual_printer.h"

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace cairn::devices::escpos_printer_test {
namespace {

using Catch::Matchers::Contains;
using simulator::PrinterFault;
using simulator::VirtualPrinter;
using simulator::VirtualPrinterConfig;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Counts = VirtualPrinter::Counts;
using Outcome = PrintResult::Outcome;

/// A virtual printer and the driver that prints on it; deadlines are short.
struct Bench {
  explicit Bench(Duration print_time = milliseconds(20))
      : hardware(
            {"receipts", {"127.0.0.1", 0}, print_time, VirtualPrinterConfig::Language::kEscPos},
            clock) {
    REQUIRE(hardware.plug());
    config.name = "receipts";
    config.address = hardware.address();
    config.model = find_receipt_printer("epson");
    config.answer_within = milliseconds(300);
    config.take_within = milliseconds(500);
    config.print_within = seconds(3);
    config.look_every = milliseconds(100);
  }

  void start() { driver = std::make_unique<EscPosPrinter>(config, sink, clock); }
  void start_online() {
    start();
    REQUIRE(sink.wait_online());
  }
  void set_fault(const std::string& text) { hardware.set_fault(PrinterFault::parse(text).value()); }
  static ReceiptJob job(int number) {
    ReceiptPage page{42, {}};
    page.pieces.emplace_back(ReceiptLine{fmt::format("Receipt {}", number)});
    page.pieces.emplace_back(ReceiptCut{true});
    return {fmt::format("job-{}", number), page};
  }
  PrintResult print(int number = 1) {
    const auto before = sink.seen().results.size();
    REQUIRE(driver->print(job(number)));
    REQUIRE(sink.wait_results(before + 1));
    return sink.seen().results.back();
  }
  [[nodiscard]] std::ptrdiff_t printed(int number) const {
    return std::ranges::count_if(hardware.labels(), [number](const auto& one) {
      return one.zpl.find(fmt::format("Receipt {}\n", number)) != std::string::npos;
    });
  }

  test::MachineClock clock;
  VirtualPrinter hardware;
  EscPosPrinterConfig config;
  test::PrintSink sink;
  std::unique_ptr<EscPosPrinter> driver;  // last: stops before what it uses goes away
};

TEST_CASE("escpos printer: a receipt is done once the printer has processed it",
          "[devices][receipt_printer]") {
  Bench bench(milliseconds(300));
  bench.start_online();
  const MonoTime before = bench.clock.mono_now();
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kDone);
  CHECK(result.detail.empty());
  CHECK(bench.clock.mono_now() - before >= milliseconds(300));
  CHECK(bench.printed(1) == 1);
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed(2) == 1);
}

TEST_CASE("escpos printer: what keeps it from printing is told, and nothing is sent",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.start_online();
  bench.hardware.set_paper(false);
  PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(result.detail == "it is out of paper; nothing was printed");
  bench.hardware.set_paper(true);
  bench.hardware.set_lid(true);
  result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("cover is open"));
  REQUIRE(bench.sink.wait_offline());
  bench.hardware.set_lid(false);
  CHECK(bench.print(3).outcome == Outcome::kDone);
  CHECK(bench.hardware.counts().received == 1);
}

TEST_CASE("escpos printer: one that stops in the middle is unknown, and not sent again",
          "[devices][receipt_printer]") {
  Bench bench(seconds(1));
  bench.config.print_within = milliseconds(1500);
  bench.start_online();
  REQUIRE(bench.driver->print(Bench::job(1)));
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.received == 1; }, seconds(5)));
  bench.hardware.set_paper(false);
  REQUIRE(bench.sink.wait_results(1));
  const PrintResult result = bench.sink.seen().results.back();
  CHECK(result.outcome == Outcome::kUnknown);
  CHECK(result.detail == "it is out of paper");
  bench.hardware.set_paper(true);
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.printed == 1; }, seconds(5)));
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 1);
  CHECK(bench.hardware.counts().received == 2);
}

TEST_CASE("escpos printer: pulled out or reset under a receipt it is unknown",
          "[devices][receipt_printer]") {
  Bench bench(seconds(1));
  bench.start_online();
  REQUIRE(bench.driver->print(Bench::job(1)));
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.received == 1; }, seconds(5)));
  REQUIRE(bench.hardware.unplug());
  REQUIRE(bench.sink.wait_results(1));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kUnknown);
  const PrintResult away = bench.print(2);
  CHECK(away.outcome == Outcome::kFailed);
  CHECK_THAT(away.detail, Contains("nothing was printed"));
  REQUIRE(bench.hardware.plug());
  REQUIRE(bench.sink.wait_online());
  bench.set_fault("reset_after=20");
  CHECK(bench.print(3).outcome != Outcome::kDone);
  bench.set_fault("none");
  CHECK(bench.print(4).outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 0);
}

TEST_CASE("escpos printer: one that says nothing is unknown, half-open too",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.config.print_within = milliseconds(800);
  bench.set_fault("mute");
  bench.start_online();
  PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kUnknown);
  CHECK_THAT(result.detail, Contains("does not say how it is"));
  bench.set_fault("deaf");
  result = bench.print(2);
  CHECK(result.outcome != Outcome::kDone);
  bench.set_fault("none");
  CHECK(bench.print(3).outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 1);
}

TEST_CASE("escpos printer: slow answers are answers", "[devices][receipt_printer]") {
  Bench bench;
  bench.config.answer_within = seconds(1);
  bench.set_fault("slow");
  bench.start_online();
  CHECK(bench.print().outcome == Outcome::kDone);
}

TEST_CASE("escpos printer: the drawer is opened, and not again at once",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.config.pulse = {0, 500, 500};  // rests for 2.5 s: longer than the next job waits
  bench.start_online();
  REQUIRE(bench.driver->open_drawer("drawer-1"));
  REQUIRE(bench.driver->open_drawer("drawer-2"));
  REQUIRE(bench.sink.wait_results(2));
  const auto results = bench.sink.seen().results;
  CHECK(results[0].job == "drawer-1");
  CHECK(results[0].outcome == Outcome::kDone);
  CHECK(results[1].outcome == Outcome::kFailed);
  CHECK_THAT(results[1].detail, Contains("was opened just now"));
  CHECK_THAT(results[1].detail, Contains("the drawer was not opened"));
  CHECK(bench.hardware.counts().drawer == 1);
}

TEST_CASE("escpos printer: a drawer that was not opened does not rest",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.start_online();
  bench.hardware.set_lid(true);
  REQUIRE(bench.driver->open_drawer("drawer-1"));
  REQUIRE(bench.sink.wait_results(1));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kFailed);
  bench.hardware.set_lid(false);
  REQUIRE(bench.driver->open_drawer("drawer-2"));
  REQUIRE(bench.sink.wait_results(2));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kDone);
  CHECK(bench.hardware.counts().drawer == 1);
}

TEST_CASE("escpos printer: unplugged at any moment it prints no receipt twice",
          "[devices][receipt_printer]") {
  Bench bench(milliseconds(20));
  bench.config.answer_within = milliseconds(100);
  bench.config.print_within = milliseconds(500);
  bench.start_online();
  constexpr int kRounds = 100;
  for (int round = 1; round <= kRounds; ++round) {
    CAPTURE(round);
    REQUIRE(bench.driver->print(Bench::job(round)));
    // Dense while it is sent and printed; then until after it is known to be printed.
    const milliseconds moment(round <= 60 ? round / 3 : 20 + (round - 60));
    bench.hardware.wait([](const Counts&) { return false; }, moment);
    REQUIRE(bench.hardware.unplug());
    REQUIRE(bench.sink.wait_results(static_cast<std::size_t>(round)));
    REQUIRE(bench.hardware.plug());
    REQUIRE(bench.sink.wait_online());
    const Outcome outcome = bench.sink.seen().results.back().outcome;
    const auto printed = bench.printed(round);
    CHECK(printed <= 1);
    if (outcome == Outcome::kDone) CHECK(printed == 1);
    if (outcome == Outcome::kFailed) CHECK(printed == 0);
  }
  CHECK(bench.sink.seen().results.size() == kRounds);
}

TEST_CASE("escpos printer: stops at once, with every job ended", "[devices][receipt_printer]") {
  Bench bench(seconds(10));
  bench.start_online();
  for (int number = 1; number <= 3; ++number) REQUIRE(bench.driver->print(Bench::job(number)));
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.received == 1; }, seconds(5)));
  bench.driver.reset();
  const auto results = bench.sink.seen().results;
  REQUIRE(results.size() == 3);
  CHECK(results[0].outcome == Outcome::kUnknown);
  CHECK(results[1].outcome == Outcome::kFailed);
  CHECK(results[2].outcome == Outcome::kFailed);
}

TEST_CASE("escpos printer: a connection that is closed at once is no receipt",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.start_online();
  bench.set_fault("close");
  CHECK(bench.print().outcome != Outcome::kDone);
  bench.set_fault("none");
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 0);
}

TEST_CASE("escpos printer: its queue has an end", "[devices][receipt_printer]") {
  Bench bench;
  bench.set_fault("deaf");
  bench.start();
  std::size_t taken = 0;
  std::string refused;
  while (refused.empty() && taken < 200) {
    const auto is = bench.driver->print(Bench::job(1));
    if (is) ++taken;
    if (!is) refused = is.error().reason;
  }
  CHECK(refused == "printer_busy");
  bench.driver.reset();
  CHECK(bench.sink.seen().results.size() == taken);
}

TEST_CASE("escpos printer: whether a mute one opened its drawer is unknown, and the drawer rests",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.config.print_within = milliseconds(500);
  bench.config.pulse = {0, 500, 500};
  bench.set_fault("mute");
  bench.start_online();
  REQUIRE(bench.driver->open_drawer("drawer-1"));
  REQUIRE(bench.driver->open_drawer("drawer-2"));
  REQUIRE(bench.sink.wait_results(2));
  const auto results = bench.sink.seen().results;
  CHECK(results[0].outcome == Outcome::kUnknown);
  CHECK(results[1].outcome == Outcome::kFailed);
  CHECK_THAT(results[1].detail, Contains("was opened just now"));
  CHECK(bench.hardware.counts().drawer == 1);
}

/// A printer at the other end of a serial line, which has no connections of its own: what it says
/// late is heard by whoever opens the line next.
class LinePrinter {
 public:
  explicit LinePrinter(const std::string& link) {
    auto created = simulator::Pty::create(link);
    REQUIRE(created);
    pty_ = *std::move(created);
    thread_ = std::thread([this] { serve(); });
  }
  LinePrinter(const LinePrinter&) = delete;
  LinePrinter& operator=(const LinePrinter&) = delete;
  ~LinePrinter() {
    stopping_ = true;
    thread_.join();
  }

  /// Keeps answers to GS r back; false: gives them all, as when it is out of paper and not any
  /// more.
  void keep_answers(bool keep) { keeps_ = keep; }
  /// Switched off and on: it owes nothing any more.
  void lose_answers() { loses_ = true; }
  /// Gives one of those that it keeps, once it has so many receipts.
  void give_one_after(int receipts) { gives_one_after_ = receipts; }
  [[nodiscard]] int receipts() const { return receipts_; }
  [[nodiscard]] int impulses() const { return impulses_; }

 private:
  void serve() {
    simulator::EscPosIntake intake;
    int owed = 0;
    const Waker pause;
    while (!stopping_) {
      const std::string octets = pty_->read();
      using Kind = simulator::EscPosIntake::Arrival::Kind;
      for (const auto& arrival : intake.feed(octets)) {
        if (arrival.kind == Kind::kPrinted) ++receipts_;
        if (arrival.kind == Kind::kDrawer) ++impulses_;
        if (arrival.kind == Kind::kStatusAsked) (void)pty_->write("\x12");
        if (arrival.kind == Kind::kProcessedAsked) ++owed;
      }
      if (loses_.exchange(false)) owed = 0;
      if (receipts_ == gives_one_after_ && owed > 0) {
        gives_one_after_ = 0;
        --owed;
        (void)pty_->write(std::string(1, '\0'));
      }
      for (; owed > 0 && !keeps_; --owed) (void)pty_->write(std::string(1, '\0'));
      if (octets.empty()) wait_for(pause, milliseconds(1));
    }
  }

  std::unique_ptr<simulator::Pty> pty_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> keeps_ = false;
  std::atomic<bool> loses_ = false;
  std::atomic<int> gives_one_after_ = 0;
  std::atomic<int> receipts_ = 0;
  std::atomic<int> impulses_ = 0;
  std::thread thread_;
};

/// The driver on a serial line.
struct LineBench {
  LineBench() {
    config.name = "receipts";
    config.model = find_receipt_printer("epson");
    config.answer_within = milliseconds(500);
    config.print_within = milliseconds(700);
    config.look_every = seconds(60);  // nothing is settled between the receipts
  }
  PrintResult print(int number) {
    if (!driver) {
      driver = std::make_unique<EscPosPrinter>(
          config, std::make_unique<SerialConnector>(SerialLineConfig{folder.file("line")}), sink,
          clock);
    }
    const auto before = sink.seen().results.size();
    REQUIRE(driver->print(Bench::job(number)));
    REQUIRE(sink.wait_results(before + 1));
    return sink.seen().results.back();
  }

  test::TempFolder folder;
  test::MachineClock clock;
  LinePrinter hardware{folder.file("line")};
  EscPosPrinterConfig config;
  test::PrintSink sink;
  std::unique_ptr<EscPosPrinter> driver;
};

TEST_CASE("escpos printer: receipts on a serial line", "[devices][receipt_printer][serial]") {
  LineBench bench;
  bench.config.print_within = seconds(20);
  CHECK(bench.print(1).outcome == Outcome::kDone);
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.hardware.receipts() == 2);
}

TEST_CASE("escpos printer: a drawer on a serial line", "[devices][receipt_printer][serial]") {
  LineBench bench;
  bench.config.print_within = seconds(20);
  REQUIRE(bench.print(1).outcome == Outcome::kDone);
  REQUIRE(bench.driver->open_drawer("drawer-1"));
  REQUIRE(bench.sink.wait_results(2));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kDone);
  CHECK(bench.hardware.impulses() == 1);
}

TEST_CASE("escpos printer: a late answer to one receipt does not count for the next",
          "[devices][receipt_printer][serial]") {
  LineBench bench;
  bench.hardware.keep_answers(true);
  CHECK(bench.print(1).outcome == Outcome::kUnknown);
  bench.hardware.give_one_after(2);  // that of the first
  CHECK(bench.print(2).outcome == Outcome::kUnknown);
  SECTION("it answers to both, and then is as ever") {
    bench.hardware.keep_answers(false);
    CHECK(bench.print(3).outcome == Outcome::kDone);
  }
  SECTION("it was switched off and answers to neither, and then is as ever") {
    bench.hardware.lose_answers();
    bench.hardware.keep_answers(false);
    CHECK(bench.print(3).outcome == Outcome::kDone);
  }
  CHECK(bench.hardware.receipts() == 3);
}

/// A wire that takes no octets.
class StoppedWire final : public Connector {
 public:
  class Connection final : public ByteConnection {
   public:
    Sent send(std::string_view, MonoTime, const Waker&, const Clock&) override {
      return {.problem = "it takes no more"};
    }
    Result<std::string> receive(MonoTime, const Waker&, const Clock&) override {
      return std::string();
    }
    void finish(MonoTime, const Waker&, const Clock&) override {}
  };
  Result<std::unique_ptr<ByteConnection>> connect(MonoTime, const Waker&, const Clock&) override {
    return std::make_unique<Connection>();
  }
};

TEST_CASE("escpos printer: a question that cannot be sent says why", "[devices][receipt_printer]") {
  const test::MachineClock clock;
  test::PrintSink sink;
  EscPosPrinterConfig config;
  config.name = "receipts";
  config.model = find_receipt_printer("epson");
  EscPosPrinter driver(config, std::make_unique<StoppedWire>(), sink, clock);
  REQUIRE(sink.wait_offline());
  CHECK(sink.seen().states.back().detail == "it takes no more");
  REQUIRE(driver.print(Bench::job(1)));
  REQUIRE(sink.wait_results(1));
  CHECK(sink.seen().results.back().outcome == Outcome::kFailed);
  CHECK(sink.seen().results.back().detail == "it takes no more; nothing was printed");
}

TEST_CASE("drawer rest: the coil is on for a fifth of the time at most", "[devices][escpos]") {
  const auto at = [](int ms) { return MonoTime{1'000'000} + milliseconds(ms); };
  DrawerRest usual({0, 100, 500});
  CHECK(usual.is_over(at(0)));
  usual.given(at(0));
  CHECK_FALSE(usual.is_over(at(599)));
  CHECK(usual.is_over(at(600)));
  DrawerRest longer({0, 200, 200});
  longer.given(at(0));
  CHECK_FALSE(longer.is_over(at(999)));
  CHECK(longer.is_over(at(1000)));
}

}  // namespace
}  // namespace cairn::devices::escpos_printer_test
