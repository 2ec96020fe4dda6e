#pragma once
// Pictures with a barcode in them, as a camera would take them: turned, slanted, blurred, noisy,
// badly lit, with other things around. Drawn from a number, so that the same number is the same
// picture for ever. Never stored.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::bench {

enum class CodeKind : std::uint8_t {
  kCode128,
  kEan13,
  kEan8,
  kUpcA,
  kUpcE,
  kItf,
  kQr,
  kDataMatrix
};
inline constexpr int kCodeKinds = 8;
std::string_view name_of(CodeKind kind);

/// How hard it is made. Lengths are pixels of the picture, greys 0 to 255.
struct SceneStyle {
  int width = 640;
  int height = 480;
  double least_module = 2.5;  ///< of bars; cells are twice as wide
  double most_module = 3;
  double most_degrees = 4;  ///< either way
  double slant = 0;         ///< perspective: how much nearer one edge may be than the other
  double blur = 0.5;        ///< standard deviation, up to
  double smear = 0;         ///< by the hand's movement, up to
  double noise = 4;         ///< standard deviation
  double contrast = 0.85;   ///< at least, of the full range
  double shade = 0.2;       ///< light at one edge, less than at the other by up to this part
  bool clutter = true;      ///< letters, edges and boxes around it
};

SceneStyle upright_style();    ///< held in front of a camera by somebody who means it
SceneStyle any_angle_style();  ///< the same, turned by anything
SceneStyle hard_style();       ///< small, dim, out of focus, slanted, in movement

struct Scene {
  CodeKind kind = CodeKind::kCode128;
  std::string text;  ///< as a decoder is to tell it
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> grey;
};

Scene draw_scene(CodeKind kind, const SceneStyle& style, std::uint64_t seed);

/// The same without a code in it.
Scene draw_clutter(const SceneStyle& style, std::uint64_t seed);

}  // namespace cairn::bench
