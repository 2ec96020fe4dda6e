#include "core/base/log.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::log_test {
namespace {

class RecordingLog final : public Log {
 public:
  void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) override {
    std::string line = std::string(name_of(level)) + " " + std::string(event);
    for (const auto& [name, value] : fields) line += " " + std::string(name) + "=" + value;
    lines.push_back(line);
  }

  std::vector<std::string> lines;
};

TEST_CASE("log: each short form writes at its level", "[base][log]") {
  RecordingLog log;
  log.debug("scan_read");
  log.info("node_started", {{"node", "n1"}, {"inc", "7"}});
  log.warn("print_failed", {{"device", "p1"}});
  log.error("disk_full");
  CHECK(log.lines == std::vector<std::string>{"debug scan_read", "info node_started node=n1 inc=7",
                                              "warn print_failed device=p1", "error disk_full"});
}

}  // namespace
}  // namespace cairn::log_test
