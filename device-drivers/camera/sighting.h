#pragma once
// What an engine says it saw in a picture, once. Whether it is believed is for evidence.h.

#include "device-drivers/camera/luminance.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::devices {

enum class Symbology : std::uint8_t {
  kAztec,
  kCodabar,
  kCode39,
  kCode93,
  kCode128,
  kDataBar,  ///< GS1 DataBar Omnidirectional, Truncated, Stacked
  kDataBarExpanded,
  kDataMatrix,
  kEan8,
  kEan13,
  kItf,
  kPdf417,
  kQrCode,
  kUpcA,
  kUpcE,
};
inline constexpr int kSymbologies = 15;

/// "EAN-13", "Code128", "DataMatrix": the names of ZXing.
std::string_view name_of(Symbology symbology);
/// Bars, not cells.
bool is_linear(Symbology symbology);

enum class Engine : std::uint8_t { kZxing, kZbar };

/// Where a linear code was read in the view: one row, from the first bar to the last.
struct LineSpan {
  double left = 0;
  double right = 0;
  double row = 0;
};

struct Sighting {
  Symbology symbology = Symbology::kEan13;
  std::string aim;   ///< AIM symbology identifier of what `text` is, "]E0" (ISO/IEC 15424)
  std::string text;  ///< what a scanner would send without the identifier; GS (0x1D) for FNC1
  Quad corners{};    ///< in the camera's picture
  int lines = 1;     ///< scan lines that said the same
  Engine engine = Engine::kZxing;
  LineSpan span{};  ///< of a linear code
};

}  // namespace cairn::devices
