#pragma once
// Goods that came back without a counter: the hub is told of them by a channel or by head office.
// They are taken as restocked at the site that sold them. Loop only.

#include "core/domain/order/order.h"
#include "core/storage/unit_of_work.h"

#include <string>

namespace cairn::central {

struct GoodsBack {
  OrderId order;
  LineNo line;
  std::int64_t milli = 0;
  std::string source;  ///< what tells of it
  Bytes biz_key;       ///< empty: none
};

/// The newest ship groups of the line first. Errors: kRejected "already_returned" (fewer were sold
/// and not returned); those of domain::decide().
Result<> take_back(storage::UnitOfWork& work, const GoodsBack& goods, UserId actor);

}  // namespace cairn::central
