// A store that hears nothing of the hub for a week: it packs and ships, hands over and takes back
// every day, and all of it counts when the network is there again.

#include "tests/sim/scenarios/stage.h"
#include "tests/support/catch.h"

#include <chrono>

namespace cairn::sim::endurance_test {
namespace {

using domain::FulfilmentMethod;
using domain::ShipGroupStatus;

constexpr int kDays = 7;

std::vector<ShipGroupId> orders_of_a_week(Stage& stage, FulfilmentMethod method) {
  std::vector<ShipGroupId> groups;
  for (int day = 0; day < kDays; ++day) groups.push_back(stage.order(method, {2, 1}));
  return groups;
}

void pick_all(Stage& stage, int endpoint, ShipGroupId group) {
  stage.claim(endpoint, group);
  stage.pick(endpoint, group, 1, 2);
  stage.pick(endpoint, group, 2, 1);
}

/// `packer`: whoever packs and ships what the till has picked.
void live_through_a_week(const Course& course, int packer) {
  Stage stage(course);
  const std::vector<ShipGroupId> parcels = orders_of_a_week(stage, FulfilmentMethod::kShip);
  const std::vector<ShipGroupId> pickups = orders_of_a_week(stage, FulfilmentMethod::kPickup);
  std::vector<std::string> codes;
  for (const ShipGroupId group : pickups) codes.push_back(stage.mint(group));
  const ShipGroupId comes_back = stage.order(FulfilmentMethod::kPickup, {kDays});
  const std::string its_code = stage.mint(comes_back);
  const std::int64_t before = stage.on_hand(0);
  stage.cut({kTill, kBench, kHandheld});

  stage.claim(kTill, comes_back);
  stage.pick(kTill, comes_back, 1, kDays);
  stage.hand_over(kTill, comes_back, its_code);
  const auto hear_each_other = [&] {
    if (course.lan) stage.settle_sites();
  };
  for (std::size_t day = 0; day < kDays; ++day) {
    CAPTURE(day);
    pick_all(stage, kTill, parcels.at(day));
    hear_each_other();
    stage.pack(packer, parcels.at(day));
    stage.ship(packer, parcels.at(day));
    hear_each_other();
    pick_all(stage, kTill, pickups.at(day));
    hear_each_other();
    stage.hand_over(packer, pickups.at(day), codes.at(day));
    hear_each_other();
    stage.take_return(kTill, 1, 1);
    stage.pass(std::chrono::hours(24));
    CHECK(stage.group(comes_back).status() == ShipGroupStatus::kAllocated);
  }

  for (const int endpoint : {kTill, kBench, kHandheld}) stage.mend(endpoint);
  stage.settle();
  for (std::size_t day = 0; day < kDays; ++day) {
    CHECK(stage.group(parcels.at(day)).status() == ShipGroupStatus::kShipped);
    CHECK(stage.group(pickups.at(day)).status() == ShipGroupStatus::kHandedOver);
    CHECK(stage.group(parcels.at(day)).exceptions.empty());
  }
  CHECK(stage.group(comes_back).find(LineNo(1))->in.returned_milli == kDays * kMilliPerUnit);
  CHECK(stage.on_hand(0) == before - 2 * 2 * kDays);
  CHECK(stage.contested().empty());
  stage.check_same_everywhere();
}

TEST_CASE("endurance: a week without a network, one device", "[sim][endurance][days]") {
  live_through_a_week({1, kTill, kBench, true, false}, kTill);
}

TEST_CASE("endurance: a week without the hub, the devices of a store together",
          "[sim][endurance][days]") {
  live_through_a_week({2, kTill, kBench, true, true}, kBench);
}

}  // namespace
}  // namespace cairn::sim::endurance_test
