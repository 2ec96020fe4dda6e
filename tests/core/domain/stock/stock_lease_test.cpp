#include "core/domain/stock/stock_lease.h"

#include "core/base/quantity.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <rapidcheck.h>
#include <variant>
#include <vector>

namespace cairn::domain::stock_lease_test {
namespace {

using cairn::test::node;
using cairn::test::sku;
using cairn::test::utc;
using cairn::test::uuid;

const UtcTime kNow = utc("2026-11-24T12:00:00Z");
const LeaseHolder kTill{node(1), Incarnation(7)};

UtcTime later(UtcTime at, std::int64_t seconds) { return {at.us + seconds * 1'000'000}; }

StockLeased five(std::int64_t milli = 5'000) {
  StockLeased leased;
  leased.lease = StockLeaseId(uuid(1));
  leased.node = kTill.node;
  leased.inc = kTill.inc;
  leased.sku = sku("A1");
  leased.milli = milli;
  leased.expires_at = later(kNow, 3'600);
  leased.grace_s = 60;
  return leased;
}

StockLease granted(const StockLeased& leased = five()) {
  StockLease lease;
  lease.granted = leased;
  lease.site = cairn::test::site("store");
  lease.granted_at = kNow;
  return lease;
}

TEST_CASE("stock lease: no more is granted than nobody is promised", "[domain][stock]") {
  CHECK(decide(GrantLease{five(), true, 5'000}, kNow).value() == five());
  const auto refused = decide(GrantLease{five(), true, 4'000}, kNow);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kRejected);
  CHECK(refused.error().reason == "not_enough_stock");
  CHECK(refused.error().message == "5 of A1 wanted, 4 can be leased; nothing was leased");
  const auto shortage = decide(GrantLease{five(), true, -2'000}, kNow);
  CHECK(shortage.error().message == "5 of A1 wanted, 0 can be leased; nothing was leased");
  const auto class_of_none = decide(GrantLease{five(), false, 5'000}, kNow);
  REQUIRE_FALSE(class_of_none);
  CHECK(class_of_none.error().reason == "not_leasable");
}

TEST_CASE("stock lease: what is none is refused", "[domain][stock]") {
  std::vector<StockLeased> bad(8, five());
  bad[0].node = NodeId{};
  bad[1].milli = 0;
  bad[2].milli = kMaxMilli + 1;
  bad[3].grace_s = kMinLeaseGraceSeconds - 1;
  bad[4].grace_s = kMaxLeaseGraceSeconds + 1;
  bad[5].expires_at = kNow;
  bad[6].expires_at = later(kNow, kMaxLeaseSeconds + 1);
  bad[7].milli = -1;
  for (const StockLeased& wanted : bad) {
    const auto refused = decide(GrantLease{wanted, true, 2 * kMaxMilli}, kNow);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_lease");
  }
  StockLeased longest = five();
  longest.expires_at = later(kNow, kMaxLeaseSeconds);
  longest.grace_s = kMaxLeaseGraceSeconds;
  CHECK(decide(GrantLease{longest, true, 5'000}, kNow));
}

TEST_CASE("stock lease: its holder sells under it until it is asked back or over",
          "[domain][stock]") {
  StockLease lease = granted();
  CHECK(may_sell(lease, kTill, kNow));
  CHECK_FALSE(may_sell(lease, {node(2), kTill.inc}, kNow));
  CHECK_FALSE(may_sell(lease, {kTill.node, Incarnation(8)}, kNow));
  CHECK(may_sell(lease, kTill, UtcTime{lease.granted.expires_at.us - 1}));
  CHECK_FALSE(may_sell(lease, kTill, lease.granted.expires_at));
  CHECK(state_name(lease) == "GRANTED");
  lease.recalled = true;
  CHECK_FALSE(may_sell(lease, kTill, kNow));
  CHECK(state_name(lease) == "ENDING");
  CHECK_FALSE(recall(lease));
}

TEST_CASE("stock lease: what is left is given back, once", "[domain][stock]") {
  StockLease lease = granted();
  lease.sold_milli = 2'000;
  CHECK_FALSE(give_back(lease, kTill, kNow));
  CHECK(give_back(lease, kTill, lease.granted.expires_at) == LeaseReturned{3'000});
  CHECK(recall(lease) == LeaseRecalled{});
  lease.recalled = true;
  CHECK(give_back(lease, kTill, kNow) == LeaseReturned{3'000});
  CHECK_FALSE(give_back(lease, {kTill.node, Incarnation(8)}, later(kNow, 1'000'000)));
  lease.sold_milli = 5'000;
  CHECK(give_back(lease, kTill, kNow) == LeaseReturned{0});
  lease.returned_milli = 0;
  CHECK_FALSE(give_back(lease, kTill, kNow));
  CHECK_FALSE(recall(lease));
  CHECK(state_name(lease) == "RETURNED");
}

TEST_CASE("stock lease: it is nobody else's while it is outstanding", "[domain][stock]") {
  StockLease lease = granted();
  lease.sold_milli = 2'000;
  CHECK(lease.outstanding_milli() == 3'000);
  lease.recalled = true;
  CHECK(lease.outstanding_milli() == 3'000);
  StockLease returned = lease;
  returned.returned_milli = 3'000;
  CHECK(returned.outstanding_milli() == 0);
  StockLease closed = lease;
  closed.closed = LeaseClose::kExpired;
  CHECK(closed.outstanding_milli() == 0);
  CHECK(state_name(closed) == "EXPIRED");
  lease.sold_milli = 9'000;  // no holder does that
  CHECK(lease.outstanding_milli() == 0);
}

TEST_CASE("stock lease: it is over once its device wrote behind its end and grace",
          "[domain][stock]") {
  const StockLease lease = granted();
  const UtcTime end = later(lease.granted.expires_at, lease.granted.grace_s);
  CHECK_FALSE(is_over(lease, lease.granted.expires_at));
  CHECK_FALSE(is_over(lease, end));
  CHECK(is_over(lease, UtcTime{end.us + 1}));
  const auto early = write_off(lease, end);
  REQUIRE_FALSE(early);
  CHECK(early.error().reason == "lease_may_be_sold");
  CHECK(write_off(lease, UtcTime{end.us + 1}) == LeaseClosed{LeaseClose::kWrittenOff});
  StockLease returned = lease;
  returned.returned_milli = 1;
  CHECK(write_off(returned, UtcTime{end.us + 1}).error().reason == "lease_ended");
}

TEST_CASE("stock lease: the names of its ends", "[domain][stock]") {
  for (const LeaseClose close : {LeaseClose::kExpired, LeaseClose::kWrittenOff}) {
    CHECK(parse_lease_close(name_of(close)) == close);
  }
  CHECK(name_of(static_cast<LeaseClose>(3)).empty());
  CHECK_FALSE(parse_lease_close("LOST"));
}

// ---- the invariant, whatever arrives when ----

/// What the hub says of a lease, on its way to the device.
struct ToDevice {
  StockLeaseId lease;
  std::variant<StockLeased, LeaseRecalled, LeaseClosed> what;
};
/// A record of the device's log.
struct DeviceRecord {
  UtcTime stamp;
  StockLeaseId lease;
  std::optional<LeaseReturned> returned;
  std::int64_t sold_milli = 0;
};

/// A hub that promises, a till that is cut off as it pleases, and what is really there.
class Trade {
 public:
  explicit Trade(std::int64_t stock) : stock_(stock) {}

  void grant(std::int64_t milli, std::int64_t seconds) {
    StockLeased wanted = five(milli);
    wanted.lease = StockLeaseId(uuid(static_cast<std::uint8_t>(hub_.size() + 1)));
    wanted.expires_at = later(hub_now_, seconds);
    const auto leased = decide(GrantLease{wanted, true, atp()}, hub_now_);
    if (!leased) return;
    hub_[leased->lease] = granted(*leased);
    down_.push_back({leased->lease, *leased});
  }
  void promise(std::int64_t milli) {
    if (milli <= atp()) promised_ += milli;
  }
  void ask_back(std::size_t which) {
    if (hub_.empty()) return;
    auto& [id, lease] = *std::next(hub_.begin(), static_cast<std::ptrdiff_t>(which % hub_.size()));
    if (const auto recalled = recall(lease)) {
      lease.recalled = true;
      down_.push_back({id, *recalled});
    }
  }
  /// In any order, and again.
  void reach_device(std::size_t which, bool keep) {
    if (down_.empty()) return;
    const std::size_t at = which % down_.size();
    const ToDevice message = down_[at];
    if (!keep) down_.erase(down_.begin() + static_cast<std::ptrdiff_t>(at));
    Known& known = device_[message.lease];
    if (const auto* const leased = std::get_if<StockLeased>(&message.what)) {
      known.granted = true;
      known.lease.granted = *leased;
    } else if (std::holds_alternative<LeaseRecalled>(message.what)) {
      known.lease.recalled = true;
    } else {
      known.lease.closed = std::get<LeaseClosed>(message.what).why;
    }
  }
  void sell(std::size_t which, std::int64_t milli) {
    if (device_.empty()) return;
    auto& [id, known] =
        *std::next(device_.begin(), static_cast<std::ptrdiff_t>(which % device_.size()));
    if (!known.granted || !may_sell(known.lease, kTill, floor())) return;
    const std::int64_t sold = std::min(milli, known.lease.left_milli());
    if (sold <= 0) return;
    known.lease.sold_milli += sold;
    sold_ += sold;
    write({{}, id, std::nullopt, sold});
  }
  void settle() {
    for (auto& [id, known] : device_) {
      if (!known.granted) continue;
      if (const auto returned = give_back(known.lease, kTill, floor())) {
        known.lease.returned_milli = returned->milli;
        write({{}, id, returned, 0});
      }
    }
  }
  /// Anything else that is recorded: a pick, a count.
  void work() { write({{}, StockLeaseId{}, std::nullopt, 0}); }
  /// In the order of the log; what is repeated is known.
  void reach_hub() {
    if (read_ == log_.size()) return;
    const DeviceRecord& record = log_[read_++];
    if (record.sold_milli > 0) {
      hub_[record.lease].sold_milli += record.sold_milli;
      on_hand_ -= record.sold_milli;
    }
    if (record.returned) hub_[record.lease].returned_milli = record.returned->milli;
    for (auto& [id, lease] : hub_) {
      if (!lease.open() || !is_over(lease, record.stamp)) continue;
      lease.closed = LeaseClose::kExpired;
      down_.push_back({id, LeaseClosed{LeaseClose::kExpired}});
    }
  }
  void hub_time(std::int64_t seconds) { hub_now_ = later(hub_now_, seconds); }
  /// Of the device: time passes, or somebody sets its clock; also while it is off.
  void device_time(std::int64_t seconds) { wall_ = later(wall_, seconds); }
  /// What was not recorded is forgotten: its clock is what its log says, or what it shows.
  void restart() { last_ = log_.empty() ? UtcTime{} : log_.back().stamp; }

  /// What the till may still sell of what it holds or will have heard that it holds.
  [[nodiscard]] std::int64_t may_still_sell() const {
    std::int64_t sum = 0;
    for (const auto& [id, lease] : hub_) {
      const auto known = device_.find(id);
      if (known == device_.end() || !known->second.granted) {
        StockLease coming = granted(lease.granted);
        if (known != device_.end()) coming.recalled = known->second.lease.recalled;
        if (may_sell(coming, kTill, recorded_floor())) sum += coming.left_milli();
      } else if (may_sell(known->second.lease, kTill, recorded_floor())) {
        sum += known->second.lease.left_milli();
      }
    }
    return sum;
  }
  [[nodiscard]] bool bounded() const { return promised_ + may_still_sell() <= stock_ - sold_; }

  /// Everything arrives, and the time of every lease is up.
  void come_to_rest() {
    device_time(10 * kMaxLeaseSeconds);
    for (int i = 0; i < 2; ++i) {
      while (!down_.empty()) reach_device(0, false);
      settle();
      work();
      while (read_ < log_.size()) reach_hub();
    }
  }
  [[nodiscard]] bool settled() const { return atp() == stock_ - sold_ - promised_; }

 private:
  struct Known {
    bool granted = false;
    StockLease lease;
  };

  /// As central does it: on hand - reserved - leased.
  [[nodiscard]] std::int64_t atp() const {
    std::int64_t leased = 0;
    for (const auto& [id, lease] : hub_) leased += lease.outstanding_milli();
    return stock_ + on_hand_ - promised_ - leased;
  }
  [[nodiscard]] UtcTime floor() const { return std::max(wall_, last_); }
  /// What the clock shows at least, whatever becomes of the device now.
  [[nodiscard]] UtcTime recorded_floor() const {
    return log_.empty() ? UtcTime{} : log_.back().stamp;
  }
  void write(DeviceRecord record) {
    last_ = UtcTime{floor().us + 1'000};
    record.stamp = last_;
    log_.push_back(record);
  }

  std::int64_t stock_;
  std::int64_t on_hand_ = 0;  ///< the hub's, against stock_
  std::int64_t promised_ = 0;
  std::int64_t sold_ = 0;
  UtcTime hub_now_ = kNow;
  UtcTime wall_ = kNow;
  UtcTime last_{};
  std::map<StockLeaseId, StockLease> hub_;
  std::map<StockLeaseId, Known> device_;
  std::vector<ToDevice> down_;
  std::vector<DeviceRecord> log_;
  std::size_t read_ = 0;
};

std::int64_t some(std::int64_t least, std::int64_t most) {
  return *rc::gen::inRange<std::int64_t>(least, most + 1);
}

void something_happens(Trade& trade) {
  const auto which = static_cast<std::size_t>(some(0, 7));
  switch (some(0, 10)) {
    case 0:
      return trade.grant(some(1, 6) * 1'000, some(1, 600));
    case 1:
      return trade.promise(some(1, 4) * 1'000);
    case 2:
      return trade.ask_back(which);
    case 3:
    case 4:
      return trade.reach_device(which, some(0, 2) == 0);
    case 5:
      return trade.sell(which, some(1, 3) * 1'000);
    case 6:
      return trade.settle();
    case 7:
      return trade.work();
    case 8:
      return trade.reach_hub();
    case 9:
      return trade.device_time(some(-900, 900));
    default:
      trade.hub_time(some(0, 300));
      if (some(0, 3) == 0) trade.restart();
  }
}

TEST_CASE("stock lease: never is more promised and leased than there is, whatever arrives when",
          "[domain][stock][property]") {
  CHECK(rc::check("promised and still to be sold under leases <= what is there", [] {
    Trade trade(some(1, 12) * 1'000);
    for (std::int64_t i = some(1, 80); i > 0; --i) {
      something_happens(trade);
      RC_ASSERT(trade.bounded());
    }
    trade.come_to_rest();
    RC_ASSERT(trade.bounded());
    RC_ASSERT(trade.settled());
  }));
}

}  // namespace
}  // namespace cairn::domain::stock_lease_test
