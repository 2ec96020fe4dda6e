#pragma once
// The decoder's plan: which looks are taken at a picture, in which order, and when it is enough.
// Runs in cairn-decode only, as it calls the engines. Pure but for the clock. One thread.

#include "core/base/time.h"
#include "device-drivers/camera/decoded.h"
#include "device-drivers/camera/luminance.h"
#include "device-drivers/camera/sighting.h"

#include <functional>
#include <vector>

namespace cairn::devices {

struct DecodingPlan {
  Effort effort = Effort::kPhoto;
  LookSet without;
  Duration budget = std::chrono::seconds(3);  ///< no look is begun after it
  /// Told before each look.
  std::function<void(int look)> begin;
};

/// The codes in `image` that are beyond doubt (evidence.h), at most 64.
std::vector<Sighting> decode(const Luminance& image, const DecodingPlan& plan, const Clock& clock);

}  // namespace cairn::devices
