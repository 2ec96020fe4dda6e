#include "edge-agent/api/station_request.h"

#include "core/program/routes/ship_group_routes.h"
#include "core/program/shapes.h"
#include "core/runtime/call.h"
#include "core/storage/session_table.h"
#include "edge-agent/workflows/verdict.h"

#include <fmt/format.h>

namespace cairn::agent {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

namespace {
/// How long somebody at a counter waits for the hub.
constexpr Duration kHubWithin = std::chrono::seconds(8);
}  // namespace

Result<Operator> operator_of(storage::Connection& connection, const Principal& principal) {
  const auto session = storage::find_session(connection, principal.session);
  if (!session) {
    return fail(ErrorCode::kDenied, "unauthenticated", "the session has ended; sign in again");
  }
  return Operator{principal.user, session->station};
}

Result<Operator> operator_of(storage::ReadPool& readers, const Principal& principal) {
  const auto by = readers.read(
      [&principal](storage::Connection& connection) { return operator_of(connection, principal); });
  if (!by) return fail(by.error());
  return *by;
}

Result<Answer> group_answer(UnitOfWork& work, ShipGroupId group) {
  work.replica().save_views();
  auto detail = program::ship_group_detail_json(work.connection(), group);
  if (!detail) {
    return fail(ErrorCode::kNotFound, "no_such_group", "there is no such ship group here");
  }
  return Answer{*std::move(detail), 200};
}

Result<HttpResponse> on_group(const AgentApi& api, const HttpRequest& request,
                              const Principal& principal, GroupCommand command,
                              program::Commands::Committed committed) {
  const auto group = program::group_of(request);
  if (!group) return fail(group.error());
  return api.commands.run(
      request, principal,
      [principal, group = *group,
       command = std::move(command)](UnitOfWork& work) -> Result<Answer> {
        const auto by = operator_of(work.connection(), principal);
        if (!by) return fail(by.error());
        if (auto ok = command(work, group, *by); !ok) return fail(ok.error());
        return group_answer(work, group);
      },
      std::move(committed));
}

Result<HttpResponse> with_verdict(const AgentApi& api, const HttpRequest& request,
                                  const Principal& principal, const std::optional<TypedScan>& read,
                                  ScanCommand command) {
  const MonoTime since = api.env.clock.mono_now();
  return api.commands.run(
      request, principal,
      [principal, read, since, command = std::move(command),
       env = api.env](UnitOfWork& work) -> Result<Answer> {
        const auto by = operator_of(work.connection(), principal);
        if (!by) return fail(by.error());
        const auto verdict = command(work, *by);
        if (!verdict) return fail(verdict.error());
        const ReadContext context{by->station, read ? read->device : "",
                                  read ? read->barcode.data : "", env.clock.mono_now() - since,
                                  read};
        return Answer{verdict_json(verdict, context), 200};
      },
      [&stream = api.stream](const Answer& answer) {
        stream.publish("verdict", answer.body.dump());
      });
}

Result<HttpResponse> with_hub_sale(const AgentApi& api, const std::string& text,
                                   const std::function<Result<HttpResponse>()>& request) {
  auto answer = request();
  if (answer || answer.error().reason != "unknown_sale") return answer;
  const auto found = runtime::ask<bool>(
      api.env.executor, kHubWithin, [&api, &text](const runtime::Reply<bool>& reply) {
        api.sales.search(text, [reply](const Result<bool>& done) { reply.fulfil(done); });
      });
  if (!found) return fail(found.error());
  return request();
}

bool is_device(const AgentApi& api, std::string_view kind, const std::string& name) {
  const auto status = api.board.find(name);
  return status && status->settings.device.kind == kind;
}

Result<std::string> printer_of(const AgentApi& api, std::string_view kind,
                               const std::string& station,
                               const std::optional<std::string>& wanted) {
  if (wanted && is_device(api, kind, *wanted)) return *wanted;
  const std::string_view word = kind == "printer" ? "printer" : "receipt printer";
  if (wanted) {
    return fail(ErrorCode::kNotFound, "no_printer",
                fmt::format("there is no {} {} here; nothing was done", word, *wanted));
  }
  if (auto own = api.board.device_of(kind, station)) return *std::move(own);
  return fail(ErrorCode::kNotFound, "no_printer",
              fmt::format("station {} has no {}; nothing was done: name one", station, word));
}

bool may_have_been_done(const Error& error) {
  return error.reason == "timeout" || error.reason == "dropped";
}

Result<json::Value> body_of(const HttpRequest& request) {
  auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  return *std::move(body);
}

std::optional<ApprovalRequest> read_approval(json::Reader& in) {
  if (!in.has("approval")) return std::nullopt;
  json::Reader approval = in.object("approval");
  return ApprovalRequest{approval.text("name", {1, 40}), approval.text("pin", {1, 64}),
                         approval.text("reason", {1, 200})};
}

Result<std::optional<domain::Approval>> approve(const AgentApi& api,
                                                const std::optional<ApprovalRequest>& request,
                                                std::string_view permission) {
  if (!request) return std::nullopt;
  const auto by = api.sessions.approve(request->name, request->pin, permission);
  if (!by) return fail(by.error());
  return domain::Approval{*by, request->reason};
}

runtime::Handler with(const AgentApi& api, AgentHandler handler) {
  return [api, handler](const HttpRequest& request, const Principal& principal) {
    return handler(api, request, principal);
  };
}

}  // namespace cairn::agent
