#pragma once
// What every route file of the agent works with. Any thread.

#include "core/program/commands.h"
#include "core/program/sessions.h"
#include "core/runtime/http_server.h"
#include "core/storage/read_pool.h"
#include "edge-agent/agent_core.h"
#include "edge-agent/devices/camera_desk.h"
#include "edge-agent/devices/device_board.h"
#include "edge-agent/devices/printer_desk.h"
#include "edge-agent/devices/receipt_desk.h"
#include "edge-agent/devices/scale_desk.h"
#include "edge-agent/remote/config_trial.h"
#include "edge-agent/sale_search.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::agent {

/// All references outlive the routes.
struct AgentApi {
  Env env;
  AgentCore& core;
  program::Commands& commands;
  program::Sessions& sessions;
  storage::ReadPool& readers;
  DeviceBoard& board;
  ScaleDesk& scales;
  PrinterDesk& printers;
  ReceiptDesk& receipts;
  SaleSearch& sales;
  CameraDesk& camera;
  runtime::SseHub& stream;
};

class DeviceControl;

/// What the sign-in page is told, from the configuration.
struct PageSettings {
  std::vector<std::string> stations;
  double px_per_mm = 0;
  std::int64_t keyed_above_milli = 0;
  bool show_people = true;
  std::string build;  ///< of the pages; empty: there are none
};

std::vector<runtime::Route> camera_routes(const AgentApi& api);
/// `trial` outlives the routes.
std::vector<runtime::Route> config_routes(
    const AgentApi& api, const ConfigTrial& trial,
    const std::vector<runtime::ConfigReader::Origin>& origins);
std::vector<runtime::Route> counter_routes(const AgentApi& api);
std::vector<runtime::Route> counter_sale_routes(const AgentApi& api);
/// `control` outlives the routes.
std::vector<runtime::Route> device_control_routes(DeviceControl& control);
std::vector<runtime::Route> device_routes(const AgentApi& api, const PageSettings& settings);
std::vector<runtime::Route> packing_routes(const AgentApi& api);
std::vector<runtime::Route> picking_routes(const AgentApi& api);
std::vector<runtime::Route> printer_routes(const AgentApi& api);
std::vector<runtime::Route> put_back_routes(const AgentApi& api);
std::vector<runtime::Route> receipt_routes(const AgentApi& api);
std::vector<runtime::Route> return_routes(const AgentApi& api, std::int64_t alone_up_to_minor);
std::vector<runtime::Route> site_routes(const AgentApi& api);
std::vector<runtime::Route> station_routes(const AgentApi& api);
std::vector<runtime::Route> sync_routes(const AgentApi& api);

}  // namespace cairn::agent
