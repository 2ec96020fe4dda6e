// Putting units back, and what a station does with a scan.

#include "core/storage/station_modes.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/workflows/put_back.h"

namespace cairn::agent {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

Result<HttpResponse> put_units_back(const AgentApi& api, const HttpRequest& request,
                                    const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  PutBackUnits units;
  const auto group = Uuid::parse(in.text("group", {36, 36}));
  if (!group) in.problem("group", group.error().message);
  const auto cause = EventRef::parse(in.text("cause", {1, 100}));
  if (!cause) in.problem("cause", cause.error().message);
  units.line = LineNo(static_cast<std::uint32_t>(in.integer("line", 1, UINT32_MAX)));
  units.milli = in.integer("quantity_milli", 1, kMaxMilli);
  if (const auto text = in.optional_text("to_location", {1, 64})) {
    const auto to = LocationCode::parse(*text);
    if (!to) in.problem("to_location", to.error().message);
    if (to) units.to = *to;
  }
  if (auto ok = in.done(); !ok) return fail(ok.error());
  units.group = ShipGroupId(*group);
  units.cause = *cause;
  return with_verdict(
      api, request, principal, std::nullopt,
      [units](UnitOfWork& work, const Operator& by) { return put_back(work, units, by); });
}

Result<HttpResponse> set_mode(const AgentApi& api, const HttpRequest& request,
                              const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto mode = storage::parse_station_mode(in.text("mode", {1, 20}));
  if (!mode) in.problem("mode", mode.error().message);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(request, principal,
                          [principal, mode = *mode](UnitOfWork& work) -> Result<Answer> {
                            const auto by = operator_of(work.connection(), principal);
                            if (!by) return fail(by.error());
                            storage::set_station_mode(work.connection(), by->station, mode);
                            auto object = json::Value::object();
                            object.set("station", by->station).set("mode", name_of(mode));
                            return Answer{std::move(object), 200};
                          });
}

}  // namespace

std::vector<runtime::Route> put_back_routes(const AgentApi& api) {
  return {
      {"POST", "/api/v1/put-backs", "put_backs.do", with(api, put_units_back)},
      {"PUT", "/api/v1/station-mode", "tasks.pick", with(api, set_mode)},
  };
}

}  // namespace cairn::agent
