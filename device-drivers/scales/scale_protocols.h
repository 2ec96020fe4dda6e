#pragma once
// The protocols of scales by the names that the configuration has for them. A protocol is chosen by
// whoever sets the scale up, never found out: a question in the wrong protocol can zero a scale.

#include "device-drivers/scales/scale_protocol.h"
#include "device-drivers/scales/weight_text.h"

#include <memory>
#include <span>
#include <string_view>

namespace cairn::devices {

struct ScaleProtocolEntry {
  std::string_view name;
  std::string_view usual_mode;                                    ///< of the serial line
  std::unique_ptr<ScaleProtocol> (*make)(WeightUnit configured);  ///< only Toledo needs the unit
};

/// "toledo", "nci", "sics", "cas", "cas-stream", "dibal", "dialog06".
std::span<const ScaleProtocolEntry> scale_protocols();

}  // namespace cairn::devices
