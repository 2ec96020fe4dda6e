#include "central/pickup/pickup_codes.h"

#include "core/crypto/pickup_code.h"
#include "tests/core/base/support/scripted_random.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <set>
#include <string>
#include <vector>

namespace cairn::central::pickup_codes_test {
namespace {

using cairn::test::ScriptedRandom;
using storage::UnitOfWork;
using storage::test::group_id;
using storage::test::pieces;
using storage::test::user;

struct Hub : storage::test::GroupHub {
  void pickup(std::uint64_t group, std::string_view at = "store") {
    allocate(group, at, {{1, "A1", 1}}, domain::FulfilmentMethod::kPickup);
  }
  Result<std::string> mint(std::uint64_t group, Random& random) {
    return job(
        [&](UnitOfWork& work) { return mint_pickup_code(work, random, group_id(group), user(3)); });
  }
  /// Chance that says these codes; the salts are all the same.
  Result<std::string> mint(std::uint64_t group, const std::vector<std::uint64_t>& codes) {
    std::vector<std::uint64_t> numbers = codes;
    numbers.insert(numbers.end(), {17, 18});
    ScriptedRandom random(numbers);
    return mint(group, random);
  }
  bool opens(const std::string& code, std::uint64_t group) {
    const domain::Pickup& pickup = replica().ship_group(group_id(group)).pickup;
    return crypto::pickup_code_matches(code, pickup.salt, pickup.hash);
  }
};

TEST_CASE("pickup codes: six digits are told once, the group keeps their hash",
          "[central][pickup]") {
  Hub hub;
  hub.pickup(1);
  const auto code = hub.mint(1, {123'456});
  REQUIRE(code);
  CHECK(*code == "123456");
  CHECK(hub.opens("123456", 1));
  CHECK_FALSE(hub.opens("123457", 1));
  const auto record = wire::decode_record(
      hub.replica().log().read({storage::test::node(77), Incarnation(77), 2})->record);
  REQUIRE(record);
  CHECK(record->payload.find("123456") == std::string::npos);
  CHECK(record->actor == user(3));
}

TEST_CASE("pickup codes: no two that are good at one site are the same", "[central][pickup]") {
  Hub hub;
  for (const std::uint64_t group : {1U, 2U, 3U}) hub.pickup(group);
  hub.pickup(4, "depot");
  REQUIRE(hub.mint(1, {111'111}));
  CHECK(hub.mint(2, {111'111, 222'222}) == std::string("222222"));
  CHECK(hub.mint(3, {222'222, 111'111, 222'222, 333'333}) == std::string("333333"));
  // Another site's customers go somewhere else.
  CHECK(hub.mint(4, {111'111}) == std::string("111111"));
}

TEST_CASE("pickup codes: those of groups that are picked or ready are taken as well",
          "[central][pickup]") {
  Hub hub;
  for (const std::uint64_t group : {1U, 2U, 3U}) hub.pickup(group);
  REQUIRE(hub.mint(1, {111'111}));
  REQUIRE(hub.mint(2, {222'222}));
  hub.claim(1, "bench-1");
  hub.pick(2, 1);
  CHECK(hub.mint(3, {111'111, 222'222, 333'333}) == std::string("333333"));
  // What was handed over is free again.
  hub.hand_over(2, 1);
  CHECK(hub.mint(3, {111'111, 222'222}) == std::string("222222"));
}

TEST_CASE("pickup codes: a new one makes the old one worthless and opens a lock",
          "[central][pickup]") {
  Hub hub;
  hub.pickup(1);
  REQUIRE(hub.mint(1, {111'111}));
  hub.pick(1, 1);
  for (int i = 0; i < 5; ++i) hub.happens(1, domain::PickupCodeRefused{});
  CHECK(hub.replica().ship_group(group_id(1)).pickup.locked());
  REQUIRE(hub.mint(1, {222'222}));
  CHECK_FALSE(hub.replica().ship_group(group_id(1)).pickup.locked());
  CHECK_FALSE(hub.opens("111111", 1));
  CHECK(hub.opens("222222", 1));
}

TEST_CASE("pickup codes: only for pickups that are not over", "[central][pickup]") {
  Hub hub;
  hub.allocate(1);
  hub.pickup(2);
  hub.cancel(2, 1);
  const std::vector<std::pair<std::uint64_t, std::string>> refused{
      {1, "is_no_pickup"}, {2, "cancelled"}, {9, "no_such_group"}};
  for (const auto& [group, reason] : refused) {
    const auto code = hub.mint(group, {123'456});
    REQUIRE_FALSE(code);
    CHECK(code.error().reason == reason);
  }
}

TEST_CASE("pickup codes: many customers of one site, many codes", "[central][pickup]") {
  Hub hub;
  sim::SimRandom random(1);
  std::set<std::string> codes;
  for (std::uint64_t group = 1; group <= 40; ++group) {
    hub.pickup(group);
    const auto code = hub.mint(group, random);
    REQUIRE(code);
    codes.insert(*code);
  }
  CHECK(codes.size() == 40);
}

}  // namespace
}  // namespace cairn::central::pickup_codes_test
