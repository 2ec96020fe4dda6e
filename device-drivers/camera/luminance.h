#pragma once
// A grey picture and what the decoder does to one before it looks for codes: turned, scaled,
// sharpened. Pure. Any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn::devices {

/// A place in a picture, in pixels: x to the right, y downwards.
struct Point {
  double x = 0;
  double y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// The corners of a code, around it.
using Quad = std::array<Point, 4>;

struct Luminance {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  ///< row by row, width x height; 0 is black

  Luminance() = default;
  Luminance(int columns, int rows, std::uint8_t grey)
      : width(columns),
        height(rows),
        pixels(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), grey) {}

  [[nodiscard]] const std::uint8_t* row(int y) const {
    return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  }
  std::uint8_t* row(int y) {
    return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  }
  friend bool operator==(const Luminance&, const Luminance&) = default;
};

/// Where the pixels of a picture lie in the one it was made from:
/// x' = xx * x + xy * y + x0, and y' likewise.
struct Placement {
  double xx = 1, xy = 0, x0 = 0;
  double yx = 0, yy = 1, y0 = 0;

  [[nodiscard]] Point operator()(Point at) const {
    return {xx * at.x + xy * at.y + x0, yx * at.x + yy * at.y + y0};
  }
  /// First `inner`, then this.
  [[nodiscard]] Placement after(const Placement& inner) const;
};

/// A picture and where it lies in the camera's.
struct View {
  Luminance image;
  Placement placement;
};

/// The picture in another size, at least 1 x 1: smaller ones are means of areas, greater ones
/// bilinear. Width and height are scaled by themselves.
View resized(const View& view, int width, int height);

/// Turned by `degrees` clockwise around its middle, bilinear, all of it within the new picture;
/// what lies outside the old one is as grey as the nearest pixel of its edge. Quarter turns are
/// exact.
View turned(const View& view, double degrees);

/// The same, but only what lies around a box of `view`: `along` pixels further on either side of it
/// in the new picture's rows, `across` in its columns.
struct Around {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  int along = 0;
  int across = 0;
};
View turned_around(const View& view, double degrees, const Around& box);

/// Columns left to right-1 and rows top to bottom-1; a rectangle that leaves the picture is cut.
View cut_out(const View& view, int left, int top, int right, int bottom);

/// Black becomes white.
Luminance inverted(const Luminance& image);

/// Mean over (2 * radius_x + 1) x (2 * radius_y + 1) pixels.
Luminance box_mean(const Luminance& image, int radius_x, int radius_y);

/// Unsharp mask: image + strength * (image - its mean over `radius`).
Luminance sharpened(const Luminance& image, int radius, double strength);

/// Uneven light and weak print evened out: each pixel in relation to the darkest and the brightest
/// ones around it, within `radius`. Flat areas become white.
Luminance levelled(const Luminance& image, int radius);

/// Paints the inside of `corners` (in order around it) with `grey`.
void paint(Luminance& image, const Quad& corners, std::uint8_t grey);

}  // namespace cairn::devices
