#pragma once
// What screens hear without asking: ship groups that changed, the state of the link. Loop only.

#include "edge-agent/api/agent_api.h"

namespace cairn::agent {

/// Registers with the writer; to be called once, before the loop runs.
void publish_live_events(const AgentApi& api);

}  // namespace cairn::agent
