#pragma once
// What is on a label and where, in no printer's language: one layout gives ZPL, EPL2 and the
// picture. All in dots of 203 dpi, eight to the millimetre, from the upper left corner.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace cairn::devices {

/// A line that fits: fit() has chosen its height.
struct LabelText {
  int x = 0;
  int y = 0;
  int height = 0;
  std::string text;  ///< UTF-8
  int width = 0;     ///< of its place
  bool centred = false;
};

/// A filled rectangle.
struct LabelBox {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

struct LabelBars {
  enum class Kind : std::uint8_t {
    kCode128,  ///< code set B
    kSscc,     ///< GS1-128 (00): the 18 digits
    kEan13,    ///< 13 digits
  };
  Kind kind = Kind::kCode128;
  int x = 0;
  int y = 0;
  int height = 0;
  int module = 0;
  std::string data;
};

struct LabelMatrix {
  enum class Kind : std::uint8_t {
    kQr,
    kDataMatrix,
    kGs1DataMatrix,  ///< an element string without brackets; only its last value may vary in length
  };
  Kind kind = Kind::kQr;
  int x = 0;
  int y = 0;
  int module = 0;
  std::string data;       ///< printable ASCII
  std::string bracketed;  ///< kGs1DataMatrix: the same with its identifiers in brackets
};

using LabelPiece = std::variant<LabelText, LabelBox, LabelBars, LabelMatrix>;

struct LabelPage {
  int width = 0;
  int height = 0;
  int copies = 1;
  std::vector<LabelPiece> pieces;
};

}  // namespace cairn::devices
