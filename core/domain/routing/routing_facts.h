#pragma once
// What the rules of a routing are asked about: an order that waits and every site with what it has
// of it, before any rule set has said anything. Stored with each decision (core/wire/
// routing_facts.h), so that another rule set can be asked the same. Pure.

#include "core/domain/routing/candidates.h"
#include "core/domain/routing/rule_set.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::domain {

struct RoutingFacts {
  struct Line {
    std::int64_t atp_milli = 0;  ///< below zero: it has promised more than it has
    std::int64_t supply_weeks_milli = 0;
    bool was_short = false;  ///< it could not give this article to this order before
    friend bool operator==(const Line&, const Line&) = default;
  };
  struct Site {
    SiteId site;  ///< each once
    bool active = true;
    std::optional<std::int64_t> age_s;  ///< of what is known of it; nothing: it was never heard
    std::int64_t distance_m = 0;
    std::int64_t orders_today = 0;  ///< given to it in this day of UTC
    std::vector<Line> lines;        ///< by the order's needs
    bool full = false;              ///< it said that it can take no more
    friend bool operator==(const Site&, const Site&) = default;
  };

  WaitingOrder order;           ///< its origin groups are the rule set's matter: none
  std::vector<UnitSize> units;  ///< by the order's needs
  std::vector<Site> sites;
};

/// The sites as the rule set sees them, in the facts' order.
std::vector<SiteForOrder> sites_for(const RuleSet& rules, const RoutingFacts& facts);

}  // namespace cairn::domain
