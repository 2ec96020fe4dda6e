#pragma once
// Composition root of cairn-agent: puts loop, bus, core, HTTP and scanners together. No logic. Main
// thread.

#include "edge-agent/agent_config.h"

namespace cairn::agent {

/// Runs until a signal or a fatal error. Returns the exit status.
int run_agent(const AgentConfig& config);

}  // namespace cairn::agent
