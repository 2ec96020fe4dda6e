#pragma once
// Composition root of cairn-agent: puts loop, bus, core, HTTP and scanners together. No logic. Main
// thread.

#include "edge-agent/agent_config.h"

namespace cairn::agent {

/// Runs until a signal or a fatal error. `file`: the device's file alone, as read from `source`;
/// what head office wants is laid over it here. Returns the exit status.
int run_agent(const AgentConfig& file, const ConfigSource& source);

}  // namespace cairn::agent
