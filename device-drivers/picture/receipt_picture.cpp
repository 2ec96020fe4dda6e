#include "device-drivers/picture/receipt_picture.h"

#include "device-drivers/escpos/receipt_text.h"
#include "device-drivers/picture/drawing.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::devices::picture {
namespace {

// In dots.
constexpr int kCellWidth = 12;
constexpr int kCellHeight = 24;
constexpr int kLinePitch = 30;  // the printer's usual line spacing
constexpr int kSide = 24;
constexpr int kEnds = 30;
constexpr int kCutHeight = 4;

/// A code that is drawn, or what stands in its place.
struct Placed {
  const ReceiptPiece* piece = nullptr;
  Modules modules;
  int height = 0;
};

Result<Placed> place(const ReceiptPiece& piece) {
  Placed placed{&piece, {}, kLinePitch};
  if (const auto* const line = std::get_if<ReceiptLine>(&piece)) {
    placed.height = kLinePitch + (line->scale - 1) * kCellHeight;
  } else if (const auto* const barcode = std::get_if<ReceiptBarcode>(&piece)) {
    const bool ean = barcode->symbology == ReceiptBarcode::Symbology::kEan13;
    auto modules = encode(ean ? CodeKind::kEan13 : CodeKind::kCode128, barcode->data);
    if (!modules) return fail(modules.error());
    placed.modules = *std::move(modules);
    placed.height = barcode->height + kLinePitch * 2;
  } else if (const auto* const qr = std::get_if<ReceiptQr>(&piece)) {
    auto modules = encode(CodeKind::kQr, qr->data);
    if (!modules) return fail(modules.error());
    placed.modules = *std::move(modules);
    placed.height = placed.modules.height * qr->module + kLinePitch;
  }
  return placed;
}

class Paper {
 public:
  Paper(int columns, int height)
      : width_(columns * kCellWidth), drawing_(width_ + 2 * kSide, height + 2 * kEnds) {}

  void draw(const Placed& placed) {
    if (const auto* const line = std::get_if<ReceiptLine>(placed.piece)) {
      draw_line(*line);
    } else if (const auto* const barcode = std::get_if<ReceiptBarcode>(placed.piece)) {
      const int dots = barcode->module + 1;
      drawing_.code(middle(placed.modules.width * dots), y_, placed.modules, dots, barcode->height);
      write(barcode->data, middle(width_of_text(barcode->data) * kCellWidth),
            y_ + barcode->height + 2, 1, false);
    } else if (const auto* const qr = std::get_if<ReceiptQr>(placed.piece)) {
      drawing_.code(middle(placed.modules.width * qr->module), y_, placed.modules, qr->module,
                    qr->module);
    } else {
      for (int x = 0; x < width_; x += 2 * kCellWidth) {
        drawing_.box(kSide + x, y_ + kLinePitch / 2, kCellWidth, kCutHeight);
      }
    }
    y_ += placed.height;
  }

  [[nodiscard]] Result<std::string> png() const { return drawing_.png(); }

 private:
  [[nodiscard]] int middle(int width) const { return kSide + (width_ - width) / 2; }

  void draw_line(const ReceiptLine& line) {
    const int width = width_of_text(line.text) * line.scale * kCellWidth;
    const int x = line.align == ReceiptAlign::kLeft     ? kSide
                  : line.align == ReceiptAlign::kCentre ? middle(width)
                                                        : kSide + width_ - width;
    write(line.text, x, y_, line.scale, line.bold);
  }

  /// Each character in its cell, as the printer does it.
  void write(std::string_view text, int x, int y, int scale, bool bold) {
    const Drawing::Font font{true, bold, static_cast<double>(kCellHeight) * scale};
    while (!text.empty()) {
      std::size_t size = 1;
      while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
        ++size;
      }
      drawing_.text(x, y, text.substr(0, size), font);
      text.remove_prefix(size);
      x += kCellWidth * scale;
    }
  }

  const int width_;
  Drawing drawing_;
  int y_ = kEnds;
};

}  // namespace

Result<std::string> png_of(const ReceiptPage& page) {
  std::vector<Placed> all;
  int height = 0;
  for (const ReceiptPiece& piece : page.pieces) {
    auto placed = place(piece);
    if (!placed) return fail(placed.error());
    height += placed->height;
    all.push_back(*std::move(placed));
  }
  constexpr int kHighest = 50'000;
  if (height > kHighest) {
    return fail(ErrorCode::kInvalid, "bad_receipt",
                "the receipt is longer than six metres: no picture is drawn of it");
  }
  Paper paper(page.columns, height);
  for (const Placed& placed : all) paper.draw(placed);
  return paper.png();
}

}  // namespace cairn::devices::picture
