#pragma once
// Mettler Toledo Standard Interface Command Set (MT-SICS, level 0 and 1): lines of words, ended by
// CR LF. "SI" asks for what the balance shows now. Not "S": that waits for a stable weight and
// blocks the balance until its own time is over.

#include "device-drivers/scales/scale_protocol.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

class SicsProtocol final : public ScaleProtocol {
 public:
  std::string ask() override;
  std::optional<ScaleHeard> take(char octet) override;
  [[nodiscard]] std::string order(ScaleOrder order) const override;

 private:
  std::string line_;
  bool too_long_ = false;
};

/// A line without its end; nothing: no answer to "SI".
std::optional<ScaleHeard> read_sics(std::string_view line);

}  // namespace cairn::devices
