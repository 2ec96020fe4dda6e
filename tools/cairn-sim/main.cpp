// cairn-sim: plays hardware. Puts the parts together; see script.h for what it can do.

#include "tools/cairn-sim/command_input.h"
#include "tools/cairn-sim/options.h"
#include "tools/cairn-sim/script.h"
#include "tools/cairn-sim/stop_signal.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::simulator {
namespace {

/// False when nobody reads our output any more.
bool print(const json::Value& value) {
  const std::string line = value.dump() + "\n";
  return std::fputs(line.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
}

json::Value ready(const VirtualScanner& scanner) {
  auto value = json::Value::object();
  value.set("ready", true);
  value.set("device", scanner.config().name);
  value.set("path", scanner.config().link);
  return value;
}

int play(Options options) {
  constexpr int kCannotStart = 1;
  const StopSignal stop;
  const Pause pause = [&stop](Duration duration) { return stop.pause(duration); };
  std::vector<VirtualScanner> scanners;
  for (auto& config : options.scanners) {
    auto& scanner = scanners.emplace_back(std::move(config), pause);
    if (const auto plugged = scanner.plug(); !plugged) {
      print(error_answer(plugged.error()));
      return kCannotStart;
    }
  }
  for (const VirtualScanner& scanner : scanners) {
    if (!print(ready(scanner))) return kCannotStart;
  }

  Script script(std::move(scanners), pause);
  CommandInput input(STDIN_FILENO, stop);
  while (!script.is_finished()) {
    const auto line = input.next();
    if (!line) break;
    const auto answer = *line ? script.run(**line) : error_answer(line->error());
    if (answer && !print(*answer)) break;
  }
  return 0;
}

}  // namespace
}  // namespace cairn::simulator

int main(int argc, char** argv) {
  auto options = cairn::simulator::parse_options(argc, argv);
  if (const auto* end = std::get_if<cairn::simulator::ExitCode>(&options)) {
    return static_cast<int>(*end);
  }
  return cairn::simulator::play(std::get<cairn::simulator::Options>(std::move(options)));
}
