#define ZX_USE_UTF8 1  // text() as octets
#include "device-drivers/camera/code_rules.h"
#include "device-drivers/camera/engines.h"

#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>
#include <utility>

namespace cairn::devices {
namespace {

using ZXing::BarcodeFormat;

std::optional<Symbology> symbology_of(BarcodeFormat format) {
  switch (format) {
    case BarcodeFormat::Aztec:
      return Symbology::kAztec;
    case BarcodeFormat::Codabar:
      return Symbology::kCodabar;
    case BarcodeFormat::Code39:
      return Symbology::kCode39;
    case BarcodeFormat::Code93:
      return Symbology::kCode93;
    case BarcodeFormat::Code128:
      return Symbology::kCode128;
    case BarcodeFormat::DataBar:
      return Symbology::kDataBar;
    case BarcodeFormat::DataBarExpanded:
      return Symbology::kDataBarExpanded;
    case BarcodeFormat::DataMatrix:
      return Symbology::kDataMatrix;
    case BarcodeFormat::EAN8:
      return Symbology::kEan8;
    case BarcodeFormat::EAN13:
      return Symbology::kEan13;
    case BarcodeFormat::ITF:
      return Symbology::kItf;
    case BarcodeFormat::PDF417:
      return Symbology::kPdf417;
    case BarcodeFormat::QRCode:
      return Symbology::kQrCode;
    case BarcodeFormat::UPCA:
      return Symbology::kUpcA;
    case BarcodeFormat::UPCE:
      return Symbology::kUpcE;
    default:
      return std::nullopt;
  }
}

ZXing::ImageView seen(const Luminance& image) {
  return {image.pixels.data(), image.width, image.height, ZXing::ImageFormat::Lum};
}

Quad corners_of(const ZXing::Position& position) {
  const auto point = [](const ZXing::PointI& at) {
    return Point{static_cast<double>(at.x), static_cast<double>(at.y)};
  };
  return {point(position.topLeft()), point(position.topRight()), point(position.bottomRight()),
          point(position.bottomLeft())};
}

std::optional<Sighting> sighting_of(const ZXing::Result& result) {
  const auto symbology = symbology_of(result.format());
  if (!symbology || !result.isValid()) return std::nullopt;
  auto read = normalised(*symbology, result.text(), result.symbologyIdentifier());
  if (!read) return std::nullopt;
  return Sighting{read->symbology,
                  std::move(read->aim),
                  std::move(read->text),
                  corners_of(result.position()),
                  std::max(1, result.lineCount()),
                  Engine::kZxing,
                  {}};
}

LineSpan span_of(const ZXing::Position& position) {
  const auto [left, right] = std::minmax({position.topLeft().x, position.topRight().x,
                                          position.bottomRight().x, position.bottomLeft().x});
  return {static_cast<double>(left), static_cast<double>(right),
          (position.topLeft().y + position.bottomLeft().y) / 2.0};
}

void place(Quad& corners, const Placement& placement) {
  for (Point& corner : corners) corner = placement(corner);
}

/// How alike two rows are between two columns, -1 to 1.
double likeness(const std::uint8_t* one, const std::uint8_t* other, int begin, int end) {
  double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
  for (int x = begin; x < end; ++x) {
    const double a = one[x];
    const double b = other[x];
    sum_a += a;
    sum_b += b;
    sum_aa += a * a;
    sum_bb += b * b;
    sum_ab += a * b;
  }
  const double n = end - begin;
  const double spread = (sum_aa - sum_a * sum_a / n) * (sum_bb - sum_b * sum_b / n);
  return spread > 0 ? (sum_ab - sum_a * sum_b / n) / std::sqrt(spread) : 0;
}

/// The library tells one or two of a code's rows. The bars go on as long as rows look alike.
Quad whole_height(const Luminance& image, const Quad& rows) {
  constexpr double kAlike = 0.5;
  constexpr int kEdge = 4;
  const auto [left, right] = std::minmax({rows[0].x, rows[1].x, rows[2].x, rows[3].x});
  const auto [upper, lower] = std::minmax({rows[0].y, rows[1].y, rows[2].y, rows[3].y});
  const int begin = std::clamp(static_cast<int>(left), 0, image.width - 1);
  const int end = std::clamp(static_cast<int>(right) + 1, begin + 1, image.width);
  const auto row_of = [&](double y) {
    return std::clamp(static_cast<int>(y), 0, image.height - 1);
  };
  // Each row is compared with one a little before it, so that tilted bars are followed, too.
  const auto last_alike = [&](int from, int step) {
    int y = from;
    while (y + step >= 0 && y + step < image.height &&
           likeness(image.row(y), image.row(y + step), begin, end) > kAlike) {
      y += step;
    }
    return y;
  };
  const int top = std::max(0, last_alike(row_of(upper), -1) - kEdge);
  const int bottom = std::min(image.height - 1, last_alike(row_of(lower), 1) + kEdge);
  const auto x0 = static_cast<double>(begin);
  const auto x1 = static_cast<double>(end);
  return {Point{x0, static_cast<double>(top)}, Point{x1, static_cast<double>(top)},
          Point{x1, static_cast<double>(bottom)}, Point{x0, static_cast<double>(bottom)}};
}

}  // namespace

std::vector<Sighting> zxing_linear(const View& view, const LinearSearch& search) {
  std::vector<Sighting> found;
  ZXing::BarcodeFormats formats = BarcodeFormat::EAN13 | BarcodeFormat::UPCA | BarcodeFormat::EAN8 |
                                  BarcodeFormat::UPCE | BarcodeFormat::Code128 |
                                  BarcodeFormat::Code39 | BarcodeFormat::Code93 |
                                  BarcodeFormat::ITF | BarcodeFormat::Codabar;
  if (search.databar) formats |= BarcodeFormat::DataBar | BarcodeFormat::DataBarExpanded;
  ZXing::DecodeHints hints;
  hints.setFormats(formats)
      .setTryHarder(search.thorough)
      .setTryRotate(false)
      .setTryDownscale(false)
      .setMinLineCount(static_cast<std::uint8_t>(search.lines));
  if (search.even_threshold) hints.setBinarizer(ZXing::Binarizer::FixedThreshold);
  try {
    Luminance image = view.image;
    for (int i = 0; i < search.most; ++i) {
      const ZXing::Result result = ZXing::ReadBarcode(seen(image), hints);
      if (!result.isValid()) break;
      const Quad whole = whole_height(image, corners_of(result.position()));
      if (auto sighting = sighting_of(result)) {
        sighting->span = span_of(result.position());
        sighting->corners = whole;
        place(sighting->corners, view.placement);
        found.push_back(std::move(*sighting));
      }
      constexpr std::uint8_t kPaper = 255;
      paint(image, whole, kPaper);
    }
  } catch (const std::exception&) {
    return found;  // what was found before it counts
  }
  return found;
}

std::vector<Sighting> zxing_matrix(const View& view, bool thorough) {
  std::vector<Sighting> found;
  ZXing::DecodeHints hints;
  hints
      .setFormats(BarcodeFormat::QRCode | BarcodeFormat::DataMatrix | BarcodeFormat::Aztec |
                  BarcodeFormat::PDF417)
      .setTryHarder(thorough)
      .setTryRotate(thorough)
      .setTryDownscale(false);
  try {
    for (const ZXing::Result& result : ZXing::ReadBarcodes(seen(view.image), hints)) {
      auto sighting = sighting_of(result);
      if (!sighting) continue;
      place(sighting->corners, view.placement);
      found.push_back(std::move(*sighting));
    }
  } catch (const std::exception&) {
    return found;
  }
  return found;
}

}  // namespace cairn::devices
