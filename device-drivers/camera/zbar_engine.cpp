#include "device-drivers/camera/code_rules.h"
#include "device-drivers/camera/engines.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <zbar.h>

namespace cairn::devices {
namespace {

using namespace zbar;  // NOLINT(google-build-using-namespace): a C interface within a namespace

std::optional<Symbology> symbology_of_zbar(zbar_symbol_type_t type) {
  switch (type) {
    case ZBAR_EAN8:
      return Symbology::kEan8;
    case ZBAR_EAN13:
      return Symbology::kEan13;
    case ZBAR_UPCA:
      return Symbology::kUpcA;
    case ZBAR_UPCE:
      return Symbology::kUpcE;
    case ZBAR_I25:
      return Symbology::kItf;
    case ZBAR_DATABAR:
      return Symbology::kDataBar;
    case ZBAR_DATABAR_EXP:
      return Symbology::kDataBarExpanded;
    case ZBAR_CODABAR:
      return Symbology::kCodabar;
    case ZBAR_CODE39:
      return Symbology::kCode39;
    case ZBAR_CODE93:
      return Symbology::kCode93;
    case ZBAR_CODE128:
      return Symbology::kCode128;
    case ZBAR_QRCODE:
      return Symbology::kQrCode;
    default:
      return std::nullopt;
  }
}

struct DestroyScanner {
  void operator()(zbar_image_scanner_t* scanner) const { zbar_image_scanner_destroy(scanner); }
};
struct DestroyImage {
  void operator()(zbar_image_t* image) const { zbar_image_destroy(image); }
};

/// Around the points that zbar names: scan lines of a linear code, corners of a QR code.
Quad corners_around(const zbar_symbol_t* symbol) {
  const unsigned count = zbar_symbol_get_loc_size(symbol);
  if (count == 0) return {};
  double left = zbar_symbol_get_loc_x(symbol, 0);
  double top = zbar_symbol_get_loc_y(symbol, 0);
  double right = left;
  double bottom = top;
  for (unsigned i = 1; i < count; ++i) {
    const double x = zbar_symbol_get_loc_x(symbol, i);
    const double y = zbar_symbol_get_loc_y(symbol, i);
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
  }
  return {Point{left, top}, Point{right, top}, Point{right, bottom}, Point{left, bottom}};
}

/// FNC1 first makes a Code 128 or QR code one of GS1; zbar tells it apart.
std::string aim_of(const zbar_symbol_t* symbol, Symbology symbology) {
  const bool gs1 = (zbar_symbol_get_modifiers(symbol) & (1U << ZBAR_MOD_GS1)) != 0;
  if (symbology == Symbology::kCode128) return gs1 ? "]C1" : "]C0";
  if (symbology == Symbology::kQrCode) return gs1 ? "]Q3" : "]Q1";
  return {};
}

}  // namespace

std::vector<Sighting> zbar_all(const View& view) {
  std::vector<Sighting> found;
  const std::unique_ptr<zbar_image_scanner_t, DestroyScanner> scanner(zbar_image_scanner_create());
  const std::unique_ptr<zbar_image_t, DestroyImage> image(zbar_image_create());
  if (!scanner || !image) return found;
  // Its DataBar decoder is unsound (it says so itself, on standard error), the others are not ours.
  for (const auto off : {ZBAR_EAN2, ZBAR_EAN5, ZBAR_ISBN10, ZBAR_ISBN13, ZBAR_COMPOSITE,
                         ZBAR_SQCODE, ZBAR_PDF417, ZBAR_DATABAR, ZBAR_DATABAR_EXP}) {
    zbar_image_scanner_set_config(scanner.get(), off, ZBAR_CFG_ENABLE, 0);
  }
  for (const auto on : {ZBAR_UPCA, ZBAR_UPCE, ZBAR_EAN8, ZBAR_EAN13}) {
    zbar_image_scanner_set_config(scanner.get(), on, ZBAR_CFG_ENABLE, 1);
  }
  constexpr int kShortestItf = 4;
  zbar_image_scanner_set_config(scanner.get(), ZBAR_I25, ZBAR_CFG_MIN_LEN, kShortestItf);
  constexpr unsigned long kGrey = 0x30303859;  // "Y800", eight bits of grey
  zbar_image_set_format(image.get(), kGrey);
  zbar_image_set_size(image.get(), static_cast<unsigned>(view.image.width),
                      static_cast<unsigned>(view.image.height));
  zbar_image_set_data(image.get(), view.image.pixels.data(), view.image.pixels.size(), nullptr);
  if (zbar_scan_image(scanner.get(), image.get()) <= 0) return found;
  for (const zbar_symbol_t* symbol = zbar_image_first_symbol(image.get()); symbol != nullptr;
       symbol = zbar_symbol_next(symbol)) {
    const auto symbology = symbology_of_zbar(zbar_symbol_get_type(symbol));
    if (!symbology) continue;
    const std::string_view said(zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol));
    auto read = normalised(*symbology, said, aim_of(symbol, *symbology));
    if (!read) continue;
    Sighting sighting{read->symbology,
                      std::move(read->aim),
                      std::move(read->text),
                      corners_around(symbol),
                      std::max(1, zbar_symbol_get_quality(symbol)),
                      Engine::kZbar,
                      {}};
    if (is_linear(sighting.symbology)) {
      // Codes that stand on end are found in a picture that is turned.
      const Quad& box = sighting.corners;
      if (box[1].x - box[0].x < box[2].y - box[1].y) continue;
      sighting.span = {box[0].x, box[1].x, (box[0].y + box[2].y) / 2};
    }
    for (Point& corner : sighting.corners) corner = view.placement(corner);
    found.push_back(std::move(sighting));
  }
  return found;
}

}  // namespace cairn::devices
