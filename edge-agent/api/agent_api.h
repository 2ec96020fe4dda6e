#pragma once
// What every route file of the agent works with. Any thread.

#include "core/program/commands.h"
#include "core/runtime/http_server.h"
#include "core/storage/read_pool.h"
#include "edge-agent/agent_core.h"
#include "edge-agent/devices/scanner_desk.h"

#include <string>
#include <vector>

namespace cairn::agent {

/// All references outlive the routes.
struct AgentApi {
  Env env;
  AgentCore& core;
  program::Commands& commands;
  storage::ReadPool& readers;
  ScannerDesk& scanners;
  runtime::SseHub& stream;
};

std::vector<runtime::Route> picking_routes(const AgentApi& api);
std::vector<runtime::Route> site_routes(const AgentApi& api);
std::vector<runtime::Route> station_routes(const AgentApi& api);
std::vector<runtime::Route> sync_routes(const AgentApi& api);

}  // namespace cairn::agent
