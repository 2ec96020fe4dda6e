#include "core/gs1/scan.h"
#include "core/json/value.h"
#include "core/runtime/system_clock.h"
#include "device-drivers/camera/decoder_process.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/gs1_json.h"
#include "tools/cairn/printing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

namespace cairn::tool {
namespace {

using devices::DecodedCode;
using devices::DecodedImage;
using devices::DecoderProcess;

constexpr int kFailedMost = 125;  // what shells leave to programs

Result<std::string> file_octets(const std::string& name) {
  std::error_code none;
  if (std::filesystem::is_directory(name, none)) {
    return fail(ErrorCode::kInvalid, "not_an_image", "it is a folder; name the pictures in it");
  }
  std::ifstream file(name, std::ios::binary);
  if (!file) {
    return fail(ErrorCode::kNotFound, "no_such_file",
                fmt::format("it cannot be read: {}", std::strerror(errno)));
  }
  std::string octets;
  constexpr std::size_t kPiece = 1 << 20;
  std::string piece(kPiece, '\0');
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())), file.gcount() > 0) {
    octets.append(piece, 0, static_cast<std::size_t>(file.gcount()));
    if (octets.size() > devices::kRequestMost) {
      return fail(ErrorCode::kInvalid, "image_too_large",
                  "the file is too large to be decoded; make the picture smaller");
    }
  }
  return octets;
}

/// With what GS1 makes of the text: elements, and the trade item's number. A text that is not what
/// its symbology promises is told as it is, without elements; the number, if it is sure.
json::Value json_of(const DecodedCode& code) {
  auto value = json::Value::object();
  value.set("symbology", devices::name_of(code.symbology))
      .set("aim", code.aim)
      .set("text", code.text);
  const Barcode barcode = parse_barcode(code.aim + code.text, true);
  gs1::Scan scan = gs1::parse_scan(barcode).value_or(gs1::Scan{});
  if (!scan.gtin) scan.gtin = gs1::gtin_of(barcode);
  set_gs1(value, scan);
  return value;
}

void print_json(const std::string& name, const Result<DecodedImage>& image) {
  auto line = json::Value::object();
  line.set("file", name);
  if (image) {
    auto codes = json::Value::array();
    for (const DecodedCode& code : image->codes) codes.add(json_of(code));
    line.set("codes", std::move(codes)).set("ms", static_cast<double>(image->took.count()) / 1000);
  } else {
    auto error = json::Value::object();
    error.set("code", image.error().reason).set("message", image.error().message);
    line.set("error", std::move(error));
  }
  print("{}\n", line.dump());
}

void print_words(const std::string& name, const Result<DecodedImage>& image) {
  if (!image) {
    remark("cairn: {}: {}\n", visible(name), sentence(image.error().message));
    return;
  }
  if (image->codes.empty()) print("{}: no code\n", visible(name));
  for (const DecodedCode& code : image->codes) {
    print("{}: {} {} {}\n", visible(name), devices::name_of(code.symbology), code.aim,
          visible(code.text));
  }
}

}  // namespace

int decode_command(const DecodeArguments& arguments) {
  const runtime::SystemClock clock;
  DecoderProcess decoder({{devices::decoder_program()}}, clock);
  int failed = 0;
  for (const std::string& name : arguments.files) {
    if (!can_print()) break;
    const auto octets = file_octets(name);
    const auto image = octets ? decoder.decode_file(*octets, devices::Effort::kPhoto)
                              : Result<DecodedImage>(fail(octets.error()));
    if (!image) ++failed;
    if (arguments.json) {
      print_json(name, image);
    } else {
      print_words(name, image);
    }
  }
  return std::min(failed, kFailedMost);
}

}  // namespace cairn::tool
