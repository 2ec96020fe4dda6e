// Pick tasks, scans and keyed quantities from pages, shorts.

#include "core/program/page.h"
#include "core/program/routes/ship_group_routes.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/workflows/scans.h"

namespace cairn::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

Result<HttpResponse> tasks(const AgentApi& api, const HttpRequest& request,
                           const Principal& principal) {
  storage::ShipGroupFilter filter;
  filter.site = principal.site;
  filter.statuses = {"ALLOCATED", "PICKING"};
  const auto mine = program::read_flag(request, "mine");
  if (!mine) return fail(mine.error());
  if (*mine) {
    const auto by = operator_of(api.readers, principal);
    if (!by) return fail(by.error());
    filter.claimed_at = {api.core.replica().identity().node, by->station};
  }
  return program::ship_group_page(api.readers, request, filter);
}

Result<HttpResponse> claim(const AgentApi& api, const HttpRequest& request,
                           const Principal& principal) {
  return on_group(
      api, request, principal,
      [&pick = api.core.pick()](UnitOfWork& work, ShipGroupId group, const Operator& by) {
        return pick.claim(work, group, by);
      });
}

Result<HttpResponse> release(const AgentApi& api, const HttpRequest& request,
                             const Principal& principal) {
  bool force = false;
  if (!request.body.empty()) {
    const auto body = body_of(request);
    if (!body) return fail(body.error());
    json::Reader in(*body);
    force = in.boolean_or("force", false);
    if (auto ok = in.done(); !ok) return fail(ok.error());
  }
  if (force && !principal.may("tasks.release_any")) {
    return fail(ErrorCode::kDenied, "not_allowed",
                "taking a task from somebody else needs the permission tasks.release_any");
  }
  return on_group(
      api, request, principal,
      [&pick = api.core.pick(), force](UnitOfWork& work, ShipGroupId group, const Operator& by) {
        return pick.release(work, group, by, force);
      });
}

Result<HttpResponse> report_short(const AgentApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  Pick::Short missing;
  missing.line = LineNo(static_cast<std::uint32_t>(in.integer("line", 1, UINT32_MAX)));
  missing.milli = in.integer("quantity_milli", 1, kMaxMilli);
  const auto reason = domain::parse_short_reason(in.text("reason", {1, 40}));
  if (!reason) in.problem("reason", reason.error().message);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  missing.reason = *reason;
  return on_group(
      api, request, principal,
      [&pick = api.core.pick(), missing](UnitOfWork& work, ShipGroupId group, const Operator& by) {
        return pick.report_short(work, group, missing, by);
      });
}

Result<HttpResponse> scan(const AgentApi& api, const HttpRequest& request,
                          const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  Barcode barcode;
  barcode.data = in.text("code", {1, Barcode::kMaxSize});
  barcode.symbology = in.optional_text("symbology", {0, 2}).value_or("");
  const bool from_camera = in.boolean_or("from_camera", false);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  TypedScan read{barcode, "", "", api.env.clock.utc_now(),
                 measure_of(api.core.measures(), barcode)};
  std::string station;
  if (from_camera) {
    const auto by = operator_of(api.readers, principal);
    if (!by) return fail(by.error());
    station = by->station;
    read.device = camera_of(station);
    api.camera.is_new_sight(station, barcode.data);  // seen on, it is no other scan
  }
  auto answer = with_hub_sale(api, barcode.data, [&api, &request, &principal, &barcode, &read] {
    return with_verdict(api, request, principal, read,
                        [&pick = api.core.pick(), barcode](UnitOfWork& work, const Operator& by) {
                          return take_scan(work, pick, by, barcode);
                        });
  });
  if (from_camera && !answer && !may_have_been_done(answer.error())) {
    api.camera.forget_sight(station, barcode.data);  // scanned at the next picture
  }
  return answer;
}

Result<HttpResponse> key_quantity(const AgentApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::int64_t milli = in.integer("quantity_milli", 1, kMaxMilli);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return with_verdict(api, request, principal, std::nullopt,
                      [&pick = api.core.pick(), milli](UnitOfWork& work, const Operator& by) {
                        return pick.key_quantity(work, by, milli);
                      });
}

Result<HttpResponse> undo_last_step(const AgentApi& api, const HttpRequest& request,
                                    const Principal& principal) {
  return with_verdict(api, request, principal, std::nullopt,
                      [&pick = api.core.pick()](UnitOfWork& work, const Operator& by) {
                        return undo_scan(work, pick, by);
                      });
}

}  // namespace

std::vector<runtime::Route> picking_routes(const AgentApi& api) {
  return {
      {"GET", "/api/v1/tasks", "tasks.pick", with(api, tasks)},
      {"POST", "/api/v1/tasks/{group}/claim", "tasks.pick", with(api, claim)},
      {"POST", "/api/v1/tasks/{group}/release", "tasks.pick", with(api, release)},
      {"POST", "/api/v1/scans", "tasks.pick", with(api, scan)},
      {"POST", "/api/v1/quantities", "tasks.pick", with(api, key_quantity)},
      {"POST", "/api/v1/undo", "tasks.pick", with(api, undo_last_step)},
      {"POST", "/api/v1/ship-groups/{group}/shorts", "tasks.pick", with(api, report_short)},
  };
}

}  // namespace cairn::agent
