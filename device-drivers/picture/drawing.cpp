#include "device-drivers/picture/drawing.h"

#include "core/base/assert.h"

#include <fmt/format.h>

#include <cairo.h>
#include <string>
#include <zint.h>

namespace cairn::devices::picture {
namespace {

/// Where a font's letters stand in its line.
constexpr double kBaseline = 0.78;
/// Letters are a little lower than their line.
constexpr double kFontOfLine = 0.83;

struct Symbol {
  Symbol() : zint(ZBarcode_Create()) { CAIRN_ASSERT(zint != nullptr, "no memory for a code"); }
  Symbol(const Symbol&) = delete;
  Symbol& operator=(const Symbol&) = delete;
  ~Symbol() { ZBarcode_Delete(zint); }
  zint_symbol* zint;
};

void choose(CodeKind kind, zint_symbol& symbol) {
  constexpr int kMediumCorrection = 2;
  switch (kind) {
    case CodeKind::kEan13:
      symbol.symbology = BARCODE_EANX;
      break;
    case CodeKind::kCode128:
      symbol.symbology = BARCODE_CODE128;
      break;
    case CodeKind::kGs1_128:
      symbol.symbology = BARCODE_GS1_128;
      symbol.input_mode = GS1_MODE | GS1PARENS_MODE;
      break;
    case CodeKind::kQr:
      symbol.symbology = BARCODE_QRCODE;
      symbol.input_mode = UNICODE_MODE;
      symbol.option_1 = kMediumCorrection;
      break;
    case CodeKind::kDataMatrix:
    case CodeKind::kGs1DataMatrix:
      symbol.symbology = BARCODE_DATAMATRIX;
      symbol.option_3 = DM_SQUARE;
      if (kind == CodeKind::kGs1DataMatrix) symbol.input_mode = GS1_MODE | GS1PARENS_MODE;
      break;
  }
}

}  // namespace

Result<Modules> encode(CodeKind kind, std::string_view data) {
  const Symbol symbol;
  choose(kind, *symbol.zint);
  std::string octets(data);
  const int status = ZBarcode_Encode(symbol.zint, reinterpret_cast<unsigned char*>(octets.data()),
                                     static_cast<int>(octets.size()));
  if (status >= ZINT_ERROR) {
    return fail(ErrorCode::kInvalid, "bad_code",
                fmt::format("the code cannot be drawn: {}", symbol.zint->errtxt));
  }
  Modules modules{symbol.zint->width, symbol.zint->rows, {}};
  for (int y = 0; y < modules.height; ++y) {
    for (int x = 0; x < modules.width; ++x) {
      modules.black.push_back((symbol.zint->encoded_data[y][x / 8] >> (x % 8) & 1) != 0);
    }
  }
  return modules;
}

struct Drawing::Canvas {
  Canvas(int width, int height)
      : surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
        cairo(cairo_create(surface)) {}
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  ~Canvas() {
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
  }

  void use(const Font& font) const {
    cairo_select_font_face(cairo, font.monospaced ? "DejaVu Sans Mono" : "DejaVu Sans",
                           CAIRO_FONT_SLANT_NORMAL,
                           font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo, font.height * kFontOfLine);
  }

  cairo_surface_t* surface;
  cairo_t* cairo;
};

Drawing::Drawing(int width, int height) {
  constexpr int kWidest = 2000;
  constexpr int kHighest = 60'000;
  CAIRN_ASSERT(width > 0 && width <= kWidest && height > 0 && height <= kHighest,
               "a picture has a size that was looked at before");
  canvas_ = std::make_unique<Canvas>(width, height);
  cairo_set_antialias(canvas_->cairo, CAIRO_ANTIALIAS_NONE);
  cairo_set_source_rgb(canvas_->cairo, 1, 1, 1);
  cairo_paint(canvas_->cairo);
  cairo_set_source_rgb(canvas_->cairo, 0, 0, 0);
}

Drawing::~Drawing() = default;

void Drawing::box(int x, int y, int width, int height) {
  cairo_rectangle(canvas_->cairo, x, y, width, height);
  cairo_fill(canvas_->cairo);
}

void Drawing::text(double x, double y, std::string_view utf8, const Font& font) {
  canvas_->use(font);
  cairo_move_to(canvas_->cairo, x, y + font.height * kBaseline);
  cairo_show_text(canvas_->cairo, std::string(utf8).c_str());
}

double Drawing::width_of(std::string_view utf8, const Font& font) {
  canvas_->use(font);
  cairo_text_extents_t extents{};
  cairo_text_extents(canvas_->cairo, std::string(utf8).c_str(), &extents);
  return extents.x_advance;
}

void Drawing::code(int x, int y, const Modules& modules, int dots, int module_height) {
  for (int row = 0; row < modules.height; ++row) {
    for (int column = 0; column < modules.width; ++column) {
      if (!modules.at(column, row)) continue;
      cairo_rectangle(canvas_->cairo, x + column * dots, y + row * module_height, dots,
                      module_height);
    }
  }
  cairo_fill(canvas_->cairo);
}

Result<std::string> Drawing::png() const {
  std::string octets;
  const auto append = [](void* into, const unsigned char* data, unsigned size) {
    static_cast<std::string*>(into)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
  };
  const auto status = cairo_surface_write_to_png_stream(canvas_->surface, append, &octets);
  if (status == CAIRO_STATUS_SUCCESS) return octets;
  return fail(ErrorCode::kUnavailable, "no_picture",
              fmt::format("the picture could not be drawn: {}", cairo_status_to_string(status)));
}

}  // namespace cairn::devices::picture
