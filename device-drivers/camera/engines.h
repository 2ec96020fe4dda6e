#pragma once
// The two libraries that find codes in pictures, behind one form. Both are given pictures of
// strangers: they may return rubbish, throw, take long, abort the process (ZXing 1.4 keeps its
// asserts in Debian) or use much memory. Only cairn-decode, which is there to be lost, calls them.
// ZXing is known to zxing_engine.cpp only, zbar to zbar_engine.cpp only. Any thread.

#include "device-drivers/camera/sighting.h"

#include <vector>

namespace cairn::devices {

struct LinearSearch {
  bool thorough = true;         ///< every row, not some fifteen
  bool databar = true;          ///< also GS1 DataBar, the slowest ones
  int most = 8;                 ///< codes
  int lines = 2;                ///< that must say the same
  bool even_threshold = false;  ///< the picture is black and white already, at 128
};

/// Codes of bars that lie within 45 degrees of upright in `view`, also upside down. What was found
/// is painted over and the search repeated: the library's own search for several aborts on two
/// alike.
std::vector<Sighting> zxing_linear(const View& view, const LinearSearch& search);

/// The codes of cells. `thorough`: also small, turned and damaged ones.
std::vector<Sighting> zxing_matrix(const View& view, bool thorough);

/// Everything zbar can read in `view`, upright and turned by quarters.
std::vector<Sighting> zbar_all(const View& view);

}  // namespace cairn::devices
