#include "tools/bench/probes/code_scene.h"

#include "core/base/gtin.h"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace cairn::bench {
namespace {

/// SplitMix64 (Steele et al. 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x2545F4914F6CDD1DULL + 1) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
  }
  double between(double least, double most) {
    constexpr double kSpan = 1ULL << 53U;
    return least + (most - least) * static_cast<double>(next() >> 11U) / kSpan;
  }
  int below(int end) { return static_cast<int>(next() % static_cast<std::uint64_t>(end)); }
  std::string digits(int count) {
    std::string found;
    for (int i = 0; i < count; ++i) found += static_cast<char>('0' + below(10));
    return found;
  }
  /// Nearly normal, standard deviation 1: the sum of four.
  double normal() {
    constexpr double kScale = 1.7320508;  // each has a variance of 1/12
    return kScale *
           (between(-0.5, 0.5) + between(-0.5, 0.5) + between(-0.5, 0.5) + between(-0.5, 0.5));
  }

 private:
  std::uint64_t state_;
};

std::string with_check_digit(std::string digits) {
  digits += static_cast<char>('0' + gs1_check_digit(digits));
  return digits;
}

struct Print {
  ZXing::BarcodeFormat format = ZXing::BarcodeFormat::None;
  std::string encoded;
  std::string text;
};

/// A UPC-E whose six digits end with 5 to 9: the last digit stands behind four zeros.
Print upc_e(Dice& dice) {
  const std::string maker = dice.digits(4) + static_cast<char>('1' + dice.below(9));
  const auto last = static_cast<char>('5' + dice.below(5));
  const std::string whole = with_check_digit("0" + maker + "0000" + last);
  return {ZXing::BarcodeFormat::UPCE, "0" + maker + last + whole.back(), "0" + whole};
}

std::string words(Dice& dice, int count) {
  constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./";
  std::string found;
  for (int i = 0; i < count; ++i) {
    found += kCharacters[static_cast<std::size_t>(dice.below(kCharacters.size()))];
  }
  return found;
}

Print print_of(CodeKind kind, Dice& dice) {
  using ZXing::BarcodeFormat;
  const auto plain = [](BarcodeFormat format, const std::string& text) {
    return Print{format, text, text};
  };
  switch (kind) {
    case CodeKind::kCode128:
      return plain(BarcodeFormat::Code128, words(dice, 6 + dice.below(9)));
    case CodeKind::kEan13:
      return plain(BarcodeFormat::EAN13,
                   with_check_digit(static_cast<char>('1' + dice.below(9)) + dice.digits(11)));
    case CodeKind::kEan8:
      return plain(BarcodeFormat::EAN8, with_check_digit(dice.digits(7)));
    case CodeKind::kUpcA: {
      const std::string digits = with_check_digit(dice.digits(11));
      return {BarcodeFormat::UPCA, digits, "0" + digits};
    }
    case CodeKind::kUpcE:
      return upc_e(dice);
    case CodeKind::kItf:
      return plain(BarcodeFormat::ITF, with_check_digit(dice.digits(13)));
    case CodeKind::kQr:
      return plain(BarcodeFormat::QRCode, words(dice, 10 + dice.below(40)));
    case CodeKind::kDataMatrix:
      return plain(BarcodeFormat::DataMatrix, words(dice, 8 + dice.below(30)));
  }
  return {};
}

bool has_cells(CodeKind kind) { return kind == CodeKind::kQr || kind == CodeKind::kDataMatrix; }

/// Where a point of the picture lies on the label: a turn, a scale and a slant.
struct Camera {
  double middle_x = 0;
  double middle_y = 0;
  double cos = 1;
  double sin = 0;
  double module = 1;
  double slant_x = 0;
  double slant_y = 0;

  [[nodiscard]] std::pair<double, double> on_label(double x, double y) const {
    const double dx = x - middle_x;
    const double dy = y - middle_y;
    const double u = (cos * dx + sin * dy) / module;
    const double v = (-sin * dx + cos * dy) / module;
    const double nearer = 1 + slant_x * u + slant_y * v;
    return {u / nearer, v / nearer};
  }
};

/// White label with the code, in modules from its middle; nothing outside of it.
class Label {
 public:
  Label(const ZXing::BitMatrix& code, double height, double quiet)
      : code_(code), height_(height), quiet_(quiet) {}

  /// 0 ink, 1 paper, -1 not the label.
  [[nodiscard]] double at(double u, double v) const {
    const double x = u + code_.width() / 2.0;
    const double y = (v / height_ + 0.5) * code_.height();
    if (x >= 0 && x < code_.width() && y >= 0 && y < code_.height()) {
      return code_.get(static_cast<int>(x), static_cast<int>(y)) ? 0 : 1;
    }
    const bool near =
        std::abs(u) < code_.width() / 2.0 + quiet_ && std::abs(v) < height_ / 2 + quiet_;
    return near ? 1 : -1;
  }

 private:
  const ZXing::BitMatrix& code_;
  double height_;
  double quiet_;
};

struct Canvas {
  int width;
  int height;
  std::vector<float> light;  // 0 to 1

  float& at(int x, int y) {
    return light[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                 static_cast<std::size_t>(x)];
  }
};

void fill(Canvas& canvas, int left, int top, int width, int height, float light) {
  for (int y = std::max(0, top); y < std::min(canvas.height, top + height); ++y) {
    for (int x = std::max(0, left); x < std::min(canvas.width, left + width); ++x) {
      canvas.at(x, y) = light;
    }
  }
}

/// Boxes, and rows of strokes like small print.
void add_clutter(Canvas& canvas, Dice& dice) {
  for (int i = 0; i < 6; ++i) {
    fill(canvas, dice.below(canvas.width), dice.below(canvas.height), 20 + dice.below(200),
         20 + dice.below(120), static_cast<float>(dice.between(0.1, 0.9)));
  }
  for (int line = 0; line < 10; ++line) {
    const int top = dice.below(canvas.height);
    const int size = 6 + dice.below(14);
    const auto ink = static_cast<float>(dice.between(0, 0.4));
    int x = dice.below(canvas.width);
    for (int letter = 0; letter < 18; ++letter) {
      for (int stroke = 0; stroke < 3; ++stroke) {
        const bool upright = dice.below(2) == 0;
        fill(canvas, x + dice.below(size / 2), top + (upright ? 0 : dice.below(size)),
             upright ? 2 : size / 2, upright ? size : 2, ink);
      }
      x += size * 3 / 4;
    }
  }
}

void blur_along(Canvas& canvas, bool across, int radius) {
  if (radius < 1) return;
  std::vector<float> line;
  const int lines = across ? canvas.height : canvas.width;
  const int length = across ? canvas.width : canvas.height;
  for (int n = 0; n < lines; ++n) {
    line.clear();
    for (int i = 0; i < length; ++i) line.push_back(across ? canvas.at(i, n) : canvas.at(n, i));
    for (int i = 0; i < length; ++i) {
      float sum = 0;
      for (int k = -radius; k <= radius; ++k) {
        sum += line[static_cast<std::size_t>(std::clamp(i + k, 0, length - 1))];
      }
      (across ? canvas.at(i, n) : canvas.at(n, i)) = sum / static_cast<float>(2 * radius + 1);
    }
  }
}

void gaussian(Canvas& canvas, double deviation) {
  if (deviation < 0.2) return;
  const int radius = static_cast<int>(std::ceil(3 * deviation));
  std::vector<float> weights;
  float whole = 0;
  for (int k = -radius; k <= radius; ++k) {
    weights.push_back(static_cast<float>(std::exp(-k * k / (2 * deviation * deviation))));
    whole += weights.back();
  }
  std::vector<float> line;
  for (const bool across : {true, false}) {
    const int lines = across ? canvas.height : canvas.width;
    const int length = across ? canvas.width : canvas.height;
    for (int n = 0; n < lines; ++n) {
      line.clear();
      for (int i = 0; i < length; ++i) line.push_back(across ? canvas.at(i, n) : canvas.at(n, i));
      for (int i = 0; i < length; ++i) {
        float sum = 0;
        for (int k = -radius; k <= radius; ++k) {
          sum += weights[static_cast<std::size_t>(k + radius)] *
                 line[static_cast<std::size_t>(std::clamp(i + k, 0, length - 1))];
        }
        (across ? canvas.at(i, n) : canvas.at(n, i)) = sum / whole;
      }
    }
  }
}

void draw_label(Canvas& canvas, const Label& label, const Camera& camera) {
  constexpr int kSub = 3;
  for (int y = 0; y < canvas.height; ++y) {
    for (int x = 0; x < canvas.width; ++x) {
      double light = 0;
      for (int sub = 0; sub < kSub * kSub; ++sub) {
        const auto [u, v] =
            camera.on_label(x + (sub % kSub + 0.5) / kSub, y + (sub / kSub + 0.5) / kSub);
        const double there = label.at(u, v);
        light += there < 0 ? static_cast<double>(canvas.at(x, y)) : there;
      }
      canvas.at(x, y) = static_cast<float>(light / (kSub * kSub));
    }
  }
}

Scene developed(Canvas& canvas, const SceneStyle& style, Dice& dice) {
  gaussian(canvas, dice.between(0, style.blur));
  blur_along(canvas, dice.below(2) == 0, static_cast<int>(dice.between(0, style.smear + 0.999)));
  const double contrast = dice.between(style.contrast, 1);
  const double dark = dice.between(0, 1 - contrast);
  const double shade_x = dice.between(-style.shade, style.shade);
  const double shade_y = dice.between(-style.shade, style.shade);
  Scene scene{CodeKind::kCode128, {}, canvas.width, canvas.height, {}};
  scene.grey.reserve(canvas.light.size());
  for (int y = 0; y < canvas.height; ++y) {
    for (int x = 0; x < canvas.width; ++x) {
      const double shade = 1 - std::abs(shade_x) - std::abs(shade_y) + shade_x * x / canvas.width +
                           shade_y * y / canvas.height;
      const double grey = 255 * shade * (dark + contrast * static_cast<double>(canvas.at(x, y))) +
                          style.noise * dice.normal();
      scene.grey.push_back(static_cast<std::uint8_t>(std::clamp(grey, 0.0, 255.0)));
    }
  }
  return scene;
}

Canvas empty_canvas(const SceneStyle& style, Dice& dice) {
  Canvas canvas{style.width, style.height, {}};
  canvas.light.assign(
      static_cast<std::size_t>(style.width) * static_cast<std::size_t>(style.height),
      static_cast<float>(dice.between(0.3, 0.8)));
  if (style.clutter) add_clutter(canvas, dice);
  return canvas;
}

}  // namespace

std::string_view name_of(CodeKind kind) {
  constexpr std::array<std::string_view, kCodeKinds> kNames = {
      "Code128", "EAN-13", "EAN-8", "UPC-A", "UPC-E", "ITF", "QRCode", "DataMatrix"};
  return kNames[static_cast<std::size_t>(kind)];
}

SceneStyle upright_style() { return {}; }

SceneStyle any_angle_style() {
  SceneStyle style;
  style.most_degrees = 180;
  style.blur = 0.8;
  style.noise = 8;
  return style;
}

SceneStyle hard_style() {
  SceneStyle style;
  style.least_module = 1.5;
  style.most_module = 2.8;
  style.most_degrees = 25;
  style.slant = 0.15;
  style.blur = 1.2;
  style.smear = 1;
  style.noise = 5;
  style.contrast = 0.35;
  style.shade = 0.4;
  return style;
}

Scene draw_scene(CodeKind kind, const SceneStyle& style, std::uint64_t seed) {
  Dice dice(seed * kCodeKinds + static_cast<std::uint64_t>(kind));
  const Print print = print_of(kind, dice);
  ZXing::MultiFormatWriter writer(print.format);
  writer.setMargin(0);
  const ZXing::BitMatrix code = writer.encode(print.encoded, 0, 0);
  Canvas canvas = empty_canvas(style, dice);
  double module = dice.between(style.least_module, style.most_module);
  if (has_cells(kind)) module *= 5 / 2.75;
  // A code that is cut off is nobody's to read.
  const double room = 0.92 * std::min(style.width, style.height);
  constexpr double kQuiet = 10;
  const bool turned = style.most_degrees > 30;
  const double across = code.width() + 2 * kQuiet;
  module = std::min(module, (turned ? room : 0.92 * style.width) / across);
  const double height =
      has_cells(kind) ? code.height() : std::clamp(dice.between(30, 60), 1.0, 0.6 * room / module);
  const double degrees = dice.between(-style.most_degrees, style.most_degrees);
  const double angle = degrees * std::numbers::pi / 180;
  const double reach_x =
      std::min(style.width / 2.0, across * module / 2 * std::abs(std::cos(angle)) +
                                      height * module / 2 * std::abs(std::sin(angle)));
  const double reach_y =
      std::min(style.height / 2.0, across * module / 2 * std::abs(std::sin(angle)) +
                                       height * module / 2 * std::abs(std::cos(angle)));
  const Camera camera{dice.between(reach_x, style.width - reach_x),
                      dice.between(reach_y, style.height - reach_y),
                      std::cos(angle),
                      std::sin(angle),
                      module,
                      dice.between(-style.slant, style.slant) / across,
                      dice.between(-style.slant, style.slant) / across};
  draw_label(canvas, Label(code, height, kQuiet), camera);
  Scene scene = developed(canvas, style, dice);
  scene.kind = kind;
  scene.text = print.text;
  return scene;
}

Scene draw_clutter(const SceneStyle& style, std::uint64_t seed) {
  Dice dice(seed);
  Canvas canvas = empty_canvas(style, dice);
  return developed(canvas, style, dice);
}

}  // namespace cairn::bench
