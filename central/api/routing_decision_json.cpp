#include "central/api/routing_decision_json.h"

#include "core/crypto/hash.h"
#include "core/wire/routing_trace.h"

#include <string>
#include <utility>

namespace cairn::central {
namespace {

using json::Value;

constexpr const char* kNotKept =
    "the trace was larger than 8 MiB and was not kept; what was reserved stands";

Value shares_json(const std::vector<domain::RoutingShare>& shares) {
  auto list = Value::array();
  for (const domain::RoutingShare& share : shares) {
    list.add(Value::object()
                 .set("line", share.line.value())
                 .set("sku", share.sku.text())
                 .set("milli", share.milli));
  }
  return list;
}

Value shipments_json(const std::vector<domain::RoutedGroup>& groups) {
  auto list = Value::array();
  for (const domain::RoutedGroup& group : groups) {
    list.add(
        Value::object().set("site", group.site.text()).set("lines", shares_json(group.shares)));
  }
  return list;
}

Value candidates_json(const domain::CostCase& order) {
  auto list = Value::array();
  for (std::size_t site = 0; site < order.sites.size(); ++site) {
    auto lines = Value::array();
    for (std::size_t need = 0; need < order.needs.size(); ++need) {
      const domain::CostOffer& offer = order.offer(site, need);
      lines.add(Value::object()
                    .set("line", order.needs[need].line.value())
                    .set("sku", order.needs[need].sku.text())
                    .set("wanted_milli", order.needs[need].milli)
                    .set("available_milli", offer.available_milli)
                    .set("unit_micro", offer.unit_micro));
    }
    list.add(Value::object()
                 .set("site", order.sites[site].site.text())
                 .set("fixed_micro", order.sites[site].fixed_micro)
                 .set("lines", std::move(lines)));
  }
  return list;
}

Value trace_json(const domain::RoutingTrace& trace) {
  auto excluded = Value::array();
  for (const domain::ExcludedSite& site : trace.excluded) {
    excluded.add(Value::object().set("site", site.site.text()).set("why", name_of(site.why)));
  }
  auto object = Value::object();
  object.set("rule", trace.rule)
      .set("assignment", name_of(trace.rules.assignment))
      .set("candidates", candidates_json(trace.candidates))
      .set("left_out", std::move(excluded))
      .set("shipments", shipments_json(trace.assigned.groups))
      .set("rest", shares_json(trace.assigned.rest))
      .set("method", name_of(trace.assigned.method))
      .set("split_penalty_micro", trace.rules.cost.split_penalty_micro)
      .set("cost_micro", trace.assigned.cost_micro);
  return object;
}

/// Of one trace; `why`: it cannot be read or made again.
struct Replayed {
  std::string rule;
  bool equal = false;
  std::string why;
};

Replayed replayed(const Bytes& octets) {
  if (octets.empty()) return {"", false, kNotKept};
  auto trace = wire::decode_routing_trace(octets);
  if (!trace) return {"", false, trace.error().message};
  auto again = domain::replay(*trace);
  if (!again) return {trace->rule, false, again.error().message};
  trace->assigned = *std::move(again);
  const auto made = wire::encode(*trace);
  return {trace->rule, made && *made == octets, ""};
}

Value side_json(const SimulatedSide& side) {
  return Value::object()
      .set("shipments", side.figures.shipments)
      .set("unpriced", side.figures.unpriced)
      .set("cost_micro", side.figures.cost_micro)
      .set("distance_m", side.figures.distance_m)
      .set("unfilled_milli", side.unfilled_milli);
}

}  // namespace

Value decision_json(const storage::RoutingDecisionRow& row) {
  auto rules = Value::array();
  for (const Bytes& octets : row.traces) {
    const auto trace = wire::decode_routing_trace(octets);
    if (trace)
      rules.add(trace_json(*trace).set("hash",
                                       to_hex(crypto::to_bytes(wire::routing_trace_hash(octets)))));
  }
  auto object = Value::object();
  object.set("id", row.id)
      .set("order", row.order.value().text())
      .set("decided_at", row.decided_at.text())
      .set("rule_set", row.rule_set)
      .set("version", row.version)
      .set("routing", row.routing)
      .set("outcome", row.outcome)
      .set("queue", name_of(row.queue))
      .set("rules", std::move(rules));
  return object;
}

Value replay_json(const storage::RoutingDecisionRow& row) {
  bool equal = !row.traces.empty();  // where nothing was kept, nothing is replayed
  auto rules = Value::array();
  for (const Bytes& octets : row.traces) {
    const Replayed one = replayed(octets);
    equal = equal && one.equal;
    auto object = Value::object();
    object.set("rule", one.rule).set("equal", one.equal).set("why", one.why);
    rules.add(std::move(object));
  }
  return Value::object().set("id", row.id).set("equal", equal).set("rules", std::move(rules));
}

Value simulation_json(const Simulation& simulation) {
  auto differences = Value::array();
  for (const SimulatedDifference& each : simulation.differences) {
    differences.add(Value::object()
                        .set("decision", each.decision.id)
                        .set("order", each.decision.order.value().text())
                        .set("before", shipments_json(each.before))
                        .set("after", shipments_json(each.after)));
  }
  auto object = Value::object();
  object.set("orders", simulation.orders)
      .set("decisions", simulation.decisions)
      .set("left_out", simulation.left_out)
      .set("cut", simulation.cut)
      .set("before", side_json(simulation.before))
      .set("after", side_json(simulation.after))
      .set("differing", simulation.differing)
      .set("differences", std::move(differences));
  return object;
}

}  // namespace cairn::central
