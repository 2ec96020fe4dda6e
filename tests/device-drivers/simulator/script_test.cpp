#include "tools/cairn-sim/script.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/virtual_printer.h"
#include "tools/cairn-sim/virtual_scale.h"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace cairn::simulator::script_test {
namespace {

using Catch::Matchers::Contains;
using devices::test::MachineClock;
using devices::test::TempFolder;

/// A scanner, a scale and a printer, plugged in, with the commands that play them.
struct Bench {
  Bench() {
    const Pause pause = [](Duration) { return Result<>(); };
    devices.push_back(std::make_unique<VirtualScanner>(
        VirtualScannerConfig{"scanner-1", folder.file("scanner-1"), "\r", false, std::nullopt},
        pause));
    devices.push_back(std::make_unique<VirtualScale>(
        VirtualScaleConfig{"scale-1", folder.file("scale-1"), Duration::zero()}, clock));
    devices.push_back(std::make_unique<VirtualPrinter>(
        VirtualPrinterConfig{"printer-1", {"127.0.0.1", 0}, Duration::zero()}, clock));
    for (const auto& device : devices) REQUIRE(device->plug());
    script.emplace(devices, pause);
  }

  std::string run(std::string_view line) const {
    const auto answer = script->run(line);
    return answer ? answer->dump() : "(nothing)";
  }

  TempFolder folder;
  MachineClock clock;
  Devices devices;
  mutable std::optional<Script> script;
};

TEST_CASE("script: a device is named, or is the only one of its kind", "[simulator][script]") {
  const Bench bench;
  CHECK_THAT(bench.run("weight 1.250"),
             Contains(R"("device":"scale-1")") && Contains(R"("state":"stable","kg":"01.250")"));
  CHECK_THAT(bench.run("weight @scale-1 2"), Contains(R"("kg":"02.000")"));
  CHECK_THAT(bench.run("weight @printer-1 2"),
             Contains(R"("code":"wrong_device")") && Contains("@scale-1"));
  CHECK_THAT(bench.run("weight @nobody 2"), Contains(R"("code":"unknown_device")"));
  CHECK_THAT(bench.run("unplug"), Contains("@scanner-1 @scale-1 @printer-1"));
  CHECK_THAT(bench.run("unplug @scale-1"), Contains(R"("ok":true)"));
  CHECK_THAT(bench.run("unplug @scale-1"), Contains(R"("code":"unplugged")"));
  CHECK_THAT(bench.run("plug @scale-1"), Contains(R"("path":")"));
}

TEST_CASE("script: what a scale can be told", "[simulator][script]") {
  const Bench bench;
  CHECK_THAT(bench.run("move"), Contains(R"("state":"moving","kg":null)"));
  CHECK_THAT(bench.run("over"), Contains(R"("state":"over","kg":null)"));
  CHECK_THAT(bench.run("under"), Contains(R"("state":"under","kg":null)"));
  CHECK_THAT(bench.run("mute on"), Contains(R"("mute":true)"));
  CHECK_THAT(bench.run("mute off"), Contains(R"("mute":false)"));
  CHECK_THAT(bench.run("weight"), Contains(R"("code":"bad_weight")"));
  CHECK_THAT(bench.run("mute perhaps"), Contains(R"("code":"bad_argument")"));
}

TEST_CASE("script: what a printer can be told", "[simulator][script]") {
  const Bench bench;
  for (const std::string line : {"paper out", "lid open", "ribbon out", "pause on", "fault slow"}) {
    CHECK(bench.run(line) == R"({"ok":true,"device":"printer-1"})");
  }
  CHECK_THAT(bench.run("devices"),
             Contains(R"("paper":"out","lid":"open","ribbon":"out","paused":true,"fault":"slow")"));
  for (const std::string line :
       {"paper in", "lid closed", "ribbon in", "pause off", "fault none"}) {
    CHECK(bench.run(line) == R"({"ok":true,"device":"printer-1"})");
  }
  CHECK_THAT(
      bench.run("devices"),
      Contains(R"("paper":"in","lid":"closed","ribbon":"in","paused":false,"fault":"none")"));
  CHECK(bench.run("labels") == R"({"ok":true,"device":"printer-1","received":0,"waiting":0,)"
                               R"("printed":0,"drawer":0,"labels":[]})");
  CHECK_THAT(bench.run("label 1"), Contains(R"("code":"no_label")"));
  CHECK_THAT(bench.run("paper full"), Contains("say in or out"));
  CHECK_THAT(bench.run("fault everything"), Contains(R"("code":"bad_fault")"));
}

TEST_CASE("script: empty lines and comments have no answer", "[simulator][script]") {
  const Bench bench;
  CHECK(bench.run("") == "(nothing)");
  CHECK(bench.run("  \r") == "(nothing)");
  CHECK(bench.run("# weight 1") == "(nothing)");
  CHECK_FALSE(bench.script->is_finished());
  CHECK(bench.run("quit") == R"({"ok":true})");
  CHECK(bench.script->is_finished());
}

TEST_CASE("script: is used by several threads at once", "[simulator][script]") {
  const Bench bench;
  const std::vector<std::vector<std::string>> parts{
      {"weight 1", "move", "weight 2.5", "unplug @scale-1", "plug @scale-1"},
      {"paper out", "paper in", "fault mute", "fault none", "unplug @printer-1", "plug @printer-1"},
      {"devices", "labels", "help", "unplug @scanner-1", "plug @scanner-1", "scan 1"},
      {"devices", "unplug @scale-1", "plug @scale-1", "unplug @printer-1", "plug @printer-1"}};
  std::atomic<int> answers = 0;
  std::vector<std::thread> threads;
  constexpr int kRounds = 50;
  for (const auto& part : parts) {
    threads.emplace_back([&bench, &answers, &part] {
      for (int round = 0; round < kRounds; ++round) {
        for (const std::string& line : part) {
          if (bench.script->run(line)) ++answers;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(answers == kRounds * (5 + 6 + 6 + 5));
}

}  // namespace
}  // namespace cairn::simulator::script_test
