#include "device-drivers/serial/serial_port.h"
#include "device-drivers/serial/serial_scanner.h"
#include "tests/device-drivers/support/child_process.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/recording_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/octets.h"

#include <filesystem>

namespace cairn::devices::cairn_sim_test {
namespace {

namespace fs = std::filesystem;
using test::ChildProcess;
using test::RecordingSink;
using test::TempFolder;
using Codes = std::vector<std::string>;
using Catch::Matchers::Contains;
using std::string_literals::operator""s;

/// cairn-sim with one scanner at `link`, ready, and the driver listening to it.
struct Bench {
  explicit Bench(std::vector<std::string> options = {}) : sim(CAIRN_SIM, with_link(options)) {
    REQUIRE(sim.read_line() == R"({"ready":true,"device":"scanner-1","path":")" + link + "\"}");
    driver.emplace(SerialLinkConfig{"scanner-1", link}, sink, clock);
    REQUIRE(sink.wait_online());
  }

  std::vector<std::string> with_link(std::vector<std::string> options) const {
    options.insert(options.begin(), {"scanner", "--link", link});
    return options;
  }

  TempFolder folder;
  std::string link = folder.file("scanner-1");
  test::MachineClock clock;
  RecordingSink sink;
  ChildProcess sim;
  std::optional<SerialScanner> driver;
};

TEST_CASE("cairn-sim: scans what it is told and says what it sent", "[devices][cairn-sim]") {
  Bench bench;
  CHECK(bench.sim.ask("scan 4006381333931") ==
        R"({"ok":true,"device":"scanner-1","sent":"4006381333931\\x0d"})");
  CHECK(bench.sim.ask(R"(  scan A\x1dB\\ C  )") ==
        R"({"ok":true,"device":"scanner-1","sent":"A\\x1dB\\\\ C\\x0d"})");
  CHECK(bench.sim.ask(R"(raw @scanner-1 X\x0a)") ==
        R"({"ok":true,"device":"scanner-1","sent":"X\\x0a"})");
  CHECK(bench.sim.ask("burst 2 1 2 3") == R"({"ok":true,"device":"scanner-1","scans":3})");
  REQUIRE(bench.sink.wait_scans(6));
  CHECK(bench.sink.seen().codes() == Codes{"4006381333931",
                                           "A\x1d"
                                           "B\\ C",
                                           "X", "1", "2", "3"});
}

TEST_CASE("cairn-sim: sends AIM identifiers and the suffix it is set up for",
          "[devices][cairn-sim]") {
  Bench bench({"--aim", "--suffix", "crlf", "--baud", "115200"});
  CHECK_THAT(bench.sim.ask("scan 4006381333931"), Contains(R"(]E04006381333931\\x0d\\x0a)"));
  bench.sim.ask("scan 40063812");
  bench.sim.ask("scan A-17");
  bench.sim.ask(R"(scan ]C1 0109521234567881\x1d17)");
  REQUIRE(bench.sink.wait_scans(4));
  CHECK(bench.sink.seen().codes() == Codes{"]E04006381333931", "]E440063812", "]C0A-17",
                                           "]C10109521234567881\x1d"
                                           "17"});
}

TEST_CASE("cairn-sim: is unplugged and plugged in again", "[devices][cairn-sim]") {
  Bench bench;
  CHECK_THAT(bench.sim.ask("unplug"), Contains(R"("ok":true)"));
  CHECK_FALSE(fs::exists(fs::symlink_status(bench.link)));
  CHECK_THAT(bench.sim.ask("unplug"), Contains(R"("code":"unplugged")"));
  CHECK_THAT(bench.sim.ask("scan 1"), Contains(R"("code":"unplugged")"));
  REQUIRE(bench.sink.wait_offline());
  CHECK(bench.sim.ask("plug") ==
        R"({"ok":true,"device":"scanner-1","path":")" + bench.link + "\"}");
  CHECK_THAT(bench.sim.ask("plug"), Contains(R"("code":"plugged")"));
  REQUIRE(bench.sink.wait_online());
  CHECK_THAT(bench.sim.ask("scan 2"), Contains(R"("ok":true)"));
  REQUIRE(bench.sink.wait_scans(1));
}

TEST_CASE("cairn-sim: outlives the program that has the device open", "[devices][cairn-sim]") {
  Bench bench;
  for (const std::string code : {"A", "B", "C"}) {
    bench.driver.reset();
    CHECK_THAT(bench.sim.ask("scan lost"), Contains(R"("code":"not_open")"));
    RecordingSink sink;
    bench.driver.emplace(SerialLinkConfig{"scanner-1", bench.link}, sink, bench.clock);
    REQUIRE(sink.wait_online());
    CHECK_THAT(bench.sim.ask("scan " + code), Contains(R"("ok":true)"));
    REQUIRE(sink.wait_scans(1));
    bench.driver.reset();
    CHECK(sink.seen().codes() == Codes{code});
  }
}

TEST_CASE("cairn-sim: does not hang when nobody reads", "[devices][cairn-sim]") {
  Bench bench;
  bench.driver.reset();
  const auto port = SerialPort::open(bench.link, 9600, SerialMode::k8N1);
  REQUIRE(port);
  CHECK_THAT(bench.sim.ask("scan " + std::string(30'000, '7')), Contains(R"("code":"not_read")"));
  CHECK_THAT(bench.sim.ask("help"), Contains(R"("ok":true)"));
}

TEST_CASE("cairn-sim: explains what it does not understand", "[devices][cairn-sim]") {
  Bench bench;
  CHECK(bench.sim.ask("sacn 1") == R"({"ok":false,"error":{"code":"unknown_command","message":)"
                                   R"("\"sacn\" is no command; \"help\" lists them"}})");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"scan", "no_code"},
      {"scan ]C1 01", "no_aim"},
      {R"(scan 1\x2)", "bad_escape"},
      {R"(scan \)", "bad_escape"},
      {R"(raw \n)", "bad_escape"},
      {"burst", "bad_burst"},
      {"burst 20", "bad_burst"},
      {"burst x 1", "bad_burst"},
      {"burst 60001 1", "bad_burst"},
      {R"(burst 0 1 \q)", "bad_escape"},
      {"scan @other 1", "unknown_device"},
      {"scan " + std::string(100'000, '7'), "line_too_long"},
  };
  for (const auto& [command, code] : rows) {
    CAPTURE(command.substr(0, 40));
    CHECK_THAT(bench.sim.ask(command), Contains("\"code\":\"" + code + "\""));
  }
  // Comments and empty lines have no answer; a Windows line end is no part of the code.
  CHECK_THAT(bench.sim.ask("# nothing\n\n   \nscan 1\r"), Contains(R"("sent":"1\\x0d")"));
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().codes() == Codes{"1"});
}

TEST_CASE("cairn-sim: plays several scanners in one process", "[devices][cairn-sim]") {
  const TempFolder folder;
  const test::MachineClock clock;
  ChildProcess sim(CAIRN_SIM, {"--scanner", "till=" + folder.file("till"), "--scanner",
                               "dock=" + folder.file("dock") + ",suffix=lf,aim"});
  CHECK_THAT(sim.read_line().value_or(""), Contains(R"("device":"till")"));
  CHECK_THAT(sim.read_line().value_or(""), Contains(R"("device":"dock")"));
  RecordingSink till;
  RecordingSink dock;
  const SerialScanner till_driver({"till", folder.file("till")}, till, clock);
  const SerialScanner dock_driver({"dock", folder.file("dock")}, dock, clock);
  REQUIRE(till.wait_online());
  REQUIRE(dock.wait_online());
  CHECK_THAT(sim.ask("scan 1"), Contains("@till @dock"));
  CHECK_THAT(sim.ask("scan @till 1"), Contains(R"("sent":"1\\x0d")"));
  CHECK_THAT(sim.ask("scan @dock 2"), Contains(R"("sent":"]C02\\x0a")"));
  REQUIRE(till.wait_scans(1));  // pulling the plug loses what was not read yet
  CHECK_THAT(sim.ask("unplug @till"), Contains(R"("ok":true)"));
  REQUIRE(till.wait_offline());
  CHECK_THAT(sim.ask("scan @dock 3"), Contains(R"("ok":true)"));
  REQUIRE(dock.wait_scans(2));
  CHECK(till.seen().codes() == Codes{"1"});
  CHECK(dock.seen().codes() == Codes{"]C02", "]C03"});
}

TEST_CASE("cairn-sim: plays printers on serial lines", "[devices][cairn-sim]") {
  const TempFolder folder;
  ChildProcess sim(CAIRN_SIM,
                   {"--printer", "labels=" + folder.file("labels") + ",language=epl,print_ms=0",
                    "--printer", "receipts=127.0.0.1:0,language=escpos"});
  CHECK_THAT(sim.read_line().value_or(""),
             Contains(R"("device":"receipts","address":"127.0.0.1:)"));
  CHECK(sim.read_line() ==
        R"({"ready":true,"device":"labels","path":")" + folder.file("labels") + "\"}");
  auto port = SerialPort::open(folder.file("labels"), 9600, SerialMode::k8N1);
  REQUIRE(port);
  CHECK(port->write_some("\nN\nA1\nP1\n").value() == 9);
  std::string printed;
  const test::MachineClock clock;
  const MonoTime until = clock.mono_now() + test::kPatience;
  while (printed.find(R"("printed":1)") == std::string::npos && clock.mono_now() < until) {
    printed = sim.ask("labels @labels");
  }
  CHECK_THAT(sim.ask("label @labels 1"), Contains(R"("zpl":"N\nA1\nP1\n")"));
  CHECK_THAT(sim.ask("fault @labels slow"), Contains(R"("code":"bad_fault")"));
  CHECK_THAT(sim.ask("unplug @labels"), Contains(R"("ok":true)"));
  CHECK_FALSE(fs::exists(fs::symlink_status(folder.file("labels"))));
  ChildProcess twice(CAIRN_SIM, {"--printer", "labels=" + folder.file("x"), "--scale",
                                 "scale-1=" + folder.file("x")});
  CHECK(twice.wait() == 2);
}

TEST_CASE("cairn-sim: puts its link away however it ends", "[devices][cairn-sim]") {
  enum class End { kQuit, kEndOfInput, kTerminate, kInterruptInBurst };
  const End end = GENERATE(End::kQuit, End::kEndOfInput, End::kTerminate, End::kInterruptInBurst);
  Bench bench;
  switch (end) {
    case End::kQuit:
      CHECK(bench.sim.ask("quit") == R"({"ok":true})");
      break;
    case End::kEndOfInput:
      bench.sim.close_input();
      break;
    case End::kTerminate:
      bench.sim.send_signal(SIGTERM);
      break;
    case End::kInterruptInBurst:
      bench.sim.write("burst 60000 1 2\nscan 3\n");
      REQUIRE(bench.sink.wait_scans(1));
      bench.sim.send_signal(SIGINT);
      break;
  }
  CHECK(bench.sim.wait() == 0);
  CHECK_FALSE(fs::exists(fs::symlink_status(bench.link)));
  CHECK(bench.sink.wait_offline());
  CHECK(bench.sink.seen().codes() == (end == End::kInterruptInBurst ? Codes{"1"} : Codes{}));
}

TEST_CASE("cairn-sim: replaces its own old link and nothing else", "[devices][cairn-sim]") {
  const TempFolder folder;
  fs::create_symlink("/dev/pts/does-not-exist", folder.file("old"));
  {
    ChildProcess sim(CAIRN_SIM, {"scanner", "--link", folder.file("old")});
    CHECK_THAT(sim.read_line().value_or(""), Contains(R"("ready":true)"));
    CHECK(fs::is_character_file(folder.file("old")));
  }
  fs::create_symlink("/dev/null", folder.file("real"));
  ChildProcess sim(CAIRN_SIM, {"scanner", "--link", folder.file("real")});
  CHECK_THAT(sim.read_line().value_or(""), Contains(R"("code":"link_taken")"));
  CHECK(sim.wait() == 1);
  CHECK(fs::read_symlink(folder.file("real")) == "/dev/null");
}

TEST_CASE("cairn-sim: octets survive being written and read", "[devices][cairn-sim]") {
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all.push_back(static_cast<char>(octet));
  CHECK(simulator::parse_octets(simulator::format_octets(all)) == all);
  CHECK(simulator::format_octets("A\\\x1d\xc3"s) == R"(A\\\x1d\xc3)");
  CHECK(simulator::parse_octets(R"(\x0D\x0a)") == "\r\n"s);
}

}  // namespace
}  // namespace cairn::devices::cairn_sim_test
