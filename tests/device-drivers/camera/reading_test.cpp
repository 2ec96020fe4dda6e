// What is believed, and the whole way from a drawn picture to a text.

#include "device-drivers/camera/bar_pattern.h"
#include "device-drivers/camera/cut_off.h"
#include "device-drivers/camera/decoding.h"
#include "device-drivers/camera/evidence.h"
#include "device-drivers/camera/stripes.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/support/catch.h"
#include "tools/bench/probes/code_scene.h"

#include <cmath>

namespace cairn::devices::reading_test {
namespace {

using bench::CodeKind;
using bench::Scene;
using bench::SceneStyle;

Luminance picture(const Scene& scene) {
  Luminance image;
  image.width = scene.width;
  image.height = scene.height;
  image.pixels = scene.grey;
  return image;
}

DecodingPlan plan_for(Effort effort) {
  DecodingPlan plan;
  plan.effort = effort;
  plan.budget = std::chrono::seconds(60);  // what is found must not depend on the machine
  return plan;
}

std::vector<Sighting> read(const Luminance& image, Effort effort) {
  return decode(image, plan_for(effort), test::MachineClock());
}

/// Straight, sharp, in the middle of nothing.
SceneStyle clean() {
  SceneStyle style;
  style.most_degrees = 0;
  style.blur = 0;
  style.noise = 0;
  style.clutter = false;
  style.shade = 0;
  return style;
}

/// Where the bars of a clean scene are: the only row of dark pixels.
LineSpan span_of(const Luminance& image) {
  LineSpan span{static_cast<double>(image.width), 0, 0};
  int top = image.height;
  int bottom = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (image.row(y)[x] > 70) continue;
      span.left = std::min<double>(span.left, x);
      span.right = std::max<double>(span.right, x + 1);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  span.row = (top + bottom) / 2.0;
  return span;
}

TEST_CASE("bar pattern: the print confirms its own number and no other", "[devices][camera]") {
  const std::vector<std::pair<CodeKind, Symbology>> kinds{{CodeKind::kEan13, Symbology::kEan13},
                                                          {CodeKind::kUpcA, Symbology::kUpcA},
                                                          {CodeKind::kEan8, Symbology::kEan8},
                                                          {CodeKind::kUpcE, Symbology::kUpcE},
                                                          {CodeKind::kItf, Symbology::kItf}};
  for (const auto& [kind, symbology] : kinds) {
    const Scene scene = bench::draw_scene(kind, clean(), 11);
    const Scene other = bench::draw_scene(kind, clean(), 12);
    const Luminance image = picture(scene);
    const BarProfile profile = profile_of(image, span_of(image), 5);
    CAPTURE(scene.text, other.text);
    const auto own = pattern_fit(profile, symbology, scene.text);
    REQUIRE(own);
    CHECK(own->likeness > 0.9);
    CHECK(own->margin > 0.04);
    CHECK(own->quiet);
    const auto wrong = pattern_fit(profile, symbology, other.text);
    REQUIRE(wrong);
    CHECK(wrong->margin < 0);
  }
}

TEST_CASE("bar pattern: two digits that are wrong are noticed, however right the check digit is",
          "[devices][camera]") {
  const Scene scene = bench::draw_scene(CodeKind::kEan13, clean(), 21);
  const Luminance image = picture(scene);
  const BarProfile profile = profile_of(image, span_of(image), 5);
  // Three more in a place of weight 3 and one more in a place of weight 1 leave the sum as it is.
  std::string wrong = scene.text;
  wrong[5] = static_cast<char>('0' + (wrong[5] - '0' + 3) % 10);
  wrong[4] = static_cast<char>('0' + (wrong[4] - '0' + 1) % 10);
  const auto fit = pattern_fit(profile, Symbology::kEan13, wrong);
  REQUIRE(fit);
  CHECK(fit->margin < 0);
}

TEST_CASE("bar pattern: what has no pattern of its own is not compared", "[devices][camera]") {
  const BarProfile profile{std::vector<float>(200, 1.0F), 10, 190};
  CHECK_FALSE(pattern_fit(profile, Symbology::kCode128, "ABC"));
  CHECK_FALSE(pattern_fit(profile, Symbology::kEan13, "123"));
  CHECK_FALSE(pattern_fit({}, Symbology::kEan13, "4006381333931"));
}

Sighting seen(Symbology symbology, const std::string& text, double left, Engine engine, int lines) {
  Sighting sighting;
  sighting.symbology = symbology;
  sighting.text = text;
  sighting.engine = engine;
  sighting.lines = lines;
  sighting.corners = {Point{left, 10}, Point{left + 100, 10}, Point{left + 100, 50},
                      Point{left, 50}};
  return sighting;
}

std::vector<std::string> texts(const std::vector<Sighting>& sightings) {
  std::vector<std::string> found;
  for (const Sighting& one : sightings) found.push_back(one.text);
  return found;
}

TEST_CASE("evidence: a weak symbology needs more than one witness", "[devices][camera]") {
  const View view{Luminance(300, 80, 255), {}};
  Evidence evidence;
  evidence.add(view, {seen(Symbology::kCode39, "ABC1", 0, Engine::kZxing, 2)}, true);
  CHECK(evidence.believed().empty());
  evidence.add(view, {seen(Symbology::kCode39, "ABC1", 0, Engine::kZbar, 9)}, true);
  CHECK(texts(evidence.believed()) == std::vector<std::string>{"ABC1"});
}

TEST_CASE("evidence: a DataBar is seen in the picture as it was taken, or by both engines",
          "[devices][camera]") {
  const View view{Luminance(300, 80, 255), {}};
  const std::string text = "0104012345123456";
  Evidence made;
  made.add(view, {seen(Symbology::kDataBar, text, 0, Engine::kZxing, 9)}, false);
  made.add(view, {seen(Symbology::kDataBar, text, 0, Engine::kZxing, 9)}, false);
  CHECK(made.believed().empty());
  made.add(view, {seen(Symbology::kDataBar, text, 0, Engine::kZbar, 1)}, false);
  CHECK(texts(made.believed()) == std::vector<std::string>{text});
  Evidence taken;
  taken.add(view, {seen(Symbology::kDataBar, text, 0, Engine::kZxing, 2)}, true);
  CHECK(texts(taken.believed()) == std::vector<std::string>{text});
}

TEST_CASE("evidence: an EAN that the picture does not show is not believed, whoever says it",
          "[devices][camera]") {
  const View view{Luminance(300, 80, 255), {}};
  Evidence evidence;
  Sighting claim = seen(Symbology::kEan13, "4006381333931", 50, Engine::kZxing, 9);
  claim.span = {50, 150, 30};
  evidence.add(view, {claim}, true);
  claim.engine = Engine::kZbar;
  evidence.add(view, {claim}, true);
  CHECK(evidence.believed().empty());
}

TEST_CASE("evidence: engines that contradict each other are not believed", "[devices][camera]") {
  const View view{Luminance(300, 80, 255), {}};
  Evidence evidence;
  evidence.add(view, {seen(Symbology::kCode128, "A1", 0, Engine::kZxing, 2)}, true);
  evidence.add(view, {seen(Symbology::kCode128, "B2", 5, Engine::kZbar, 9)}, true);
  CHECK(evidence.believed().empty());
  // Side by side they are two codes.
  Evidence apart;
  apart.add(view,
            {seen(Symbology::kCode128, "A1", 0, Engine::kZxing, 2),
             seen(Symbology::kCode128, "B2", 150, Engine::kZxing, 2)},
            true);
  CHECK(texts(apart.believed()) == std::vector<std::string>{"A1", "B2"});
}

/// Ten bars, narrow and wide, that lean to the right, from row 20 to row 60; the last is wide.
constexpr std::array<int, 10> kBarsAt = {0, 8, 16, 36, 44, 60, 80, 92, 104, 120};
constexpr int kNarrow = 4;
constexpr int kWide = 12;
constexpr int kLastEnd = kBarsAt.back() + kWide;

Luminance leaning_bars(double lean) {
  Luminance image(400, 80, 230);
  for (int y = 20; y < 60; ++y) {
    for (std::size_t bar = 0; bar < kBarsAt.size(); ++bar) {
      const int left = 100 + kBarsAt.at(bar) + static_cast<int>(std::lround(lean * y));
      const int width = bar % 3 == 0 ? kWide : kNarrow;
      std::fill_n(image.pixels.begin() + y * image.width + left, width, std::uint8_t{20});
    }
  }
  return image;
}

TEST_CASE("cut off: bars that go on next to where the line ended are noticed",
          "[devices][camera]") {
  for (const double lean : {0.0, -0.5, 0.9}) {
    CAPTURE(lean);
    const Luminance image = leaning_bars(lean);
    const double left = 100 + lean * 40;
    CHECK_FALSE(is_cut_off(image, {left, left + kLastEnd, 40}, kNarrow));
    CHECK(is_cut_off(image, {left, left + 96, 40}, kNarrow));
    CHECK(is_cut_off(image, {left + 36, left + kLastEnd, 40}, kNarrow));
  }
  // A line below the last two bars: only the rows above it show what it missed.
  Luminance corner = leaning_bars(0);
  for (int y = 38; y < 60; ++y) {
    std::fill_n(corner.pixels.begin() + y * corner.width + 200, 60, std::uint8_t{230});
  }
  CHECK(is_cut_off(corner, {100, 196, 40}, kNarrow));
  CHECK_FALSE(is_cut_off({8, 8, 200}, {3, 3, 4}, kNarrow));
}

TEST_CASE("decoding: what a slanted line saw of a code is not read as another",
          "[devices][camera]") {
  for (const std::uint64_t seed : {300008U, 900037U, 901006U, 901048U}) {
    const Scene scene = bench::draw_scene(CodeKind::kItf, bench::hard_style(), seed);
    CAPTURE(seed, scene.text);
    for (const std::string& text : texts(read(picture(scene), Effort::kPhoto))) {
      CHECK(text == scene.text);
    }
  }
  const Scene scene = bench::draw_scene(CodeKind::kEan13, bench::any_angle_style(), 3000106);
  CHECK(texts(read(picture(scene), Effort::kFrame)) == std::vector<std::string>{scene.text});
}

TEST_CASE("stripes: bars and cells are found with the way they are turned", "[devices][camera]") {
  SceneStyle style = bench::any_angle_style();
  style.clutter = false;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    CHECK_FALSE(find_stripes(picture(draw_scene(CodeKind::kCode128, style, seed)), 2).empty());
    CHECK_FALSE(find_patches(picture(draw_scene(CodeKind::kDataMatrix, style, seed)), 2).empty());
  }
  CHECK(find_stripes(Luminance(200, 100, 80), 2).empty());
  CHECK(find_patches(Luminance(200, 100, 80), 2).empty());
  CHECK(find_patches(Luminance(3, 3, 80), 2).empty());
}

TEST_CASE("decoding: every kind is read upright and at any angle", "[devices][camera]") {
  for (int kind = 0; kind < bench::kCodeKinds; ++kind) {
    for (const SceneStyle& style : {bench::upright_style(), bench::any_angle_style()}) {
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Scene scene = bench::draw_scene(static_cast<CodeKind>(kind), style, seed);
        CAPTURE(bench::name_of(scene.kind), seed, style.most_degrees);
        CHECK(texts(read(picture(scene), Effort::kFrame)) == std::vector<std::string>{scene.text});
      }
    }
  }
}

TEST_CASE("decoding: several in one picture, and black on white turned around",
          "[devices][camera]") {
  const Scene bars = bench::draw_scene(CodeKind::kEan13, bench::upright_style(), 4);
  const Scene cells = bench::draw_scene(CodeKind::kQr, bench::upright_style(), 4);
  Luminance both(bars.width, 2 * bars.height, 255);
  std::ranges::copy(bars.grey, both.pixels.begin());
  std::ranges::copy(cells.grey,
                    both.pixels.begin() + static_cast<std::ptrdiff_t>(bars.grey.size()));
  auto found = texts(read(both, Effort::kPhoto));
  std::ranges::sort(found);
  std::vector<std::string> wanted{bars.text, cells.text};
  std::ranges::sort(wanted);
  CHECK(found == wanted);

  SceneStyle style = bench::upright_style();
  style.clutter = false;
  const Scene dark = bench::draw_scene(CodeKind::kQr, style, 9);
  CHECK(texts(read(inverted(picture(dark)), Effort::kPhoto)) ==
        std::vector<std::string>{dark.text});
}

TEST_CASE("decoding: nothing is read where nothing is", "[devices][camera]") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    CHECK(read(picture(draw_clutter(bench::any_angle_style(), seed)), Effort::kFrame).empty());
  }
  CHECK(read(Luminance(640, 480, 0), Effort::kFrame).empty());
  CHECK(read(Luminance(1, 1, 0), Effort::kPhoto).empty());
  CHECK(read({}, Effort::kPhoto).empty());
  CHECK(read(Luminance(9, 3000, 77), Effort::kPhoto).empty());
}

TEST_CASE("decoding: looks are numbered alike each time and can be left out", "[devices][camera]") {
  const Luminance image = picture(draw_clutter(bench::upright_style(), 3));
  const auto looks = [&](LookSet without) {
    std::vector<int> begun;
    DecodingPlan plan = plan_for(Effort::kFrame);
    plan.without = without;
    plan.begin = [&](int look) { begun.push_back(look); };
    decode(image, plan, test::MachineClock());
    return begun;
  };
  std::vector<int> all = looks({});
  REQUIRE(all.size() > 2);
  std::erase(all, 1);
  CHECK(looks(LookSet().set(1)) == all);
}

TEST_CASE("decoding: no look is begun once time is up", "[devices][camera]") {
  DecodingPlan plan = plan_for(Effort::kPhoto);
  plan.budget = Duration(0);
  plan.begin = [](int) { FAIL("a look was begun"); };
  const Scene scene = bench::draw_scene(CodeKind::kQr, bench::upright_style(), 1);
  CHECK(decode(picture(scene), plan, test::MachineClock()).empty());
}

}  // namespace
}  // namespace cairn::devices::reading_test
