#pragma once
// What a scale weighs and how it says so in the protocol of the Mettler Toledo 8217, without its
// line. Pure, one thread.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::simulator {

class ScaleMechanism {
 public:
  enum class State : std::uint8_t { kStable, kMoving, kOver, kUnder };

  /// settle: how long a weight that was put on is in motion.
  explicit ScaleMechanism(Duration settle) : settle_(settle) {}

  /// Something lies on it, instead of what was there before.
  void put(std::int64_t grams, MonoTime now);
  /// Somebody keeps touching it, until the next put().
  void move() { load_ = Load::kTouched; }
  /// More lies on it than it can weigh.
  void overload() { load_ = Load::kTooMuch; }
  /// Less than nothing lies on it: it was zeroed with something that is gone.
  void lift() { load_ = Load::kNegative; }

  [[nodiscard]] State state(MonoTime now) const;
  /// What it shows, "01.250", in kilograms; nothing if it shows none.
  [[nodiscard]] std::optional<std::string> shown(MonoTime now) const;

  /// The octets that answer one that arrived; none to what it does not know. "W": the weight, or
  /// why there is none. "Z": zero, and the status.
  Bytes answer(char command, MonoTime now);

 private:
  enum class Load : std::uint8_t { kWeight, kTouched, kTooMuch, kNegative };

  void zero(MonoTime now);
  [[nodiscard]] char status(MonoTime now) const;

  Duration settle_;
  Load load_ = Load::kWeight;
  std::int64_t grams_ = 0;
  std::int64_t zero_grams_ = 0;
  MonoTime stable_from_;
};

/// "stable", "moving", "over", "under".
std::string_view name_of(ScaleMechanism::State state);

/// Kilograms as a person types them, "1.25", as grams: 0 to 99.999. Errors: kInvalid "bad_weight".
Result<std::int64_t> parse_kilograms(std::string_view text);

/// The octets of a 7E1 line as an adapter hands them over that knows only 8 bits: the eighth makes
/// the number of ones even.
Bytes with_even_parity(BytesView octets);

}  // namespace cairn::simulator
