#pragma once
// A scale in HID POS mode that exists only as its USB wire: it sends what it weighs ten times a
// second. Any thread.

#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/scale_mechanism.h"
#include "tools/cairn-sim/usb/usb_played.h"
#include "tools/cairn-sim/wake_event.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

namespace cairn::simulator {

struct VirtualUsbScaleConfig {
  UsbPlace place;
  Duration settle = std::chrono::milliseconds(300);
};

class VirtualUsbScale final : private UsbFunction, public UsbPlayed, public PlayedScale {
 public:
  /// The clock must outlive the scale.
  VirtualUsbScale(const VirtualUsbScaleConfig& config, const Clock& clock);
  ~VirtualUsbScale() override;

  void tell_state(json::Value& into) const override;

  void put(std::int64_t grams) override;
  void move() override;
  void overload() override;
  void lift() override;
  void mute(bool on) override;
  Result<> garble(bool on) override;

 private:
  std::optional<Bytes> control(const UsbSetup& setup, BytesView out) override;
  std::vector<Bytes> take(BytesView) override { return {}; }
  void serve();
  void change(const std::function<void()>& how);
  /// Empty: it is mute.
  [[nodiscard]] Bytes report() const;

  const Clock& clock_;
  mutable std::mutex weighing_;  // guards what follows
  ScaleMechanism mechanism_;
  bool mute_ = false;
  const WakeEvent stop_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace cairn::simulator
