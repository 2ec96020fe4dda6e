#pragma once
// Scales of Dibal for counters: the till sends a price, "98", five digits and a checksum, and gets
// "99", a status, the weight in grams, the amount and a checksum; both end with CR LF. The price is
// zero: what it costs is not the scale's matter here.

#include "device-drivers/scales/scale_protocol.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

class DibalProtocol final : public ScaleProtocol {
 public:
  /// What the status says differs from model to model, so that a weight has to be seen three times.
  [[nodiscard]] Pace pace() const override;
  std::string ask() override;
  std::optional<ScaleHeard> take(char octet) override;

 private:
  std::string line_;
  bool too_long_ = false;
};

/// A line without its end: a weight, kUnstable if its status is not "0"; nothing: no such answer,
/// or damaged.
std::optional<WeightReading> read_dibal(std::string_view line);

}  // namespace cairn::devices
