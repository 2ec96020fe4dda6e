#pragma once
// What this device does when head office gives it a command. Loop only.

#include "core/program/process.h"
#include "core/runtime/log_sink.h"
#include "edge-agent/api/agent_api.h"

namespace cairn::agent {

/// All references outlive the core's loop.
void set_verbs(const AgentApi& api, program::Process& process, const runtime::JsonLog& log);

}  // namespace cairn::agent
