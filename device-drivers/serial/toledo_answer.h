#pragma once
// What a scale says that speaks the protocol of the Mettler Toledo 8217: STX, digits with a decimal
// point (and "N" for a net weight) or "?" and a status octet, CR. Pure.

#include "core/base/result.h"
#include "device-drivers/api/scale.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

enum class WeightUnit : std::uint8_t { kKilogram, kGram, kPound, kOunce };

/// "kg", "g", "lb", "oz".
std::string_view name_of(WeightUnit unit);
/// Errors: kInvalid "bad_unit".
Result<WeightUnit> parse_weight_unit(std::string_view text);

/// Cuts the octets of the line into answers. One thread.
class ToledoFramer {
 public:
  /// The answers, between STX and CR, that end within `octets`. The eighth bit, which may be a
  /// parity nobody took away, is not looked at.
  std::vector<std::string> feed(std::string_view octets);
  void reset() { partial_.reset(); }

 private:
  std::optional<std::string> partial_;  // nothing: outside of an answer
};

/// An answer as a reading (without device and time); nothing: it is none that this protocol has.
std::optional<WeightReading> read_toledo(std::string_view answer, WeightUnit unit);

}  // namespace cairn::devices
