#include "core/crypto/pin.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace cairn::crypto {
namespace {

constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemoryBytes = 8U << 20U;
constexpr std::uint64_t kPins = 1'000'000;

}  // namespace

std::string make_pin(Random& random) {
  // The last incomplete run of a million would favour low PINs.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % kPins;
  std::uint64_t number = random.next();
  while (number >= limit) number = random.next();
  return fmt::format("{:06}", number % kPins);
}

Result<> check_pin_form(std::string_view pin) {
  if (pin.size() != 6 || !std::ranges::all_of(pin, [](char c) { return c >= '0' && c <= '9'; })) {
    return fail(ErrorCode::kInvalid, "bad_pin", "a PIN has exactly six digits");
  }
  return {};
}

Result<std::string> hash_pin(std::string_view pin) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (sodium_init() < 0 ||
      crypto_pwhash_str(text.data(), pin.data(), pin.size(), kPasses, kMemoryBytes) != 0) {
    return fail(ErrorCode::kUnavailable, "out_of_memory", "not enough memory to hash the PIN");
  }
  return std::string(text.data());
}

bool verify_pin(std::string_view pin, const std::string& hash) {
  return crypto_pwhash_str_verify(hash.c_str(), pin.data(), pin.size()) == 0;
}

}  // namespace cairn::crypto
