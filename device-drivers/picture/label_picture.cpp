#include "device-drivers/picture/label_picture.h"

#include "device-drivers/picture/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace cairn::devices::picture {
namespace {

class LabelPainter {
 public:
  explicit LabelPainter(Drawing& drawing) : drawing_(drawing) {}

  Result<> operator()(const LabelText& text) const {
    // The printer's letters are narrower than these.
    Drawing::Font font{false, true, static_cast<double>(text.height)};
    const double natural = drawing_.width_of(text.text, font);
    if (natural > text.width) font.height *= text.width / natural;
    const double width = std::min<double>(natural, text.width);
    drawing_.text(text.x + (text.centred ? (text.width - width) / 2 : 0), text.y, text.text, font);
    return {};
  }
  Result<> operator()(const LabelBox& box) const {
    drawing_.box(box.x, box.y, box.width, box.height);
    return {};
  }
  Result<> operator()(const LabelBars& bars) const {
    using Kind = LabelBars::Kind;
    const auto modules =
        bars.kind == Kind::kSscc
            ? encode(CodeKind::kGs1_128, fmt::format("(00){}", bars.data))
            : encode(bars.kind == Kind::kEan13 ? CodeKind::kEan13 : CodeKind::kCode128, bars.data);
    if (!modules) return fail(modules.error());
    drawing_.code(bars.x, bars.y, *modules, bars.module, bars.height);
    return {};
  }
  Result<> operator()(const LabelMatrix& matrix) const {
    using Kind = LabelMatrix::Kind;
    const auto modules =
        matrix.kind == Kind::kGs1DataMatrix
            ? encode(CodeKind::kGs1DataMatrix, matrix.bracketed)
            : encode(matrix.kind == Kind::kQr ? CodeKind::kQr : CodeKind::kDataMatrix, matrix.data);
    if (!modules) return fail(modules.error());
    drawing_.code(matrix.x, matrix.y, *modules, matrix.module, matrix.module);
    return {};
  }

 private:
  Drawing& drawing_;
};

}  // namespace

Result<std::string> png_of(const LabelPage& page) {
  Drawing drawing(page.width, page.height);
  const LabelPainter painter(drawing);
  for (const LabelPiece& piece : page.pieces) {
    if (auto ok = std::visit(painter, piece); !ok) return fail(ok.error());
  }
  return drawing.png();
}

}  // namespace cairn::devices::picture
