#pragma once
// A need of a routing case, as traces and facts have it; private to core/wire.

#include "core/domain/routing/cost_case.h"
#include "core/wire/detail/convert.h"

#include "routing_trace.pb.h"

namespace cairn::wire {

std::int64_t amount_from(std::uint64_t value);
v1::RoutingNeed need_to(const domain::CostNeed& need);
domain::CostNeed need_from(const v1::RoutingNeed& proto);

}  // namespace cairn::wire
