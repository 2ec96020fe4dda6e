// Which configuration this device runs with, and which value comes from where.

#include "core/program/shapes.h"
#include "core/runtime/call.h"
#include "edge-agent/api/agent_api.h"

#include <chrono>

namespace cairn::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

constexpr Duration kDeadline = std::chrono::seconds(5);

json::Value last_json(const domain::ConfigState::Verdict& last) {
  return json::Value::object()
      .set("version", last.version)
      .set("outcome", name_of(last.outcome))
      .set("error", last.error);
}

Result<HttpResponse> config(const AgentApi& api, const ConfigTrial& trial,
                            const std::vector<runtime::ConfigReader::Origin>& origins) {
  const auto state = runtime::call<domain::ConfigState>(
      api.env.executor, kDeadline,
      [&trial]() -> Result<domain::ConfigState> { return trial.state(); });
  if (!state) return fail(state.error());
  auto values = json::Value::array();
  for (const runtime::ConfigReader::Origin& origin : origins) {
    values.add(json::Value::object()
                   .set("key", origin.key)
                   .set("value", origin.value)
                   .set("from", origin.from));
  }
  auto body = json::Value::object();
  body.set("version", state->current().version).set("on_trial", state->trial.has_value());
  if (state->last.version != 0) {
    body.set("last", last_json(state->last));
  } else {
    body.set_null("last");
  }
  return runtime::json_response(body.set("values", std::move(values)));
}

}  // namespace

std::vector<runtime::Route> config_routes(
    const AgentApi& api, const ConfigTrial& trial,
    const std::vector<runtime::ConfigReader::Origin>& origins) {
  return {{"GET", "/api/v1/config", "log.read",
           [api, &trial, origins](const HttpRequest&, const Principal&) {
             return config(api, trial, origins);
           }}};
}

}  // namespace cairn::agent
