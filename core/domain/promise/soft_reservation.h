#pragma once
// Soft reservation: units kept for a basket for a while, before there is an order. It ends by
// itself when its time is up, so that a basket that is left behind costs nobody anything. What an
// order keeps (a hard reservation) is its ship groups. Merge rule: single writer, the hub.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::domain {

struct StockReserved {
  static constexpr std::uint32_t kTypeId = 62;
  ReservationId reservation;
  std::string channel;  ///< that sells it: 1-32 octets
  Sku sku;
  std::int64_t milli = 0;  ///< > 0
  SiteId pickup_site;      ///< empty: to be shipped, from any site
  UtcTime expires_at;
  std::string reference;  ///< the channel's own, e.g. of the basket; at most 64 octets
  friend bool operator==(const StockReserved&, const StockReserved&) = default;
};

enum class ReservationEnd : std::uint8_t {
  kReleased = 1,  ///< not wanted any more
  kOrdered = 2,   ///< its order is in the queue: that counts now
};
/// "RELEASED", "ORDERED"; empty for a number that is neither.
std::string_view name_of(ReservationEnd end);

struct ReservationEnded {
  static constexpr std::uint32_t kTypeId = 63;
  ReservationEnd end = ReservationEnd::kReleased;
  friend bool operator==(const ReservationEnded&, const ReservationEnded&) = default;
};

/// What can be said of one without knowing the time. Errors: kInvalid "bad_reservation" with a
/// sentence.
Result<> validate(const StockReserved& reserved);

/// Longest life of a reservation.
inline constexpr std::int64_t kMaxReservationSeconds = 24LL * 3600;

struct ReserveStock {
  StockReserved wanted;
  std::int64_t can_be_sold_milli = 0;  ///< of the article, by the channel, at this moment
};

/// Errors: kInvalid "bad_reservation" with a sentence; kRejected "not_enough_stock".
Result<StockReserved> decide(const ReserveStock& command, UtcTime now);

}  // namespace cairn::domain
