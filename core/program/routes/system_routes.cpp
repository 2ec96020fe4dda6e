#include "core/program/routes/system_routes.h"

#include "core/program/version.h"
#include "core/runtime/prometheus.h"
#include "core/storage/migrate.h"
#include "core/wire/message.h"

#include <algorithm>

namespace cairn::program {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

HttpResponse health(const std::vector<Check>& checks) {
  auto list = json::Value::array();
  for (const Check& check : checks) {
    list.add(json::Value::object()
                 .set("name", check.name)
                 .set("ok", check.ok)
                 .set("detail", check.detail));
  }
  const bool ok = std::ranges::all_of(checks, &Check::ok);
  auto body = json::Value::object();
  body.set("status", ok ? "ok" : "not_ready").set("checks", std::move(list));
  return runtime::json_response(body, ok ? 200 : 503);
}

HttpResponse version(const SystemInfo& info) {
  auto body = json::Value::object();
  body.set("program", info.program)
      .set("version", kVersion)
      .set("schema", storage::schema_version())
      .set("protocol", wire::kProtocolVersion)
      .set("node", info.identity.node.value().text())
      .set("site", info.identity.site.text());
  return runtime::json_response(body);
}

HttpResponse plain(std::string_view content_type, std::string body) {
  HttpResponse response;
  response.content_type = content_type;
  response.body = std::move(body);
  return response;
}

}  // namespace

std::vector<runtime::Route> system_routes(const SystemInfo& info, const Metrics& metrics) {
  return {
      {"GET", "/livez", "",
       [alive = info.alive](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
         return health({{"loop", alive(), "the core loop turns"}});
       }},
      {"GET", "/readyz", "",
       [checks = info.checks](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
         return health(checks());
       }},
      {"GET", "/version", "",
       [info](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
         return version(info);
       }},
      {"GET", "/metrics", "",
       [&metrics](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
         return plain(runtime::kPrometheusType, runtime::prometheus_text(metrics.samples()));
       }},
      {"GET", "/openapi.json", "",
       [openapi = info.openapi](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
         return plain("application/json", std::string(openapi));
       }},
  };
}

}  // namespace cairn::program
