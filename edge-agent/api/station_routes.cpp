// Working places and their hardware.

#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/session_table.h"
#include "core/storage/station_modes.h"
#include "edge-agent/api/agent_api.h"

#include <set>

namespace cairn::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

json::Value station_json(storage::Connection& connection, const AgentApi& api,
                         const std::string& station, const SiteId& site) {
  auto devices = json::Value::array();
  for (const DeviceBoard::Status& status : api.board.statuses()) {
    if (status.settings.station == station) devices.add(status.settings.device.name);
  }
  const auto session = storage::station_session(connection, station, api.env.clock.utc_now());
  const auto member = session ? storage::find_staff(connection, site, session->user) : std::nullopt;
  const auto task = storage::station_task(connection, api.core.replica().identity().node, station);
  auto object = json::Value::object();
  object.set("station", station);
  program::set_or_null(object, "operator", member ? std::optional(member->name) : std::nullopt);
  program::set_or_null(object, "task", task ? std::optional(task->value().text()) : std::nullopt);
  object.set("mode", name_of(storage::station_mode(connection, station)));
  return object.set("devices", std::move(devices));
}

Result<HttpResponse> stations(const AgentApi& api, const Principal& principal) {
  const auto items = api.readers.read([&api, &principal](storage::Connection& connection) {
    std::set<std::string> names;
    for (const DeviceBoard::Status& status : api.board.statuses()) {
      if (!status.settings.station.empty()) names.insert(status.settings.station);
    }
    for (const auto& session : storage::sessions(connection, api.env.clock.utc_now())) {
      names.insert(session.station);
    }
    auto list = json::Value::array();
    for (const std::string& name : names) {
      list.add(station_json(connection, api, name, principal.site));
    }
    return list;
  });
  if (!items) return fail(items.error());
  return runtime::json_response(program::write_list(*items));
}

Result<HttpResponse> device_list(const AgentApi& api) {
  auto items = json::Value::array();
  for (const DeviceBoard::Status& status : api.board.statuses()) items.add(device_json(status));
  return runtime::json_response(program::write_list(std::move(items)));
}

}  // namespace

std::vector<runtime::Route> station_routes(const AgentApi& api) {
  return {
      {"GET", "/api/v1/stations", "devices.read",
       [api](const HttpRequest&, const Principal& principal) { return stations(api, principal); }},
      {"GET", "/api/v1/devices", "devices.read",
       [api](const HttpRequest&, const Principal&) { return device_list(api); }},
  };
}

}  // namespace cairn::agent
