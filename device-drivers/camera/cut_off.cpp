#include "device-drivers/camera/cut_off.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace cairn::devices {
namespace {

/// Between pixels; pixels have their values in their middles. Outside is what the edge is.
double grey_at(const Luminance& image, double x, int row) {
  const double inside = std::clamp(x - 0.5, 0.0, image.width - 1.0);
  const int at = static_cast<int>(inside);
  const double part = inside - at;
  const std::uint8_t* const greys = image.row(std::clamp(row, 0, image.height - 1));
  return greys[at] * (1 - part) + greys[std::min(at + 1, image.width - 1)] * part;
}

/// By how many pixels the bars lie further right a row further down, from -1 to 1.
double lean_of(const Luminance& image, const LineSpan& span, int row, int reach) {
  const double quarter = (span.right - span.left) / 4;
  double best = 0;
  double least = -1;
  constexpr int kSteps = 20;
  for (int step = -kSteps; step <= kSteps; ++step) {
    const double lean = static_cast<double>(step) / kSteps;
    double apart = 0;
    for (const int down : {-reach, reach}) {
      for (double x = span.left + quarter; x < span.right - quarter; ++x) {
        apart += std::abs(grey_at(image, x, row) - grey_at(image, x + lean * down, row + down));
      }
    }
    if (least < 0 || apart < least) {
      least = apart;
      best = lean;
    }
  }
  return best;
}

/// Half way from the darkest to the lightest of the line, from `begin` to `end`.
double half_of(const Luminance& image, double begin, double end, int row) {
  double darkest = 255;
  double lightest = 0;
  for (double x = begin; x < end; ++x) {
    darkest = std::min(darkest, grey_at(image, x, row));
    lightest = std::max(lightest, grey_at(image, x, row));
  }
  return (darkest + lightest) / 2;
}

}  // namespace

bool is_cut_off(const Luminance& image, const LineSpan& span, double module) {
  const int row = static_cast<int>(span.row);
  const double quarter = (span.right - span.left) / 4;
  if (quarter < 1) return false;
  const int reach = std::max(4, static_cast<int>(std::lround(5 * module)));
  const double lean = lean_of(image, span, row, std::max(2, reach / 2));
  // Light differs along a code: each end is compared with what is near it.
  const double left_half = half_of(image, span.left, span.left + quarter, row);
  const double right_half = half_of(image, span.right - quarter, span.right, row);
  // A blurred edge takes one or two modules of the quiet space; the digits of a UPC-E are printed
  // five away from its bars.
  const double nearest = 2 * module;
  const double farthest = 5 * module;
  for (int down = -reach; down <= reach; ++down) {
    const double shift = lean * down;
    for (double away = nearest; away < farthest; ++away) {
      if (grey_at(image, span.left + shift - away, row + down) < left_half ||
          grey_at(image, span.right + shift + away, row + down) < right_half) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace cairn::devices
