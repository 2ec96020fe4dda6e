#include "tools/bench/probes/decode_probe.h"

#include "core/runtime/system_clock.h"
#include "device-drivers/camera/decoder_process.h"
#include "tools/bench/probes/code_scene.h"
#include "tools/bench/probes/report.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace cairn::bench {
namespace {

struct Tally {
  double pictures = 0;
  double read = 0;
  double wrong = 0;
  std::vector<double> ms;
};

devices::Luminance picture(Scene scene) {
  devices::Luminance image;
  image.width = scene.width;
  image.height = scene.height;
  image.pixels = std::move(scene.grey);
  return image;
}

/// `name` says which picture it is. A wrong read is told, to be looked at: this must not happen.
void read(devices::DecoderProcess& decoder, Scene scene, devices::Effort effort, Tally& tally,
          const std::string& name) {
  const std::string text = scene.text;  // empty: there is no code
  const auto found = decoder.decode_pixels(picture(std::move(scene)), effort);
  ++tally.pictures;
  if (!found) return;
  tally.ms.push_back(static_cast<double>(found->took.count()) / 1000);
  bool right = false;
  bool wrong = false;
  for (const auto& code : found->codes) {
    (code.text == text ? right : wrong) = true;
    if (code.text == text) continue;
    fmt::print(stderr, "wrong: {}: \"{}\" was read as {} \"{}\"\n", name, text,
               devices::name_of(code.symbology), code.text);
  }
  if (right) ++tally.read;
  if (wrong) ++tally.wrong;
}

Tally read_all(devices::DecoderProcess& decoder, const SceneStyle& style, devices::Effort effort,
               std::uint64_t first, std::uint64_t count, std::string_view set) {
  Tally tally;
  for (int kind = 0; kind < kCodeKinds; ++kind) {
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
      const auto code = static_cast<CodeKind>(kind);
      read(decoder, draw_scene(code, style, seed), effort, tally,
           fmt::format("{} {} of seed {}", set, name_of(code), seed));
    }
  }
  return tally;
}

}  // namespace

void decode_probe(const std::string& decoder_program, std::uint64_t rounds, std::uint64_t frames) {
  using devices::Effort;
  const runtime::SystemClock clock;
  devices::DecoderSettings settings;
  settings.command = {decoder_program};
  settings.patience = std::chrono::minutes(1);
  devices::DecoderProcess decoder(settings, clock);
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    const std::uint64_t first = round * 100'000;
    const Tally upright =
        read_all(decoder, upright_style(), Effort::kFrame, first, frames, "upright");
    const Tally turned =
        read_all(decoder, any_angle_style(), Effort::kFrame, first, frames, "turned");
    // Photos that cannot be read cost the whole budget; a few of them tell enough.
    const Tally hard = read_all(decoder, hard_style(), Effort::kPhoto, first,
                                std::max<std::uint64_t>(frames / 5, 1), "hard");
    Tally empty;
    for (std::uint64_t i = 0; i < frames; ++i) {
      read(decoder, draw_clutter(any_angle_style(), first + i), Effort::kFrame, empty,
           fmt::format("clutter of seed {}", first + i));
    }
    auto value = json::Value::object();
    value.set("upright_read", 100 * upright.read / upright.pictures)
        .set("upright_p95_ms", percentile(upright.ms, 95))
        .set("angle_read", 100 * turned.read / turned.pictures)
        .set("angle_p95_ms", percentile(turned.ms, 95))
        .set("hard_read", 100 * hard.read / hard.pictures)
        .set("empty_p95_ms", percentile(empty.ms, 95))
        .set("wrong", upright.wrong + turned.wrong + hard.wrong + empty.wrong)
        .set("starts", decoder.starts());
    report(value);
  }
}

}  // namespace cairn::bench
