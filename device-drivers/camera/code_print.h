#pragma once
// How a code of bars is printed, module by module, and what else could stand in the place of each
// of its digits (EAN and UPC: ISO/IEC 15420, 4.2; ITF: ISO/IEC 16390). Pure. Any thread.

#include "device-drivers/camera/sighting.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::devices {

struct CodePrint {
  using Modules = std::vector<std::uint8_t>;  ///< 1 is ink

  /// A digit, or two that are interleaved: where it begins, and what else could stand there, all as
  /// long as itself.
  struct Place {
    std::size_t begin = 0;
    std::vector<Modules> others;
  };

  Modules modules;
  std::vector<Place> places;
  int scale = 1;  ///< `modules` in the narrowest bar: those of ITF are halves
};

/// Every way in which `text` (13 digits, 8 of an EAN-8; UPC-E expanded; an even number of ITF) can
/// be printed: ITF with wide bars of several widths, others in one. Empty for other symbologies,
/// and for a text that the symbology cannot hold.
std::vector<CodePrint> prints_of(Symbology symbology, std::string_view text);

}  // namespace cairn::devices
