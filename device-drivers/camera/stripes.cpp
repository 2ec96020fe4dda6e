#include "device-drivers/camera/stripes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace cairn::devices {
namespace {

constexpr int kBlock = 16;

/// The slopes within a square of kBlock pixels.
struct Block {
  double degrees = 0;   ///< of the slope, (-90, 90]
  double strength = 0;  ///< 0 unless nearly all slopes are parallel
};

Block block_at(const Luminance& image, int left, int top) {
  constexpr double kParallel = 0.6;
  constexpr double kLeastSlope = 12;  // root of the mean square, grey values of two pixels
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (int y = top; y < top + kBlock; y += 2) {
    const std::uint8_t* const above = image.row(y - 1);
    const std::uint8_t* const here = image.row(y);
    const std::uint8_t* const below = image.row(y + 1);
    int row_xx = 0;
    int row_yy = 0;
    int row_xy = 0;
    for (int x = left; x < left + kBlock; ++x) {
      const int slope_x = here[x + 1] - here[x - 1];
      const int slope_y = below[x] - above[x];
      row_xx += slope_x * slope_x;
      row_yy += slope_y * slope_y;
      row_xy += slope_x * slope_y;
    }
    xx += row_xx;
    yy += row_yy;
    xy += row_xy;
  }
  constexpr double kCount = kBlock * kBlock / 2.0;
  const double sum = xx + yy;
  if (sum < kLeastSlope * kLeastSlope * kCount) return {};
  const double along = std::sqrt((xx - yy) * (xx - yy) + 4 * xy * xy) / sum;
  if (along < kParallel) return {};
  return {0.5 * std::atan2(2 * xy, xx - yy) * 180 / std::numbers::pi, std::sqrt(sum / kCount)};
}

double apart(double a, double b) {
  const double d = std::abs(a - b);
  return std::min(d, 180 - d);
}

}  // namespace

std::vector<Stripes> find_stripes(const Luminance& image, int most) {
  constexpr int kBin = 6;
  constexpr int kBins = 180 / kBin;
  struct Seen {
    Block block;
    int left;
    int top;
  };
  std::vector<Seen> blocks;
  std::array<double, kBins> histogram{};
  for (int top = 1; top + kBlock < image.height; top += kBlock) {
    for (int left = 1; left + kBlock < image.width; left += kBlock) {
      const Block block = block_at(image, left, top);
      if (block.strength <= 0) continue;
      blocks.push_back({block, left, top});
      const int bin = static_cast<int>((block.degrees + 90) / kBin) % kBins;
      histogram[static_cast<std::size_t>(bin)] += block.strength;
    }
  }
  std::vector<Stripes> found;
  while (static_cast<int>(found.size()) < most) {
    // Two neighbouring bins: a direction may lie on the edge of one.
    std::size_t best = 0;
    double weight = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
      const double sum = histogram[i] + histogram[(i + 1) % kBins];
      if (sum > weight) {
        weight = sum;
        best = i;
      }
    }
    constexpr double kLeastWeight = 8 * 12;  // some eight blocks
    if (weight < kLeastWeight) break;
    const double middle = -90 + static_cast<double>(best + 1) * kBin;
    double sum_x = 0;
    double sum_y = 0;
    Stripes stripes{0, weight, image.width, image.height, 0, 0};
    for (const Seen& seen : blocks) {
      if (apart(seen.block.degrees, middle) > kBin) continue;
      const double twice = 2 * seen.block.degrees * std::numbers::pi / 180;
      sum_x += seen.block.strength * std::cos(twice);
      sum_y += seen.block.strength * std::sin(twice);
      stripes.left = std::min(stripes.left, seen.left);
      stripes.top = std::min(stripes.top, seen.top);
      stripes.right = std::max(stripes.right, seen.left + kBlock);
      stripes.bottom = std::max(stripes.bottom, seen.top + kBlock);
    }
    // The picture is turned clockwise, y goes down: a slope at +a is made level by -a.
    stripes.degrees = -0.5 * std::atan2(sum_y, sum_x) * 180 / std::numbers::pi;
    const int margin = 2 * kBlock;
    stripes.left = std::max(0, stripes.left - margin);
    stripes.top = std::max(0, stripes.top - margin);
    stripes.right = std::min(image.width, stripes.right + margin);
    stripes.bottom = std::min(image.height, stripes.bottom + margin);
    found.push_back(stripes);
    for (const std::size_t bin : {best, (best + 1) % kBins}) histogram[bin] = 0;
  }
  return found;
}

}  // namespace cairn::devices
