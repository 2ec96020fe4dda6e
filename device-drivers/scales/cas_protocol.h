#pragma once
// Scales of CAS. AP-1 and PD-II are asked: ENQ, and once they said ACK, DC1; the weight comes in a
// block with a checksum. Others, set to "stream", talk all the time, 22 octets a line.

#include "device-drivers/scales/scale_protocol.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

/// AP-1, PD-II ("cas"). The scale says stable or not; that more lies on it than it can weigh, or
/// less than nothing, it tells as not ready, which is kUnstable.
class CasProtocol final : public ScaleProtocol {
 public:
  std::string ask() override;
  std::optional<ScaleHeard> take(char octet) override;

 private:
  std::optional<std::string> block_;  // nothing: outside of one
};

/// The block from SOH to EOT, 15 octets; nothing: none, or damaged.
std::optional<WeightReading> read_cas_block(std::string_view block);

/// The 22-octet line ("cas-stream").
class CasStreamProtocol final : public ScaleProtocol {
 public:
  [[nodiscard]] Pace pace() const override;
  std::string ask() override;
  std::optional<ScaleHeard> take(char octet) override;

 private:
  std::optional<std::string> line_;  // nothing: not before the next line begins
};

/// The line without CR LF, 20 octets; nothing: none.
std::optional<WeightReading> read_cas_line(std::string_view line);

}  // namespace cairn::devices
