// Every decision by cost against all ways there are, of orders up to five lines and six sites.

#include "core/domain/routing/cost_routing.h"
#include "tests/core/domain/support/cost_case.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace cairn::domain::cost_routing_properties_test {
namespace {

using namespace test;
using cairn::test::holds;

/// What one site gives of each need, in milli.
using Given = std::vector<std::int64_t>;

std::int64_t upto(std::int64_t most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, most + 1));
}

/// All ways to fill an order, one after the other; keeps the best that the rules allow.
class AllWays {
 public:
  AllWays(const CostCase& order, const CostRules& rules, bool alone_is_enough)
      : order_(order), rules_(rules), alone_is_enough_(alone_is_enough) {
    given_.assign(order.sites.size(), Given(order.needs.size()));
    from(0);
  }

  /// Cost, shipments, sites, what each gives with the sign turned: the least is the best.
  using Key = std::tuple<std::int64_t, std::size_t, std::vector<std::size_t>, std::vector<Given>>;
  std::optional<Key> best;

 private:
  void from(std::size_t need) {
    if (need == order_.needs.size()) return weigh();
    const CostNeed& wanted = order_.needs[need];
    if (const auto place = place_of_mates(need)) return give(need, *place, wanted.milli, need + 1);
    bool whole_somewhere = false;
    for (std::size_t s = 0; s < order_.sites.size(); ++s) {
      whole_somewhere = whole_somewhere || order_.offer(s, need).available_milli >= wanted.milli;
      give(need, s, wanted.milli, need + 1);
    }
    const bool units = wanted.milli % 1000 == 0;
    if (whole_somewhere || !rules_.split_quantities || !units || wanted.together != 0) return;
    share_out(need, 0, wanted.milli);
  }

  /// Where the needs that go together with it went.
  std::optional<std::size_t> place_of_mates(std::size_t need) const {
    if (order_.needs[need].together == 0) return std::nullopt;
    for (std::size_t mate = 0; mate < need; ++mate) {
      if (order_.needs[mate].together != order_.needs[need].together) continue;
      for (std::size_t s = 0; s < order_.sites.size(); ++s) {
        if (given_[s][mate] > 0) return s;
      }
    }
    return std::nullopt;
  }

  void share_out(std::size_t need, std::size_t s, std::int64_t open) {
    if (open == 0) return from(need + 1);
    if (s == order_.sites.size()) return;
    for (std::int64_t milli = 0; milli <= open; milli += 1000) {
      if (milli > order_.offer(s, need).available_milli && milli > 0) break;
      given_[s][need] = milli;
      if (has(s)) share_out(need, s + 1, open - milli);
    }
    given_[s][need] = 0;
  }

  void give(std::size_t need, std::size_t s, std::int64_t milli, std::size_t next) {
    given_[s][need] = milli;
    if (has(s)) from(next);
    given_[s][need] = 0;
  }

  bool has(std::size_t s) const {
    std::map<Sku, std::int64_t> taken;
    for (std::size_t need = 0; need < order_.needs.size(); ++need) {
      std::int64_t& milli = taken[order_.needs[need].sku];
      milli += given_[s][need];
      if (given_[s][need] > 0 && milli > order_.offer(s, need).available_milli) return false;
    }
    return true;
  }

  void weigh() {
    Key key;
    auto& [cost, shipments, sites, parts] = key;
    bool worth = true;
    for (std::size_t s = 0; s < order_.sites.size(); ++s) {
      Given turned;
      std::int64_t milli = 0;
      std::int64_t value = 0;
      for (std::size_t need = 0; need < order_.needs.size(); ++need) {
        const std::int64_t share = given_[s][need];
        milli += share;
        cost += order_.offer(s, need).unit_micro * share / 1000;
        value += order_.needs[need].unit_value_minor * share / 1000;
        turned.push_back(-share);
      }
      if (milli == 0) continue;
      cost += order_.sites[s].fixed_micro + (shipments > 0 ? rules_.split_penalty_micro : 0);
      ++shipments;
      sites.push_back(s);
      parts.push_back(std::move(turned));
      worth = worth && value >= rules_.threshold_minor;
    }
    if (!worth && !(alone_is_enough_ && shipments == 1)) return;
    if (rules_.shipments_most > 0 && shipments > rules_.shipments_most) return;
    if (!best || key < *best) best = std::move(key);
  }

  const CostCase& order_;
  const CostRules& rules_;
  bool alone_is_enough_;
  std::vector<Given> given_;
};

/// In how many ways the needs may be given, about.
std::int64_t ways(const CostCase& order) {
  std::int64_t product = 1;
  for (std::size_t need = 0; need < order.needs.size(); ++need) {
    const std::int64_t units = order.needs[need].milli / 1000;
    bool whole = false;
    std::int64_t shared = 1;
    std::int64_t givers = 0;
    for (std::size_t s = 0; s < order.sites.size(); ++s) {
      const std::int64_t there = order.offer(s, need).available_milli / 1000;
      whole = whole || there >= units;
      givers += there > 0 ? 1 : 0;
      shared *= std::min(std::max<std::int64_t>(there, 0), units) + 1;
    }
    product *= std::max<std::int64_t>(whole ? givers : shared, 1);
  }
  return product;
}

CostCase any_case() {
  const std::vector<std::string> articles{"A", "B", "C", "D", "E"};
  CostCase made;
  const auto sites = 6 - upto(2) * upto(3);
  const std::int64_t dear = upto(1) == 0 ? 3 : 50;  // few different costs: many are equal
  const std::int64_t plenty = 1 + upto(5);
  for (std::int64_t s = 0; s < sites; ++s) {
    made.sites.push_back({site("s" + std::to_string(s)), upto(dear)});
  }
  std::map<Sku, std::vector<std::int64_t>> stock;
  for (std::int64_t line = 1, lines = 5 - upto(1) * upto(5); line <= lines; ++line) {
    const auto& article = articles[static_cast<std::size_t>(upto(4))];
    made.needs.push_back(cost_need(static_cast<std::uint32_t>(line), article, 1 + upto(2),
                                   upto(5) == 0 ? 1 : 0, upto(3)));
    if (upto(9) == 0) made.needs.back().milli -= 500;
    for (auto& units = stock[sku(article)]; std::ssize(units) < sites;) {
      units.push_back(upto(plenty + 1) - 1);
    }
  }
  for (std::size_t s = 0; s < made.sites.size(); ++s) {
    for (const CostNeed& need : made.needs) {
      made.offers.push_back({stock[need.sku][s] * 1000, upto(dear) - dear / 3});
    }
  }
  // An odd half unit costs a whole number, too.
  for (CostOffer& offer : made.offers) offer.unit_micro *= 2;
  while (ways(made) > 20'000) {
    const std::size_t lines = made.needs.size();
    std::vector<CostOffer> fewer;
    for (std::size_t i = 0; i < made.offers.size(); ++i) {
      if (i % lines != lines - 1) fewer.push_back(made.offers[i]);
    }
    made.offers = std::move(fewer);
    made.needs.pop_back();
  }
  return made;
}

CostRules any_rules() {
  CostRules rules;
  rules.split_penalty_micro = upto(1) * upto(4);
  rules.shipments_most = static_cast<std::uint32_t>(upto(1) * upto(3));
  rules.threshold_minor = upto(1) * upto(4);
  rules.split_quantities = upto(3) != 0;
  return rules;
}

CostCase with_needs(const CostCase& order, const std::set<std::size_t>& kept) {
  CostCase part;
  part.sites = order.sites;
  for (const std::size_t need : kept) part.needs.push_back(order.needs[need]);
  for (std::size_t s = 0; s < order.sites.size(); ++s) {
    for (const std::size_t need : kept) part.offers.push_back(order.offer(s, need));
  }
  return part;
}

void assert_is(const CostDecision& decided, const CostCase& order, const AllWays::Key& best) {
  const auto& [cost, shipments, sites, parts] = best;
  RC_ASSERT(decided.cost_micro == cost);
  RC_ASSERT(decided.routing.groups.size() == shipments);
  for (std::size_t at = 0; at < shipments; ++at) {
    const RoutedGroup& group = decided.routing.groups[at];
    RC_ASSERT(group.site == order.sites[sites[at]].site);
    std::vector<RoutingShare> shares;
    for (std::size_t need = 0; need < order.needs.size(); ++need) {
      if (parts[at][need] == 0) continue;
      shares.push_back({order.needs[need].line, order.needs[need].sku, -parts[at][need]});
    }
    RC_ASSERT(group.shares == shares);
  }
}

TEST_CASE("cost routing: the decision is the best of all ways, to the share",
          "[domain][routing][property]") {
  CHECK(holds("route_by_cost() against all ways", [] {
    const CostCase order = any_case();
    const CostRules rules = any_rules();
    const auto decided = route_by_cost(order, rules);
    RC_ASSERT(decided.has_value());
    RC_ASSERT(decided->method == CostMethod::kExact);
    const AllWays all(order, rules, true);
    RC_CLASSIFY(!all.best, "waits");
    RC_CLASSIFY(all.best && std::get<1>(*all.best) == 1, "one shipment");
    RC_CLASSIFY(all.best && std::get<1>(*all.best) > 1, "several shipments");
    if (all.best) {
      RC_ASSERT(decided->routing.waiting.empty());
      return assert_is(*decided, order, *all.best);
    }
    RC_ASSERT(decided->routing.groups.empty());
    RC_ASSERT(decided->routing.waiting.size() == order.needs.size());
  }));
}

/// Line by line, what can go with what was taken before, whatever it is worth.
std::set<std::size_t> can_go(const CostCase& order, CostRules rules) {
  rules.threshold_minor = 0;
  std::set<std::size_t> goes;
  std::set<std::uint32_t> seen;
  for (std::size_t need = 0; need < order.needs.size(); ++need) {
    const std::uint32_t together = order.needs[need].together;
    if (together != 0 && !seen.insert(together).second) continue;
    std::set<std::size_t> more = goes;
    for (std::size_t mate = need; mate < order.needs.size(); ++mate) {
      const bool with = together != 0 && order.needs[mate].together == together;
      if (mate == need || with) more.insert(mate);
    }
    if (AllWays(with_needs(order, more), rules, true).best) goes = std::move(more);
  }
  return goes;
}

TEST_CASE("cost routing: with partial orders what can go goes at the least cost, the rest waits",
          "[domain][routing][property]") {
  CHECK(holds("route_by_cost() of partial orders against all ways", [] {
    const CostCase order = any_case();
    CostRules rules = any_rules();
    rules.partial = PartialOrders::kSplitLines;
    const auto decided = route_by_cost(order, rules);
    RC_ASSERT(decided.has_value());
    if (AllWays(order, rules, true).best) {
      RC_ASSERT(decided->routing.waiting.empty());
      return;
    }
    const auto goes = can_go(order, rules);
    const CostCase part = with_needs(order, goes);
    std::vector<LineNo> waiting;
    std::vector<LineNo> all;
    std::int64_t left = 0;
    for (std::size_t need = 0; need < order.needs.size(); ++need) {
      all.push_back(order.needs[need].line);
      if (goes.contains(need)) continue;
      waiting.push_back(order.needs[need].line);
      left += order.needs[need].unit_value_minor * order.needs[need].milli / 1000;
    }
    const AllWays ways_of_part(part, rules, false);
    const bool possible = ways_of_part.best && left >= rules.threshold_minor;
    RC_CLASSIFY(possible && !goes.empty(), "some go, some wait");
    RC_ASSERT(decided->routing.waiting == (possible ? waiting : all));
    if (!possible) {
      RC_ASSERT(decided->routing.groups.empty());
      return;
    }
    assert_is(*decided, part, *ways_of_part.best);
  }));
}

TEST_CASE("cost routing: whatever the size, no line is lost and no site gives what it lacks",
          "[domain][routing][property]") {
  CHECK(holds("route_by_cost() of large orders", [] {
    CostCase order;
    const std::int64_t lines = 8 + upto(6);
    for (std::int64_t s = 0, sites = upto(8); s < sites; ++s) {
      order.sites.push_back({site("s" + std::to_string(s)), upto(9)});
    }
    std::vector<std::int64_t> stock(order.sites.size() * 8);
    for (std::int64_t& milli : stock) milli = upto(12'000) - 1000;
    for (std::int64_t line = 1; line <= lines; ++line) {
      order.needs.push_back(cost_need(static_cast<std::uint32_t>(line),
                                      "ART-" + std::to_string(line % 8), 1 + upto(20),
                                      static_cast<std::uint32_t>(upto(1) * upto(4)), upto(9)));
    }
    for (std::size_t s = 0; s < order.sites.size(); ++s) {
      for (std::size_t line = 1; line <= order.needs.size(); ++line) {
        order.offers.push_back({stock[s * 8 + line % 8], upto(9) - 3});
      }
    }
    CostRules rules = any_rules();
    if (upto(1) == 0) rules.partial = PartialOrders::kSplitLines;
    const auto decided = route_by_cost(order, rules);
    RC_ASSERT(decided.has_value());
    RC_CLASSIFY(decided->method == CostMethod::kFewestSites, "too large");
    std::map<LineNo, std::int64_t> routed;
    for (const RoutedGroup& group : decided->routing.groups) {
      const auto at = std::ranges::find(order.sites, group.site, &CostSite::site);
      std::map<Sku, std::int64_t> taken;
      for (const RoutingShare& share : group.shares) {
        RC_ASSERT(share.milli > 0);
        routed[share.line] += share.milli;
        const auto need = std::ranges::find(order.needs, share.line, &CostNeed::line);
        const CostOffer& offer = order.offer(static_cast<std::size_t>(at - order.sites.begin()),
                                             static_cast<std::size_t>(need - order.needs.begin()));
        RC_ASSERT((taken[share.sku] += share.milli) <= offer.available_milli);
      }
    }
    for (const CostNeed& need : order.needs) {
      const bool waits =
          std::ranges::find(decided->routing.waiting, need.line) != decided->routing.waiting.end();
      RC_ASSERT(routed[need.line] == (waits ? 0 : need.milli));
    }
    RC_ASSERT(rules.shipments_most == 0 || decided->routing.groups.size() <= rules.shipments_most);
  }));
}

}  // namespace
}  // namespace cairn::domain::cost_routing_properties_test
