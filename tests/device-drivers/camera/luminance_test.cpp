#include "device-drivers/camera/luminance.h"

#include "tests/support/catch.h"

#include <cmath>

namespace cairn::devices::luminance_test {
namespace {

/// Each pixel another grey.
View chequered(int width, int height) {
  View view{Luminance(width, height, 0), {}};
  for (std::size_t i = 0; i < view.image.pixels.size(); ++i) {
    view.image.pixels[i] = static_cast<std::uint8_t>((i * 37) % 251);
  }
  return view;
}

/// A dark disc around a place.
View disc(int width, int height, Point middle) {
  View view{Luminance(width, height, 255), {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (std::hypot(x - middle.x, y - middle.y) < 5) view.image.row(y)[x] = 0;
    }
  }
  return view;
}

/// The middle of what is dark, in the picture that the view was made from.
Point dark_middle(const View& view) {
  double sum = 0;
  Point middle;
  for (int y = 0; y < view.image.height; ++y) {
    for (int x = 0; x < view.image.width; ++x) {
      const double ink = 255 - view.image.row(y)[x];
      sum += ink;
      middle.x += ink * x;
      middle.y += ink * y;
    }
  }
  return view.placement({middle.x / sum, middle.y / sum});
}

void check_near(Point found, Point wanted) {
  CHECK(std::abs(found.x - wanted.x) < 0.6);
  CHECK(std::abs(found.y - wanted.y) < 0.6);
}

TEST_CASE("luminance: quarter turns are exact and four of them are none", "[devices][camera]") {
  const View view = chequered(7, 4);
  const View once = turned(view, 90);
  CHECK(once.image.width == 4);
  CHECK(once.image.height == 7);
  CHECK(once.image.row(0)[3] == view.image.row(0)[0]);
  CHECK(turned(turned(once, 90), 180).image == view.image);
  CHECK(turned(view, -90).image == turned(view, 270).image);
}

TEST_CASE("luminance: a view knows where it lies, whatever was done to it", "[devices][camera]") {
  const Point place{40, 23};
  const View view = disc(90, 70, place);
  for (const double degrees : {0.0, 17.0, 90.0, 135.0, 180.0, -61.0, 270.0}) {
    CAPTURE(degrees);
    check_near(dark_middle(turned(view, degrees)), place);
    check_near(dark_middle(resized(turned(view, degrees), 200, 160)), place);
  }
  check_near(dark_middle(resized(view, 45, 35)), place);
  check_near(dark_middle(resized(view, 180, 210)), place);
  check_near(dark_middle(turned(cut_out(view, 20, 10, 70, 50), 33)), place);
  for (const double degrees : {0.0, 20.0, -75.0, 90.0}) {
    CAPTURE(degrees);
    const View part = turned_around(view, degrees, {30, 15, 50, 35, 8, 2});
    CHECK(part.image.width < 60);
    check_near(dark_middle(part), place);
  }
}

TEST_CASE("luminance: a part that leaves the picture is cut", "[devices][camera]") {
  const View view = chequered(10, 8);
  CHECK(cut_out(view, -5, -5, 100, 100).image == view.image);
  CHECK(cut_out(view, 9, 7, 3, 2).image.pixels.size() == 1);
}

TEST_CASE("luminance: filters leave a flat picture as it is", "[devices][camera]") {
  const Luminance flat(20, 10, 90);
  CHECK(box_mean(flat, 3, 2) == flat);
  CHECK(sharpened(flat, 2, 2) == flat);
  CHECK(inverted(inverted(flat)) == flat);
  CHECK(levelled(flat, 8) == Luminance(20, 10, 255));
}

TEST_CASE("luminance: weak print in uneven light becomes black and white", "[devices][camera]") {
  Luminance image(120, 40, 0);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const int light = 60 + x;
      image.row(y)[x] = static_cast<std::uint8_t>((x / 4) % 2 == 0 ? light - 25 : light);
    }
  }
  const Luminance even = levelled(image, 16);
  for (int x = 12; x < 108; ++x) {
    CAPTURE(x);
    if ((x / 4) % 2 == 0) CHECK(even.row(20)[x] < 110);
    if ((x / 4) % 2 == 1) CHECK(even.row(20)[x] > 145);
  }
}

TEST_CASE("luminance: paint fills the inside and no more, also across the edge",
          "[devices][camera]") {
  Luminance image(10, 10, 9);
  paint(image, {Point{2, 3}, Point{5, 3}, Point{5, 6}, Point{2, 6}}, 200);
  int painted = 0;
  for (const std::uint8_t pixel : image.pixels) painted += pixel == 200 ? 1 : 0;
  CHECK(painted == 4 * 4);
  paint(image, {Point{-50, -50}, Point{60, -50}, Point{60, 60}, Point{-50, 60}}, 7);
  CHECK(image == Luminance(10, 10, 7));
  paint(image, {Point{-9, -9}, Point{-2, -9}, Point{-2, -3}, Point{-9, -3}}, 1);
  CHECK(image == Luminance(10, 10, 7));
}

}  // namespace
}  // namespace cairn::devices::luminance_test
