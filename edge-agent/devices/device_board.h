#pragma once
// Every device of this agent: whose it is, how it is and what it has done. The desks write to it
// from the drivers' threads, pages and workflows read it. Any thread.
//
// Metrics, each with {device}: device_up, device_opened_total, device_offline_total,
// device_reads_total, device_failed_reads_total, device_labels_total{outcome}.

#include "core/base/env.h"
#include "core/json/value.h"
#include "core/runtime/sse_hub.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/api/scale.h"
#include "edge-agent/agent_config.h"
#include "edge-agent/devices/device_statistics.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::agent {

class DeviceBoard {
 public:
  /// All references outlive the board.
  DeviceBoard(const std::vector<DeviceSettings>& settings, Env env, runtime::SseHub& stream);

  struct Status {
    DeviceSettings settings;
    devices::DeviceState state = devices::DeviceState::kOffline;
    std::string detail;  ///< why it is offline, or what else there is to say
    bool in_test = false;
    bool released = false;  ///< given back to the system: offline, and nobody tries to open it
    std::uint64_t reads = 0;
    std::uint64_t failed_reads = 0;
    std::optional<UtcTime> last_read_at;
    std::optional<devices::WeightReading>
        weight;  ///< a scale's last answer; nothing: none is fresh
    DeviceStatistics statistics;
  };
  [[nodiscard]] std::vector<Status> statuses() const;
  [[nodiscard]] Status status(const std::string& device) const;
  /// Nothing: there is no device of that name.
  [[nodiscard]] std::optional<Status> find(const std::string& device) const;

  /// The device of a kind that serves a station: its own, else the only one that belongs to none.
  [[nodiscard]] std::optional<std::string> device_of(std::string_view kind,
                                                     const std::string& station) const;

  void change(const std::string& device, const std::function<void(Status&)>& change);
  /// Notes it, and tells the log, the metrics and every listener.
  void on_state(const devices::StateChange& change);
  /// The same for a device that is given back to the system, or that is the agent's again.
  void on_released(const std::string& device);
  void on_claimed(const std::string& device);

  /// What the device did. The settings are those of the device.
  DeviceSettings on_read(const std::string& scanner);
  DeviceSettings on_failed_read(const std::string& scanner, const std::string& why);
  void on_label_begun(const std::string& printer);
  void on_label_refused(const std::string& printer);  ///< it has not begun after all
  void on_label_ended(const devices::PrintResult& result);

  /// False: it is in a test already.
  bool begin_test(const std::string& device);
  void end_test(const std::string& device);

  /// Tells every listener how the device is now.
  void publish(const std::string& device) const;

 private:
  void note_state(const std::string& device, devices::DeviceState state, const std::string& detail,
                  bool released);
  void count(std::string_view metric, const std::string& device,
             std::string_view more_labels = {}) const;

  Env env_;
  runtime::SseHub* stream_;
  mutable std::mutex publishes_;  ///< one change is told at a time
  mutable std::mutex mutex_;      ///< guards statuses_
  std::map<std::string, Status> statuses_;
};

/// "online", "offline", "released".
std::string_view state_name(const DeviceBoard::Status& status);
/// UnifiedPOS's State of a device: "closed" (released), "idle", "busy" (it has labels to print,
/// or is tested), "error" (it is not there or cannot work).
std::string_view control_state_name(const DeviceBoard::Status& status);
/// kUnavailable "device_released": what somebody is told who wants to work with it.
Error released_error(const std::string& device);

/// Schema Device of docs/api/agent.openapi.yaml.
json::Value device_json(const DeviceBoard::Status& status);
/// Schema Weight of docs/api/agent.openapi.yaml; nothing: no fresh reading.
json::Value weight_json(const std::optional<devices::WeightReading>& weight);

}  // namespace cairn::agent
