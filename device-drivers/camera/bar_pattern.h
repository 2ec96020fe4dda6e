#pragma once
// Looks again whether an EAN, UPC or ITF code really stands where an engine says it read it.
// Engines decide bar by bar what is black, and of a blurred or dim picture they can make another
// number whose check digit is right. Here every digit of the number is compared, as grey values,
// with all the patterns that could stand in its place (code_print.h): only if the claimed one fits
// best everywhere the number is confirmed. Pure. Any thread.

#include "device-drivers/camera/luminance.h"
#include "device-drivers/camera/sighting.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::devices {

/// Grey values along the middle of a code, from before its first bar to behind its last: the mean
/// of some rows. `left` and `right` are where the engine saw the first and the last bar's outer
/// edge, as indices into it.
struct BarProfile {
  std::vector<float> grey;
  double left = 0;
  double right = 0;
  int begin = 0;  ///< where in the picture's row `grey` begins
};

/// `rows` rows around the sighting's, from a third of its width before it to as much behind it.
BarProfile profile_of(const Luminance& image, const LineSpan& span, int rows);

struct PatternFit {
  double likeness = 0;  ///< of the whole code with its ideal print, -1 to 1
  double margin = -1;   ///< by how much the worst digit fits better than what else could be there
  bool quiet = false;   ///< before the first and behind the last bar is paper
  double left = 0;      ///< where in the picture's row the first bar begins
  double right = 0;     ///< where the last ends
  double module = 0;    ///< the narrowest bar's width, in pixels
};

/// How well `text` (13 digits, 8 of an EAN-8; UPC-E expanded; an even number of ITF) stands in
/// `profile`, forwards or upside down, whichever is better. Nothing for other symbologies, or if a
/// module is less than a pixel.
std::optional<PatternFit> pattern_fit(const BarProfile& profile, Symbology symbology,
                                      std::string_view text);

}  // namespace cairn::devices
