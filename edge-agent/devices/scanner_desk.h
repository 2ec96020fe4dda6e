#pragma once
// The way of a read from the scanner driver's thread to what it does and back to the screens.

#include "core/base/env.h"
#include "core/runtime/sse_hub.h"
#include "edge-agent/agent_core.h"
#include "edge-agent/devices/device_board.h"
#include "edge-agent/sale_search.h"

#include <memory>
#include <string>
#include <vector>

namespace cairn::agent {

class ScannerDesk final : public devices::ScannerSink {
 public:
  /// All references outlive the desk.
  ScannerDesk(DeviceBoard& board, Env env, AgentCore& core, SaleSearch& sales,
              runtime::SseHub& stream);

  /// Opens every scanner; one that is not there yet is waited for. Errors: kInvalid (a setting no
  /// driver understands), all of them in one message.
  Result<> open();
  /// Stops every driver thread; no read comes after it.
  void close() { scanners_.clear(); }

  // Driver threads.
  void on_scan(devices::Scan scan) override;
  void on_failed_read(devices::FailedRead read) override;
  void on_state(devices::StateChange change) override { board_->on_state(change); }

 private:
  struct Read {
    std::string device;
    std::string station;
    Barcode barcode;
    MonoTime at;
    UtcTime read_at;
  };

  void handle(const Read& read);
  /// What a return counter scanned, and this device does not know: the hub may.
  void ask_hub(const Read& read);
  void tell(const Result<ScanVerdict>& verdict, const Read& read);
  /// Runs `task` on the loop; a read that the loop cannot take is refused aloud.
  void post(const Read& read, Executor::Task task);

  DeviceBoard* board_;
  Env env_;
  AgentCore* core_;
  SaleSearch* sales_;
  runtime::SseHub* stream_;
  std::vector<std::unique_ptr<devices::Scanner>> scanners_;
};

}  // namespace cairn::agent
