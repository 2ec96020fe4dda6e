#pragma once
// The recorder of a scale's readings.

#include "device-drivers/api/scale.h"
#include "tests/device-drivers/support/recorder.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::test {

struct SeenWeights : SeenStates {
  std::vector<WeightReading> readings;
};

class WeightSink final : public ScaleSink, public Recorder<SeenWeights> {
 public:
  void on_weight(WeightReading reading) override {
    record([&reading](Seen& seen) {
      seen.order.emplace_back(name_of(reading.state));
      seen.readings.push_back(std::move(reading));
    });
  }
  void on_state(StateChange change) override { record_state(std::move(change)); }

  /// A reading in that state that was asked for at that time or later.
  bool wait_reading(WeightReading::State state, MonoTime since) {
    return wait([state, since](const Seen& seen) {
      return !seen.readings.empty() && seen.readings.back().state == state &&
             seen.readings.back().at >= since;
    });
  }
};

}  // namespace cairn::devices::test
