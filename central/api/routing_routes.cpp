// Rule sets, decisions, simulation, and the queues in which orders wait.

#include "central/api/hub_api.h"
#include "central/api/request_values.h"
#include "central/api/routing_decision_json.h"
#include "central/orders/order_queue_book.h"
#include "central/routing/rule_set_json.h"
#include "central/routing/rule_sets.h"
#include "core/base/numbers.h"
#include "core/program/page.h"
#include "core/program/shapes.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr Duration kLongestSpan = std::chrono::hours(24 * 366);
constexpr Duration kSimulationPatience = std::chrono::seconds(30);
constexpr std::size_t kSimulatedAtOnce = 100;  // decisions read in one snapshot

// ---- rule sets ----

/// `rules`: whether what it says is wanted.
json::Value rule_set_json(const storage::RuleSetRow& row, bool rules) {
  auto object = json::Value::object();
  object.set("rule_set", row.defined.name)
      .set("version", row.defined.version)
      .set("active", row.defined.active)
      .set("in_use", row.in_use)
      .set("defined_at", row.defined_at.text())
      .set("defined_by", row.actor.value().text());
  if (rules) object.set("rules", json::parse(row.defined.definition).value_or(json::Value()));
  return object;
}

Result<HttpResponse> list_rule_sets(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto rows = api.readers.read(storage::rule_sets);
  if (!rows) return fail(rows.error());
  auto items = json::Value::array();
  for (const storage::RuleSetRow& row : *rows) items.add(rule_set_json(row, false));
  return runtime::json_response(program::write_list(std::move(items)));
}

Result<std::uint32_t> version_of(const HttpRequest& request) {
  const auto text = request.query_value("version");
  if (!text) return std::uint32_t{0};
  const auto number = parse_signed(*text);
  if (!number || *number < 1 || *number > UINT32_MAX) {
    return fail(ErrorCode::kInvalid, "bad_version", "a version is a number from 1");
  }
  return static_cast<std::uint32_t>(*number);
}

Result<HttpResponse> one_rule_set(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto version = version_of(request);
  if (!version) return fail(version.error());
  const std::string& name = request.parameter("rule_set");
  const auto row = api.readers.read([&name, &version](storage::Connection& connection) {
    return storage::find_rule_set(connection, name, *version);
  });
  if (!row) return fail(row.error());
  if (!*row) {
    return fail(ErrorCode::kNotFound, "no_such_rule_set",
                "there is no such rule set, or not in this version");
  }
  return runtime::json_response(rule_set_json(**row, true));
}

Result<HttpResponse> put_rule_set(const HubApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const bool active = in.boolean_or("active", true);
  (void)rule_set_members(in.object("rules"));
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(request, principal,
                          [name = request.parameter("rule_set"), active, rules = in.value("rules"),
                           actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            const auto defined = define_rule_set(work, name, active, rules, actor);
                            if (!defined) return fail(defined.error());
                            return Answer{rule_set_json(*defined, true), 200};
                          });
}

// ---- decisions ----

Result<HttpResponse> decisions(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = id_of<OrderId>(request, "order");
  if (!id) return fail(id.error());
  const auto items =
      api.readers.read([&id](storage::Connection& connection) -> std::optional<json::Value> {
        if (!storage::find_order(connection, *id)) return std::nullopt;
        auto list = json::Value::array();
        for (const auto& row : storage::decisions_of(connection, *id)) list.add(decision_json(row));
        return list;
      });
  if (!items) return fail(items.error());
  if (!*items) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  return runtime::json_response(program::write_list(**items));
}

Result<HttpResponse> replay(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = parse_signed(request.parameter("decision"));
  const auto row = api.readers.read([&id](storage::Connection& connection) {
    return id ? storage::find_decision(connection, *id) : std::nullopt;
  });
  if (!row) return fail(row.error());
  if (!*row) {
    return fail(ErrorCode::kNotFound, "no_such_decision",
                "there is no such routing decision; of an order that waits only the last is kept");
  }
  return runtime::json_response(replay_json(**row));
}

// ---- simulation ----

UtcTime read_time(json::Reader& in, const char* name) {
  return value_or_problem(in, name, UtcTime::parse(in.text(name, {1, 40})));
}

Result<HttpResponse> simulation(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto rules = rule_set_members(in.object("rules"));
  const storage::DecisionSpan span{read_time(in, "from"), read_time(in, "to")};
  if (span.to.us < span.from.us || span.to.us - span.from.us > kLongestSpan.count()) {
    in.problem("to", "must not be before from, nor more than 366 days after it");
  }
  if (auto ok = in.done(); !ok) return fail(ok.error());
  if (auto ok = domain::validate(rules); !ok) return fail(ok.error());
  auto decisions = api.readers.read([&span](storage::Connection& connection) {
    return storage::decisions_in(connection, span, kMostSimulated + 1);
  });
  if (!decisions) return fail(decisions.error());
  Simulator simulator(rules, *std::move(decisions));
  const MonoTime begin = api.env.clock.mono_now();
  while (simulator.more() && api.env.clock.mono_now() - begin < kSimulationPatience) {
    auto rows = api.readers.read([&simulator](storage::Connection& connection) {
      return simulator.read(connection, kSimulatedAtOnce);
    });
    if (!rows) return fail(rows.error());
    simulator.take(*std::move(rows));
  }
  return runtime::json_response(simulation_json(simulator.result()));
}

// ---- queues ----

Result<HttpResponse> move(const HubApi& api, const HttpRequest& request,
                          const Principal& principal) {
  const auto id = id_of<OrderId>(request, "order");
  if (!id) return fail(id.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto queue = domain::parse_parking_queue(in.text("queue", {1, 64}));
  if (!queue) in.problem("queue", queue.error().message);
  std::optional<UtcTime> until;
  if (in.has("auto_cancel_at")) until = read_time(in, "auto_cancel_at");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(
      request, principal,
      [id = *id, queue = *queue, until,
       actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto moved = move_order(work, id, queue, until, actor);
        if (!moved) return fail(moved.error());
        auto object = json::Value::object();
        object.set("order", id.value().text()).set("queue", name_of(moved->queue));
        program::set_or_null(
            object, "auto_cancel_at",
            moved->auto_cancel_at ? std::optional(moved->auto_cancel_at->text()) : std::nullopt);
        return Answer{std::move(object), 200};
      });
}

}  // namespace

std::vector<runtime::Route> routing_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/routing/rule-sets", "orders.read", with(api, list_rule_sets)},
      {"GET", "/api/v1/routing/rule-sets/{rule_set}", "orders.read", with(api, one_rule_set)},
      {"PUT", "/api/v1/routing/rule-sets/{rule_set}", "routing.manage", with(api, put_rule_set)},
      {"GET", "/api/v1/orders/{order}/routing-decisions", "orders.read", with(api, decisions)},
      {"POST", "/api/v1/routing/decisions/{decision}/replay", "orders.read", with(api, replay)},
      {"POST", "/api/v1/routing/simulations", "routing.manage", with(api, simulation)},
      {"POST", "/api/v1/orders/{order}/queue", "routing.manage", with(api, move)},
  };
}

}  // namespace cairn::central
