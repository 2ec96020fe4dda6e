#pragma once
// Port of every scale driver, whatever the wire. A driver runs on its own thread and calls the sink
// from there; the sink copies, posts to the core loop and returns at once.

#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/api/device.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::devices {

/// What a scale says when it is asked. A weight is one only while it is stable: everything else is
/// a state of its own and never shown as a weight of nothing.
struct WeightReading {
  enum class State : std::uint8_t {
    kStable,
    kUnstable,  ///< something moves
    kOver,      ///< more than the scale can weigh
    kUnder,     ///< less than nothing: take everything off and zero it
  };
  std::string device;
  State state = State::kUnstable;
  std::int64_t weight_mg = 0;  ///< kStable only
  std::string shown;           ///< kStable only: digits and unit as on the scale, "1.250 kg"
  MonoTime at;                 ///< when the scale was asked for it
};

/// "stable", "unstable", "over", "under".
std::string_view name_of(WeightReading::State state);

/// Called on the driver's thread, in order, never concurrently for one device.
class ScaleSink {
 public:
  virtual ~ScaleSink() = default;
  virtual void on_weight(WeightReading reading) = 0;
  virtual void on_state(StateChange change) = 0;
};

/// What a scale can be told to do, as with its keys.
enum class ScaleOrder : std::uint8_t {
  kZero,       ///< what lies on it is nothing
  kTare,       ///< what lies on it is the packaging
  kClearTare,  ///< there is no packaging any more
};

/// Destruction stops the thread and closes the device; no call to the sink comes after it.
class Scale {
 public:
  virtual ~Scale() = default;
  /// Asks the scale again and again, and reports every answer, until it is told to stop. Between
  /// that it is left alone: some beep each time they are asked. Any thread.
  virtual void watch(bool on) = 0;
  /// Hands the scale an order. It may refuse, e.g. while something moves: the next readings show
  /// what came of it. An order is lost with a scale that goes away. Any thread. Errors: kRejected
  /// "no_such_order" (the scale's protocol has not got it).
  virtual Result<> order(ScaleOrder order) = 0;
};

}  // namespace cairn::devices
