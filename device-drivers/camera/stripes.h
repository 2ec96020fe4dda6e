#pragma once
// Where in a picture bars or cells may be, and which way a scanner would have to be held: found
// from the grey values' slopes alone, before anything is decoded. Pure. Any thread.

#include "device-drivers/camera/luminance.h"

#include <vector>

namespace cairn::devices {

struct Stripes {
  double degrees = 0;  ///< turning the picture by this makes scan lines level, in (-90, 90]
  double weight = 0;   ///< how much of it there is
  int left = 0;        ///< a box around them, with their quiet zones
  int top = 0;
  int right = 0;
  int bottom = 0;
};

/// At most `most`, the heaviest first.
std::vector<Stripes> find_stripes(const Luminance& image, int most);

/// A patch of edges in all directions, about as high as wide: perhaps a code of cells.
struct Patch {
  double degrees = 0;  ///< turning the picture by this makes rows of cells level, in [-45, 45]
  int left = 0;        ///< a box around it, with its quiet zone
  int top = 0;
  int right = 0;
  int bottom = 0;
};

/// At most `most`, the one with the strongest edges first.
std::vector<Patch> find_patches(const Luminance& image, int most);

}  // namespace cairn::devices
