#pragma once
// How a scale talks over its line, beside what it weighs: one class for each protocol (devices.md).
// Written from the manuals and not with the drivers' parsers, so that the two can disagree. Pure,
// one thread.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "tools/cairn-sim/scale_mechanism.h"

#include <memory>
#include <optional>
#include <string_view>

namespace cairn::simulator {

class ScaleSpeech {
 public:
  struct Said {
    Bytes octets;
    bool asked = false;  ///< what was heard asked for the weight
  };

  ScaleSpeech() = default;
  ScaleSpeech(const ScaleSpeech&) = delete;
  ScaleSpeech& operator=(const ScaleSpeech&) = delete;
  virtual ~ScaleSpeech() = default;

  /// What it says to the next octet of the line, without the eighth bit; an order is carried out.
  virtual Said hear(char octet, ScaleMechanism& scale, MonoTime now) = 0;
  /// How often it talks by itself; nothing: only when it is asked.
  [[nodiscard]] virtual std::optional<Duration> every() const { return std::nullopt; }
  /// What it then says.
  virtual Bytes talk(const ScaleMechanism& /*scale*/, MonoTime /*now*/) { return {}; }
};

/// toledo, nci, sics, cas, cas-stream, dibal, dialog06. Errors: kInvalid "bad_protocol".
Result<std::unique_ptr<ScaleSpeech>> make_scale_speech(std::string_view protocol);

}  // namespace cairn::simulator
