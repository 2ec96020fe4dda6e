#include "device-drivers/camera/decoding.h"

#include "device-drivers/camera/engines.h"
#include "device-drivers/camera/evidence.h"
#include "device-drivers/camera/stripes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace cairn::devices {
namespace {

/// Takes the looks that are due and gathers what they show.
class Search {
 public:
  Search(const DecodingPlan& plan, const Clock& clock)
      : plan_(plan), clock_(clock), end_(clock.mono_now() + plan.budget) {}

  /// The three ways of looking at a picture, each by itself. `witness` is the picture as the camera
  /// took it: what was made of it to see more, in the same place, proves nothing.
  void linear(const View& view, const LinearSearch& search) { linear(view.image, view, search); }
  void linear(const Luminance& image, const View& witness, const LinearSearch& search) {
    look([&] {
      evidence_.add(witness, zxing_linear({image, witness.placement}, search),
                    &image == &witness.image);
    });
  }
  void matrix(const View& view, bool thorough) {
    look([&] { evidence_.add(view, zxing_matrix(view, thorough), true); });
  }
  void zbar(const View& view) { zbar(view.image, view); }
  void zbar(const Luminance& image, const View& witness) {
    look([&] {
      evidence_.add(witness, zbar_all({image, witness.placement}), &image == &witness.image);
    });
  }

  [[nodiscard]] bool is_late() const { return clock_.mono_now() >= end_; }
  [[nodiscard]] bool found() const { return !evidence_.believed().empty(); }
  [[nodiscard]] bool is_over() const { return is_late() || found(); }
  [[nodiscard]] std::vector<Sighting> result() const {
    constexpr std::size_t kMost = 64;
    auto believed = evidence_.believed();
    if (believed.size() > kMost) believed.resize(kMost);
    return believed;
  }

 private:
  /// Unless it is to be left out or time is up.
  template <class See>
  void look(See see) {
    const int number = next_++;
    if (number >= kLooksMost || is_late() || plan_.without.test(static_cast<std::size_t>(number))) {
      return;
    }
    if (plan_.begin) plan_.begin(number);
    see();
  }

  const DecodingPlan& plan_;
  const Clock& clock_;
  MonoTime end_;
  int next_ = 0;
  Evidence evidence_;
};

View scaled(const View& view, double factor) {
  return resized(view, std::max(1, static_cast<int>(view.image.width * factor)),
                 std::max(1, static_cast<int>(view.image.height * factor)));
}

/// Wider than where bars were noticed: a code whose end is cut off may look like a shorter one.
View part_of(const View& view, const Stripes& stripes) {
  constexpr int kMargin = 16;
  const int reach = std::max(stripes.right - stripes.left, stripes.bottom - stripes.top) / 2;
  return turned_around(view, stripes.degrees,
                       {stripes.left, stripes.top, stripes.right, stripes.bottom, reach, kMargin});
}

View part_of(const View& view, const Patch& patch) {
  constexpr double kLevel = 2;
  const View part = cut_out(view, patch.left, patch.top, patch.right, patch.bottom);
  return std::abs(patch.degrees) < kLevel ? part : turned(part, patch.degrees);
}

bool is_level(const Stripes& stripes) {
  constexpr double kLevel = 4;
  return std::abs(stripes.degrees) < kLevel;
}

void look_at_frame(Search& search, const View& frame) {
  search.linear(frame, {.thorough = false});
  if (search.is_over()) return;
  for (const Patch& one : find_patches(frame.image, 3)) {
    search.matrix(part_of(frame, one), true);
    if (search.is_over()) return;
  }
  for (const Stripes& one : find_stripes(frame.image, 2)) {
    search.linear(is_level(one) ? frame : part_of(frame, one), {.most = 2});
    if (search.is_over()) return;
  }
  search.matrix(frame, true);
  if (search.is_over()) return;
  search.matrix({inverted(frame.image), frame.placement}, false);
}

constexpr double kManyPixels = 1'200'000;

double pixels_of(const View& view) {
  return static_cast<double>(view.image.width) * view.image.height;
}

/// Whatever can be seen easily, in every direction and of every kind: there may be several.
void look_around(Search& search, const View& photo) {
  search.linear(photo, {});
  search.matrix(photo, true);
  search.linear(turned(photo, 90), {});
  search.matrix({inverted(photo.image), photo.placement}, true);
  if (pixels_of(photo) < kManyPixels) return;
  const View half = scaled(photo, 0.5);
  search.linear(half, {});
  search.matrix(half, true);
  search.linear(turned(half, 90), {});
}

/// Bars that are level in `view`, harder and harder.
void look_at_bars(Search& search, const View& view) {
  search.linear(view, {.most = 1, .lines = 1});
  // What is alike above each other is print, what is not is noise.
  for (const int radius : {2, 6}) {
    const Luminance calm = box_mean(view.image, 0, radius);
    search.linear(calm, view, {.most = 1});
    search.linear(levelled(calm, 24), view, {.most = 1, .lines = 1, .even_threshold = true});
    if (search.is_over()) return;
    for (const int reach : {2, 5}) {
      const Luminance sharp = sharpened(calm, reach, 2);
      search.linear(sharp, view, {.most = 1, .lines = 1});
      search.linear(sharp, view, {.most = 1, .even_threshold = true});
      if (search.is_over()) return;
    }
  }
  search.zbar(view);
}

/// Cells whose rows are level in `view`.
void look_at_cells(Search& search, const View& view) {
  search.matrix(view, true);
  search.matrix({levelled(view.image, 24), view.placement}, true);
  for (const int reach : {2, 5}) {
    search.matrix({sharpened(view.image, reach, 2), view.placement}, true);
  }
  search.matrix({box_mean(view.image, 1, 1), view.placement}, true);
}

/// The whole picture at one size: as it is, evened out, sharpened; by both engines.
void look_closely(Search& search, const View& view) {
  search.linear(view, {.lines = 1});
  search.matrix(view, true);
  search.zbar(view);
  if (search.is_over()) return;
  const Luminance even = levelled(view.image, 24);
  search.linear(even, view, {.lines = 1});
  search.linear(even, view, {.even_threshold = true});
  search.matrix({even, view.placement}, true);
  search.zbar(even, view);
  if (search.is_over()) return;
  for (const int reach : {2, 5}) {
    const Luminance sharp = sharpened(view.image, reach, 2);
    search.linear(sharp, view, {.lines = 1});
    search.matrix({sharp, view.placement}, true);
    search.zbar(sharp, view);
    if (search.is_over()) return;
  }
}

/// Small ones are made larger: both engines want some pixels a module.
constexpr std::array<double, 3> kPartScales = {1, 2, 3};

void look_at_photo(Search& search, const View& photo) {
  look_around(search, photo);
  const double pixels = pixels_of(photo);
  const View small = pixels > kManyPixels ? scaled(photo, std::sqrt(kManyPixels / pixels)) : photo;
  const auto patches = find_patches(small.image, 6);
  const auto stripes = find_stripes(small.image, 4);
  for (const Patch& one : patches) search.matrix(part_of(small, one), true);
  for (const Stripes& one : stripes) search.linear(part_of(small, one), {});
  if (search.is_over()) return;
  // Nothing is easy to see: the hard way, until one code is found.
  search.zbar(small);
  for (const double scale : kPartScales) {
    for (const Stripes& one : stripes) {
      if (search.is_over()) return;
      const View part = part_of(small, one);
      if (pixels_of(part) * scale * scale < 2 * kManyPixels) {
        look_at_bars(search, scale == 1 ? part : scaled(part, scale));
      }
    }
    for (const Patch& one : patches) {
      if (search.is_over()) return;
      const View part = part_of(small, one);
      if (pixels_of(part) * scale * scale < 2 * kManyPixels) {
        look_at_cells(search, scale == 1 ? part : scaled(part, scale));
      }
    }
  }
  for (const double scale : {1.0, 2.0, 0.5, 1.5, 3.0, 0.7}) {
    if (search.is_over()) return;
    if (pixels_of(small) * scale * scale < 2 * kManyPixels) {
      look_closely(search, scaled(small, scale));
    }
  }
  for (const double degrees : {15.0, 30.0, 45.0, 60.0, 75.0, 90.0}) {
    if (search.is_over()) return;
    const View other = turned(small, degrees);
    search.matrix(other, true);
    search.linear(other, {.lines = 1});
    search.zbar(other);
  }
}

}  // namespace

std::vector<Sighting> decode(const Luminance& image, const DecodingPlan& plan, const Clock& clock) {
  constexpr int kLeastSide = 8;
  if (image.width < kLeastSide || image.height < kLeastSide) return {};
  Search search(plan, clock);
  const View whole{image, {}};
  if (plan.effort == Effort::kFrame) {
    look_at_frame(search, whole);
  } else {
    look_at_photo(search, whole);
  }
  return search.result();
}

}  // namespace cairn::devices
