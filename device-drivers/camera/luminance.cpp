#include "device-drivers/camera/luminance.h"

#include "core/base/assert.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cairn::devices {
namespace {

std::uint8_t clamped(int grey) { return static_cast<std::uint8_t>(std::clamp(grey, 0, 255)); }

/// Means over a sliding window along one line of pixels that lie `step` apart; what would lie
/// outside is as the pixel at the end.
void mean_along(const std::uint8_t* from, std::uint8_t* to, int count, std::ptrdiff_t step,
                int radius) {
  const int window = 2 * radius + 1;
  const auto at = [&](int i) -> int { return from[std::clamp(i, 0, count - 1) * step]; };
  int sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += at(i);
  for (int i = 0; i < count; ++i) {
    to[i * step] = static_cast<std::uint8_t>((sum + radius) / window);
    sum += at(i + radius + 1) - at(i - radius);
  }
}

/// The darkest and the brightest pixel of every square of `side` pixels.
struct Extremes {
  int columns = 0;
  int rows = 0;
  std::vector<std::uint8_t> darkest;
  std::vector<std::uint8_t> brightest;
};

Extremes extremes_of(const Luminance& image, int side) {
  Extremes found;
  found.columns = (image.width + side - 1) / side;
  found.rows = (image.height + side - 1) / side;
  const auto count = static_cast<std::size_t>(found.columns) * static_cast<std::size_t>(found.rows);
  found.darkest.assign(count, 255);
  found.brightest.assign(count, 0);
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* const row = image.row(y);
    const std::size_t base =
        static_cast<std::size_t>(y / side) * static_cast<std::size_t>(found.columns);
    for (int x = 0; x < image.width; ++x) {
      const std::size_t at = base + static_cast<std::size_t>(x / side);
      found.darkest[at] = std::min(found.darkest[at], row[x]);
      found.brightest[at] = std::max(found.brightest[at], row[x]);
    }
  }
  return found;
}

/// Each square takes over from its eight neighbours.
Extremes widened(const Extremes& from) {
  Extremes found = from;
  for (int y = 0; y < from.rows; ++y) {
    for (int x = 0; x < from.columns; ++x) {
      const auto at = static_cast<std::size_t>(y * from.columns + x);
      for (int dy = std::max(0, y - 1); dy <= std::min(from.rows - 1, y + 1); ++dy) {
        for (int dx = std::max(0, x - 1); dx <= std::min(from.columns - 1, x + 1); ++dx) {
          const auto other = static_cast<std::size_t>(dy * from.columns + dx);
          found.darkest[at] = std::min(found.darkest[at], from.darkest[other]);
          found.brightest[at] = std::max(found.brightest[at], from.brightest[other]);
        }
      }
    }
  }
  return found;
}

View quarter_turned(const View& view, int quarters) {
  const Luminance& from = view.image;
  const bool upright = quarters % 2 == 0;
  View found{Luminance(upright ? from.width : from.height, upright ? from.height : from.width, 0),
             {}};
  Luminance& to = found.image;
  Placement back;
  switch (quarters) {
    case 1:
      back = {0, 1, 0, -1, 0, from.height - 1.0};
      break;
    case 2:
      back = {-1, 0, from.width - 1.0, 0, -1, from.height - 1.0};
      break;
    case 3:
      back = {0, -1, from.width - 1.0, 1, 0, 0};
      break;
    default:
      break;
  }
  for (int y = 0; y < to.height; ++y) {
    std::uint8_t* const row = to.row(y);
    for (int x = 0; x < to.width; ++x) {
      const Point at = back({static_cast<double>(x), static_cast<double>(y)});
      row[x] = from.row(static_cast<int>(at.y))[static_cast<int>(at.x)];
    }
  }
  found.placement = view.placement.after(back);
  return found;
}

void shrink(const Luminance& from, Luminance& to) {
  const double step_x = static_cast<double>(from.width) / to.width;
  const double step_y = static_cast<double>(from.height) / to.height;
  for (int y = 0; y < to.height; ++y) {
    const int top = static_cast<int>(y * step_y);
    const int bottom = std::clamp(static_cast<int>((y + 1) * step_y), top + 1, from.height);
    std::uint8_t* const row = to.row(y);
    for (int x = 0; x < to.width; ++x) {
      const int left = static_cast<int>(x * step_x);
      const int right = std::clamp(static_cast<int>((x + 1) * step_x), left + 1, from.width);
      int sum = 0;
      for (int fy = top; fy < bottom; ++fy) {
        const std::uint8_t* const source = from.row(fy);
        for (int fx = left; fx < right; ++fx) sum += source[fx];
      }
      const int count = (bottom - top) * (right - left);
      row[x] = static_cast<std::uint8_t>((sum + count / 2) / count);
    }
  }
}

constexpr int kFractionBits = 8;
constexpr int kOne = 1 << kFractionBits;

/// Bilinear; x and y in 256ths of a pixel, within the picture.
std::uint8_t sampled(const Luminance& image, int x, int y) {
  const int left = x >> kFractionBits;
  const int top = y >> kFractionBits;
  const int right = std::min(left + 1, image.width - 1);
  const int part_x = x & (kOne - 1);
  const int part_y = y & (kOne - 1);
  const std::uint8_t* const above = image.row(top);
  const std::uint8_t* const below = image.row(std::min(top + 1, image.height - 1));
  const int first = above[left] * (kOne - part_x) + above[right] * part_x;
  const int second = below[left] * (kOne - part_x) + below[right] * part_x;
  const int sum = first * (kOne - part_y) + second * part_y;
  return static_cast<std::uint8_t>((sum + kOne * kOne / 2) >> (2 * kFractionBits));
}

/// `back` says where a pixel of `to` lies in `from`.
void resample(const Luminance& from, Luminance& to, const Placement& back) {
  constexpr int kFineBits = 20;  // along a row the steps add up
  constexpr int kToFraction = kFineBits - kFractionBits;
  const auto fine = [](double value) {
    return static_cast<std::int64_t>(std::llround(value * (1 << kFineBits)));
  };
  const std::int64_t most_x = fine(from.width - 1);
  const std::int64_t most_y = fine(from.height - 1);
  const std::int64_t step_x = fine(back.xx);
  const std::int64_t step_y = fine(back.yx);
  for (int y = 0; y < to.height; ++y) {
    std::uint8_t* const row = to.row(y);
    const Point start = back({0, static_cast<double>(y)});
    std::int64_t at_x = fine(start.x);
    std::int64_t at_y = fine(start.y);
    for (int x = 0; x < to.width; ++x, at_x += step_x, at_y += step_y) {
      row[x] =
          sampled(from, static_cast<int>(std::clamp<std::int64_t>(at_x, 0, most_x) >> kToFraction),
                  static_cast<int>(std::clamp<std::int64_t>(at_y, 0, most_y) >> kToFraction));
    }
  }
}

}  // namespace

Placement Placement::after(const Placement& inner) const {
  return {xx * inner.xx + xy * inner.yx,      xx * inner.xy + xy * inner.yy,
          xx * inner.x0 + xy * inner.y0 + x0, yx * inner.xx + yy * inner.yx,
          yx * inner.xy + yy * inner.yy,      yx * inner.x0 + yy * inner.y0 + y0};
}

View resized(const View& view, int width, int height) {
  const Luminance& from = view.image;
  CAIRN_ASSERT(from.width > 0 && from.height > 0 && width > 0 && height > 0,
               "a picture has pixels");
  const double step_x = static_cast<double>(from.width) / width;
  const double step_y = static_cast<double>(from.height) / height;
  // The middles of pixels lie upon each other, not their corners.
  const Placement back{step_x, 0, (step_x - 1) / 2, 0, step_y, (step_y - 1) / 2};
  View found{Luminance(width, height, 0), view.placement.after(back)};
  if (step_x >= 1 && step_y >= 1) {
    shrink(from, found.image);
  } else {
    resample(from, found.image, back);
  }
  return found;
}

View turned(const View& view, double degrees) {
  const double whole = std::fmod(std::fmod(degrees, 360.0) + 360.0, 360.0);
  if (const double quarters = whole / 90.0; quarters == std::floor(quarters)) {
    return quarter_turned(view, static_cast<int>(quarters));
  }
  const Luminance& from = view.image;
  const double angle = whole * std::numbers::pi / 180.0;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const int width = static_cast<int>(std::abs(from.width * c) + std::abs(from.height * s));
  const int height = static_cast<int>(std::abs(from.width * s) + std::abs(from.height * c));
  View found{Luminance(std::max(width, 1), std::max(height, 1), 0), {}};
  const double middle_x = (found.image.width - 1) / 2.0;
  const double middle_y = (found.image.height - 1) / 2.0;
  // The new pixel's offset from the middle, turned back.
  const Placement back{c,  s, (from.width - 1) / 2.0 - c * middle_x - s * middle_y,
                       -s, c, (from.height - 1) / 2.0 + s * middle_x - c * middle_y};
  resample(from, found.image, back);
  found.placement = view.placement.after(back);
  return found;
}

View turned_around(const View& view, double degrees, const Around& box) {
  const Luminance& from = view.image;
  const double angle = degrees * std::numbers::pi / 180.0;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  // How far what is in the box, and what is in the picture, reaches when it is turned.
  struct Reach {
    double least_u, most_u, least_v, most_v;
  };
  const auto reach = [c, s](double left, double top, double right, double bottom) {
    Reach found{1e9, -1e9, 1e9, -1e9};
    for (const Point corner :
         {Point{left, top}, Point{right, top}, Point{left, bottom}, Point{right, bottom}}) {
      const double u = c * corner.x - s * corner.y;
      const double v = s * corner.x + c * corner.y;
      found = {std::min(found.least_u, u), std::max(found.most_u, u), std::min(found.least_v, v),
               std::max(found.most_v, v)};
    }
    return found;
  };
  const Reach whole = reach(0, 0, from.width - 1.0, from.height - 1.0);
  const Reach inner = reach(box.left, box.top, box.right - 1.0, box.bottom - 1.0);
  const double u0 = std::max(whole.least_u, inner.least_u - box.along);
  const double u1 = std::min(whole.most_u, inner.most_u + box.along);
  const double v0 = std::max(whole.least_v, inner.least_v - box.across);
  const double v1 = std::min(whole.most_v, inner.most_v + box.across);
  View found{Luminance(std::max(1, static_cast<int>(u1 - u0) + 1),
                       std::max(1, static_cast<int>(v1 - v0) + 1), 0),
             {}};
  const Placement back{c, s, c * u0 + s * v0, -s, c, -s * u0 + c * v0};
  resample(from, found.image, back);
  found.placement = view.placement.after(back);
  return found;
}

View cut_out(const View& view, int left, int top, int right, int bottom) {
  const Luminance& from = view.image;
  left = std::clamp(left, 0, from.width - 1);
  top = std::clamp(top, 0, from.height - 1);
  right = std::clamp(right, left + 1, from.width);
  bottom = std::clamp(bottom, top + 1, from.height);
  View found{
      Luminance(right - left, bottom - top, 0),
      view.placement.after({1, 0, static_cast<double>(left), 0, 1, static_cast<double>(top)})};
  for (int y = top; y < bottom; ++y) {
    std::copy(from.row(y) + left, from.row(y) + right, found.image.row(y - top));
  }
  return found;
}

Luminance inverted(const Luminance& image) {
  Luminance found = image;
  for (std::uint8_t& pixel : found.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
  return found;
}

Luminance box_mean(const Luminance& image, int radius_x, int radius_y) {
  Luminance along = image;
  if (radius_x > 0) {
    for (int y = 0; y < image.height; ++y) {
      mean_along(image.row(y), along.row(y), image.width, 1, radius_x);
    }
  }
  if (radius_y == 0) return along;
  Luminance found = along;
  for (int x = 0; x < image.width; ++x) {
    mean_along(along.pixels.data() + x, found.pixels.data() + x, image.height, image.width,
               radius_y);
  }
  return found;
}

Luminance sharpened(const Luminance& image, int radius, double strength) {
  const Luminance mean = box_mean(image, radius, radius);
  const int factor = static_cast<int>(std::lround(strength * kOne));
  Luminance found = image;
  for (std::size_t i = 0; i < found.pixels.size(); ++i) {
    const int grey = image.pixels[i];
    found.pixels[i] = clamped(grey + (factor * (grey - mean.pixels[i])) / kOne);
  }
  return found;
}

Luminance levelled(const Luminance& image, int radius) {
  constexpr int kLeastContrast = 12;  // below it there is only noise
  const int side = std::max(radius, 2);
  const Extremes extremes = widened(extremes_of(image, side));
  // Between the middles of the squares the extremes are interpolated, or their edges would show.
  Luminance dark(extremes.columns, extremes.rows, 0);
  dark.pixels = extremes.darkest;
  Luminance bright = dark;
  bright.pixels = extremes.brightest;
  Luminance found = image;
  const auto place = [side](int at, int count) {
    return std::clamp((at * kOne + kOne / 2) / side - kOne / 2, 0, (count - 1) * kOne);
  };
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* const row = found.row(y);
    const int at_y = place(y, extremes.rows);
    for (int x = 0; x < image.width; ++x) {
      const int at_x = place(x, extremes.columns);
      const int least = sampled(dark, at_x, at_y);
      const int most = sampled(bright, at_x, at_y);
      row[x] = most - least < kLeastContrast ? std::uint8_t{255}
                                             : clamped((row[x] - least) * 255 / (most - least));
    }
  }
  return found;
}

void paint(Luminance& image, const Quad& corners, std::uint8_t grey) {
  double top = corners[0].y;
  double bottom = corners[0].y;
  for (const Point& corner : corners) {
    top = std::min(top, corner.y);
    bottom = std::max(bottom, corner.y);
  }
  const int first = std::clamp(static_cast<int>(std::ceil(top)), 0, image.height);
  const int last = std::clamp(static_cast<int>(std::floor(bottom)), -1, image.height - 1);
  for (int y = first; y <= last; ++y) {
    double left = image.width;
    double right = -1;
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const Point& a = corners[i];
      const Point& b = corners[(i + 1) % corners.size()];
      if (std::min(a.y, b.y) > y || std::max(a.y, b.y) < y) continue;
      for (const double part : a.y == b.y
                                   ? std::array{0.0, 1.0}
                                   : std::array{(y - a.y) / (b.y - a.y), (y - a.y) / (b.y - a.y)}) {
        const double x = a.x + part * (b.x - a.x);
        left = std::min(left, x);
        right = std::max(right, x);
      }
    }
    const int begin = std::clamp(static_cast<int>(std::ceil(left)), 0, image.width);
    const int end = std::clamp(static_cast<int>(std::floor(right)) + 1, begin, image.width);
    std::fill(image.row(y) + begin, image.row(y) + end, grey);
  }
}

}  // namespace cairn::devices
