// cairn routing rules, simulate, replay, runs, pause, resume: by which rules orders are routed, and
// when.

#include "core/base/time.h"
#include "core/runtime/system_clock.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/data_file.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace cairn::tool {
namespace {

constexpr const char* kRuleSets = "/api/v1/routing/rule-sets";
constexpr std::size_t kMostRows = 100'000;
constexpr Duration kSimulationPatience = std::chrono::minutes(5);

Result<int> list_rule_sets(ApiSession& api) {
  const auto body = api.get(kRuleSets);
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  TextTable table({"rule set", ">version", "in use", "active", "defined"});
  for (json::Reader& row : in.objects("items", kMostRows)) {
    table.add({row.text("rule_set", {1, 64}),
               fmt::format("{}", row.integer("version", 1, kAnyCount)),
               row.boolean("in_use") ? "yes" : "", row.boolean("active") ? "yes" : "",
               row.text("defined_at", {1, 40})});
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  if (table.empty()) print("no rule set is defined: orders go to the nearest sites\n");
  if (!table.empty()) print("{}", table.text());
  return kDone;
}

Result<int> set_rule_set(ApiSession& api, const RuleSetArguments& arguments) {
  auto rules = read_json_file(arguments.file);
  if (!rules) return fail(rules.error());
  auto body = json::Value::object();
  body.set("active", !arguments.inactive).set("rules", *std::move(rules));
  const auto done = api.put(fmt::format("{}/{}", kRuleSets, escaped(arguments.name)), body);
  if (!done) return fail(done.error());
  json::Reader in = read_answer(*done);
  const auto version = in.integer("version", 1, kAnyCount);
  const bool in_use = in.boolean("in_use");
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}: version {}, {}\n", arguments.name, version, in_use ? "in use" : "not in use");
  return kDone;
}

constexpr const char* kSchedule = "/api/v1/routing/schedule";

/// What GET and PUT of the schedule answer, as a line.
Result<std::string> schedule_line(ApiSession& api, const json::Value& answer) {
  json::Reader in = read_answer(answer);
  const auto rule_set = in.optional_text("rule_set", {1, 64});
  const auto every_s = in.integer("every_s", 0, kAnyCount);
  const auto times = in.values("at", kMostRows);
  const bool paused = in.boolean("paused");
  const auto next = in.optional_text("next_due_at", {1, 40});
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  if (!rule_set || (every_s == 0 && times.empty())) {
    return std::string(paused ? "no schedule; paused" : "no schedule: runs begin when asked for");
  }
  std::string when = every_s > 0 ? fmt::format("every {} s", every_s) : "daily at";
  for (const json::Value& time : times) {
    const std::string text = time.dump();  // with quotes
    when += " " + text.substr(1, text.size() - 2);
  }
  return fmt::format("{}: {} (UTC); {}", *rule_set, when,
                     paused ? "paused" : "next " + next.value_or("-"));
}

using Figure = std::pair<const char*, const char*>;
constexpr std::array<Figure, 5> kFigures = {{{"shipments", "shipments"},
                                             {"without a price", "unpriced"},
                                             {"cost, micro-units", "cost_micro"},
                                             {"metres", "distance_m"},
                                             {"unfilled, thousandths", "unfilled_milli"}}};

}  // namespace

Result<int> rule_set_command(ApiSession& api, const RuleSetArguments& arguments) {
  if (arguments.name.empty()) return list_rule_sets(api);
  if (!arguments.file.empty()) return set_rule_set(api, arguments);
  const auto body = api.get(fmt::format("{}/{}", kRuleSets, escaped(arguments.name)));
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  const std::string rules = in.value("rules").dump();
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}\n", rules);
  return kDone;
}

Result<int> simulate_command(ApiSession& api, const SimulateArguments& arguments) {
  auto rules = read_json_file(arguments.file);
  if (!rules) return fail(rules.error());
  auto request = json::Value::object();
  const std::string until =
      arguments.until.empty() ? runtime::SystemClock().utc_now().text() : arguments.until;
  request.set("rules", *std::move(rules)).set("from", arguments.since).set("to", until);
  const auto body = api.post("/api/v1/routing/simulations", request, kSimulationPatience);
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  json::Reader before = in.object("before");
  json::Reader after = in.object("after");
  TextTable table({"", ">as it was", ">with these rules"});
  for (const auto& [label, name] : kFigures) {
    table.add({label, fmt::format("{}", before.integer(name, INT64_MIN, INT64_MAX)),
               fmt::format("{}", after.integer(name, INT64_MIN, INT64_MAX))});
  }
  const auto line = fmt::format(
      "{} orders, {} decisions ({} left out{}); {} would differ",
      in.integer("orders", 0, kAnyCount), in.integer("decisions", 0, kAnyCount),
      in.integer("left_out", 0, kAnyCount), in.boolean("cut") ? ", and there are more" : "",
      in.integer("differing", 0, kAnyCount));
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}{}\n", table.text(), line);
  return kDone;
}

Result<int> replay_command(ApiSession& api, const std::string& order) {
  const auto body = api.get(fmt::format("/api/v1/orders/{}/routing-decisions", escaped(order)));
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  TextTable table({">decision", "at", "rule set", ">version", "routing", "outcome", "again"});
  bool all_equal = true;
  for (json::Reader& row : in.objects("items", kMostRows)) {
    const auto id = row.integer("id", 1, kAnyCount);
    const auto again =
        api.post(fmt::format("/api/v1/routing/decisions/{}/replay", id), json::Value::object());
    if (!again) return fail(again.error());
    json::Reader replayed = read_answer(*again);
    const bool equal = replayed.boolean("equal");
    if (auto ok = api.understood(replayed); !ok) return fail(ok.error());
    all_equal = all_equal && equal;
    table.add(
        {fmt::format("{}", id), row.text("decided_at", {1, 40}), row.text("rule_set", {1, 64}),
         fmt::format("{}", row.integer("version", 1, kAnyCount)), row.text("routing", {1, 64}),
         row.text("outcome", {1, 20}), equal ? "equal" : "DIFFERS"});
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  if (table.empty()) print("no rule set has decided about this order\n");
  if (!table.empty()) print("{}", table.text());
  return all_equal ? kDone : kLook;
}

Result<int> routing_runs_command(ApiSession& api) {
  const auto body = api.get("/api/v1/routing/runs?limit=20");
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  TextTable table({">run", "begun", "due", "rule set", "state", ">seen", ">routed", ">partly",
                   ">wait", ">groups", "why"});
  for (json::Reader& row : in.objects("items", kMostRows)) {
    const auto count = [&row](const char* name) {
      return fmt::format("{}", row.integer(name, 0, kAnyCount));
    };
    table.add({count("run"), row.text("begun_at", {1, 40}),
               row.optional_text("due_at", {1, 40}).value_or("asked for"),
               row.optional_text("rule_set", {1, 64}).value_or("-"), row.text("state", {1, 20}),
               count("orders_seen"), count("orders_routed"), count("orders_partly"),
               count("orders_waiting"), count("groups_opened"),
               row.text("message", {0, kAnyLength})});
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  const auto schedule = api.get(kSchedule);
  if (!schedule) return fail(schedule.error());
  const auto line = schedule_line(api, *schedule);
  if (!line) return fail(line.error());
  print("{}{}\n", table.empty() ? "" : table.text(), *line);
  return kDone;
}

Result<int> routing_pause_command(ApiSession& api, bool paused) {
  const auto done = api.put(kSchedule, json::Value::object().set("paused", paused));
  if (!done) return fail(done.error());
  const auto line = schedule_line(api, *done);
  if (!line) return fail(line.error());
  print("{}\n", *line);
  return kDone;
}

}  // namespace cairn::tool
