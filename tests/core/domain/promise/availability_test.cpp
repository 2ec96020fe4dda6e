#include "core/domain/promise/availability.h"

#include "core/base/quantity.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <numeric>
#include <rapidcheck.h>
#include <vector>

namespace cairn::domain::availability_test {
namespace {

constexpr std::int64_t pieces(std::int64_t count) { return count * kMilliPerUnit; }

SiteOffer store(std::int64_t on_hand, std::int64_t safety = 0, Withheld withheld = Withheld::kNot) {
  SiteOffer offer;
  offer.stock.on_hand_milli = pieces(on_hand);
  offer.safety_milli = pieces(safety);
  offer.withheld = withheld;
  return offer;
}

TEST_CASE("availability: ATP(f,s) is on hand less what is unfit, reserved and leased",
          "[domain][promise]") {
  const SiteFigures figures{pieces(10), pieces(2), pieces(3), pieces(1)};
  CHECK(figures.atp_milli() == pieces(4));
  // A shortage is shown, not hidden.
  CHECK(SiteFigures{pieces(2), 0, pieces(5), 0}.atp_milli() == pieces(-3));
}

TEST_CASE("availability: the worked examples of safety stock, threshold and a store left out",
          "[domain][promise]") {
  // HotWax: 100 - (5*4) - 10 - 50 = 20; five stores keep 4 each, the sixth, with 50, is left out.
  std::vector<SiteOffer> stores(5, store(10, 4));
  stores.push_back(store(50, 0, Withheld::kExcluded));
  CHECK(online_atp_milli(stores, {pieces(10)}) == pieces(20));
  // Then two stores keep 4, the threshold is 5, the sixth is back: 100 - (2*4) - 5 = 87.
  const std::vector<SiteOffer> after{store(10, 4), store(10, 4), store(10),
                                     store(10),    store(10),    store(50)};
  CHECK(online_atp_milli(after, {pieces(5)}) == pieces(87));
}

TEST_CASE("availability: on hand 4, safety stock 2, demand 3: none to sell, 1 kept back",
          "[domain][promise]") {
  // IBM Sterling's example.
  SiteOffer offer = store(4, 2);
  offer.stock.reserved_milli = pieces(3);
  CHECK(offer.web_sellable_milli() == 0);
  CHECK(offer.safety_kept_milli() == pieces(1));
  CHECK(offer.pickup_milli() == 0);
}

TEST_CASE("availability: each site for itself, one that lacks takes from no other",
          "[domain][promise]") {
  SiteOffer lacking = store(2);
  lacking.stock.reserved_milli = pieces(7);
  CHECK(lacking.web_sellable_milli() == 0);
  CHECK(online_atp_milli(std::vector{lacking, store(10)}, {}) == pieces(10));
}

TEST_CASE("availability: a site that is withheld sells nothing by the web", "[domain][promise]") {
  struct Row {
    Withheld withheld;
    std::int64_t web;
    std::int64_t pickup;
    const char* name;
  };
  for (const Row& row :
       {Row{Withheld::kNot, 6, 6, ""}, Row{Withheld::kInactive, 0, 0, "INACTIVE"},
        Row{Withheld::kExcluded, 0, 0, "EXCLUDED"}, Row{Withheld::kPickupOnly, 0, 6, "PICKUP_ONLY"},
        Row{Withheld::kStale, 0, 0, "STALE"}}) {
    CAPTURE(row.name);
    const SiteOffer offer = store(8, 2, row.withheld);
    CHECK(offer.web_sellable_milli() == pieces(row.web));
    CHECK(offer.pickup_milli() == pieces(row.pickup));
    CHECK(name_of(row.withheld) == row.name);
  }
}

TEST_CASE(
    "availability: OnlineATP(ch,s) is the sites' less threshold, queue and baskets, plus what "
    "is sold ahead",
    "[domain][promise]") {
  const std::vector<SiteOffer> stores{store(10, 2), store(5)};
  CHECK(online_atp_milli(stores, {pieces(1), pieces(3), pieces(2), 0}) == pieces(7));
  // Never below zero, and what is to come is on top of that.
  CHECK(online_atp_milli(stores, {pieces(1), pieces(30), 0, 0}) == 0);
  CHECK(online_atp_milli(stores, {pieces(1), pieces(30), 0, pieces(4)}) == pieces(4));
  CHECK(online_atp_milli({}, {}) == 0);
}

TEST_CASE("availability: PickupATP(f,s) is ATP less safety stock and baskets that collect here",
          "[domain][promise]") {
  SiteOffer offer = store(10, 3);
  offer.soft_milli = pieces(2);
  CHECK(offer.pickup_milli() == pieces(5));
  offer.soft_milli = pieces(9);
  CHECK(offer.pickup_milli() == 0);
}

TEST_CASE("availability: of a site not heard for long a part is sold, in whole units",
          "[domain][promise]") {
  SiteOffer offer = store(7);
  offer.kept_percent = 50;
  CHECK(offer.web_sellable_milli() == pieces(3));
  CHECK(offer.pickup_milli() == pieces(3));
  offer.stock.on_hand_milli = 2'500;  // by weight
  CHECK(offer.web_sellable_milli() == 1'250);
}

TEST_CASE(
    "availability: an allocation that eats into a site's safety stock may raise what is sold "
    "online",
    "[domain][promise]") {
  // Ten are ordered of 11 in a store that keeps 2 from the web. In the queue they take ten from the
  // channel; given to that store they take only the nine that it sold. What the web keeps back is
  // not what routing keeps back: the rise by one is right, and no unit is sold twice.
  const std::vector<SiteOffer> others{store(20)};
  const auto online = [&others](SiteOffer first, std::int64_t queue) {
    std::vector<SiteOffer> all = others;
    all.push_back(first);
    return online_atp_milli(all, {0, pieces(queue)});
  };
  SiteOffer first = store(11, 2);
  CHECK(online(first, 0) == pieces(29));
  CHECK(online(first, 10) == pieces(19));
  first.stock.reserved_milli = pieces(10);
  CHECK(online(first, 0) == pieces(20));
}

SiteOffer any_offer() {
  const auto figure = [] { return *rc::gen::inRange<std::int64_t>(0, 50) * kMilliPerUnit; };
  SiteOffer offer;
  offer.stock = {figure(), figure(), figure(), figure()};
  offer.safety_milli = figure();
  offer.soft_milli = figure();
  offer.withheld = static_cast<Withheld>(*rc::gen::inRange(0, 5));
  offer.kept_percent = *rc::gen::inRange(0, 101);
  return offer;
}

TEST_CASE("availability: nothing is offered that is not there", "[domain][promise]") {
  CHECK(rc::check("no site sells more than its ATP", [] {
    const SiteOffer offer = any_offer();
    const std::int64_t atp = std::max<std::int64_t>(0, offer.stock.atp_milli());
    RC_ASSERT(offer.web_sellable_milli() >= 0);
    RC_ASSERT(offer.web_sellable_milli() <= atp);
    RC_ASSERT(offer.pickup_milli() <= atp);
    RC_ASSERT(offer.safety_kept_milli() <= atp);
  }));
  CHECK(rc::check("a channel sells no more than its sites have", [] {
    const auto count = *rc::gen::inRange<std::size_t>(0, 8);
    std::vector<SiteOffer> sites;
    std::int64_t atp = 0;
    for (std::size_t i = 0; i < count; ++i) {
      sites.push_back(any_offer());
      atp += std::max<std::int64_t>(0, sites.back().stock.atp_milli());
    }
    const auto figure = [] { return *rc::gen::inRange<std::int64_t>(0, 30) * kMilliPerUnit; };
    const ChannelDemand demand{figure(), figure(), figure(), 0};
    const std::int64_t online = online_atp_milli(sites, demand);
    RC_ASSERT(online >= 0);
    RC_ASSERT(online <= std::max<std::int64_t>(0, atp - demand.threshold_milli));
  }));
}

}  // namespace
}  // namespace cairn::domain::availability_test
