#pragma once
// A scale that exists only as its serial line. Its own thread listens to the line. Any thread.

#include "core/base/time.h"
#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/pty.h"
#include "tools/cairn-sim/scale_mechanism.h"
#include "tools/cairn-sim/scale_speech.h"
#include "tools/cairn-sim/virtual_device.h"
#include "tools/cairn-sim/wake_event.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace cairn::simulator {

struct VirtualScaleConfig {
  std::string name;
  std::string link;
  Duration settle = std::chrono::milliseconds(300);
  bool parity = false;  ///< hands over the parity bit, as adapters do that know only 8 bits
  std::string protocol = "toledo";  ///< one that make_scale_speech() knows
};

class VirtualScale final : public VirtualDevice, public PlayedScale {
 public:
  /// The clock must outlive the scale.
  VirtualScale(VirtualScaleConfig config, const Clock& clock);
  ~VirtualScale() override;

  Result<> plug() override;
  Result<> unplug() override;
  void tell_place(json::Value& into) const override;
  void tell_state(json::Value& into) const override;

  void put(std::int64_t grams) override;
  void move() override;
  void overload() override;
  void lift() override;
  void mute(bool on) override;
  Result<> garble(bool on) override;

  /// Questions for the weight that arrived, answered or not, since it was made.
  [[nodiscard]] std::uint64_t asked() const;

 private:
  void serve();
  void hear(BytesView octets);
  void talk();
  void say(BytesView octets);
  void pull();

  const VirtualScaleConfig config_;
  const Clock& clock_;
  mutable std::mutex plugging_;  // guards pty_ and thread_ but for the thread itself
  std::unique_ptr<Pty> pty_;     // none: unplugged
  const WakeEvent stop_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex weighing_;  // guards what follows
  ScaleMechanism mechanism_;
  std::unique_ptr<ScaleSpeech> speech_;
  bool mute_ = false;
  bool garbled_ = false;
  std::uint64_t asked_ = 0;
  std::thread thread_;
};

}  // namespace cairn::simulator
