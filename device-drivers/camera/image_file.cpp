#include "device-drivers/camera/image_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <png.h>
#include <string>
#include <turbojpeg.h>
#include <utility>

namespace cairn::devices {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kPngSignature = "\x89PNG\r\n\x1a\n"sv;
constexpr BytesView kJpegStart = "\xff\xd8\xff"sv;

const unsigned char* octets_of(BytesView file) {
  return reinterpret_cast<const unsigned char*>(file.data());  // NOLINT: the libraries' own type
}

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_image",
              fmt::format("the picture is damaged or cut off ({}); take it again", what));
}

Result<> check_size(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1) return damaged("it has no pixels");
  if (width <= kImageSideMost && height <= kImageSideMost && width * height <= kImagePixelsMost) {
    return {};
  }
  return fail(ErrorCode::kInvalid, "image_too_large",
              fmt::format("the picture says it has {} x {} pixels; at most {} a side and {} "
                          "altogether are read: make it smaller",
                          width, height, kImageSideMost, kImagePixelsMost));
}

/// libpng's simplified interface: it brings every kind of PNG to one format and does not jump.
Result<LoadedImage> load_png(BytesView file) {
  struct Closing {
    png_image image{};
    ~Closing() { png_image_free(&image); }
  } png;
  png.image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&png.image, octets_of(file), file.size()) == 0) {
    return damaged(png.image.message);
  }
  if (auto fits = check_size(png.image.width, png.image.height); !fits) return fail(fits.error());
  png.image.format = PNG_FORMAT_GRAY;
  // Stripes between bars, not bars, are what a transparent label leaves out.
  constexpr png_byte kWhite = 255;
  const png_color background{kWhite, kWhite, kWhite};
  LoadedImage found{
      Luminance(static_cast<int>(png.image.width), static_cast<int>(png.image.height), kWhite)};
  constexpr int kRowsAreClose = 0;
  if (png_image_finish_read(&png.image, &background, found.image.pixels.data(), kRowsAreClose,
                            nullptr) == 0) {
    return damaged(png.image.message);
  }
  return found;
}

struct Destroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};

/// Inks as Adobe's programs write them: 255 is none.
Luminance grey_of_inks(const std::vector<unsigned char>& inks, int width, int height) {
  constexpr std::size_t kInks = 4;
  Luminance found(width, height, 0);
  for (std::size_t i = 0; i < found.pixels.size(); ++i) {
    const unsigned char* const ink = &inks[i * kInks];
    // ITU-R BT.601, in 256ths.
    const int light = (77 * ink[0] + 150 * ink[1] + 29 * ink[2]) >> 8;
    found.pixels[i] = static_cast<std::uint8_t>(light * ink[3] / 255);
  }
  return found;
}

/// Whether what follows the picture's last octets of data is its end marker (ITU-T T.81, B.1.1).
/// Where one is missing, so are pixels.
bool has_end(BytesView file) {
  constexpr unsigned kEnd = 0xD9;
  const auto octet = [file](std::size_t at) { return static_cast<unsigned char>(file[at]); };
  // Stands alone: a stuffed octet of the data, a fill octet, a restart, TEM, another start.
  const auto stands_alone = [](unsigned marker) {
    return marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8) || marker == 0xFF;
  };
  for (std::size_t at = kJpegStart.size() - 1; at + 1 < file.size();) {
    if (octet(at) != 0xFF || stands_alone(octet(at + 1))) {
      ++at;
      continue;
    }
    const unsigned marker = octet(at + 1);
    if (marker == kEnd) return true;
    if (at + 3 >= file.size()) return false;
    at += 2 + (octet(at + 2) << 8U) + octet(at + 3);
  }
  return false;
}

/// The library's words where it met something odd and lost no pixel by it. It tells the first odd
/// thing only: so the end is looked for besides.
bool is_harmless(std::string_view warning) {
  constexpr std::array<std::string_view, 4> kHarmless = {
      "extraneous bytes before marker", "Unknown Adobe color transform code",
      "Invalid SOS parameters for sequential JPEG", "Inconsistent progression sequence"};
  return std::ranges::any_of(kHarmless, [warning](std::string_view words) {
    return warning.find(words) != std::string_view::npos;
  });
}

Result<LoadedImage> load_jpeg(BytesView file) {
  // A progressive picture can ask for work without end in few octets.
  constexpr int kFlags = TJFLAG_LIMITSCANS;
  const std::unique_ptr<void, Destroy> handle(tjInitDecompress());
  if (!handle) return damaged("no memory");
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colours = 0;
  const auto* const octets = octets_of(file);
  const auto is_damaged = [&handle, file](int status) {
    return status != 0 && !(tjGetErrorCode(handle.get()) == TJERR_WARNING &&
                            is_harmless(tjGetErrorStr2(handle.get())) && has_end(file));
  };
  if (is_damaged(tjDecompressHeader3(handle.get(), octets, file.size(), &width, &height,
                                     &subsampling, &colours))) {
    return damaged(tjGetErrorStr2(handle.get()));
  }
  if (auto fits = check_size(width, height); !fits) return fail(fits.error());
  int scaled_by = 1;
  while (std::int64_t{width} * height / (scaled_by * scaled_by) > kImagePixelsWanted) {
    scaled_by *= 2;
  }
  const tjscalingfactor scale{1, scaled_by};
  const int columns = TJSCALED(width, scale);
  const int rows = TJSCALED(height, scale);
  const bool inks = colours == TJCS_CMYK || colours == TJCS_YCCK;
  LoadedImage found{inks ? Luminance() : Luminance(columns, rows, 0), scaled_by};
  std::vector<unsigned char> four;
  if (inks) {
    four.resize(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows) * 4);
  }
  if (is_damaged(tjDecompress2(handle.get(), octets, file.size(),
                               inks ? four.data() : found.image.pixels.data(), columns, 0, rows,
                               inks ? TJPF_CMYK : TJPF_GRAY, kFlags))) {
    return damaged(tjGetErrorStr2(handle.get()));
  }
  if (inks) found.image = grey_of_inks(four, columns, rows);
  return found;
}

}  // namespace

Result<LoadedImage> load_image(BytesView file) {
  if (file.starts_with(kPngSignature)) return load_png(file);
  if (file.starts_with(kJpegStart)) return load_jpeg(file);
  return fail(ErrorCode::kInvalid, "not_an_image",
              "the file is neither a PNG nor a JPEG picture; save it as one of them");
}

}  // namespace cairn::devices
