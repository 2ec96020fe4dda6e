#pragma once
// Notices that two devices use one identity: two starts of a process, told apart by their boot
// nonces, go on saying HELLO in turns. A device that is started again never speaks under its old
// nonce any more, but for a message that the bus was late with. Pure.

#include "core/base/time.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

namespace cairn::sync {

class TwinWatch {
 public:
  /// How long after the last sign they count as two.
  static constexpr Duration kRemembered = std::chrono::minutes(2);

  /// A HELLO that is not a repetition: of which start, when by the sender's clock, and now.
  void heard(std::uint64_t boot_nonce, MonoTime sent, MonoTime now);
  [[nodiscard]] bool two_devices(MonoTime now) const;

 private:
  /// A late message makes two turns: to the old start and back.
  static constexpr int kTurns = 4;
  static constexpr std::size_t kBootsMost = 16;

  std::map<std::uint64_t, MonoTime> boots_;  ///< nonce -> sent, of the last HELLO
  std::optional<std::uint64_t> last_;
  int turns_ = 0;
  MonoTime turned_;
};

}  // namespace cairn::sync
