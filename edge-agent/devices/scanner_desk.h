#pragma once
// The way of a read from the scanner driver's thread to what it does and back to the screens.

#include "core/base/env.h"
#include "core/runtime/sse_hub.h"
#include "edge-agent/agent_core.h"
#include "edge-agent/devices/device_board.h"
#include "edge-agent/devices/open_devices.h"
#include "edge-agent/sale_search.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace cairn::agent {

class ScannerDesk final : public devices::ScannerSink {
 public:
  using Driver = std::function<Result<std::unique_ptr<devices::Scanner>>(
      const devices::DeviceConfig&, devices::ScannerSink&, const Clock&)>;

  /// All references outlive the desk.
  ScannerDesk(DeviceBoard& board, Env env, AgentCore& core, SaleSearch& sales,
              runtime::SseHub& stream, Driver driver = devices::open_scanner);

  /// Opens every scanner; one that is not there yet is waited for. Errors: kInvalid (a setting no
  /// driver understands), all of them in one message.
  Result<> open();
  /// Opens one that was released. Errors: those of open(); kUnavailable "stopping".
  Result<> claim(const devices::DeviceConfig& scanner) { return scanners_.claim(scanner); }
  /// Closes one; no read of it comes after it.
  void release(const std::string& scanner);
  /// Stops every driver thread; no read comes after it, and nobody waits for one any more.
  void close();

  /// From now on the scanner's next read is kept for who calls next_read(), instead of being used.
  void keep_next_read(const std::string& scanner);
  /// Waits for the read that is kept, and gives it. Any thread but the loop; once for each
  /// keep_next_read(). Errors: kRejected "read_too_long", "read_incomplete"; kUnavailable "no_read"
  /// (none came, or the scanner was closed meanwhile).
  Result<Barcode> next_read(const std::string& scanner, Duration within);

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

  /// Hands what the scanner read to who waits for it; false: nobody does.
  bool is_awaited(const std::string& scanner, Result<Barcode> read);
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
  std::mutex mutex_;  ///< guards awaited_
  std::condition_variable changed_;
  std::map<std::string, std::optional<Result<Barcode>>> awaited_;  ///< by scanner
  OpenDevices<devices::Scanner> scanners_;  ///< last: the drivers use all above
};

}  // namespace cairn::agent
