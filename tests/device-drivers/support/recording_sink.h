#pragma once
// The recorder of a scanner's reads.

#include "device-drivers/api/scanner.h"
#include "tests/device-drivers/support/recorder.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::test {

struct SeenReads : SeenStates {
  std::vector<Scan> scans;
  std::vector<FailedRead> failed;

  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const Scan& scan : scans) codes.push_back(scan.sent);
    return codes;
  }
};

class RecordingSink final : public ScannerSink, public Recorder<SeenReads> {
 public:
  void on_scan(Scan scan) override {
    record([&scan](Seen& seen) {
      seen.scans.push_back(std::move(scan));
      seen.order.emplace_back("scan");
    });
  }
  void on_failed_read(FailedRead read) override {
    record([&read](Seen& seen) {
      seen.failed.push_back(std::move(read));
      seen.order.emplace_back("failed");
    });
  }
  void on_state(StateChange change) override { record_state(std::move(change)); }

  bool wait_scans(std::size_t count, std::chrono::milliseconds limit = kPatience) {
    return wait([count](const Seen& seen) { return seen.scans.size() >= count; }, limit);
  }
};

}  // namespace cairn::devices::test
