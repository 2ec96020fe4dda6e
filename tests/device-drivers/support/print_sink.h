#pragma once
// The recorder of a printer's results.

#include "device-drivers/api/printer.h"
#include "tests/device-drivers/support/recorder.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::test {

struct SeenResults : SeenStates {
  std::vector<PrintResult> results;
};

class PrintSink final : public PrinterSink, public Recorder<SeenResults> {
 public:
  void on_printed(PrintResult result) override {
    record([&result](Seen& seen) {
      seen.order.emplace_back(name_of(result.outcome));
      seen.results.push_back(std::move(result));
    });
  }
  void on_state(StateChange change) override { record_state(std::move(change)); }

  bool wait_results(std::size_t count) {
    return wait([count](const Seen& seen) { return seen.results.size() >= count; });
  }
};

}  // namespace cairn::devices::test
