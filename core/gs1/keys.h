#pragma once
// GS1 identification keys and their check digits (GS1 General Specifications 3 and 7.9). Pure.

#include "core/gs1/fault.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::gs1 {

enum class Key : std::uint8_t {
  kGtin8,
  kGtin12,
  kGtin13,
  kGtin14,
  kGln,
  kSscc,
  kGsrn,
  kGsin,
  kGdti,  ///< its first 13 digits are checked; up to 17 characters may follow
  kGrai,  ///< 13 digits after the leading zero of AI (8003), up to 16 characters may follow
};

/// "GTIN-14", "SSCC", ... as people write it; nullopt: not one of them.
std::optional<Key> key_named(std::string_view name);
std::string_view name_of(Key key);

/// What is wrong with `value`: kLength, kCharset, kCheckDigit; nullopt: nothing.
std::optional<Fault> check_key(Key key, std::string_view value);

/// `digits`, which lack the check digit, with it. Faults: kLength, kCharset.
Parsed<std::string> with_check_digit(Key key, std::string_view digits);

}  // namespace cairn::gs1
