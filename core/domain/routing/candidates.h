#pragma once
// Which sites a rule asks for an order, in which order, and why it does not ask the others. Pure.

#include "core/domain/routing/order_selection.h"
#include "core/domain/routing/site_exclusion.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::domain {

/// A site, as it is for one order.
struct SiteForOrder {
  SiteId site;  ///< each once
  std::vector<std::string> groups;
  bool active = true;
  bool stale = false;  ///< nothing was heard from it for too long: its figures are not believed
  bool ships = true;   ///< open for shipments now
  bool takes_hazmat = true;
  Choice shipping_methods;
  Choice countries;
  std::int64_t distance_m = 0;
  std::int64_t sequence = 0;
  bool full = false;  ///< it said that it can take no more
  std::int64_t orders_used = 0;
  std::optional<std::int64_t> order_limit;  ///< of the day; nothing: none
  std::optional<std::int64_t>
      fixed_micro;  ///< landed_cost.h; nothing: no zone reaches the customer
  struct Line {
    std::int64_t atp_milli = 0;
    std::int64_t unit_micro = 0;
    std::int64_t supply_weeks_milli = 0;
    bool was_short = false;  ///< it could not give this article to this order before
  };
  std::vector<Line> lines;  ///< by the order's needs
};

struct Candidates {
  CostCase order;                      ///< sites by the rule's sorts, then by id
  std::vector<ExcludedSite> excluded;  ///< with the first reason, as they were given
};

/// `order.needs` is what is still to be given; every site has as many lines.
Candidates candidates_for(const WaitingOrder& order, const std::vector<SiteForOrder>& sites,
                          const InventoryRule& rule);

}  // namespace cairn::domain
