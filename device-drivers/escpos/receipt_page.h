#pragma once
// What comes out of a receipt printer, line by line, in no printer's language: one layout gives
// both the octets for the printer (EscPosEncoder) and the picture for people.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace cairn::devices {

enum class ReceiptAlign : std::uint8_t { kLeft, kCentre, kRight };

struct ReceiptLine {
  std::string text;  ///< UTF-8 without control characters; at most as wide as the page
  ReceiptAlign align = ReceiptAlign::kLeft;
  bool bold = false;
  int scale = 1;  ///< of the characters, both ways: 1 or 2
};

struct ReceiptBarcode {
  enum class Symbology : std::uint8_t { kEan13, kCode128 };
  Symbology symbology = Symbology::kCode128;
  std::string data;  ///< 13 digits; of Code 128, printable ASCII
  int height = 60;   ///< dots, 1 to 255
  int module = 2;    ///< 1 to 3: thin bars of module + 1 dots
};

struct ReceiptQr {
  std::string data;
  int module = 6;  ///< dots, 1 to 8
};

struct ReceiptCut {
  bool partial = false;
};

using ReceiptPiece = std::variant<ReceiptLine, ReceiptBarcode, ReceiptQr, ReceiptCut>;

struct ReceiptPage {
  int columns = 48;
  std::vector<ReceiptPiece> pieces;  ///< codes are centred
};

}  // namespace cairn::devices
