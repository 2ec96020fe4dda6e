#pragma once
// Whether a scan line left a slanted code before the code's end: through its long side. What lies
// outside of the line is paper then, and what it saw may look like another code: a shorter ITF, a
// UPC-E in an EAN-13. The rows next to the line still lie in the code there. Pure. Any thread.

#include "device-drivers/camera/luminance.h"
#include "device-drivers/camera/sighting.h"

namespace cairn::devices {

/// Whether bars go on beyond one of the ends of `span`, in a row near it. `module`: the width of
/// its narrowest bar in pixels.
bool is_cut_off(const Luminance& image, const LineSpan& span, double module);

}  // namespace cairn::devices
