#pragma once
// Stock lease (escrow): units of an article at a site that one device may sell at its counter
// without asking anybody, until a date. Nobody else promises them meanwhile, so that what a store
// sells while it is cut off was never sold to somebody else (docs/promise.md).
//
// Merge rule: commutative. The hub grants, asks back and closes; only the holder sells under it and
// gives back what is left. The holder is one device in one incarnation: it alone decides how much
// is left, and its log is in order, so whoever has read that it gave back has read every sale. The
// hub frees units only
//   - when it has read the holder's LeaseReturned, or
//   - when it has read any record that the device wrote behind the end of the lease and its grace:
//     a device's stamps never go back, so it sells nothing under it any more.
// Never by the hub's own clock alone: nobody knows what a device does that is cut off.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/envelope.h"
#include "core/domain/stock/lease_policy.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::domain {

/// The site is the envelope's.
struct StockLeased {
  static constexpr std::uint32_t kTypeId = 65;
  StockLeaseId lease;
  NodeId node;      ///< that may sell
  Incarnation inc;  ///< and its incarnation: a device that lost its database lost its sales, too
  Sku sku;
  std::int64_t milli = 0;  ///< > 0
  UtcTime expires_at;      ///< nothing is sold under it from then on
  std::int64_t grace_s = 0;
  friend bool operator==(const StockLeased&, const StockLeased&) = default;
};

/// The hub wants it back. It is the holder's until the holder has heard of it.
struct LeaseRecalled {
  static constexpr std::uint32_t kTypeId = 66;
  friend bool operator==(const LeaseRecalled&, const LeaseRecalled&) = default;
};

/// By the holder: nothing more will be sold under it.
struct LeaseReturned {
  static constexpr std::uint32_t kTypeId = 67;
  std::int64_t milli = 0;  ///< that were left; 0: all were sold
  friend bool operator==(const LeaseReturned&, const LeaseReturned&) = default;
};

/// Why the hub ended a lease that was not given back.
enum class LeaseClose : std::uint8_t {
  kExpired = 1,     ///< the device wrote something behind its end and grace
  kWrittenOff = 2,  ///< the device is gone: a person says so, behind its end and grace
};
/// "EXPIRED", "WRITTEN_OFF"; empty for a number that is neither.
std::string_view name_of(LeaseClose close);
/// Nothing for another word.
std::optional<LeaseClose> parse_lease_close(std::string_view text);

struct LeaseClosed {
  static constexpr std::uint32_t kTypeId = 68;
  LeaseClose why = LeaseClose::kExpired;
  friend bool operator==(const LeaseClosed&, const LeaseClosed&) = default;
};

/// A device in one incarnation.
struct LeaseHolder {
  NodeId node;
  Incarnation inc;
  friend bool operator==(const LeaseHolder&, const LeaseHolder&) = default;
};

/// What is known of a lease at one place.
struct StockLease {
  StockLeased granted;
  SiteId site;
  UtcTime granted_at;
  bool recalled = false;
  std::int64_t sold_milli = 0;  ///< under it, by its holder
  std::optional<std::int64_t> returned_milli;
  std::optional<LeaseClose> closed;

  [[nodiscard]] bool open() const { return !returned_milli && !closed; }
  /// Granted and not sold; never below zero.
  [[nodiscard]] std::int64_t left_milli() const;
  /// What nobody else may promise: 0 once it has ended.
  [[nodiscard]] std::int64_t outstanding_milli() const { return open() ? left_milli() : 0; }
  [[nodiscard]] LeaseHolder holder() const { return {granted.node, granted.inc}; }
  friend bool operator==(const StockLease&, const StockLease&) = default;
};
/// "GRANTED", "ENDING" (asked back), "RETURNED", "EXPIRED", "WRITTEN_OFF".
std::string_view state_name(const StockLease& lease);

inline constexpr std::int64_t kMinLeaseGraceSeconds = 60;
inline constexpr std::int64_t kMaxLeaseGraceSeconds = 30LL * 24 * 3600;
inline constexpr std::int64_t kMaxLeaseSeconds = 90LL * 24 * 3600;

/// What can be said of one without knowing the time. Errors: kInvalid "bad_lease" with a sentence.
Result<> validate(const StockLeased& leased);

// ---- the hub decides ----

struct GrantLease {
  StockLeased wanted;
  bool leasable = false;                 ///< a policy names the article
  std::int64_t can_be_leased_milli = 0;  ///< at the site, beyond what is promised, at this moment
};
/// Errors: kInvalid "bad_lease"; kRejected "not_leasable", "not_enough_stock".
Result<StockLeased> decide(const GrantLease& command, UtcTime now);

/// Nothing: it was asked back, or has ended.
std::optional<LeaseRecalled> recall(const StockLease& lease);

/// Whether its holder can sell nothing under it any more: `heard` is the stamp of a record that the
/// device wrote.
bool is_over(const StockLease& lease, UtcTime heard);

/// Its device will never be heard again. Errors: kConflict "lease_ended"; kConflict
/// "lease_may_be_sold" (before its end and grace).
Result<LeaseClosed> write_off(const StockLease& lease, UtcTime now);

// ---- the holder decides; `floor`: a clock that never goes back, not even over a restart ----

/// Whether the device may sell what is left of it.
bool may_sell(const StockLease& lease, const LeaseHolder& device, UtcTime floor);

/// What a holder says that was asked for it, or whose time is up. Nothing: not yet, or not its.
std::optional<LeaseReturned> give_back(const StockLease& lease, const LeaseHolder& device,
                                       UtcTime floor);

}  // namespace cairn::domain
