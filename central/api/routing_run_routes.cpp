// Runs of routing: begun by a request, by the schedule of the rule set in use, and what came of
// them.

#include "central/api/hub_api.h"
#include "central/routing/routing_desk.h"
#include "core/base/numbers.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/runtime/call.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr Duration kRoutingDeadline = std::chrono::minutes(2);

json::Value run_figures_json(const storage::RoutingRunFigures& figures) {
  auto object = json::Value::object();
  object.set("orders_seen", figures.orders_seen)
      .set("orders_routed", figures.orders_routed)
      .set("orders_partly", figures.orders_partly)
      .set("orders_waiting", figures.orders_waiting)
      .set("groups_opened", figures.groups_opened);
  return object;
}

Result<HttpResponse> run(const HubApi& api, const HttpRequest&, const Principal& principal) {
  const auto outcome = runtime::ask<RoutingOutcome>(
      api.env.executor, kRoutingDeadline,
      [api, actor = principal.user](const runtime::Reply<RoutingOutcome>& reply) {
        api.routing.run(actor, [reply](const Result<RoutingOutcome>& done) { reply.fulfil(done); });
      });
  if (!outcome) return fail(outcome.error());
  return runtime::json_response(
      run_figures_json({outcome->orders_seen, outcome->orders_routed, outcome->orders_partly,
                        outcome->orders_waiting, outcome->groups_opened}));
}

std::optional<std::string> text_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(time->text()) : std::nullopt;
}

json::Value run_json(const storage::RoutingRunRow& row) {
  auto object = run_figures_json(row.figures);
  object.set("run", row.id).set("state", name_of(row.state)).set("tries", row.tries);
  program::set_or_null(object, "due_at", text_of(row.due));
  program::set_or_null(object, "rule_set",
                       row.rule_set.empty() ? std::nullopt : std::optional(row.rule_set));
  object.set("version", row.version).set("begun_at", row.begun_at.text());
  const bool person = !row.actor.value().is_nil();
  program::set_or_null(object, "begun_by",
                       person ? std::optional(row.actor.value().text()) : std::nullopt);
  program::set_or_null(object, "ended_at", text_of(row.ended_at));
  return object.set("message", row.message);
}

Result<HttpResponse> runs(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  std::int64_t before = 0;
  if (!page->after.empty()) {
    const auto number = parse_signed(page->after.front());
    if (!number || *number < 1) {
      return fail(ErrorCode::kInvalid, "bad_cursor", "this cursor is of no page of runs");
    }
    before = *number;
  }
  auto rows = api.readers.read([&page, before](storage::Connection& connection) {
    return storage::routing_runs(connection, before, page->limit + 1);
  });
  if (!rows) return fail(rows.error());
  const bool more = program::cut_page(*rows, page->limit);
  auto items = json::Value::array();
  for (const storage::RoutingRunRow& row : *rows) items.add(run_json(row));
  std::vector<std::string> next;
  if (more) next = {std::to_string(rows->back().id)};
  return runtime::json_response(program::write_page(std::move(items), next));
}

std::string clock_text(std::int32_t minute) {
  const auto two = [](std::int32_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return two(minute / 60) + ":" + two(minute % 60);
}

/// As it is on this connection.
json::Value schedule_json(storage::Connection& connection, UtcTime now) {
  const auto pause = storage::routing_pause(connection);
  const auto row = storage::rule_set_in_use(connection);
  const auto rules = row ? named_rules(*row) : fail(ErrorCode::kNotFound, "no_rule_set", "");
  const domain::RunSchedule schedule = rules ? rules->rules.schedule : domain::RunSchedule{};
  auto object = json::Value::object();
  object.set("paused", pause.paused);
  program::set_or_null(object, "changed_at", text_of(pause.changed_at));
  const bool person = pause.changed_at && !pause.actor.value().is_nil();
  program::set_or_null(object, "changed_by",
                       person ? std::optional(pause.actor.value().text()) : std::nullopt);
  program::set_or_null(object, "rule_set", row ? std::optional(row->defined.name) : std::nullopt);
  object.set("every_s", schedule.every_s);
  auto times = json::Value::array();
  for (const std::int32_t minute : schedule.at_min) times.add(clock_text(minute));
  object.set("at", std::move(times));
  const auto next = pause.paused ? std::nullopt : domain::next_due(schedule, now);
  program::set_or_null(object, "next_due_at", text_of(next));
  return object;
}

Result<HttpResponse> schedule(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto body =
      api.readers.read([now = api.env.clock.utc_now()](storage::Connection& connection) {
        return schedule_json(connection, now);
      });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

Result<HttpResponse> pause(const HubApi& api, const HttpRequest& request,
                           const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const bool paused = in.boolean("paused");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(
      request, principal, [paused, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        storage::set_routing_pause(work.connection(), paused, work.now(), actor);
        return Answer{schedule_json(work.connection(), work.now()), 200};
      });
}

}  // namespace

std::vector<runtime::Route> routing_run_routes(const HubApi& api) {
  return {
      {"POST", "/api/v1/routing/runs", "routing.run", with(api, run)},
      {"GET", "/api/v1/routing/runs", "orders.read", with(api, runs)},
      {"GET", "/api/v1/routing/schedule", "orders.read", with(api, schedule)},
      {"PUT", "/api/v1/routing/schedule", "routing.manage", with(api, pause)},
  };
}

}  // namespace cairn::central
