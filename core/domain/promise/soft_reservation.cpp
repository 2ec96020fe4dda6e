#include "core/domain/promise/soft_reservation.h"

#include "core/base/quantity.h"
#include "core/domain/promise/selling_channel.h"

#include <fmt/format.h>

namespace cairn::domain {
namespace {

constexpr std::size_t kMaxReference = 64;
constexpr std::int64_t kMicros = 1'000'000;

tl::unexpected<Error> bad_reservation(std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_reservation", std::string(what));
}

}  // namespace

std::string_view name_of(ReservationEnd end) {
  switch (end) {
    case ReservationEnd::kReleased:
      return "RELEASED";
    case ReservationEnd::kOrdered:
      return "ORDERED";
  }
  return "";
}

Result<> validate(const StockReserved& reserved) {
  if (reserved.channel.empty() || reserved.channel.size() > SellingChannel::kMaxName) {
    return bad_reservation("a channel has a name of 1 to 32 octets");
  }
  if (reserved.reference.size() > kMaxReference)
    return bad_reservation("a reference has at most 64 octets");
  if (reserved.milli <= 0 || reserved.milli > kMaxMilli)
    return bad_reservation("reserve more than nothing");
  return {};
}

Result<StockReserved> decide(const ReserveStock& command, UtcTime now) {
  const StockReserved& wanted = command.wanted;
  if (auto ok = validate(wanted); !ok) return fail(ok.error());
  if (wanted.expires_at <= now) return bad_reservation("it would have ended already");
  if (wanted.expires_at.us - now.us > kMaxReservationSeconds * kMicros) {
    return bad_reservation("a reservation lasts 24 hours at most");
  }
  if (wanted.milli > command.can_be_sold_milli) {
    return fail(ErrorCode::kRejected, "not_enough_stock",
                fmt::format("{} of {} wanted, {} can be sold; nothing was reserved",
                            milli_text(wanted.milli), wanted.sku.text(),
                            milli_text(command.can_be_sold_milli)));
  }
  return wanted;
}

}  // namespace cairn::domain
