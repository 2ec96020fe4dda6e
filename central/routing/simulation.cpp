#include "central/routing/simulation.h"

#include "core/wire/routing_facts.h"
#include "core/wire/routing_trace.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace cairn::central {
namespace {

/// A stored decision that can be asked again.
struct Past {
  domain::RoutingFacts facts;
  std::vector<domain::RoutedGroup> groups;
  std::vector<domain::RoutingShare> rest;
};

std::optional<Past> past_of(const storage::RoutingDecisionRow& row) {
  auto facts = wire::decode_routing_facts(row.facts);
  if (row.facts.empty() || !facts) return std::nullopt;
  Past past{*std::move(facts), {}, {}};
  for (const domain::CostNeed& need : past.facts.order.needs) {
    past.rest.push_back({need.line, need.sku, need.milli});
  }
  for (const Bytes& octets : row.traces) {
    auto trace = wire::decode_routing_trace(octets);
    if (!trace) return std::nullopt;
    auto& groups = trace->assigned.groups;
    past.groups.insert(past.groups.end(), groups.begin(), groups.end());
    past.rest = std::move(trace->assigned.rest);
  }
  return past;
}

std::int64_t milli_of(const std::vector<domain::RoutingShare>& shares) {
  std::int64_t milli = 0;
  for (const domain::RoutingShare& share : shares) milli += share.milli;
  return milli;
}

/// `is_last`: of its order in the span.
void simulate_one(Simulation& sum, const domain::RuleSet& rules, storage::RoutingDecisionRow row,
                  bool is_last) {
  const auto past = past_of(row);
  const auto after =
      past ? domain::route_through(rules, past->facts, row.decided_at)
           : Result<domain::ThroughRules>(fail(ErrorCode::kNotFound, "not_kept", "not kept"));
  if (!after) {
    ++sum.left_out;
    return;
  }
  sum.before.figures.add(domain::figures_of(rules, past->facts, past->groups));
  sum.after.figures.add(domain::figures_of(rules, past->facts, after->groups));
  if (is_last) {
    sum.before.unfilled_milli += milli_of(past->rest);
    sum.after.unfilled_milli += milli_of(after->rest);
  }
  if (domain::same_shipments(past->groups, after->groups)) return;
  ++sum.differing;
  if (sum.differences.size() == kMostDifferences) return;
  row.facts.clear();
  row.traces.clear();
  sum.differences.push_back({std::move(row), past->groups, after->groups});
}

}  // namespace

Simulator::Simulator(const domain::RuleSet& rules, std::vector<storage::DecisionOfOrder> decisions)
    : rules_(&rules), decisions_(std::move(decisions)) {
  sum_.cut = decisions_.size() > kMostSimulated;
  if (sum_.cut) decisions_.resize(kMostSimulated);
  for (const storage::DecisionOfOrder& each : decisions_) last_[each.order] = each.id;
  sum_.orders = static_cast<std::int64_t>(last_.size());
}

Simulator::Rows Simulator::read(storage::Connection& connection, std::size_t most) {
  Rows rows;
  const std::size_t end = std::min(decisions_.size(), next_ + most);
  for (; next_ < end; ++next_) {
    auto row = storage::find_decision(connection, decisions_[next_].id);
    if (row) rows.push_back(*std::move(row));
  }
  return rows;
}

void Simulator::take(Rows rows) {
  for (storage::RoutingDecisionRow& row : rows) {
    const bool is_last = last_[row.order] == row.id;
    simulate_one(sum_, *rules_, std::move(row), is_last);
  }
}

Simulation Simulator::result() const {
  Simulation sum = sum_;
  sum.cut = sum.cut || more();
  sum.decisions = static_cast<std::int64_t>(next_);
  return sum;
}

Simulation simulate(storage::Connection& connection, const domain::RuleSet& rules,
                    const storage::DecisionSpan& span) {
  Simulator simulator(rules, storage::decisions_in(connection, span, kMostSimulated + 1));
  simulator.take(simulator.read(connection, kMostSimulated));
  return simulator.result();
}

}  // namespace cairn::central
