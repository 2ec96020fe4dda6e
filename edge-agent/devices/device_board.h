#pragma once
// Every device of this agent: whose it is and how it is. The desks write to it from the drivers'
// threads, pages and workflows read it. Any thread.

#include "core/base/env.h"
#include "core/json/value.h"
#include "core/runtime/sse_hub.h"
#include "device-drivers/api/scale.h"
#include "edge-agent/agent_config.h"

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
    std::uint64_t reads = 0;
    std::uint64_t failed_reads = 0;
    std::optional<UtcTime> last_read_at;
    std::optional<devices::WeightReading>
        weight;  ///< a scale's last answer; nothing: none is fresh
  };
  [[nodiscard]] std::vector<Status> statuses() const;
  [[nodiscard]] Status status(const std::string& device) const;

  /// The device of a kind that serves a station: its own, else the only one that belongs to none.
  [[nodiscard]] std::optional<std::string> device_of(std::string_view kind,
                                                     const std::string& station) const;

  void change(const std::string& device, const std::function<void(Status&)>& change);
  /// Notes it, and tells the log, the metrics and every listener.
  void on_state(const devices::StateChange& change);

 private:
  Env env_;
  runtime::SseHub* stream_;
  mutable std::mutex mutex_;  ///< guards statuses_
  std::map<std::string, Status> statuses_;
};

/// Schema Device of docs/api/agent.openapi.yaml.
json::Value device_json(const DeviceBoard::Status& status);
/// Schema Weight of docs/api/agent.openapi.yaml; nothing: no fresh reading.
json::Value weight_json(const std::optional<devices::WeightReading>& weight);

}  // namespace cairn::agent
