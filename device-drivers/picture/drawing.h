#pragma once
// Pictures of what printers print: black on white, in the printer's own dots. The one place that
// knows Cairo (surfaces, letters, PNG) and Zint (codes). One thread for each drawing.

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::devices::picture {

/// The modules of a code, row by row; a bar code has one row.
struct Modules {
  int width = 0;
  int height = 0;
  std::vector<bool> black;
  [[nodiscard]] bool at(int x, int y) const {
    return black.at(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                    static_cast<std::size_t>(x));
  }
};

enum class CodeKind : std::uint8_t { kEan13, kCode128, kGs1_128, kQr, kDataMatrix, kGs1DataMatrix };

/// data: of the GS1 kinds an element string in brackets, "(00)340123450000000018". Errors: kInvalid
/// "bad_code" (what Zint says is wrong with it).
Result<Modules> encode(CodeKind kind, std::string_view data);

class Drawing {
 public:
  struct Font {
    bool monospaced = false;
    bool bold = false;
    double height = 24;  ///< of the line, in dots
  };

  /// White. At most 2000 x 60000 dots.
  Drawing(int width, int height);
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
  ~Drawing();

  void box(int x, int y, int width, int height);
  /// One line whose upper left corner is there.
  void text(double x, double y, std::string_view utf8, const Font& font);
  [[nodiscard]] double width_of(std::string_view utf8, const Font& font);
  /// Each module `dots` wide and `module_height` high.
  void code(int x, int y, const Modules& modules, int dots, int module_height);

  /// Errors: kUnavailable "no_picture" (no memory).
  [[nodiscard]] Result<std::string> png() const;

 private:
  struct Canvas;
  std::unique_ptr<Canvas> canvas_;
};

}  // namespace cairn::devices::picture
