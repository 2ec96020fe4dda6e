#pragma once
// The scales: what lies on one of them, and only what it says now.

#include "core/base/env.h"
#include "edge-agent/devices/device_board.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace cairn::agent {

class ScaleDesk final : public devices::ScaleSink {
 public:
  /// All references outlive the desk.
  ScaleDesk(DeviceBoard& board, Env env, runtime::SseHub& stream);

  /// As ScannerDesk::open().
  Result<> open();
  void close();

  /// The station's scale is asked for a while, so that its weight is shown live. Any thread.
  /// Errors: kNotFound "no_scale".
  Result<> watch(const std::string& station);

  /// A stable weight of the station's scale, measured after the call. Waits up to three seconds.
  /// Any thread but the loop. Errors: kNotFound "no_scale"; kUnavailable "scale_offline";
  /// kRejected "weight_unstable", "weight_over", "weight_under".
  Result<devices::WeightReading> weigh(const std::string& station);

  // Driver threads.
  void on_weight(devices::WeightReading reading) override;
  void on_state(devices::StateChange change) override;

 private:
  Result<std::string> scale_of(const std::string& station) const;
  void keep_watching(const std::string& scale);

  DeviceBoard* board_;
  Env env_;
  runtime::SseHub* stream_;
  std::mutex mutex_;  ///< guards watched_until_
  std::condition_variable changed_;
  std::map<std::string, MonoTime> watched_until_;
  std::map<std::string, std::unique_ptr<devices::Scale>> scales_;  ///< fixed once open
};

}  // namespace cairn::agent
