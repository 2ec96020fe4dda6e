// Facilities and devices.

#include "central/api/hub_api.h"
#include "central/registry/registry.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/runtime/call.h"
#include "core/storage/full_sites.h"
#include "core/storage/quarantine.h"

#include <map>
#include <utility>
#include <vector>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr double kUdeg = 1e6;

using FullSites = std::map<SiteId, storage::FullSite>;

json::Value site_json(const domain::Facility& facility, const FullSites& full) {
  auto object = json::Value::object();
  object.set("site", facility.site.text())
      .set("name", facility.name)
      .set("kind", name_of(facility.kind))
      .set("latitude", facility.position.latitude_udeg / kUdeg)
      .set("longitude", facility.position.longitude_udeg / kUdeg)
      .set("active", facility.active);
  const auto found = full.find(facility.site);
  if (found == full.end()) return object.set_null("full_since").set_null("full_reason");
  return object.set("full_since", found->second.since.text())
      .set("full_reason", name_of(found->second.reason));
}

json::Value node_json(const domain::Node& node, const sync::HubSync::NodeStatus& status,
                      std::uint64_t quarantined) {
  auto object = json::Value::object();
  object.set("node", node.id.value().text())
      .set("site", node.site.text())
      .set("name", node.name)
      .set("active", node.active)
      .set("online", status.online);
  program::set_or_null(object, "last_heard_at",
                       status.last_heard ? std::optional(status.last_heard->text()) : std::nullopt);
  return object.set("hwm", status.hwm)
      .set("head", status.head)
      .set("quarantined", quarantined)
      .set("problem", status.problem);
}

Result<HttpResponse> sites(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto items = api.readers.read([](storage::Connection& connection) {
    const auto full = storage::full_sites(connection);
    auto all = json::Value::array();
    for (const domain::Facility& facility : storage::facilities(connection)) {
      all.add(site_json(facility, full));
    }
    return all;
  });
  if (!items) return fail(items.error());
  return runtime::json_response(program::write_list(*items));
}

Answer site_answer(UnitOfWork& work, const domain::Facility& facility) {
  return {site_json(facility, storage::full_sites(work.connection())), 200};
}

Result<HttpResponse> put_site(const HubApi& api, const HttpRequest& request,
                              const Principal& principal) {
  const auto site = SiteId::parse(request.parameter("site"));
  if (!site) return fail(site.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::Facility facility;
  facility.site = *site;
  facility.name = in.text("name", {1, 80});
  const auto kind = domain::parse_facility_kind(in.text("kind", {1, 16}));
  if (!kind) in.problem("kind", kind.error().message);
  facility.kind = kind.value_or(domain::FacilityKind::kStore);
  facility.position.latitude_udeg =
      static_cast<std::int32_t>(in.decimal("latitude", 6, -90'000'000, 90'000'000));
  facility.position.longitude_udeg =
      static_cast<std::int32_t>(in.decimal("longitude", 6, -180'000'000, 180'000'000));
  facility.active = in.boolean_or("active", true);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(request, principal,
                          [facility, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            const auto defined = define_site(work, facility, actor);
                            if (!defined) return fail(defined.error());
                            return site_answer(work, *defined);
                          });
}

Result<HttpResponse> reset_site(const HubApi& api, const HttpRequest& request,
                                const Principal& principal) {
  const auto site = SiteId::parse(request.parameter("site"));
  if (!site) return fail(site.error());
  return api.commands.run(request, principal, [site = *site](UnitOfWork& work) -> Result<Answer> {
    if (auto ok = reset_capacity(work, site); !ok) return fail(ok.error());
    return site_answer(work, *storage::find_facility(work.connection(), site));
  });
}

Result<HttpResponse> list_nodes(const HubApi& api, const HttpRequest&, const Principal&) {
  using Rows = std::vector<std::pair<domain::Node, std::uint64_t>>;
  const auto rows = api.readers.read([](storage::Connection& connection) {
    Rows all;
    for (const domain::Node& node : storage::nodes(connection)) {
      all.emplace_back(node, storage::quarantine_count(connection, node.id));
    }
    return all;
  });
  if (!rows) return fail(rows.error());
  const auto items = runtime::call<json::Value>(
      api.env.executor, kLoopPatience, [&core = api.core, rows = *rows]() -> Result<json::Value> {
        auto list = json::Value::array();
        for (const auto& [node, quarantined] : rows) {
          list.add(node_json(node, core.sync().status(node.id), quarantined));
        }
        return list;
      });
  if (!items) return fail(items.error());
  return runtime::json_response(program::write_list(*items));
}

Result<HttpResponse> add_node(const HubApi& api, const HttpRequest& request,
                              const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::Node node;
  const auto site = SiteId::parse(in.text("site", {1, 32}));
  if (!site) in.problem("site", site.error().message);
  node.site = site.value_or(SiteId{});
  node.name = in.text("name", {1, 80});
  if (const auto given = in.optional_text("node", {36, 36})) {
    const auto id = Uuid::parse(*given);
    if (!id) in.problem("node", id.error().message);
    node.id = NodeId(id.value_or(Uuid{}));
  }
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(
      request, principal,
      [node, &core = api.core, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        domain::Node named = node;
        if (named.id.value().is_nil()) named.id = NodeId(core.ids().next());
        const auto registered = register_node(work, named, actor);
        if (!registered) return fail(registered.error());
        const auto quarantined = storage::quarantine_count(work.connection(), registered->id);
        return Answer{node_json(*registered, core.sync().status(registered->id), quarantined), 201,
                      std::nullopt, registered->id.value().text()};
      });
}

Result<HttpResponse> retire(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  const auto id = Uuid::parse(request.parameter("node"));
  if (!id) return fail(id.error());
  return api.commands.run(
      request, principal,
      [node = NodeId(*id), &core = api.core,
       actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto retired = retire_node(work, node, actor);
        if (!retired) return fail(retired.error());
        const auto quarantined = storage::quarantine_count(work.connection(), node);
        return Answer{node_json(*retired, core.sync().status(node), quarantined), 200};
      });
}

}  // namespace

std::vector<runtime::Route> registry_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/sites", "sites.read", with(api, sites)},
      {"PUT", "/api/v1/sites/{site}", "sites.manage", with(api, put_site)},
      {"POST", "/api/v1/sites/{site}/capacity-reset", "sites.manage", with(api, reset_site)},
      {"GET", "/api/v1/nodes", "nodes.read", with(api, list_nodes)},
      {"POST", "/api/v1/nodes", "nodes.manage", with(api, add_node)},
      {"POST", "/api/v1/nodes/{node}/retire", "nodes.manage", with(api, retire)},
  };
}

}  // namespace cairn::central
