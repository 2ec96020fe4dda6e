#include "core/domain/stock/counter_sale.h"

#include "core/base/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace cairn::domain {
namespace {

/// Those that the device may sell under, the first to end first.
std::vector<StockLease> usable(const SellAtCounter& command) {
  std::vector<StockLease> leases;
  for (const StockLease& lease : command.leases) {
    const bool of_article = lease.granted.sku == command.sku;
    if (of_article && may_sell(lease, command.device, command.floor)) leases.push_back(lease);
  }
  std::ranges::sort(leases, [](const StockLease& a, const StockLease& b) {
    return std::pair(a.granted.expires_at, a.granted.lease) <
           std::pair(b.granted.expires_at, b.granted.lease);
  });
  return leases;
}

/// What is to be done about units that no lease covers. Errors: as decide().
Result<> let_pass(const SellAtCounter& command, std::int64_t beyond_milli) {
  if (beyond_milli == 0 || !command.policy || *command.policy == BeyondLease::kWarn) return {};
  const std::string what = fmt::format(
      "{} of {} are beyond what this device holds leases for, {} are not: they may be promised to "
      "somebody else; nothing was sold",
      milli_text(beyond_milli), command.sku.text(), milli_text(command.milli - beyond_milli));
  if (*command.policy == BeyondLease::kRefuse) {
    return fail(ErrorCode::kRejected, "beyond_lease", what);
  }
  if (command.approved_by != UserId{}) {
    if (command.approved_by != command.by) return {};
    return fail(ErrorCode::kRejected, "approver_is_operator",
                "somebody else has to let this pass; nothing was sold");
  }
  return fail(ErrorCode::kRejected, "needs_approval", what + ". A second person can let it pass");
}

}  // namespace

Result<CounterSale> decide(const SellAtCounter& command) {
  if (command.milli <= 0 || command.milli > kMaxMilli) {
    return fail(ErrorCode::kInvalid, "bad_sale", "sell more than nothing");
  }
  CounterSale sale;
  std::int64_t open = command.milli;
  for (const StockLease& lease : usable(command)) {
    const std::int64_t taken = std::min(open, lease.left_milli());
    if (taken > 0) sale.draws.push_back({lease.granted.lease, taken});
    open -= taken;
    sale.left_milli += lease.left_milli() - taken;
  }
  sale.beyond_milli = open;
  sale.beyond_lease = open > 0 && command.policy.has_value();
  if (auto ok = let_pass(command, open); !ok) return fail(ok.error());
  return sale;
}

}  // namespace cairn::domain
