#pragma once
// What is tried next when a USB device fails: first what disturbs it least. Pure, one thread.

#include "core/base/time.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace cairn::devices::usb {

class BackOff {
 public:
  enum class Step : std::uint8_t {
    kClearHalt,  ///< of the endpoint; the other endpoints notice nothing
    kReset,      ///< the device, as if it had just been plugged in
    kReopen,     ///< give it back and open it again, after pause()
  };

  /// It has failed.
  Step failed() {
    const auto step = static_cast<Step>(std::min(failures_++, static_cast<int>(Step::kReopen)));
    return step;
  }
  /// It works: something came through.
  void works() {
    failures_ = 0;
    pause_ = kFirst;
  }
  /// How long to wait before it is opened again; twice as long each time.
  Duration pause() {
    const Duration now = pause_;
    pause_ = std::min(2 * pause_, kLast);
    return now;
  }

  static constexpr Duration kFirst = std::chrono::milliseconds(100);
  static constexpr Duration kLast = std::chrono::seconds(5);

 private:
  int failures_ = 0;
  Duration pause_ = kFirst;
};

}  // namespace cairn::devices::usb
