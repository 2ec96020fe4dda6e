// Devices by somebody who has only docs/devices.md: its examples are started as they are printed
// there, and the drivers use them.

#include "device-drivers/registry.h"
#include "tests/device-drivers/support/child_process.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/device-drivers/support/weight_sink.h"
#include "tests/support/catch.h"

#include <fstream>
#include <iterator>

namespace cairn::devices::outside_test {
namespace {

using test::ChildProcess;

constexpr const char* kPython = "/usr/bin/python3";

/// Writes the example that begins with "# `name`" into a file and returns its path.
std::string example(const std::string& name, const test::TempFolder& folder) {
  std::ifstream page(CAIRN_DOCS "/devices.md");
  const std::string text(std::istreambuf_iterator<char>(page), {});
  const auto fence = text.find("```python\n# " + name);
  REQUIRE(fence != std::string::npos);
  const auto begin = text.find('\n', fence) + 1;
  std::ofstream(folder.file(name + ".py")) << text.substr(begin, text.find("```", begin) - begin);
  return folder.file(name + ".py");
}

TEST_CASE("outside: the scale of the manual is read", "[devices][outside]") {
  const test::TempFolder folder;
  const test::MachineClock clock;
  ChildProcess script(kPython, {"-I", example("scale", folder), folder.file("tty")});
  REQUIRE(script.read_line() == "plugged in");
  test::WeightSink sink;
  const auto scale = open_scale(
      {.name = "scale-1", .kind = "scale", .url = "serial:" + folder.file("tty")}, sink, clock);
  REQUIRE(scale);
  REQUIRE(sink.wait_reading(WeightReading::State::kStable, MonoTime{}));
  CHECK(sink.seen().readings.back().shown == "1.250 kg");
}

TEST_CASE("outside: the printer of the manual prints", "[devices][outside]") {
  const test::TempFolder folder;
  const test::MachineClock clock;
  ChildProcess script(kPython, {"-I", example("printer", folder)});
  const std::string port = script.read_line().value_or("");
  test::PrintSink sink;
  const auto printer = open_printer(
      {.name = "printer-1", .kind = "printer", .url = "tcp://127.0.0.1:" + port}, sink, clock);
  REQUIRE(printer);
  REQUIRE((*printer)->print(
      {"job-1", {"Lager Nord", "ORD-1", "1.250 kg", "340123450000000018", "CRN0000000001"}}));
  REQUIRE(sink.wait_results(1));
  CHECK(sink.seen().results.back().outcome == PrintResult::Outcome::kDone);
  CHECK(script.read_line().value_or("").starts_with("printed "));
}

}  // namespace
}  // namespace cairn::devices::outside_test
