#include "device-drivers/camera/image_file.h"

#include "tests/support/catch.h"

#include <cstring>
#include <png.h>
#include <turbojpeg.h>
#include <vector>

namespace cairn::devices::image_file_test {
namespace {

using std::string_literals::operator""s;

Bytes png_of(png_uint_32 format, int width, int height, const void* pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = format;
  png_alloc_size_t size = 0;
  REQUIRE(png_image_write_to_memory(&image, nullptr, &size, 0, pixels, 0, nullptr) != 0);
  Bytes file(size, '\0');
  REQUIRE(png_image_write_to_memory(&image, file.data(), &size, 0, pixels, 0, nullptr) != 0);
  return file;
}

Bytes jpeg_of(int format, int subsampling, int width, int height,
              std::vector<unsigned char> pixels) {
  tjhandle handle = tjInitCompress();
  unsigned char* octets = nullptr;
  unsigned long size = 0;
  REQUIRE(tjCompress2(handle, pixels.data(), width, 0, height, format, &octets, &size, subsampling,
                      95, 0) == 0);
  Bytes file(reinterpret_cast<const char*>(octets), size);
  tjFree(octets);
  tjDestroy(handle);
  return file;
}

/// A PNG that says it has so many pixels and brings none.
Bytes bomb(unsigned width, unsigned height) {
  Bytes file = "\x89PNG\r\n\x1a\n"s + "\0\0\0\rIHDR"s;
  for (const unsigned side : {width, height}) {
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>((side >> shift) & 0xff);
  }
  file += "\x08\0\0\0\0"s;
  // The chunk's checksum, CRC-32 as in ISO 3309.
  std::uint32_t crc = 0xffffffff;
  for (const char c : BytesView(file).substr(12)) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
  }
  crc = ~crc;
  for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>((crc >> shift) & 0xff);
  return file + "\0\0\0\0IDAT"s;
}

std::string reason_of(const Result<LoadedImage>& image) {
  return image ? "" : image.error().reason;
}

TEST_CASE("image file: PNG of every kind becomes grey", "[devices][camera]") {
  const std::vector<unsigned char> grey{0, 128, 255, 64};
  const auto plain = load_image(png_of(PNG_FORMAT_GRAY, 2, 2, grey.data()));
  REQUIRE(plain);
  CHECK(plain->image.width == 2);
  CHECK(plain->image.height == 2);
  CHECK(plain->image.pixels == grey);

  const std::vector<unsigned char> colour{255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 0, 255};
  const auto rgb = load_image(png_of(PNG_FORMAT_RGB, 2, 2, colour.data()));
  REQUIRE(rgb);
  CHECK(rgb->image.pixels[0] == 255);
  CHECK(rgb->image.pixels[1] == 0);
  CHECK(rgb->image.pixels[2] > rgb->image.pixels[3]);

  const std::vector<std::uint16_t> linear{0, 65535, 65535, 0};
  const auto deep = load_image(png_of(PNG_FORMAT_LINEAR_Y, 2, 2, linear.data()));
  REQUIRE(deep);
  CHECK(deep->image.pixels == std::vector<std::uint8_t>{0, 255, 255, 0});
}

TEST_CASE("image file: what is transparent is white", "[devices][camera]") {
  const std::vector<unsigned char> pixels{0, 0, 0, 0, 0, 0, 0, 255};
  const auto found = load_image(png_of(PNG_FORMAT_RGBA, 2, 1, pixels.data()));
  REQUIRE(found);
  CHECK(found->image.pixels == std::vector<std::uint8_t>{255, 0});
}

TEST_CASE("image file: JPEG in grey, colour and inks", "[devices][camera]") {
  const auto near = [](const Result<LoadedImage>& image, int wanted) {
    REQUIRE(image);
    CHECK(image->image.width == 16);
    CHECK(image->image.height == 8);
    for (const std::uint8_t pixel : image->image.pixels) CHECK(std::abs(pixel - wanted) < 6);
  };
  const std::size_t count = 16 * 8;
  near(load_image(jpeg_of(TJPF_GRAY, TJSAMP_GRAY, 16, 8, std::vector<unsigned char>(count, 90))),
       90);
  near(load_image(jpeg_of(TJPF_RGB, TJSAMP_420, 16, 8, std::vector<unsigned char>(3 * count, 200))),
       200);
  near(
      load_image(jpeg_of(TJPF_CMYK, TJSAMP_444, 16, 8, std::vector<unsigned char>(4 * count, 255))),
      255);
  std::vector<unsigned char> black(4 * count, 255);
  for (std::size_t i = 3; i < black.size(); i += 4) black[i] = 0;
  near(load_image(jpeg_of(TJPF_CMYK, TJSAMP_444, 16, 8, black)), 0);
}

TEST_CASE("image file: a large JPEG is unpacked smaller", "[devices][camera]") {
  const auto found = load_image(
      jpeg_of(TJPF_GRAY, TJSAMP_GRAY, 4000, 3000, std::vector<unsigned char>(4000UL * 3000, 255)));
  REQUIRE(found);
  CHECK(found->scaled_by == 2);
  CHECK(found->image.width == 2000);
  CHECK(found->image.height == 1500);
}

TEST_CASE("image file: a picture that says it is huge is refused before it is unpacked",
          "[devices][camera]") {
  CHECK(reason_of(load_image(bomb(12'001, 1))) == "image_too_large");
  CHECK(reason_of(load_image(bomb(10'000, 10'000))) == "image_too_large");
  CHECK(reason_of(load_image(bomb(1'000, 1'000))) == "bad_image");
  CHECK(reason_of(load_image(bomb(0, 10))) == "bad_image");
}

TEST_CASE("image file: a JPEG with odd octets in it is read if its pixels are all there",
          "[devices][camera]") {
  std::vector<unsigned char> pixels(64 * 64);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = (i / 8) % 2 == 0 ? 20 : 230;
  const Bytes whole = jpeg_of(TJPF_GRAY, TJSAMP_GRAY, 64, 64, pixels);
  const auto clean = load_image(whole);
  REQUIRE(clean);
  const Bytes odd = whole.substr(0, whole.size() - 2) + "odd" + whole.substr(whole.size() - 2);
  const auto found = load_image(odd);
  REQUIRE(found);
  CHECK(found->image == clean->image);
  CHECK(load_image(whole + "behind the end"));
  // Odd, and cut off besides: behind the odd octets nothing of the picture's data is left out.
  const std::size_t table = whole.find("\xff\xdb");
  const Bytes early = whole.substr(0, table) + "odd" + whole.substr(table);
  CHECK(load_image(early));
  for (std::size_t length = table; length + 8 < early.size(); length += 5) {
    CHECK_FALSE(load_image(BytesView(early).substr(0, length)));
  }
}

TEST_CASE("image file: whatever is missing of one, it is an error", "[devices][camera]") {
  const std::vector<unsigned char> pixels(64 * 64, 77);
  const Bytes png = png_of(PNG_FORMAT_GRAY, 64, 64, pixels.data());
  // The end chunk and its checksum carry no pixels.
  for (std::size_t length = 0; length + 20 < png.size(); ++length) {
    CHECK_FALSE(load_image(BytesView(png).substr(0, length)));
  }
  const Bytes jpeg = jpeg_of(TJPF_GRAY, TJSAMP_GRAY, 64, 64, pixels);
  for (std::size_t length = 0; length + 8 < jpeg.size(); length += 7) {
    CHECK_FALSE(load_image(BytesView(jpeg).substr(0, length)));
  }
  CHECK(reason_of(load_image("GIF89a")) == "not_an_image");
}

}  // namespace
}  // namespace cairn::devices::image_file_test
