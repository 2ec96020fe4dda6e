#include "central/routing/rule_decision.h"

#include "central/orders/order_queue_book.h"
#include "central/routing/open_groups.h"
#include "central/routing/read_facts.h"
#include "core/domain/routing/rule_run.h"
#include "core/storage/routing_decisions.h"
#include "core/wire/routing_facts.h"
#include "core/wire/routing_trace.h"

#include <algorithm>
#include <map>
#include <utility>

namespace cairn::central {
namespace {

using domain::ParkingQueue;
using domain::RoutingFacts;

/// What of the order waits, as the routing takes it; nothing: it does not.
struct Taken {
  storage::OrderRow order;
  std::vector<storage::OrderLineRow> lines;
  domain::WaitingOrder waiting;
};

std::optional<Taken> take_order(storage::Connection& connection, OrderId id,
                                const domain::OrderRouting& routing, UtcTime now) {
  const auto order = storage::find_order(connection, id);
  const auto queue = storage::queue_of(connection, id);
  if (!order || !queue || order->standing.hold || order->standing.rejected) return std::nullopt;
  auto lines = storage::order_lines(connection, id);
  auto waiting = waiting_order(*order, lines, *queue, now);
  if (waiting.needs.empty()) return std::nullopt;
  if (domain::select_orders(routing, {waiting}).empty()) return std::nullopt;
  return Taken{*order, std::move(lines), std::move(waiting)};
}

storage::RoutingDecisionRow row_of(const RuleAsking& asking, const RoutingFacts& facts,
                                   const domain::RuleRun& run, UtcTime now) {
  storage::RoutingDecisionRow row;
  row.order = facts.order.order;
  row.decided_at = now;
  row.rule_set = asking.rules.name;
  row.version = asking.rules.version;
  row.routing = asking.routing.name;
  row.outcome = run.rest.empty() ? "ROUTED" : run.groups.empty() ? "WAITS" : "PARTLY";
  row.queue = run.move_to.value_or(facts.order.queue);
  row.facts = wire::encode(facts).value_or(Bytes());
  for (const domain::RoutingTrace& trace : run.traces) {
    row.traces.push_back(wire::encode(trace).value_or(Bytes()));
  }
  return row;
}

/// The rest of an order for which no rule could decide stays where it is.
domain::RuleRun undecided(const RoutingFacts& facts) {
  domain::RuleRun run;
  for (const domain::CostNeed& need : facts.order.needs) {
    run.rest.push_back({need.line, need.sku, need.milli});
  }
  run.auto_cancel_at = facts.order.auto_cancel_at;
  return run;
}

Result<> park_rest(storage::UnitOfWork& work, const RoutingFacts& facts, const domain::RuleRun& run,
                   UserId actor) {
  const OrderId order = facts.order.order;
  if (run.rest.empty()) return unpark_order(work, order, actor);
  return park_order(work, order, run.move_to.value_or(facts.order.queue), run.auto_cancel_at,
                    actor);
}

}  // namespace

bool is_within_stock(const RoutingFacts& facts, const std::vector<domain::RoutedGroup>& groups) {
  std::map<std::pair<SiteId, Sku>, std::int64_t> given;
  for (const domain::RoutedGroup& group : groups) {
    for (const domain::RoutingShare& share : group.shares) {
      given[{group.site, share.sku}] += share.milli;
    }
  }
  return std::ranges::all_of(given, [&facts](const auto& each) {
    const auto& [where, milli] = each;
    const auto site = std::ranges::find(facts.sites, where.first, &RoutingFacts::Site::site);
    const auto need = std::ranges::find(facts.order.needs, where.second, &domain::CostNeed::sku);
    if (site == facts.sites.end() || need == facts.order.needs.end()) return false;
    const auto line = static_cast<std::size_t>(need - facts.order.needs.begin());
    return milli <= site->lines[line].atp_milli;
  });
}

Result<std::optional<RuleDecision>> route_by_rules(storage::UnitOfWork& work, IdSource& ids,
                                                   OrderId order, const RuleAsking& asking) {
  const UtcTime now = work.now();
  auto taken = take_order(work.connection(), order, asking.routing, now);
  if (!taken) return std::nullopt;
  const RoutingFacts facts =
      read_facts(work.connection(), taken->order, std::move(taken->waiting), asking.ages, now);
  auto run =
      domain::run_rules(asking.routing, facts.order, sites_for(asking.rules.rules, facts), now);
  const bool decided = run && is_within_stock(facts, run->groups);
  if (!decided) run = undecided(facts);
  auto row = row_of(asking, facts, *run, now);
  if (!decided) row.outcome = "NOT_DECIDED";
  if (auto ok = open_groups(work, ids, taken->order, taken->lines, run->groups,
                            domain::FulfilmentMethod::kShip, asking.actor);
      !ok) {
    return fail(ok.error());
  }
  if (auto ok = park_rest(work, facts, *run, asking.actor); !ok) return fail(ok.error());
  storage::keep_decision(work.connection(), row);
  return RuleDecision{static_cast<std::int64_t>(run->groups.size()), !run->rest.empty()};
}

}  // namespace cairn::central
