#pragma once
// NCI general serial protocol, Weigh-Tronix SCP-01 (8408-14788-01; also Brecknell and Ohaus scales
// for counters): "W" CR asks; the answer is LF, weight and unit CR, LF, status octets CR, ETX. In
// motion some leave the weight out. An unknown command is answered with "?".

#include "device-drivers/scales/scale_protocol.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

class NciProtocol final : public ScaleProtocol {
 public:
  std::string ask() override;
  std::optional<ScaleHeard> take(char octet) override;
  /// Zero only: SCP-01 has no tare.
  [[nodiscard]] std::string order(ScaleOrder order) const override;

 private:
  std::optional<std::string> answer_;  // nothing: outside of one
};

/// What stands between the first LF and ETX; nothing: this protocol has no such answer.
std::optional<ScaleHeard> read_nci(std::string_view answer);

}  // namespace cairn::devices
