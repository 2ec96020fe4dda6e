// Commands to devices, and the configuration they should have.

#include "central/api/hub_api.h"
#include "central/devices/node_control.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/remote_values.h"
#include "core/program/shapes.h"
#include "core/storage/projections/reference_data.h"

#include <algorithm>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr std::size_t kCommandsShown = 200;
constexpr std::int64_t kDayS = 24LL * 3600;

Result<NodeId> node_of(const HttpRequest& request) {
  const auto id = Uuid::parse(request.parameter("node"));
  if (!id) return fail(id.error());
  return NodeId(*id);
}

json::Value command_json(const storage::CommandRow& row) {
  const domain::NodeCommand& command = row.command;
  auto object = json::Value::object();
  object.set("command", command.id.value().text())
      .set("node", row.node.value().text())
      .set("verb", name_of(command.verb))
      .set("argument", command.argument)
      .set("issued_at", row.issued.utc().text())
      .set("issued_by", row.issued_by.value().text())
      .set("not_before", command.not_before.text())
      .set("expires_at", command.expires.text());
  if (command.if_config) {
    object.set("if_config_version", *command.if_config);
  } else {
    object.set_null("if_config_version");
  }
  object.set("requires_online", command.requires_online)
      .set("state", row.end ? name_of(row.end->outcome) : "waiting")
      .set("detail", row.end ? row.end->detail : "");
  program::set_or_null(object, "ended_at",
                       row.end ? std::optional(row.end->at.text()) : std::nullopt);
  return object;
}

Result<HttpResponse> list_commands(const HubApi& api, const HttpRequest& request,
                                   const Principal&) {
  const auto node = node_of(request);
  if (!node) return fail(node.error());
  struct Found {
    bool known = false;
    std::vector<storage::CommandRow> rows;
  };
  const auto found = api.readers.read([node = *node](storage::Connection& connection) {
    return Found{storage::find_node(connection, node).has_value(),
                 storage::node_commands(connection, node, kCommandsShown)};
  });
  if (!found) return fail(found.error());
  if (!found->known) return fail(ErrorCode::kNotFound, "no_such_node", "there is no such device");
  auto items = json::Value::array();
  for (const storage::CommandRow& row : found->rows) items.add(command_json(row));
  return runtime::json_response(program::write_list(std::move(items)));
}

Result<CommandOrder> read_order(const HttpRequest& request) {
  const auto node = node_of(request);
  if (!node) return fail(node.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  CommandOrder order;
  order.node = *node;
  const auto verb = domain::parse_command_verb(in.text("verb", {1, 40}));
  if (!verb) in.problem("verb", verb.error().message);
  order.verb = verb.value_or(domain::CommandVerb::kResync);
  order.argument = in.optional_text("argument", {0, domain::kCommandArgumentMost}).value_or("");
  order.ttl_s = in.optional_integer("ttl_s", 1, kCommandLivesMostS).value_or(kDayS);
  if (const auto text = in.optional_text("not_before", {1, 40})) {
    const auto at = UtcTime::parse(*text);
    if (!at) in.problem("not_before", at.error().message);
    if (at) order.not_before = *at;
  }
  if (const auto version = in.optional_integer("if_config_version", 0, INT64_MAX)) {
    order.if_config = static_cast<std::uint64_t>(*version);
  }
  order.requires_online = in.boolean_or("requires_online", false);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return order;
}

Result<HttpResponse> command(const HubApi& api, const HttpRequest& request,
                             const Principal& principal) {
  const auto order = read_order(request);
  if (!order) return fail(order.error());
  return api.commands.run(request, principal,
                          [order = *order, &core = api.core,
                           actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            const auto given = give_command(work, core.ids(), order, actor);
                            if (!given) return fail(given.error());
                            return Answer{command_json(*given), 201};
                          });
}

json::Value wanted_json(const storage::WantedConfig& wanted) {
  const auto values = json::parse(wanted.config.values);
  return json::Value::object()
      .set("version", wanted.config.version)
      .set("values", values.value_or(json::Value::object()))
      .set("set_at", wanted.set.text())
      .set("set_by", wanted.set_by.value().text());
}

json::Value reported_json(const storage::ReportedConfig& reported) {
  return json::Value::object()
      .set("version", reported.report.version)
      .set("outcome", name_of(reported.report.outcome))
      .set("error", reported.report.error)
      .set("in_force", reported.report.in_force)
      .set("hash", to_hex(reported.report.hash))
      .set("at", reported.at.text());
}

/// `settled`: the device has said what became of the version that it should have.
json::Value config_json(NodeId node, const std::optional<storage::WantedConfig>& wanted,
                        const std::optional<storage::ReportedConfig>& reported, UtcTime now) {
  const std::uint64_t version = wanted ? wanted->config.version : 0;
  const bool settled = version <= (reported ? reported->report.version : 0);
  auto object = json::Value::object();
  object.set("node", node.value().text());
  if (wanted) {
    object.set("desired", wanted_json(*wanted));
  } else {
    object.set_null("desired");
  }
  if (reported) {
    object.set("reported", reported_json(*reported));
  } else {
    object.set_null("reported");
  }
  object.set("settled", settled);
  if (settled) return object.set_null("waiting_s");
  return object.set("waiting_s", std::max<std::int64_t>(0, (now.us - wanted->set.us) / 1'000'000));
}

Result<HttpResponse> get_config(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto node = node_of(request);
  if (!node) return fail(node.error());
  struct Found {
    bool known = false;
    std::optional<storage::WantedConfig> wanted;
    std::optional<storage::ReportedConfig> reported;
  };
  const auto found = api.readers.read([node = *node](storage::Connection& connection) {
    return Found{storage::find_node(connection, node).has_value(),
                 storage::wanted_config(connection, node),
                 storage::reported_config(connection, node)};
  });
  if (!found) return fail(found.error());
  if (!found->known) return fail(ErrorCode::kNotFound, "no_such_node", "there is no such device");
  return runtime::json_response(
      config_json(*node, found->wanted, found->reported, api.env.clock.utc_now()));
}

Result<HttpResponse> put_config(const HubApi& api, const HttpRequest& request,
                                const Principal& principal) {
  const auto node = node_of(request);
  if (!node) return fail(node.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  json::Reader values = in.object("values");
  const auto wanted = program::RemoteValues::read(values);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(request, principal,
                          [node = *node, values = wanted.json().dump(),
                           actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            const auto now = want_config(work, node, values, actor);
                            if (!now) return fail(now.error());
                            const auto reported = storage::reported_config(work.connection(), node);
                            return Answer{config_json(node, *now, reported, work.now()), 200};
                          });
}

}  // namespace

std::vector<runtime::Route> node_control_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/nodes/{node}/commands", "nodes.read", with(api, list_commands)},
      {"POST", "/api/v1/nodes/{node}/commands", "nodes.manage", with(api, command)},
      {"GET", "/api/v1/nodes/{node}/config", "nodes.read", with(api, get_config)},
      {"PUT", "/api/v1/nodes/{node}/config", "nodes.manage", with(api, put_config)},
  };
}

}  // namespace cairn::central
