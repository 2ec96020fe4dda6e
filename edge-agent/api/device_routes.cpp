// What the sign-in page shows before anybody is signed in: which device this is, and who works
// here.

#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/projections/reference_data.h"
#include "edge-agent/api/agent_api.h"

namespace cairn::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

/// Site and device have names once the hub has been heard.
Result<HttpResponse> this_device(const AgentApi& api, const PageSettings& settings) {
  const storage::Identity& identity = api.core.replica().identity();
  struct Names {
    std::optional<domain::Facility> site;
    std::optional<domain::Node> node;
  };
  const auto names = api.readers.read([&identity](storage::Connection& connection) {
    return Names{storage::find_facility(connection, identity.site),
                 storage::find_node(connection, identity.node)};
  });
  if (!names) return fail(names.error());
  auto stations = json::Value::array();
  for (const std::string& station : settings.stations) stations.add(station);
  auto body = json::Value::object();
  body.set("program", "cairn-agent").set("site", identity.site.text());
  program::set_or_null(body, "site_name",
                       names->site ? std::optional(names->site->name) : std::nullopt);
  body.set("node", identity.node.value().text());
  program::set_or_null(body, "name", names->node ? std::optional(names->node->name) : std::nullopt);
  body.set("stations", std::move(stations))
      .set("px_per_mm", settings.px_per_mm)
      .set("keyed_above_milli", settings.keyed_above_milli);
  program::set_or_null(body, "build",
                       settings.build.empty() ? std::nullopt : std::optional(settings.build));
  return runtime::json_response(body);
}

/// Names only: what somebody may do is told after signing in.
Result<HttpResponse> people(const AgentApi& api, bool show) {
  const SiteId& site = api.core.replica().identity().site;
  auto items = json::Value::array();
  if (show) {
    const auto staff = api.readers.read(
        [](storage::Connection& connection) { return storage::staff(connection); });
    if (!staff) return fail(staff.error());
    for (const storage::SiteStaffMember& each : *staff) {
      if (each.site != site || !each.member.active) continue;
      items.add(json::Value::object().set("name", each.member.name));
    }
  }
  return runtime::json_response(program::write_list(std::move(items)).set("shown", show));
}

}  // namespace

std::vector<runtime::Route> device_routes(const AgentApi& api, const PageSettings& settings) {
  return {
      {"GET", "/api/v1/device", "",
       [api, settings](const HttpRequest&, const Principal&) {
         return this_device(api, settings);
       }},
      {"GET", "/api/v1/people", "",
       [api, show = settings.show_people](const HttpRequest&, const Principal&) {
         return people(api, show);
       }},
  };
}

}  // namespace cairn::agent
