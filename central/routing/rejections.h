#pragma once
// What follows when a site could not give units of an order: they are to be asked for elsewhere,
// and after some sites a person of customer service has to look. Inside the job that took the
// site's records. Loop only.

#include "core/base/time.h"
#include "core/domain/order/order.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <map>
#include <set>

namespace cairn::central {

struct RejectionRules {
  /// A line that so many sites could not give is customer service's: 0: never.
  std::int64_t customer_service_after = 3;
};

/// Lines of orders that sites were short of.
using ShortLines = std::map<OrderId, std::set<LineNo>>;

/// Notes since when, and says where the order waits: in CUSTOMER_SERVICE if a line of it that waits
/// was short at too many sites; out of UNFILLABLE_PARKING and RELEASED_ORDER_PARKING, as nobody
/// was asked for these units since; else where it was said to wait, or where it follows from the
/// order. Pickups are their customers' matter.
/// Errors: those of UnitOfWork::record().
Result<> on_short(storage::UnitOfWork& work, const ShortLines& lines, const RejectionRules& rules);

}  // namespace cairn::central
