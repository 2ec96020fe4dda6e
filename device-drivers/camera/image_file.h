#pragma once
// A picture's file, as a browser or a camera makes it, into grey pixels. The octets are untrusted:
// what the picture claims to be is checked before anything of it is unpacked. libpng and
// libjpeg-turbo are known to image_file.cpp only. Any thread.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "device-drivers/camera/decoded.h"
#include "device-drivers/camera/luminance.h"

namespace cairn::devices {

/// A JPEG with more pixels is unpacked at half its size, or a quarter: codes that a camera could
/// see well are still well to be seen.
inline constexpr std::int64_t kImagePixelsWanted = 6'000'000;

/// PNG (ISO/IEC 15948: every depth, palettes, alpha over white, interlaced) or JPEG (grey, YCbCr,
/// RGB, CMYK, YCCK; baseline or progressive), known by their first octets. Of a JPEG the grey
/// pixels may be fewer than the picture's: `scaled_by` says how many of its pixels make one.
struct LoadedImage {
  Luminance image;
  int scaled_by = 1;
};

/// Errors: kInvalid "not_an_image" (neither PNG nor JPEG), "image_too_large", "bad_image" (damaged
/// or cut off).
Result<LoadedImage> load_image(BytesView file);

}  // namespace cairn::devices
