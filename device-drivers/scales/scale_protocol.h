#pragma once
// What a scale speaks: the octets that ask it, and what its answers mean. Pure; a protocol is read
// octet by octet, so that it cannot matter how the line cut them up. When to ask, and what silence
// means, is the same for all of them: ScaleSession.

#include "core/base/time.h"
#include "device-drivers/api/scale.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace cairn::devices {

/// What an octet of the line was the end of: an answer, a fault, or a step on the way there.
struct ScaleHeard {
  std::optional<WeightReading> reading;  ///< the answer, without device and time
  std::string fault;                     ///< the answer: a sentence for a person, why it is none
  std::string reply;                     ///< no answer yet: the scale waits for these octets

  static ScaleHeard answer(WeightReading reading) { return {std::move(reading), {}, {}}; }
  static std::optional<ScaleHeard> answer_if(std::optional<WeightReading> reading) {
    return reading ? std::optional(answer(*std::move(reading))) : std::nullopt;
  }
  static ScaleHeard no_weight(WeightReading::State state) {
    WeightReading reading;
    reading.state = state;
    return answer(std::move(reading));
  }
  static ScaleHeard out_of_order(std::string fault) { return {{}, std::move(fault), {}}; }
  static ScaleHeard and_then(std::string reply) { return {{}, {}, std::move(reply)}; }
};

class ScaleProtocol {
 public:
  /// How often such a scale may be asked, and how long it takes.
  struct Pace {
    Duration between = std::chrono::milliseconds(250);  ///< two questions
    Duration answer_within = std::chrono::milliseconds(500);
    /// So many times in a row the same weight is stable: 1 where the scale itself says so.
    int equal_weights = 1;
  };

  ScaleProtocol() = default;
  ScaleProtocol(const ScaleProtocol&) = delete;
  ScaleProtocol& operator=(const ScaleProtocol&) = delete;
  virtual ~ScaleProtocol() = default;

  [[nodiscard]] virtual Pace pace() const { return {}; }
  /// The line was opened: nothing of before holds.
  virtual void reset() {}
  /// A new question begins, what was gathered is forgotten. The octets that ask, none if the scale
  /// talks by itself.
  virtual std::string ask() = 0;
  /// One octet of the line, after ask().
  virtual std::optional<ScaleHeard> take(char octet) = 0;
  /// The octets of an order, none if the protocol has not got it. What the scale says to it is not
  /// waited for: the next reading shows what came of it.
  [[nodiscard]] virtual std::string order(ScaleOrder /*order*/) const { return {}; }
};

}  // namespace cairn::devices
