#pragma once
// The protocol of the Mettler Toledo 8217 (also: Ariva, Viva and many others as "8217 mode"): "W"
// asks; the answer is STX, digits with a decimal point (and "N" for a net weight) or "?" and a
// status octet, CR. It answers with digits only while the weight is stable.

#include "device-drivers/scales/scale_protocol.h"
#include "device-drivers/scales/weight_text.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

class ToledoProtocol final : public ScaleProtocol {
 public:
  /// unit: what the scale is set to; it does not say.
  explicit ToledoProtocol(WeightUnit unit) : unit_(unit) {}

  std::string ask() override;
  std::optional<ScaleHeard> take(char octet) override;
  [[nodiscard]] std::string order(ScaleOrder order) const override;

 private:
  const WeightUnit unit_;
  std::optional<std::string> answer_;  // nothing: outside of one
};

/// What stands between STX and CR; nothing: this protocol has no such answer.
std::optional<WeightReading> read_toledo(std::string_view answer, WeightUnit unit);

}  // namespace cairn::devices
