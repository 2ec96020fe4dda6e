#pragma once
// What is asked of the decoder and what it answers, for the programs that use it: no library for
// pictures behind it.

#include "core/base/time.h"
#include "device-drivers/camera/luminance.h"
#include "device-drivers/camera/sighting.h"

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::devices {

enum class Effort : std::uint8_t {
  kFrame,  ///< one of many of a camera: the cheap looks, then those at any angle, then the next one
  kPhoto,  ///< there is no other: everything that may help
};

/// Looks have numbers that stay the same for a picture, so that a look which ended the process can
/// be left out when the picture is tried again.
inline constexpr int kLooksMost = 256;
using LookSet = std::bitset<kLooksMost>;

/// Neither side of a picture is longer, in pixels.
inline constexpr int kImageSideMost = 12'000;
/// Nor has it more pixels altogether: a camera's 40 megapixels.
inline constexpr std::int64_t kImagePixelsMost = 40'000'000;
struct DecodedCode {
  Symbology symbology = Symbology::kEan13;
  std::string aim;   ///< AIM identifier, "]E0"
  std::string text;  ///< what a scanner would send; GS (0x1D) for FNC1
  Quad corners{};    ///< in pixels of the picture as it was decoded
  friend bool operator==(const DecodedCode&, const DecodedCode&) = default;
};

struct DecodedImage {
  int width = 0;  ///< pixels, as they were decoded
  int height = 0;
  std::vector<DecodedCode> codes;  ///< at most 64
  Duration took{};                 ///< unpacking and decoding, in the worker
  friend bool operator==(const DecodedImage&, const DecodedImage&) = default;
};

}  // namespace cairn::devices
