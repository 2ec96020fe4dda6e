#include "core/domain/stock/stock_lease.h"

#include "core/base/quantity.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::domain {
namespace {

constexpr std::int64_t kMicros = 1'000'000;

tl::unexpected<Error> bad_lease(const char* why) {
  return fail(ErrorCode::kInvalid, "bad_lease", why);
}

/// The end of the grace.
UtcTime over_at(const StockLeased& leased) {
  return {leased.expires_at.us + leased.grace_s * kMicros};
}

}  // namespace

std::string_view name_of(LeaseClose close) {
  switch (close) {
    case LeaseClose::kExpired:
      return "EXPIRED";
    case LeaseClose::kWrittenOff:
      return "WRITTEN_OFF";
  }
  return "";
}

std::optional<LeaseClose> parse_lease_close(std::string_view text) {
  for (const LeaseClose close : {LeaseClose::kExpired, LeaseClose::kWrittenOff}) {
    if (name_of(close) == text) return close;
  }
  return std::nullopt;
}

std::int64_t StockLease::left_milli() const {
  return std::max<std::int64_t>(0, granted.milli - sold_milli);
}

std::string_view state_name(const StockLease& lease) {
  if (lease.returned_milli) return "RETURNED";
  if (lease.closed) return name_of(*lease.closed);
  return lease.recalled ? "ENDING" : "GRANTED";
}

Result<> validate(const StockLeased& leased) {
  if (leased.node == NodeId{}) return bad_lease("a device holds a lease");
  if (leased.milli <= 0 || leased.milli > kMaxMilli) return bad_lease("lease more than nothing");
  if (leased.grace_s < kMinLeaseGraceSeconds || leased.grace_s > kMaxLeaseGraceSeconds) {
    return bad_lease("the grace is one minute to 30 days");
  }
  return {};
}

Result<StockLeased> decide(const GrantLease& command, UtcTime now) {
  const StockLeased& wanted = command.wanted;
  if (auto ok = validate(wanted); !ok) return fail(ok.error());
  if (wanted.expires_at <= now) return bad_lease("it would have ended already");
  if (wanted.expires_at.us - now.us > kMaxLeaseSeconds * kMicros) {
    return bad_lease("a lease lasts 90 days at most");
  }
  if (!command.leasable) {
    return fail(
        ErrorCode::kRejected, "not_leasable",
        fmt::format("no active lease policy names {}; nothing was leased", wanted.sku.text()));
  }
  if (wanted.milli > command.can_be_leased_milli) {
    return fail(ErrorCode::kRejected, "not_enough_stock",
                fmt::format("{} of {} wanted, {} can be leased; nothing was leased",
                            milli_text(wanted.milli), wanted.sku.text(),
                            milli_text(std::max<std::int64_t>(0, command.can_be_leased_milli))));
  }
  return wanted;
}

std::optional<LeaseRecalled> recall(const StockLease& lease) {
  if (lease.recalled || !lease.open()) return std::nullopt;
  return LeaseRecalled{};
}

bool is_over(const StockLease& lease, UtcTime heard) { return heard > over_at(lease.granted); }

Result<LeaseClosed> write_off(const StockLease& lease, UtcTime now) {
  if (!lease.open()) {
    return fail(ErrorCode::kConflict, "lease_ended", "the lease has ended; nothing was changed");
  }
  if (!is_over(lease, now)) {
    return fail(ErrorCode::kConflict, "lease_may_be_sold",
                "its device may sell under the lease until " + over_at(lease.granted).text() +
                    "; nothing was changed. Ask it back instead");
  }
  return LeaseClosed{LeaseClose::kWrittenOff};
}

bool may_sell(const StockLease& lease, const LeaseHolder& device, UtcTime floor) {
  return lease.open() && !lease.recalled && lease.holder() == device &&
         floor < lease.granted.expires_at;
}

std::optional<LeaseReturned> give_back(const StockLease& lease, const LeaseHolder& device,
                                       UtcTime floor) {
  if (!lease.open() || lease.holder() != device) return std::nullopt;
  if (!lease.recalled && floor < lease.granted.expires_at) return std::nullopt;
  return LeaseReturned{lease.left_milli()};
}

}  // namespace cairn::domain
