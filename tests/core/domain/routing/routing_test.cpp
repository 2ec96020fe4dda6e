#include "core/domain/routing/routing.h"

#include "tests/core/base/support/names.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace cairn::domain::routing_test {
namespace {

using namespace test;
using cairn::test::holds;
using Groups = std::vector<RoutedGroup>;
using Lines = std::vector<LineNo>;

RoutingNeed need(std::uint32_t line, std::string_view article, std::int64_t milli) {
  return {LineNo(line), sku(article), milli};
}

RoutingSite place(std::string_view name, std::int64_t distance_m,
                  const std::map<std::string, std::int64_t>& stock) {
  RoutingSite result{site(name), distance_m, {}};
  for (const auto& [article, milli] : stock) result.available_milli[sku(article)] = milli;
  return result;
}

RoutingShare share(std::uint32_t line, std::string_view article, std::int64_t milli) {
  return {LineNo(line), sku(article), milli};
}

RoutingDecision wait_whole(const std::vector<RoutingNeed>& needs,
                           const std::vector<RoutingSite>& sites) {
  return route(needs, sites, PartialOrders::kWait);
}

TEST_CASE("routing: the nearest site that has everything fills the order", "[domain][routing]") {
  const auto decision = wait_whole({need(1, "A", 2000), need(2, "B", 1000)},
                                   {place("far", 900, {{"A", 9000}, {"B", 9000}}),
                                    place("near", 100, {{"A", 2000}, {"B", 1000}}),
                                    place("nearest", 50, {{"A", 9000}, {"B", 0}})});
  CHECK(decision.groups == Groups{{site("near"), {share(1, "A", 2000), share(2, "B", 1000)}}});
  CHECK(decision.waiting.empty());
}

TEST_CASE("routing: one far site is better than two near ones", "[domain][routing]") {
  const auto decision = wait_whole({need(1, "A", 1000), need(2, "B", 1000)},
                                   {place("n1", 1, {{"A", 1000}}), place("n2", 2, {{"B", 1000}}),
                                    place("far", 9'000'000, {{"A", 1000}, {"B", 1000}})});
  CHECK(decision.groups == Groups{{site("far"), {share(1, "A", 1000), share(2, "B", 1000)}}});
}

TEST_CASE("routing: among equally few sites the least total distance wins", "[domain][routing]") {
  const auto decision =
      wait_whole({need(1, "A", 1000), need(2, "B", 1000)},
                 {place("a-near", 1, {{"A", 1000}}), place("b-far", 100, {{"B", 1000}}),
                  place("a-mid", 40, {{"A", 1000}}), place("b-mid", 50, {{"B", 1000}})});
  CHECK(decision.groups ==
        Groups{{site("a-near"), {share(1, "A", 1000)}}, {site("b-mid"), {share(2, "B", 1000)}}});
}

TEST_CASE("routing: equal distances are settled by site id, however the sites are listed",
          "[domain][routing]") {
  const std::vector<RoutingNeed> needs{need(1, "A", 1000)};
  const auto c = place("c", 10, {{"A", 1000}});
  const auto a = place("a", 10, {{"A", 1000}});
  const auto b = place("b", 10, {{"A", 1000}});
  for (const auto& sites : {std::vector{a, b, c}, std::vector{c, b, a}, std::vector{b, c, a}}) {
    CHECK(wait_whole(needs, sites).groups == Groups{{site("a"), {share(1, "A", 1000)}}});
  }
}

TEST_CASE("routing: groups are listed nearest first, shares in line order", "[domain][routing]") {
  const auto decision =
      wait_whole({need(3, "B", 1000), need(1, "A", 1000), need(2, "B", 1000)},
                 {place("far", 20, {{"A", 1000}}), place("near", 10, {{"B", 2000}})});
  CHECK(decision.groups == Groups{{site("near"), {share(3, "B", 1000), share(2, "B", 1000)}},
                                  {site("far"), {share(1, "A", 1000)}}});
}

TEST_CASE("routing: a line goes whole to the chosen site that can take it", "[domain][routing]") {
  // Both are needed, for A and B; C is only whole at the far one.
  const auto decision = wait_whole({need(1, "A", 1000), need(2, "B", 1000), need(3, "C", 5000)},
                                   {place("near", 10, {{"A", 1000}, {"C", 4000}}),
                                    place("far", 20, {{"B", 1000}, {"C", 5000}})});
  CHECK(decision.groups == Groups{{site("near"), {share(1, "A", 1000)}},
                                  {site("far"), {share(2, "B", 1000), share(3, "C", 5000)}}});
}

TEST_CASE("routing: a line no chosen site has whole is shared out, nearest first",
          "[domain][routing]") {
  const auto decision = wait_whole(
      {need(1, "A", 5000)}, {place("far", 20, {{"A", 4000}}), place("near", 10, {{"A", 3000}})});
  CHECK(decision.groups ==
        Groups{{site("near"), {share(1, "A", 3000)}}, {site("far"), {share(1, "A", 2000)}}});
}

TEST_CASE("routing: two lines of one article share its stock", "[domain][routing]") {
  const std::vector<RoutingNeed> needs{need(1, "A", 3000), need(2, "A", 2000)};
  CHECK(wait_whole(needs, {place("s", 1, {{"A", 5000}})}).groups ==
        Groups{{site("s"), {share(1, "A", 3000), share(2, "A", 2000)}}});
  // Enough for each alone, but not for both.
  const auto short_of = wait_whole(needs, {place("s", 1, {{"A", 4000}})});
  CHECK(short_of.groups.empty());
  CHECK(short_of.waiting == Lines{LineNo(1), LineNo(2)});
  CHECK(wait_whole(needs, {place("s", 1, {{"A", 3000}}), place("t", 2, {{"A", 2000}})}).groups ==
        Groups{{site("s"), {share(1, "A", 3000)}}, {site("t"), {share(2, "A", 2000)}}});
}

TEST_CASE("routing: an order that cannot be filled whole waits whole", "[domain][routing]") {
  const std::vector<RoutingSite> sites{place("s", 1, {{"A", 9000}, {"B", 500}}),
                                       place("t", 2, {{"B", 400}})};
  const auto decision = wait_whole({need(1, "A", 1000), need(2, "B", 1000)}, sites);
  CHECK(decision.groups.empty());
  CHECK(decision.waiting == Lines{LineNo(1), LineNo(2)});
}

TEST_CASE("routing: without stock anywhere it waits", "[domain][routing]") {
  for (const auto& sites : {std::vector<RoutingSite>{},
                            {place("s", 1, {})},
                            {place("s", 1, {{"A", 0}})},
                            {place("s", 1, {{"A", -5000}})},
                            {place("s", 1, {{"B", 5000}})}}) {
    const auto decision = route({need(1, "A", 1000)}, sites, PartialOrders::kSplitLines);
    CHECK(decision.groups.empty());
    CHECK(decision.waiting == Lines{LineNo(1)});
  }
}

TEST_CASE("routing: a site that is short already lends nothing", "[domain][routing]") {
  const auto decision = wait_whole(
      {need(1, "A", 3000)}, {place("minus", 1, {{"A", -1000}}), place("plus", 2, {{"A", 3000}})});
  CHECK(decision.groups == Groups{{site("plus"), {share(1, "A", 3000)}}});
}

TEST_CASE("routing: nothing needed, nothing routed", "[domain][routing]") {
  const auto decision = wait_whole({}, {place("s", 1, {{"A", 1000}})});
  CHECK(decision.groups.empty());
  CHECK(decision.waiting.empty());
}

TEST_CASE("routing: with partial orders the lines that can be filled whole go",
          "[domain][routing]") {
  const std::vector<RoutingSite> sites{place("near", 1, {{"A", 1000}, {"C", 1000}}),
                                       place("far", 2, {{"A", 1000}, {"B", 500}, {"C", 1000}})};
  const auto decision = route({need(1, "A", 1000), need(2, "B", 1000), need(3, "C", 1000)}, sites,
                              PartialOrders::kSplitLines);
  CHECK(decision.groups == Groups{{site("near"), {share(1, "A", 1000), share(3, "C", 1000)}}});
  CHECK(decision.waiting == Lines{LineNo(2)});
}

TEST_CASE("routing: with partial orders, of two lines of one article the first goes",
          "[domain][routing]") {
  const std::vector<RoutingSite> sites{place("s", 1, {{"A", 4000}})};
  const auto first =
      route({need(1, "A", 3000), need(2, "A", 2000)}, sites, PartialOrders::kSplitLines);
  CHECK(first.groups == Groups{{site("s"), {share(1, "A", 3000)}}});
  CHECK(first.waiting == Lines{LineNo(2)});
  // A line too large does not stand in the way of the next.
  const auto second =
      route({need(1, "A", 5000), need(2, "A", 2000)}, sites, PartialOrders::kSplitLines);
  CHECK(second.groups == Groups{{site("s"), {share(2, "A", 2000)}}});
  CHECK(second.waiting == Lines{LineNo(1)});
}

TEST_CASE("routing: with partial orders one that can be filled whole goes whole",
          "[domain][routing]") {
  const std::vector<RoutingNeed> needs{need(1, "A", 1000), need(2, "B", 1000)};
  const std::vector<RoutingSite> sites{place("s", 1, {{"A", 1000}}),
                                       place("t", 5, {{"A", 1000}, {"B", 1000}})};
  const auto decision = route(needs, sites, PartialOrders::kSplitLines);
  CHECK(decision.groups == wait_whole(needs, sites).groups);
  CHECK(decision.waiting.empty());
}

TEST_CASE("routing: rare articles in far stores are found among many that have the common ones",
          "[domain][routing]") {
  std::vector<RoutingSite> sites;
  for (int i = 0; i < 150; ++i) {
    sites.push_back(place("s" + std::to_string(i), i, {{"COMMON", 1000}}));
  }
  sites[120].available_milli[sku("RARE-1")] = 1000;
  sites[130].available_milli[sku("RARE-2")] = 1000;
  sites[140].available_milli[sku("RARE-3")] = 1000;
  const auto decision = wait_whole({need(1, "COMMON", 1000), need(2, "RARE-1", 1000),
                                    need(3, "RARE-2", 1000), need(4, "RARE-3", 1000)},
                                   sites);
  CHECK(decision.groups.size() == 3);
  CHECK(decision.waiting.empty());
}

// ---- against brute force ----

struct Case {
  std::vector<RoutingNeed> needs;
  std::vector<RoutingSite> sites;
};

/// Up to four lines of three articles, up to five sites at four distances, sorted as route() must
/// look at them.
Case any_case() {
  // Sizes do not grow from case to case: every case may be a full one.
  const auto upto = [](std::int64_t most) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, most + 1));
  };
  const std::vector<std::string> articles{"A", "B", "C"};
  Case made;
  const auto lines = static_cast<std::uint32_t>(upto(4));
  for (std::uint32_t line = 1; line <= lines; ++line) {
    made.needs.push_back(need(line, articles[static_cast<std::size_t>(upto(2))], 1 + upto(3)));
  }
  for (std::int64_t sites = upto(5); sites > 0; --sites) {
    // Most have something of an article, some nothing, a few less than nothing.
    std::map<std::string, std::int64_t> stock;
    for (const auto& article : articles) stock[article] = upto(7) - 1;
    made.sites.push_back(place("s" + std::to_string(sites), upto(3), stock));
  }
  std::ranges::sort(made.sites, {},
                    [](const RoutingSite& s) { return std::tuple(s.distance_m, s.site); });
  return made;
}

std::int64_t stock_of(const RoutingSite& from, const Sku& article) {
  const auto found = from.available_milli.find(article);
  return found == from.available_milli.end() ? 0 : std::max<std::int64_t>(found->second, 0);
}

std::map<Sku, std::int64_t> totals_of(const std::vector<RoutingNeed>& needs) {
  std::map<Sku, std::int64_t> totals;
  for (const RoutingNeed& n : needs) totals[n.sku] += n.milli;
  return totals;
}

/// The best subset of the sorted sites by trying all: fewest, then least distance, then the one
/// that begins nearer; nothing if none fills the needs.
std::optional<std::vector<std::size_t>> best_subset(const std::vector<RoutingNeed>& needs,
                                                    const std::vector<RoutingSite>& sites) {
  std::optional<std::tuple<std::size_t, std::int64_t, std::vector<std::size_t>>> best;
  for (unsigned mask = 1; mask < (1U << sites.size()); ++mask) {
    std::tuple<std::size_t, std::int64_t, std::vector<std::size_t>> subset{0, 0, {}};
    auto missing = totals_of(needs);
    for (std::size_t i = 0; i < sites.size(); ++i) {
      if ((mask & (1U << i)) == 0) continue;
      ++std::get<0>(subset);
      std::get<1>(subset) += sites[i].distance_m;
      std::get<2>(subset).push_back(i);
      for (auto& [article, milli] : missing) milli -= stock_of(sites[i], article);
    }
    const bool fills = std::ranges::all_of(missing, [](const auto& m) { return m.second <= 0; });
    if (fills && (!best || subset < *best)) best = subset;
  }
  if (!best) return std::nullopt;
  return std::get<2>(*best);
}

/// Every needed unit is allocated once, from the chosen sites, none beyond its stock; a line is
/// split only where no chosen site still had it whole.
void assert_allocated(const std::vector<RoutingNeed>& needs, std::vector<RoutingSite> sites,
                      const std::vector<std::size_t>& chosen, const Groups& groups) {
  std::map<std::pair<SiteId, LineNo>, std::int64_t> shares;
  for (const RoutedGroup& group : groups) {
    RC_ASSERT(!group.shares.empty());
    for (const RoutingShare& s : group.shares) {
      RC_ASSERT(s.milli > 0);
      RC_ASSERT(shares.emplace(std::pair(group.site, s.line), s.milli).second);
    }
  }
  for (const RoutingNeed& n : needs) {
    std::int64_t given = 0;
    std::size_t parts = 0;
    bool whole_somewhere = false;
    for (const std::size_t i : chosen) {
      whole_somewhere = whole_somewhere || stock_of(sites[i], n.sku) >= n.milli;
    }
    for (const std::size_t i : chosen) {
      const auto found = shares.find({sites[i].site, n.line});
      if (found == shares.end()) continue;
      RC_ASSERT(found->second <= stock_of(sites[i], n.sku));
      sites[i].available_milli[n.sku] -= found->second;
      given += found->second;
      ++parts;
      shares.erase(found);
    }
    RC_ASSERT(given == n.milli);
    RC_ASSERT(parts == 1 || !whole_somewhere);
  }
  RC_ASSERT(shares.empty());
}

Lines all_lines(const std::vector<RoutingNeed>& needs) {
  Lines lines;
  for (const RoutingNeed& n : needs) lines.push_back(n.line);
  return lines;
}

std::vector<SiteId> ids_of(const std::vector<RoutingSite>& sites,
                           const std::vector<std::size_t>& chosen) {
  std::vector<SiteId> ids;
  for (const std::size_t i : chosen) ids.push_back(sites[i].site);
  return ids;
}

std::vector<SiteId> ids_of(const Groups& groups) {
  std::vector<SiteId> ids;
  for (const RoutedGroup& group : groups) ids.push_back(group.site);
  return ids;
}

TEST_CASE("routing: the chosen sites are the best of all subsets, and none gives what it lacks",
          "[domain][routing]") {
  CHECK(holds("route() against every subset", [](std::uint8_t turn) {
    const auto [wanted, sites] = any_case();
    auto listed = sites;
    if (!listed.empty()) std::ranges::rotate(listed, listed.begin() + turn % std::ssize(listed));
    const auto decision = route(wanted, listed, PartialOrders::kWait);
    const auto best = wanted.empty() ? std::nullopt : best_subset(wanted, sites);
    RC_CLASSIFY(best && best->size() == 1, "one site");
    RC_CLASSIFY(best && best->size() > 1, "several sites");
    RC_CLASSIFY(!best, "waits");
    if (!best) {
      RC_ASSERT(decision.groups.empty());
      RC_ASSERT(decision.waiting == all_lines(wanted));
      return;
    }
    RC_ASSERT(ids_of(decision.groups) == ids_of(sites, *best));
    RC_ASSERT(decision.waiting.empty());
    assert_allocated(wanted, sites, *best, decision.groups);
  }));
}

TEST_CASE("routing: with partial orders exactly the lines go that all sites together can fill",
          "[domain][routing]") {
  CHECK(holds("route() of partial orders", [] {
    const auto [wanted, sites] = any_case();
    std::map<Sku, std::int64_t> left;
    for (const auto& [article, milli] : totals_of(wanted)) {
      for (const RoutingSite& from : sites) left[article] += stock_of(from, article);
    }
    std::vector<RoutingNeed> goes;
    Lines waits;
    for (const RoutingNeed& n : wanted) {
      if (left[n.sku] >= n.milli) {
        left[n.sku] -= n.milli;
        goes.push_back(n);
      } else {
        waits.push_back(n.line);
      }
    }
    const auto decision = route(wanted, sites, PartialOrders::kSplitLines);
    RC_CLASSIFY(!goes.empty() && !waits.empty(), "some go, some wait");
    RC_ASSERT(decision.waiting == waits);
    if (goes.empty()) {
      RC_ASSERT(decision.groups.empty());
      return;
    }
    const auto best = best_subset(goes, sites);
    RC_ASSERT(best.has_value());
    RC_ASSERT(ids_of(decision.groups) == ids_of(sites, *best));
    assert_allocated(goes, sites, *best, decision.groups);
  }));
}

}  // namespace
}  // namespace cairn::domain::routing_test
