#include "tools/cairn-sim/scale_mechanism.h"

#include "core/base/numbers.h"

#include <fmt/format.h>

#include <bit>

namespace cairn::simulator {
namespace {

constexpr std::int64_t kMostGrams = 99'999;

}  // namespace

void ScaleMechanism::put(std::int64_t grams, MonoTime now) {
  become(Load::kWeight);
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
  return load_grams() < 0 ? State::kUnder : State::kStable;
}

std::optional<std::int64_t> ScaleMechanism::grams(MonoTime now) const {
  if (state(now) != State::kStable) return std::nullopt;
  return load_grams();
}

std::optional<std::string> ScaleMechanism::shown(MonoTime now) const {
  const auto weight = grams(now);
  if (!weight) return std::nullopt;
  return fmt::format("{:02}.{:03}", *weight / 1000, *weight % 1000);
}

bool ScaleMechanism::zero(MonoTime now) {
  if (load_ == Load::kNegative) {
    load_ = Load::kWeight;
    grams_ = 0;
  }
  const State is = state(now);
  if (is != State::kStable && is != State::kUnder) return false;
  zero_grams_ = grams_;
  tare_grams_ = 0;
  ++moved_;
  return true;
}

bool ScaleMechanism::tare(MonoTime now) {
  if (state(now) != State::kStable) return false;
  tare_grams_ = grams_ - zero_grams_;
  ++moved_;
  return true;
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
