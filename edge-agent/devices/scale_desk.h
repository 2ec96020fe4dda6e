#pragma once
// The scales: what lies on one of them, and only what it says now.

#include "core/base/env.h"
#include "edge-agent/devices/device_board.h"
#include "edge-agent/devices/open_devices.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace cairn::agent {

class ScaleDesk final : public devices::ScaleSink {
 public:
  using Driver = std::function<Result<std::unique_ptr<devices::Scale>>(
      const devices::DeviceConfig&, devices::ScaleSink&, const Clock&)>;

  /// All references outlive the desk.
  ScaleDesk(DeviceBoard& board, Env env, Driver driver = devices::open_scale);

  /// As those of ScannerDesk.
  Result<> open();
  Result<> claim(const devices::DeviceConfig& scale);
  void release(const std::string& scale) { scales_.release(scale); }
  /// Ends every weighing, too.
  void close();

  /// The station's scale is asked for a while, so that its weight is shown live. Any thread.
  /// Errors: kNotFound "no_scale".
  Result<> watch(const std::string& station);

  /// A stable weight of the station's scale, measured after the call. Waits up to three seconds.
  /// Any thread but the loop. Errors: kNotFound "no_scale"; kUnavailable "scale_offline",
  /// "device_released"; kRejected "weight_unstable", "weight_over", "weight_under".
  Result<devices::WeightReading> weigh(const std::string& station);
  /// The same with a scale of that name.
  Result<devices::WeightReading> weigh_on(const std::string& scale);

  // Driver threads.
  void on_weight(devices::WeightReading reading) override;
  void on_state(devices::StateChange change) override;

 private:
  Result<std::string> scale_of(const std::string& station) const;
  void keep_watching(const std::string& scale);
  /// Whether nobody looks any more: what it said last gets old, so it is not to be shown.
  bool end_watch(const std::string& scale);

  DeviceBoard* board_;
  Env env_;
  /// Guards the two below; whoever tells a scale to be watched, or no more, holds it meanwhile, so
  /// that the end of one watch does not end the next. Before the mutexes of scales_ and the board.
  std::mutex mutex_;
  std::map<std::string, MonoTime> watched_until_;
  bool closing_ = false;
  std::condition_variable changed_;
  OpenDevices<devices::Scale> scales_;  ///< last: the drivers use all above
};

}  // namespace cairn::agent
