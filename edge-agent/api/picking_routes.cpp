// Pick tasks, scans and keyed quantities from pages, shipping.

#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/routes/ship_group_routes.h"
#include "core/program/shapes.h"
#include "core/storage/session_table.h"
#include "edge-agent/api/agent_api.h"
#include "edge-agent/workflows/verdict.h"

#include <fmt/format.h>

namespace cairn::agent {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

/// The person and the station of a signed-in request.
Result<Operator> operator_of(storage::Connection& connection, const Principal& principal) {
  const auto session = storage::find_session(connection, principal.session);
  if (!session) {
    return fail(ErrorCode::kDenied, "unauthenticated", "the session has ended; sign in again");
  }
  return Operator{principal.user, session->station};
}

Result<Answer> group_answer(UnitOfWork& work, ShipGroupId group) {
  work.replica().save_views();
  auto detail = program::ship_group_detail_json(work.connection(), group);
  if (!detail)
    return fail(ErrorCode::kNotFound, "no_such_group", "there is no such ship group here");
  return Answer{*std::move(detail), 200};
}

Result<HttpResponse> tasks(const AgentApi& api, const HttpRequest& request,
                           const Principal& principal) {
  storage::ShipGroupFilter filter;
  filter.site = principal.site;
  filter.statuses = {"ALLOCATED", "PICKING"};
  const auto mine = program::read_flag(request, "mine");
  if (!mine) return fail(mine.error());
  if (*mine) {
    const auto by = api.readers.read([&principal](storage::Connection& connection) {
      return operator_of(connection, principal);
    });
    if (!by) return fail(by.error());
    if (!*by) return fail(by->error());
    filter.claimed_at = {api.core.replica().identity().node, (*by)->station};
  }
  return program::ship_group_page(api.readers, request, filter);
}

/// A command on the group of the path, given by the person at the session's station.
using GroupCommand = std::function<Result<>(UnitOfWork&, ShipGroupId, const Operator&)>;

Result<HttpResponse> on_group(const AgentApi& api, const HttpRequest& request,
                              const Principal& principal, GroupCommand command) {
  const auto group = program::group_of(request);
  if (!group) return fail(group.error());
  return api.commands.run(request, principal,
                          [principal, group = *group,
                           command = std::move(command)](UnitOfWork& work) -> Result<Answer> {
                            const auto by = operator_of(work.connection(), principal);
                            if (!by) return fail(by.error());
                            if (auto ok = command(work, group, *by); !ok) return fail(ok.error());
                            return group_answer(work, group);
                          });
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
    const auto body = json::parse(request.body);
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

Result<HttpResponse> ship(const AgentApi& api, const HttpRequest& request,
                          const Principal& principal) {
  return on_group(api, request, principal,
                  [&pick = api.core.pick()](UnitOfWork& work, ShipGroupId group,
                                            const Operator& by) -> Result<> {
                    const auto shipped = pick.ship(work, group, by);
                    if (!shipped) return fail(shipped.error());
                    return {};
                  });
}

/// Runs a pick and answers with its verdict; every screen of the station hears it too.
Result<HttpResponse> with_verdict(
    const AgentApi& api, const HttpRequest& request, const Principal& principal,
    const std::string& code,
    std::function<Result<PickVerdict>(UnitOfWork&, const Operator&)> pick) {
  const MonoTime since = api.env.clock.mono_now();
  return api.commands.run(
      request, principal,
      [principal, code, since, pick = std::move(pick),
       env = api.env](UnitOfWork& work) -> Result<Answer> {
        const auto by = operator_of(work.connection(), principal);
        if (!by) return fail(by.error());
        const auto verdict = pick(work, *by);
        if (!verdict) return fail(verdict.error());
        const ReadContext read{by->station, "", code, env.clock.mono_now() - since};
        return Answer{verdict_json(verdict, read), 200};
      },
      [&stream = api.stream](const Answer& answer) {
        stream.publish("verdict", answer.body.dump());
      });
}

Result<HttpResponse> scan(const AgentApi& api, const HttpRequest& request,
                          const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  Barcode barcode;
  barcode.data = in.text("code", {1, Barcode::kMaxSize});
  barcode.symbology = in.optional_text("symbology", {0, 2}).value_or("");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return with_verdict(api, request, principal, barcode.data,
                      [&pick = api.core.pick(), barcode](UnitOfWork& work, const Operator& by) {
                        return pick.scan(work, by, barcode);
                      });
}

Result<HttpResponse> key_quantity(const AgentApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::int64_t milli = in.integer("quantity_milli", 1, kMaxMilli);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return with_verdict(api, request, principal, "",
                      [&pick = api.core.pick(), milli](UnitOfWork& work, const Operator& by) {
                        return pick.key_quantity(work, by, milli);
                      });
}

}  // namespace

std::vector<runtime::Route> picking_routes(const AgentApi& api) {
  const auto with = [api](Result<HttpResponse> (*handler)(const AgentApi&, const HttpRequest&,
                                                          const Principal&)) {
    return [api, handler](const HttpRequest& request, const Principal& principal) {
      return handler(api, request, principal);
    };
  };
  return {
      {"GET", "/api/v1/tasks", "tasks.pick", with(tasks)},
      {"POST", "/api/v1/tasks/{group}/claim", "tasks.pick", with(claim)},
      {"POST", "/api/v1/tasks/{group}/release", "tasks.pick", with(release)},
      {"POST", "/api/v1/scans", "tasks.pick", with(scan)},
      {"POST", "/api/v1/quantities", "tasks.pick", with(key_quantity)},
      {"POST", "/api/v1/ship-groups/{group}/ship", "ship_groups.ship", with(ship)},
  };
}

}  // namespace cairn::agent
