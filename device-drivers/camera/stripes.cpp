#include "device-drivers/camera/stripes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numbers>
#include <utility>

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

namespace {

/// Which blocks are full of edges, row by row.
struct EdgeMap {
  int columns = 0;
  int rows = 0;
  std::vector<double> strength;  // 0: hardly any

  [[nodiscard]] std::size_t at(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
           static_cast<std::size_t>(column);
  }
};

constexpr int kCell = 8;

EdgeMap edges_of(const Luminance& image) {
  EdgeMap map{(image.width - 2) / kCell, (image.height - 2) / kCell, {}};
  map.strength.assign(map.at(0, map.rows), 0);
  for (int row = 0; row < map.rows; ++row) {
    for (int column = 0; column < map.columns; ++column) {
      int sum = 0;
      for (int y = 1 + row * kCell; y < 1 + (row + 1) * kCell; y += 2) {
        const std::uint8_t* const here = image.row(y);
        const std::uint8_t* const above = image.row(y - 1);
        const std::uint8_t* const below = image.row(y + 1);
        for (int x = 1 + column * kCell; x < 1 + (column + 1) * kCell; ++x) {
          const int slope_x = here[x + 1] - here[x - 1];
          const int slope_y = below[x] - above[x];
          sum += slope_x * slope_x + slope_y * slope_y;
        }
      }
      map.strength[map.at(column, row)] = std::sqrt(sum / (kCell * kCell / 2.0));
    }
  }
  if (map.strength.empty()) return map;
  // Noise makes slopes, too; most of a picture is nothing else. The floor is what few blocks
  // exceed.
  constexpr double kLeastSlope = 14;
  constexpr double kMostSlope = 45;
  std::vector<double> sorted = map.strength;
  const auto low = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 3);
  std::ranges::nth_element(sorted, low);
  const double floor = std::clamp(2 * *low, kLeastSlope, kMostSlope);
  for (double& slope : map.strength) slope = slope > floor ? slope : 0;
  return map;
}

struct Region {
  int left, top, right, bottom;  // blocks, inclusive
  int blocks = 0;
  double strength = 0;
};

/// The blocks that hang together with the one at `start`; they are taken out of the map.
Region region_at(EdgeMap& map, int column, int row) {
  Region region{column, row, column, row};
  std::vector<std::pair<int, int>> open{{column, row}};
  region.strength = map.strength[map.at(column, row)];
  map.strength[map.at(column, row)] = 0;
  while (!open.empty()) {
    const auto [x, y] = open.back();
    open.pop_back();
    ++region.blocks;
    region.left = std::min(region.left, x);
    region.right = std::max(region.right, x);
    region.top = std::min(region.top, y);
    region.bottom = std::max(region.bottom, y);
    for (int next_y = std::max(0, y - 1); next_y <= std::min(map.rows - 1, y + 1); ++next_y) {
      for (int next_x = std::max(0, x - 1); next_x <= std::min(map.columns - 1, x + 1); ++next_x) {
        double& there = map.strength[map.at(next_x, next_y)];
        if (there <= 0) continue;
        region.strength += there;
        there = 0;
        open.emplace_back(next_x, next_y);
      }
    }
  }
  return region;
}

struct Lattice {
  double degrees = 0;
  bool one_way = false;  ///< bars
};

/// Edges of cells run in two directions at right angles: four times their angle is one.
Lattice lattice_of(const Luminance& image, const Patch& box) {
  constexpr double kLeastSquare = 200;
  double four_x = 0;
  double four_y = 0;
  double two_x = 0;
  double two_y = 0;
  double sum = 0;
  for (int y = std::max(1, box.top); y < std::min(image.height - 1, box.bottom); ++y) {
    const std::uint8_t* const here = image.row(y);
    const std::uint8_t* const above = image.row(y - 1);
    const std::uint8_t* const below = image.row(y + 1);
    for (int x = std::max(1, box.left); x < std::min(image.width - 1, box.right); ++x) {
      const double gx = here[x + 1] - here[x - 1];
      const double gy = below[x] - above[x];
      const double square = gx * gx + gy * gy;
      if (square < kLeastSquare) continue;
      const double twice_x = gx * gx - gy * gy;
      const double twice_y = 2 * gx * gy;
      sum += square;
      two_x += twice_x;
      two_y += twice_y;
      four_x += (twice_x * twice_x - twice_y * twice_y) / square;
      four_y += 2 * twice_x * twice_y / square;
    }
  }
  constexpr double kOneWay = 0.6;
  return {-0.25 * std::atan2(four_y, four_x) * 180 / std::numbers::pi,
          std::hypot(two_x, two_y) > kOneWay * sum};
}

}  // namespace

std::vector<Patch> find_patches(const Luminance& image, int most) {
  EdgeMap map = edges_of(image);
  std::vector<Region> regions;
  for (int row = 0; row < map.rows; ++row) {
    for (int column = 0; column < map.columns; ++column) {
      if (map.strength[map.at(column, row)] <= 0) continue;
      const Region region = region_at(map, column, row);
      const int width = region.right - region.left + 1;
      const int height = region.bottom - region.top + 1;
      constexpr int kLeast = 3;
      constexpr double kFull = 0.4;
      if (std::min(width, height) < kLeast || std::max(width, height) > 4 * std::min(width, height))
        continue;
      if (region.blocks < kFull * width * height) continue;
      regions.push_back(region);
    }
  }
  std::ranges::sort(regions, std::greater{}, &Region::strength);
  std::vector<Patch> found;
  for (const Region& region : regions) {
    constexpr int kMargin = 2;
    Patch patch{0, std::max(0, (region.left - kMargin) * kCell),
                std::max(0, (region.top - kMargin) * kCell),
                std::min(image.width, (region.right + 1 + kMargin) * kCell),
                std::min(image.height, (region.bottom + 1 + kMargin) * kCell)};
    const Lattice lattice = lattice_of(image, patch);
    if (lattice.one_way) continue;
    patch.degrees = lattice.degrees;
    found.push_back(patch);
    if (found.size() == static_cast<std::size_t>(most)) break;
  }
  return found;
}

}  // namespace cairn::devices
