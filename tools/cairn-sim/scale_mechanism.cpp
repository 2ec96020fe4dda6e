#include "tools/cairn-sim/scale_mechanism.h"

#include "core/base/numbers.h"

#include <fmt/format.h>

#include <bit>

namespace cairn::simulator {
namespace {

constexpr char kStx = '\x02';
constexpr char kCr = '\r';
constexpr std::int64_t kMostGrams = 99'999;

// The bits of the status octet.
constexpr unsigned kInMotion = 1U << 0U;
constexpr unsigned kOverCapacity = 1U << 1U;
constexpr unsigned kUnderZero = 1U << 2U;
constexpr unsigned kCentreOfZero = 1U << 4U;
constexpr unsigned kAlways = 1U << 6U;

}  // namespace

void ScaleMechanism::put(std::int64_t grams, MonoTime now) {
  load_ = Load::kWeight;
  grams_ = grams;
  stable_from_ = now + settle_;
}

ScaleMechanism::State ScaleMechanism::state(MonoTime now) const {
  switch (load_) {
    case Load::kTouched:
      return State::kMoving;
    case Load::kTooMuch:
      return State::kOver;
    case Load::kNegative:
      return State::kUnder;
    case Load::kWeight:
      break;
  }
  if (now < stable_from_) return State::kMoving;
  return grams_ < zero_grams_ ? State::kUnder : State::kStable;
}

std::optional<std::string> ScaleMechanism::shown(MonoTime now) const {
  if (state(now) != State::kStable) return std::nullopt;
  const std::int64_t grams = grams_ - zero_grams_;
  return fmt::format("{:02}.{:03}", grams / 1000, grams % 1000);
}

Bytes ScaleMechanism::answer(char command, MonoTime now) {
  if (command == 'Z') {
    zero(now);
  } else if (command != 'W') {
    return {};
  } else if (const auto digits = shown(now)) {
    return fmt::format("{}{}{}", kStx, *digits, kCr);
  }
  return fmt::format("{}?{}{}", kStx, status(now), kCr);
}

/// Not while something moves: it would take a wrong weight for nothing.
void ScaleMechanism::zero(MonoTime now) {
  if (load_ == Load::kNegative) {
    load_ = Load::kWeight;
    grams_ = 0;
  }
  const State is = state(now);
  if (is == State::kStable || is == State::kUnder) zero_grams_ = grams_;
}

char ScaleMechanism::status(MonoTime now) const {
  switch (state(now)) {
    case State::kMoving:
      return static_cast<char>(kAlways | kInMotion);
    case State::kOver:
      return static_cast<char>(kAlways | kOverCapacity);
    case State::kUnder:
      return static_cast<char>(kAlways | kUnderZero);
    case State::kStable:
      break;
  }
  return static_cast<char>(grams_ == zero_grams_ ? kAlways | kCentreOfZero : kAlways);
}

std::string_view name_of(ScaleMechanism::State state) {
  switch (state) {
    case ScaleMechanism::State::kStable:
      return "stable";
    case ScaleMechanism::State::kMoving:
      return "moving";
    case ScaleMechanism::State::kOver:
      return "over";
    case ScaleMechanism::State::kUnder:
      return "under";
  }
  return "moving";
}

Result<std::int64_t> parse_kilograms(std::string_view text) {
  const auto grams = parse_decimal(text, 3);
  if (grams && *grams >= 0 && *grams <= kMostGrams && !text.starts_with('-')) return *grams;
  return fail(ErrorCode::kInvalid, "bad_weight",
              fmt::format("a weight is 0 to {:.3f} kg with at most three decimals, as 1.250",
                          static_cast<double>(kMostGrams) / 1000));
}

Bytes with_even_parity(BytesView octets) {
  Bytes out;
  for (const char octet : octets) {
    const auto seven = static_cast<unsigned char>(octet) & 0x7FU;
    const unsigned parity = static_cast<unsigned>(std::popcount(seven)) % 2;
    out.push_back(static_cast<char>(seven | parity << 7U));
  }
  return out;
}

}  // namespace cairn::simulator
