#pragma once
// The scanners of this device: which station each belongs to, how they are, and the way of a read
// from the driver's thread to the pick and back to the screens.

#include "core/base/env.h"
#include "core/json/value.h"
#include "core/runtime/sse_hub.h"
#include "edge-agent/agent_config.h"
#include "edge-agent/agent_core.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cairn::agent {

class ScannerDesk final : public devices::ScannerSink {
 public:
  /// All references outlive the desk.
  ScannerDesk(std::vector<DeviceSettings> settings, Env env, AgentCore& core,
              runtime::SseHub& stream);

  /// Opens every scanner; one that is not there yet is waited for. Errors: kInvalid (a setting no
  /// driver understands), all of them in one message.
  Result<> open();
  /// Stops every driver thread; no read comes after it.
  void close() { scanners_.clear(); }

  struct Status {
    DeviceSettings settings;
    devices::DeviceState state = devices::DeviceState::kOffline;
    std::string detail;
    std::uint64_t reads = 0;
    std::uint64_t failed_reads = 0;
    std::optional<UtcTime> last_read_at;
  };
  /// Any thread.
  [[nodiscard]] std::vector<Status> statuses() const;

  // Driver threads.
  void on_scan(devices::Scan scan) override;
  void on_failed_read(devices::FailedRead read) override;
  void on_state(devices::StateChange change) override;

 private:
  void handle(const devices::Scan& scan);
  void tell(const Result<PickVerdict>& verdict, const std::string& device,
            const std::string& station, const std::string& code, MonoTime since);
  /// Runs `task` on the loop; a read that the loop cannot take is refused aloud.
  void post(const std::string& device, MonoTime at, Executor::Task task);
  DeviceSettings settings_of(const std::string& device) const;

  Env env_;
  AgentCore* core_;
  runtime::SseHub* stream_;
  mutable std::mutex mutex_;  ///< guards statuses_
  std::map<std::string, Status> statuses_;
  std::vector<std::unique_ptr<devices::Scanner>> scanners_;
};

/// Schema Device of docs/api/agent.openapi.yaml.
json::Value device_json(const ScannerDesk::Status& status);

}  // namespace cairn::agent
