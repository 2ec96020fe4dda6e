#include "core/wire/routing_trace.h"

#include "core/base/assert.h"
#include "core/wire/detail/convert.h"
#include "core/wire/detail/routing_need.h"

#include "routing_trace.pb.h"

#include <set>

namespace cairn::wire {
namespace {

constexpr std::size_t kRuleNameMost = 64;

std::uint64_t unsigned_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

// ---- needs

std::int64_t amount_from(std::uint64_t value) {
  require_that(value <= static_cast<std::uint64_t>(INT64_MAX), "an amount is out of its range");
  return static_cast<std::int64_t>(value);
}

v1::RoutingNeed need_to(const domain::CostNeed& need) {
  v1::RoutingNeed proto;
  proto.set_line(need.line.value());
  proto.set_sku(need.sku.text());
  proto.set_milli(unsigned_of(need.milli));
  proto.set_unit_value_minor(unsigned_of(need.unit_value_minor));
  proto.set_together(need.together);
  return proto;
}

domain::CostNeed need_from(const v1::RoutingNeed& proto) {
  return {line_from(proto.line()), require(Sku::parse(proto.sku())), some_milli_from(proto.milli()),
          amount_from(proto.unit_value_minor()), proto.together()};
}

namespace {

// ---- sites

void put_candidates(const domain::CostCase& order, v1::RoutingTrace& proto) {
  for (const domain::CostNeed& need : order.needs) *proto.add_needs() = need_to(need);
  for (std::size_t site = 0; site < order.sites.size(); ++site) {
    v1::RoutingCandidate& out = *proto.add_candidates();
    out.set_site(order.sites[site].site.text());
    out.set_fixed_micro(unsigned_of(order.sites[site].fixed_micro));
    for (std::size_t need = 0; need < order.needs.size(); ++need) {
      out.add_available_milli(order.offer(site, need).available_milli);
      out.add_unit_micro(order.offer(site, need).unit_micro);
    }
  }
}

domain::CostCase candidates_from(const v1::RoutingTrace& proto) {
  domain::CostCase order;
  for (const v1::RoutingNeed& need : proto.needs()) order.needs.push_back(need_from(need));
  std::set<SiteId> known;
  for (const v1::RoutingCandidate& candidate : proto.candidates()) {
    const bool all = candidate.available_milli_size() == proto.needs_size() &&
                     candidate.unit_micro_size() == proto.needs_size();
    require_that(all, "a site has not as many offers as there are needs");
    order.sites.push_back(
        {require(SiteId::parse(candidate.site())), amount_from(candidate.fixed_micro())});
    require_that(known.insert(order.sites.back().site).second, "a site is there twice");
    for (int need = 0; need < proto.needs_size(); ++need) {
      order.offers.push_back({candidate.available_milli(need), candidate.unit_micro(need)});
    }
  }
  return order;
}

// ---- rules

v1::AssignmentRules rules_to(const domain::AssignmentRules& rules) {
  v1::AssignmentRules proto;
  proto.set_assignment(static_cast<std::uint32_t>(rules.assignment));
  proto.set_all_or_nothing(rules.all_or_nothing);
  proto.set_split_penalty_micro(unsigned_of(rules.cost.split_penalty_micro));
  proto.set_shipments_most(rules.cost.shipments_most);
  proto.set_threshold_minor(unsigned_of(rules.cost.threshold_minor));
  proto.set_split_quantities(rules.cost.split_quantities);
  proto.set_partial_orders(rules.cost.partial == domain::PartialOrders::kSplitLines);
  return proto;
}

domain::AssignmentRules rules_from(const v1::AssignmentRules& proto) {
  domain::AssignmentRules rules;
  rules.assignment = enum_from<domain::Assignment>(proto.assignment(), "unknown assignment");
  rules.all_or_nothing = proto.all_or_nothing();
  rules.cost.split_penalty_micro = amount_from(proto.split_penalty_micro());
  rules.cost.shipments_most = proto.shipments_most();
  rules.cost.threshold_minor = amount_from(proto.threshold_minor());
  rules.cost.split_quantities = proto.split_quantities();
  rules.cost.partial =
      proto.partial_orders() ? domain::PartialOrders::kSplitLines : domain::PartialOrders::kWait;
  return rules;
}

// ---- what was decided

v1::RoutedShare share_to(const domain::RoutingShare& share) {
  v1::RoutedShare proto;
  proto.set_line(share.line.value());
  proto.set_sku(share.sku.text());
  proto.set_milli(unsigned_of(share.milli));
  return proto;
}

domain::RoutingShare share_from(const v1::RoutedShare& proto) {
  return {line_from(proto.line()), require(Sku::parse(proto.sku())),
          some_milli_from(proto.milli())};
}

v1::Assigned assigned_to(const domain::Assigned& assigned) {
  v1::Assigned proto;
  for (const domain::RoutedGroup& group : assigned.groups) {
    v1::RoutedGroup& out = *proto.add_groups();
    out.set_site(group.site.text());
    for (const domain::RoutingShare& share : group.shares) *out.add_shares() = share_to(share);
  }
  for (const domain::RoutingShare& share : assigned.rest) *proto.add_rest() = share_to(share);
  proto.set_method(static_cast<std::uint32_t>(assigned.method));
  proto.set_cost_micro(assigned.cost_micro);
  return proto;
}

domain::Assigned assigned_from(const v1::Assigned& proto) {
  domain::Assigned assigned;
  for (const v1::RoutedGroup& group : proto.groups()) {
    assigned.groups.push_back({require(SiteId::parse(group.site())), {}});
    for (const v1::RoutedShare& share : group.shares()) {
      assigned.groups.back().shares.push_back(share_from(share));
    }
  }
  for (const v1::RoutedShare& share : proto.rest()) assigned.rest.push_back(share_from(share));
  assigned.method = enum_from<domain::CostMethod>(proto.method(), "unknown method");
  assigned.cost_micro = proto.cost_micro();
  return assigned;
}

domain::RoutingTrace trace_from(BytesView octets) {
  const auto proto = parse<v1::RoutingTrace>(octets);
  domain::RoutingTrace trace;
  trace.version = proto.version();
  require_that(trace.version > 0, "a trace has a version");
  trace.order = id_from<OrderId>(proto.order());
  trace.decided_at = time_from(proto.decided_at_us());
  trace.rule = proto.rule();
  require_that(!trace.rule.empty() && trace.rule.size() <= kRuleNameMost,
               "a rule's name has 1 to 64 octets");
  for (const v1::ExcludedSite& excluded : proto.excluded()) {
    trace.excluded.push_back({require(SiteId::parse(excluded.site())),
                              enum_from<domain::SiteExclusion>(excluded.why(), "unknown reason")});
  }
  trace.candidates = candidates_from(proto);
  trace.rules = rules_from(proto.rules());
  trace.assigned = assigned_from(proto.assigned());
  return trace;
}

tl::unexpected<Error> bad_trace(std::string_view why) {
  return fail(ErrorCode::kCorrupt, "bad_routing_trace",
              "a stored routing decision cannot be read (" + std::string(why) +
                  "); orders and stock are not touched by that");
}

}  // namespace

Result<Bytes> encode(const domain::RoutingTrace& trace) {
  const domain::CostCase& order = trace.candidates;
  CAIRN_ASSERT(order.offers.size() == order.sites.size() * order.needs.size(),
               "a case that was decided has all its offers");
  v1::RoutingTrace proto;
  proto.set_version(trace.version);
  proto.set_order(trace.order.value().bytes());
  proto.set_decided_at_us(trace.decided_at.us);
  proto.set_rule(trace.rule);
  for (const domain::ExcludedSite& excluded : trace.excluded) {
    v1::ExcludedSite& out = *proto.add_excluded();
    out.set_site(excluded.site.text());
    out.set_why(static_cast<std::uint32_t>(excluded.why));
  }
  put_candidates(order, proto);
  *proto.mutable_rules() = rules_to(trace.rules);
  *proto.mutable_assigned() = assigned_to(trace.assigned);
  Bytes octets = proto.SerializeAsString();
  if (octets.size() > kMaxRoutingTrace) {
    return fail(ErrorCode::kInvalid, "trace_too_large",
                "the trace of a routing decision is larger than 8 MiB: too many sites for so many "
                "lines");
  }
  return octets;
}

crypto::Hash128 routing_trace_hash(BytesView octets) { return crypto::blake2b_128({octets}); }

Result<domain::RoutingTrace> decode_routing_trace(BytesView octets) {
  if (octets.size() > kMaxRoutingTrace) return bad_trace("it is larger than 8 MiB");
  try {
    auto trace = trace_from(octets);
    // Another form of the same trace would have another hash.
    const auto again = encode(trace);
    if (!again || *again != octets) return bad_trace("it is in another form than ours");
    return trace;
  } catch (const BadField& bad) {
    return bad_trace(bad.what);
  }
}

}  // namespace cairn::wire
