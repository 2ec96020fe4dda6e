#include "device-drivers/camera/decoder_process.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/support/catch.h"
#include "tools/bench/probes/code_scene.h"

#include <signal.h>

#include <algorithm>

namespace cairn::devices::decoder_process_test {
namespace {

using bench::CodeKind;
using bench::Scene;
using std::chrono::milliseconds;
using std::chrono::seconds;

const test::MachineClock& machine_clock() {
  static const test::MachineClock clock;
  return clock;
}

DecoderSettings fake(std::vector<std::string> arguments, Duration patience = seconds(20)) {
  DecoderSettings settings;
  settings.command = {CAIRN_FAKE_DECODER};
  settings.command.insert(settings.command.end(), arguments.begin(), arguments.end());
  settings.patience = patience;
  return settings;
}

DecoderSettings real() {
  DecoderSettings settings;
  settings.command = {CAIRN_DECODE};
  settings.patience = seconds(60);
  return settings;
}

Luminance image_of(const Scene& scene) {
  Luminance image;
  image.width = scene.width;
  image.height = scene.height;
  image.pixels = scene.grey;
  return image;
}

Scene scene_of(CodeKind kind, std::uint64_t seed) {
  return bench::draw_scene(kind, bench::upright_style(), seed);
}

std::string reason_of(const Result<DecodedImage>& result) {
  return result ? "" : result.error().reason;
}

TEST_CASE("decoder process: reads one picture after the other in one process",
          "[devices][camera]") {
  DecoderProcess decoder(real(), machine_clock());
  for (const CodeKind kind : {CodeKind::kEan13, CodeKind::kQr, CodeKind::kDataMatrix}) {
    const Scene scene = scene_of(kind, 3);
    const auto found = decoder.decode_pixels(image_of(scene), Effort::kFrame);
    REQUIRE(found);
    REQUIRE(found->codes.size() == 1);
    CHECK(found->codes.front().text == scene.text);
    CHECK(found->width == scene.width);
  }
  CHECK(decoder.starts() == 1);
}

TEST_CASE("decoder process: one that was killed between pictures is started anew",
          "[devices][camera]") {
  DecoderProcess decoder(real(), machine_clock());
  const Scene scene = scene_of(CodeKind::kCode128, 5);
  REQUIRE(decoder.decode_pixels(image_of(scene), Effort::kFrame));
  ::kill(decoder.pid(), SIGKILL);
  const auto found = decoder.decode_pixels(image_of(scene), Effort::kFrame);
  REQUIRE(found);
  REQUIRE(found->codes.size() == 1);
  CHECK(found->codes.front().text == scene.text);
  CHECK(decoder.starts() == 2);
}

TEST_CASE("decoder process: two alike in one picture, which abort ZXing's own search, are one text",
          "[devices][camera]") {
  const Scene scene = scene_of(CodeKind::kCode128, 7);
  Luminance twice(scene.width, 2 * scene.height, 0);
  std::ranges::copy(scene.grey, twice.pixels.begin());
  std::ranges::copy(scene.grey,
                    twice.pixels.begin() + static_cast<std::ptrdiff_t>(scene.grey.size()));
  DecoderProcess decoder(real(), machine_clock());
  const auto found = decoder.decode_pixels(twice, Effort::kPhoto);
  REQUIRE(found);
  REQUIRE_FALSE(found->codes.empty());
  for (const DecodedCode& code : found->codes) CHECK(code.text == scene.text);
}

TEST_CASE("decoder process: files that are no pictures are told so and cost no process",
          "[devices][camera]") {
  DecoderProcess decoder(real(), machine_clock());
  CHECK(reason_of(decoder.decode_file("hello", Effort::kPhoto)) == "not_an_image");
  CHECK(reason_of(decoder.decode_file("\x89PNG\r\n\x1a\nxxxx", Effort::kPhoto)) == "bad_image");
  CHECK(reason_of(decoder.decode_file("\xff\xd8\xff\xe0", Effort::kPhoto)) == "bad_image");
  CHECK(reason_of(decoder.decode_file("", Effort::kPhoto)) == "not_an_image");
  CHECK(decoder.starts() == 1);
}

TEST_CASE("decoder process: a look that aborts is left out, the others still find the code",
          "[devices][camera]") {
  DecoderProcess decoder(fake({"abort", "5"}), machine_clock());
  const auto found = decoder.decode_file("picture", Effort::kPhoto);
  REQUIRE(found);
  REQUIRE(found->codes.size() == 1);
  CHECK(found->codes.front() == DecodedCode{Symbology::kEan13, "]E0", "4006381333931", Quad{}});
  CHECK(found->took == Duration(1234));
  CHECK(decoder.starts() == 2);
}

TEST_CASE("decoder process: a picture that ends it again and again is given up",
          "[devices][camera]") {
  DecoderProcess decoder(fake({"abort_always"}), machine_clock());
  CHECK(reason_of(decoder.decode_file("picture", Effort::kPhoto)) == "decoder_lost");
  CHECK(decoder.starts() == 4);
  CHECK(decoder.pid() == -1);
  DecoderProcess dead(fake({"abort_first"}), machine_clock());
  CHECK(reason_of(dead.decode_file("picture", Effort::kPhoto)) == "decoder_lost");
  CHECK(dead.starts() == 1);
}

TEST_CASE("decoder process: one that hangs or does not listen is ended in time",
          "[devices][camera]") {
  const std::string large(4'000'000, 'x');
  for (const char* const mode : {"hang", "deaf"}) {
    CAPTURE(mode);
    DecoderProcess decoder(fake({mode}, milliseconds(300)), machine_clock());
    const MonoTime begun = machine_clock().mono_now();
    CHECK(reason_of(decoder.decode_file(large, Effort::kPhoto)) == "decoder_slow");
    CHECK(machine_clock().mono_now() - begun < seconds(20));
    CHECK(decoder.pid() == -1);
  }
}

TEST_CASE("decoder process: answers that are none are not believed", "[devices][camera]") {
  for (const char* const mode : {"garbage", "long", "twice"}) {
    CAPTURE(mode);
    DecoderProcess decoder(fake({mode}), machine_clock());
    CHECK(reason_of(decoder.decode_file("picture", Effort::kPhoto)) == "decoder_confused");
    CHECK(decoder.pid() == -1);
  }
}

TEST_CASE("decoder process: a program that is not there is named", "[devices][camera]") {
  DecoderSettings settings;
  settings.command = {"/nowhere/cairn-decode"};
  DecoderProcess decoder(settings, machine_clock());
  const auto found = decoder.decode_file("picture", Effort::kPhoto);
  REQUIRE_FALSE(found);
  CHECK(found.error().reason == "decoder_missing");
  CHECK(found.error().message.find("/nowhere/cairn-decode") != std::string::npos);
}

TEST_CASE("decoder process: pictures without pixels or with too many are refused here",
          "[devices][camera]") {
  DecoderProcess decoder(fake({"codes"}), machine_clock());
  CHECK(reason_of(decoder.decode_pixels({}, Effort::kFrame)) == "image_too_large");
  CHECK(reason_of(decoder.decode_pixels(Luminance(kImageSideMost + 1, 1, 0), Effort::kFrame)) ==
        "image_too_large");
  CHECK(decoder.starts() == 0);
}

}  // namespace
}  // namespace cairn::devices::decoder_process_test
