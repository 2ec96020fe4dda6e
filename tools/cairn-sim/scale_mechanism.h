#pragma once
// What a scale weighs, whatever it says and however it says it (ScaleSpeech). Pure, one thread.

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
  void move() { become(Load::kTouched); }
  /// More lies on it than it can weigh.
  void overload() { become(Load::kTooMuch); }
  /// Less than nothing lies on it: it was zeroed with something that is gone.
  void lift() { become(Load::kNegative); }

  [[nodiscard]] State state(MonoTime now) const;
  /// What it shows, in grams and without the tare; nothing if it shows none.
  [[nodiscard]] std::optional<std::int64_t> grams(MonoTime now) const;
  /// The same, as kilograms: "01.250".
  [[nodiscard]] std::optional<std::string> shown(MonoTime now) const;
  /// What lies on it, moving or not.
  [[nodiscard]] std::int64_t load_grams() const {
    constexpr std::int64_t kLifted = -200;
    return (load_ == Load::kNegative ? kLifted : grams_ - zero_grams_) - tare_grams_;
  }
  [[nodiscard]] bool is_net() const { return tare_grams_ != 0; }
  [[nodiscard]] std::int64_t tare_grams() const { return tare_grams_; }
  /// How often something moved on it.
  [[nodiscard]] std::uint64_t moved() const { return moved_; }

  /// What lies on it is nothing. False: not while something moves, it would take a wrong weight.
  bool zero(MonoTime now);
  /// What lies on it is the packaging. False: it is moving, or less than nothing.
  bool tare(MonoTime now);
  void clear_tare() { tare_grams_ = 0; }

 private:
  enum class Load : std::uint8_t { kWeight, kTouched, kTooMuch, kNegative };

  void become(Load load) {
    load_ = load;
    ++moved_;
  }

  Duration settle_;
  Load load_ = Load::kWeight;
  std::int64_t grams_ = 0;
  std::int64_t zero_grams_ = 0;
  std::int64_t tare_grams_ = 0;
  std::uint64_t moved_ = 1;
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
