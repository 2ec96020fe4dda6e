#include "core/domain/routing/routing_trace.h"

#include <string>

namespace cairn::domain {

Result<Assigned> replay(const RoutingTrace& trace) {
  if (trace.version != kRoutingVersion) {
    return fail(ErrorCode::kInvalid, "unknown_routing_version",
                "this decision was made by version " + std::to_string(trace.version) +
                    " of the routing rules, which this program does not have; the trace can be "
                    "read, but not made again here");
  }
  return assign(trace.candidates, trace.rules);
}

}  // namespace cairn::domain
