#pragma once
// A scale that exists only as its serial line. Its own thread listens to the line. Any thread.

#include "core/base/time.h"
#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/scale_mechanism.h"
#include "tools/cairn-sim/scale_speech.h"
#include "tools/cairn-sim/serial_played.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace cairn::simulator {

struct VirtualScaleConfig {
  std::string name;
  std::string link;
  Duration settle = std::chrono::milliseconds(300);
  bool parity = false;  ///< hands over the parity bit, as adapters do that know only 8 bits
  std::string protocol = "toledo";  ///< one that make_scale_speech() knows
};

class VirtualScale final : public SerialPlayed, public PlayedScale {
 public:
  /// The clock must outlive the scale.
  VirtualScale(VirtualScaleConfig config, const Clock& clock);
  ~VirtualScale() override;

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
  void serve(Pty& line) override;
  void hear(Pty& line, BytesView octets);
  void talk(Pty& line);
  void say(Pty& line, BytesView octets) const;

  const VirtualScaleConfig config_;
  const Clock& clock_;
  mutable std::mutex weighing_;  // guards what follows
  ScaleMechanism mechanism_;
  std::unique_ptr<ScaleSpeech> speech_;
  bool mute_ = false;
  bool garbled_ = false;
  std::uint64_t asked_ = 0;
};

}  // namespace cairn::simulator
