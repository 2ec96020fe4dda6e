#pragma once
// Where an order is filled from: the nearest site that has all of it, else the fewest sites that
// together have all of it, else it waits. Pure: the same order and the same stock give the same
// decision.

#include "core/base/ids.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cairn::domain {

struct RoutingNeed {
  LineNo line;
  Sku sku;
  std::int64_t milli = 0;  ///< > 0
};

struct RoutingSite {
  SiteId site;
  std::int64_t distance_m = 0;
  std::map<Sku, std::int64_t> available_milli;  ///< at least of every needed SKU it has

  /// What it can give; a shortage counts as nothing.
  [[nodiscard]] std::int64_t stocked_milli(const Sku& sku) const;
};

struct RoutingShare {
  LineNo line;
  Sku sku;
  std::int64_t milli = 0;
  friend bool operator==(const RoutingShare&, const RoutingShare&) = default;
};

struct RoutedGroup {
  SiteId site;
  std::vector<RoutingShare> shares;  ///< in line order
  friend bool operator==(const RoutedGroup&, const RoutedGroup&) = default;
};

struct RoutingDecision {
  std::vector<RoutedGroup> groups;  ///< nearest site first; empty: everything waits
  std::vector<LineNo> waiting;      ///< lines that no combination of sites can fill, in line order
};

enum class PartialOrders : std::uint8_t {
  kWait,        ///< an order that cannot be filled whole waits whole
  kSplitLines,  ///< the lines that can be filled whole go, the others wait
};

/// A line goes to one site if any chosen site can take all of it, else it is shared out, nearest
/// first. Equal distances are settled by site id.
RoutingDecision route(const std::vector<RoutingNeed>& needs, std::vector<RoutingSite> sites,
                      PartialOrders partial);

}  // namespace cairn::domain
