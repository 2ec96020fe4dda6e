#include "device-drivers/zpl/zpl_encoder.h"

#include "device-drivers/zpl/label_text.h"

#include <fmt/format.h>

#include <variant>

namespace cairn::devices {
namespace {

std::string zpl(const LabelText& text) {
  const std::string place = text.centred ? fmt::format("^FB{},1,0,C", text.width) : "";
  return fmt::format("^FO{},{}^A0N,{},{}{}^FH_^FD{}^FS\n", text.x, text.y, text.height, text.height,
                     place, escaped(text.text));
}

std::string zpl(const LabelBox& box) {
  return fmt::format("^FO{},{}^GB{},{},{}^FS\n", box.x, box.y, box.width, box.height, box.height);
}

/// Code 128 in mode N, so that the data alone chooses the code sets: ">" begins a choice and is
/// itself ">0", "~" is ">=" and "^" is "><" there, which also keeps them from being commands.
std::string code128_data(std::string_view data) {
  std::string out;
  for (const char c : data) {
    out += c == '>' ? ">0" : c == '~' ? ">=" : c == '^' ? "><" : escaped(std::string_view(&c, 1));
  }
  return out;
}

std::string zpl(const LabelBars& bars) {
  const std::string head =
      fmt::format("^BY{},3,{}^FO{},{}", bars.module, bars.height, bars.x, bars.y);
  switch (bars.kind) {
    case LabelBars::Kind::kCode128: {
      const std::string data = code128_data(bars.data);
      const std::string_view hex = data.find('_') == std::string::npos ? "" : "^FH_";
      return fmt::format("{}^BCN,{},N,N,N{}^FD{}^FS\n", head, bars.height, hex, data);
    }
    case LabelBars::Kind::kSscc:
      // ">;" starts with code set C, ">8" is FNC1, so that a reader says GS1 (]C1).
      return fmt::format("{}^BCN,{},N,N,N^FD>;>800{}^FS\n", head, bars.height, bars.data);
    case LabelBars::Kind::kEan13:
      // The printer adds the check digit.
      return fmt::format("{}^BEN,{},N,N^FD{}^FS\n", head, bars.height, bars.data.substr(0, 12));
  }
  return {};
}

/// ^BY before ^BQ: a QR code is moved down by the height of the bar code before it.
std::string zpl(const LabelMatrix& matrix) {
  switch (matrix.kind) {
    case LabelMatrix::Kind::kQr:
      return fmt::format("^BY2,3,10^FO{},{}^BQN,2,{}^FH_^FDMA,{}^FS\n", matrix.x, matrix.y,
                         matrix.module, escaped(matrix.data));
    case LabelMatrix::Kind::kDataMatrix:
      return fmt::format("^FO{},{}^BXN,{},200^FH_^FD{}^FS\n", matrix.x, matrix.y, matrix.module,
                         escaped(matrix.data));
    case LabelMatrix::Kind::kGs1DataMatrix:
      // "_1" is FNC1; no ^FH here, which has the same sign, and no value needs it.
      return fmt::format("^FO{},{}^BXN,{},200,,,,_^FD_1{}^FS\n", matrix.x, matrix.y, matrix.module,
                         matrix.data);
  }
  return {};
}

}  // namespace

std::string zpl_of(const LabelPage& page) {
  // ^CI28: UTF-8
  std::string out = fmt::format("^XA\n^CI28^PW{}^LL{}^LH0,0\n", page.width, page.height);
  for (const LabelPiece& piece : page.pieces) {
    out += std::visit([](const auto& one) { return zpl(one); }, piece);
  }
  out += fmt::format("^PQ{},0,0,N\n^XZ\n", page.copies);
  return out;
}

}  // namespace cairn::devices
