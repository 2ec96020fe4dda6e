#include "core/program/routes/session_routes.h"

#include "core/json/reader.h"
#include "core/program/shapes.h"

namespace cairn::program {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

json::Value session_json(const Principal& principal, const storage::SessionRow& row,
                         const std::optional<std::string>& token) {
  auto permissions = json::Value::array();
  for (const std::string& permission : principal.permissions) permissions.add(permission);
  auto object = json::Value::object();
  object.set("session_id", row.id.value().text());
  set_or_null(object, "token", token);
  return object.set("user", principal.user.value().text())
      .set("name", principal.name)
      .set("role", principal.role)
      .set("site", principal.site.text())
      .set("station", row.station)
      .set("permissions", std::move(permissions))
      .set("expires_at", row.expires_at.text());
}

Result<HttpResponse> sign_in(Sessions& sessions, const std::string& default_station,
                             const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto name = in.text("name", {1, 40});
  const auto pin = in.text("pin", {6, 6});
  auto station = in.optional_text("station", {1, 40});
  if (auto ok = in.done(); !ok) return fail(ok.error());
  // At the hub nobody has a station, whatever a client says.
  if (default_station.empty()) station = "";
  const auto started = sessions.sign_in(name, pin, station.value_or(default_station));
  if (!started) return fail(started.error());
  auto response =
      runtime::json_response(session_json(started->principal, started->row, started->token), 201);
  response.headers.emplace(
      "Set-Cookie", "cairn_session=" + started->token + "; Path=/; HttpOnly; SameSite=Strict");
  return response;
}

}  // namespace

std::vector<runtime::Route> session_routes(Sessions& sessions, const std::string& station) {
  return {
      {"POST", "/api/v1/sessions", "",
       [&sessions, station](const HttpRequest& request, const Principal&) {
         return sign_in(sessions, station, request);
       }},
      {"GET", "/api/v1/sessions/current", "any",
       [&sessions](const HttpRequest&, const Principal& principal) -> Result<HttpResponse> {
         const auto row = sessions.current(principal);
         if (!row) return fail(row.error());
         return runtime::json_response(session_json(principal, *row, std::nullopt));
       }},
      {"DELETE", "/api/v1/sessions/current", "any",
       [&sessions](const HttpRequest&, const Principal& principal) -> Result<HttpResponse> {
         if (auto ok = sessions.sign_out(principal); !ok) return fail(ok.error());
         HttpResponse response;
         response.status = 204;
         response.headers.emplace("Set-Cookie",
                                  "cairn_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
         return response;
       }},
  };
}

}  // namespace cairn::program
