#pragma once
// What a channel says of when, how and whereto an order goes out, for the rules of routing that
// look at it (docs/routing.md). None of it has to be told. Pure.

#include "core/base/result.h"
#include "core/base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cairn::domain {

struct Delivery {
  std::int64_t priority = 0;      ///< 0 to kMaxPriority; the lower the sooner
  std::string shipping_method{};  ///< the carrier's service in the channel's words, e.g. "EXPRESS":
                                  ///< printable ASCII; empty: not told
  std::int64_t delivery_days = 0;        ///< of that method, 0 to kMaxDeliveryDays
  std::optional<UtcTime> ship_after{};   ///< not before it, if it can be
  std::optional<UtcTime> ship_by{};      ///< not before ship_after
  std::optional<UtcTime> promised_at{};  ///< when it was promised to arrive
  std::string country{};  ///< ISO 3166-1 alpha-2, of the destination; empty: not told

  static constexpr std::int64_t kMaxPriority = 1000;
  static constexpr std::int64_t kMaxDeliveryDays = 365;
  static constexpr std::size_t kMaxShippingMethod = 32;  ///< octets

  friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// Errors: kInvalid "bad_order" with a sentence.
Result<> validate(const Delivery& delivery);

/// Days from `now` until it was promised to arrive, a begun one counts; 0: it is late, or nothing
/// was promised.
std::int64_t promise_days(const Delivery& delivery, UtcTime now);

}  // namespace cairn::domain
