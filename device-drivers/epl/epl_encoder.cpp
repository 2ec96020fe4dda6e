#include "device-drivers/epl/epl_encoder.h"

#include "device-drivers/escpos/code_page.h"
#include "device-drivers/escpos/receipt_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace cairn::devices {
namespace {

/// Fonts 1 to 4 at 203 dpi, with the blank between characters. Font 5 has capitals only.
struct EplFont {
  int number;
  int width;
  int height;
};
constexpr std::array<EplFont, 4> kEplFonts{{{4, 16, 24}, {3, 14, 20}, {2, 12, 16}, {1, 10, 12}}};
constexpr int kLargestScale = 6;

/// Between quotes: a quote and a backslash are escaped, control characters are blanks.
std::string quoted(std::string_view utf8) {
  std::string out = "\"";
  for (const char32_t character : characters_of(one_line(utf8))) {
    const char octet = octet_in("windows1252", character).value_or('?');
    if (octet == '"' || octet == '\\') out += '\\';
    out += octet;
  }
  return out + "\"";
}

std::string epl(const LabelText& text) {
  const int characters = std::max(width_of_text(text.text), 1);
  EplFont font = kEplFonts.back();
  int scale = 1;
  // The largest that is not higher than the line and not wider than its place.
  for (int tried = kLargestScale; tried >= 1; --tried) {
    const auto* const found = std::ranges::find_if(kEplFonts, [&](const EplFont& one) {
      return one.height * tried <= text.height && one.width * tried * characters <= text.width;
    });
    if (found == kEplFonts.end()) continue;
    font = *found;
    scale = tried;
    break;
  }
  const int fits = std::max(text.width / (font.width * scale), 1);
  const std::string shown = fits < characters ? at_both_ends(text.text, "", fits + 1) : text.text;
  const int width = std::min(characters, fits) * font.width * scale;
  const int x = text.centred ? text.x + std::max(text.width - width, 0) / 2 : text.x;
  return fmt::format("A{},{},0,{},{},{},N,{}\n", x, text.y, font.number, scale, scale,
                     quoted(without_end_blanks(shown)));
}

std::string epl(const LabelBox& box) {
  return fmt::format("LO{},{},{},{}\n", box.x, box.y, box.width, box.height);
}

std::string epl(const LabelBars& bars) {
  const auto code = [&bars](std::string_view type, std::string_view data) {
    return fmt::format("B{},{},0,{},{},{},{},N,{}\n", bars.x, bars.y, type, bars.module,
                       2 * bars.module, bars.height, quoted(data));
  };
  switch (bars.kind) {
    case LabelBars::Kind::kCode128:
      return code("1B", bars.data);
    case LabelBars::Kind::kSscc:
      return code("1E", "00" + bars.data);
    case LabelBars::Kind::kEan13:
      return code("E30", bars.data.substr(0, 12));
  }
  return {};
}

std::string epl(const LabelMatrix& matrix) {
  return matrix.kind == LabelMatrix::Kind::kQr
             ? fmt::format("b{},{},Q,m2,s{},eM,iA,{}\n", matrix.x, matrix.y, matrix.module,
                           quoted(matrix.data))
             : fmt::format("b{},{},D,h{},{}\n", matrix.x, matrix.y, matrix.module,
                           quoted(matrix.data));
}

}  // namespace

Result<std::string> epl_of(const LabelPage& page) {
  constexpr int kGap = 24;
  std::string out = fmt::format("\nN\nI8,A,001\nq{}\nQ{},{}\n", page.width, page.height, kGap);
  for (const LabelPiece& piece : page.pieces) {
    const auto* const matrix = std::get_if<LabelMatrix>(&piece);
    if (matrix != nullptr && matrix->kind == LabelMatrix::Kind::kGs1DataMatrix) {
      return fail(ErrorCode::kRejected, "not_in_epl",
                  "a GS1 DataMatrix cannot be printed with EPL2: nothing was made; leave batch and "
                  "expiry out, or use a printer for ZPL");
    }
    out += std::visit([](const auto& one) { return epl(one); }, piece);
  }
  out += fmt::format("P{}\n", page.copies);
  return out;
}

}  // namespace cairn::devices
