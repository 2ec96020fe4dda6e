#pragma once
// A cairn-sim of its own process that plays USB devices, and this process's view of them. The test
// program itself is started under umockdev (tests/device-drivers/CMakeLists.txt).

#include "core/base/assert.h"
#include "tests/device-drivers/support/child_process.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::devices::test {

/// How many rounds: CAIRN_SOAK, e.g. 10, times as many as usual.
inline int soak(int rounds) {
  const char* const times = std::getenv("CAIRN_SOAK");
  return rounds * (times != nullptr ? std::max(std::atoi(times), 1) : 1);
}

class UsbSim {
 public:
  /// The devices of the options ("--scanner", "scanner-1=usb:…", …); libusb sees them from now on,
  /// if it is not in use already.
  explicit UsbSim(const std::vector<std::string>& options) : sim_(CAIRN_SIM, options) {
    for (std::size_t i = 0; i < options.size() / 2; ++i) {
      const std::string ready = sim_.read_line().value_or("");
      CAPTURE(ready);
      constexpr std::string_view kBed = R"("bed":")";
      const auto at = ready.find(kBed);
      REQUIRE(at != std::string::npos);
      const auto begin = at + kBed.size();
      const std::string bed = ready.substr(begin, ready.find('"', begin) - begin);
      CAIRN_ASSERT(::setenv("UMOCKDEV_DIR", bed.c_str(), 1) == 0, "an environment");
    }
  }

  /// Has to work.
  void command(const std::string& line) {
    const std::string answer = sim_.ask(line);
    CAPTURE(line, answer);
    REQUIRE(answer.find(R"("ok":true)") != std::string::npos);
  }
  std::string ask(const std::string& line) { return sim_.ask(line); }

 private:
  ChildProcess sim_;
};

}  // namespace cairn::devices::test
