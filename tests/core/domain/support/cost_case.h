#pragma once
// Orders to be routed by cost, written as tables: sites with what each has and takes, line by line.

#include "core/base/quantity.h"
#include "core/domain/routing/cost_routing.h"
#include "tests/core/base/support/names.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::domain::test {

using cairn::test::site;
using cairn::test::sku;
using cairn::test::utc;

inline CostNeed cost_need(std::uint32_t line, std::string_view article, std::int64_t units,
                          std::uint32_t together = 0, std::int64_t unit_value_minor = 100) {
  return {LineNo(line), sku(article), units * 1000, unit_value_minor, together};
}

/// Units there and what each costs there.
struct UnitOffer {
  std::int64_t units = 0;
  std::int64_t unit_micro = 0;
};

struct CostPlace {
  std::string_view name;
  std::int64_t fixed_micro = 0;
  std::vector<UnitOffer> offers;  ///< by line
};

inline CostCase cost_case(std::vector<CostNeed> needs, const std::vector<CostPlace>& places) {
  CostCase made;
  made.needs = std::move(needs);
  for (const CostPlace& place : places) {
    made.sites.push_back({site(place.name), place.fixed_micro});
    for (const UnitOffer& offer : place.offers) {
      made.offers.push_back({offer.units * 1000, offer.unit_micro});
    }
  }
  return made;
}

/// "near: 1x2 2x1; far: 3x1; waits 4": units by line.
inline std::string text_of(const RoutingDecision& decision) {
  std::string text;
  for (const RoutedGroup& group : decision.groups) {
    text += (text.empty() ? "" : "; ") + group.site.text() + ":";
    for (const RoutingShare& share : group.shares) {
      text += " " + std::to_string(share.line.value()) + "x" + milli_text(share.milli);
    }
  }
  if (decision.waiting.empty()) return text;
  text += text.empty() ? "waits" : "; waits";
  for (const LineNo line : decision.waiting) text += " " + std::to_string(line.value());
  return text;
}

}  // namespace cairn::domain::test
