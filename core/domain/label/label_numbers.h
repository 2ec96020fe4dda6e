#pragma once
// The numbers on a package's label. Both come from one serial of a block that the hub gave to this
// device, so that a device without a network never uses a number twice. Pure.

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::domain {

/// A company's own number at GS1: 7 to 10 digits, from which its keys are made.
class Gs1Prefix {
 public:
  Gs1Prefix() = default;
  /// Errors: kInvalid "bad_gs1_prefix".
  static Result<Gs1Prefix> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  /// SSCCs this prefix can make: serials go from 0 to this less one.
  [[nodiscard]] std::uint64_t serials() const;
  friend bool operator==(const Gs1Prefix&, const Gs1Prefix&) = default;

 private:
  std::string text_;
};

/// Serials that one incarnation of one device may use, and nobody else ever.
struct LabelBlock {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  friend bool operator==(const LabelBlock&, const LabelBlock&) = default;
};

/// SSCC, 18 digits: extension digit 0, prefix, serial, check digit (GS1 General Specifications
/// 3.2, 7.9). `serial` < prefix.serials().
std::string sscc(const Gs1Prefix& prefix, std::uint64_t serial);

/// 13 characters in the form of UPU standard S10: "CN", eight digits, check digit, "GB".
/// `serial` < 10^8.
std::string tracking_number(std::uint64_t serial);

/// True if length and check digit are right.
bool is_sscc(std::string_view text);
bool is_tracking_number(std::string_view text);

}  // namespace cairn::domain
