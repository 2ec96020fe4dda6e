#pragma once
// Tells screens about ship groups that changed. Loop only.

#include "core/runtime/sse_hub.h"
#include "core/storage/writer.h"

namespace cairn::program {

/// After each commit, an event `ship_group` (schema ShipGroupChanged) for every group whose rows
/// changed, if anybody listens. Both outlive the writer's listeners.
void publish_ship_groups(storage::Writer& writer, runtime::SseHub& stream);

}  // namespace cairn::program
