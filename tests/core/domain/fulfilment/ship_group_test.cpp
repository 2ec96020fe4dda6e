#include "core/domain/fulfilment/ship_group.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::domain {
namespace {

using namespace test;
using Status = ShipGroupStatus;

TEST_CASE("ship group: the status follows from where its units are", "[domain][ship-group]") {
  Story story;
  CHECK(story.group().status() == Status::kNone);
  story.allocated({pieces(1, 2), pieces(2, 1)});
  CHECK(story.group().status() == Status::kAllocated);
  story.claimed(kNodeA, "S1");
  const EventRef claim = story.last();
  CHECK(story.group().status() == Status::kPicking);
  story.released(kNodeA, claim);
  CHECK(story.group().status() == Status::kAllocated);
  story.picked(kNodeA, 1, 1000);
  CHECK(story.group().status() == Status::kPicking);
  story.picked(kNodeA, 1, 1000).picked(kNodeA, 2, 1000);
  CHECK(story.group().status() == Status::kPicked);
  story.shipped(kNodeA, {{LineNo(1), 2000}});
  CHECK(story.group().status() == Status::kPicked);
  story.shipped(kNodeA, {{LineNo(2), 1000}});
  CHECK(story.group().status() == Status::kShipped);
}

TEST_CASE("ship group: what left before everything was picked leaves the rest to pick",
          "[domain][ship-group]") {
  const auto story = Story()
                         .allocated({pieces(1, 2)})
                         .picked(kNodeA, 1, 1000)
                         .shipped(kNodeA, {{LineNo(1), 1000}});
  CHECK(story.group().status() == Status::kPicking);
}

TEST_CASE("ship group: lines are found by their number", "[domain][ship-group]") {
  const ShipGroup group = Story().allocated({pieces(3, 1), pieces(7, 2)}).group();
  REQUIRE(group.find(LineNo(7)) != nullptr);
  CHECK(group.find(LineNo(7))->line == pieces(7, 2));
  CHECK(group.find(LineNo(7)) == &group.lines[1]);
  CHECK(group.find(LineNo(1)) == nullptr);
  CHECK(ShipGroup{}.find(LineNo(1)) == nullptr);
}

TEST_CASE("ship group: its tote is named by the random end of its id", "[domain][ship-group]") {
  const auto group = Uuid::parse("01920000-89ab-7cde-8f01-23456789abcd");
  REQUIRE(group);
  CHECK(tote_of(ShipGroupId(*group)).text() == "TOTE-23456789abcd");
  CHECK(tote_of(ship_group_id(1)) != tote_of(ship_group_id(2)));
  CHECK(tote_of(ShipGroupId{}).text() == "TOTE-000000000000");
}

TEST_CASE("ship group: the words on screens and in reports", "[domain][ship-group]") {
  CHECK(name_of(FulfilmentMethod::kShip) == "SHIP");
  CHECK(name_of(FulfilmentMethod::kPickup) == "PICKUP");
  CHECK(name_of(Status::kNone) == "NONE");
  CHECK(name_of(Status::kAllocated) == "ALLOCATED");
  CHECK(name_of(Status::kPicking) == "PICKING");
  CHECK(name_of(Status::kPicked) == "PICKED");
  CHECK(name_of(Status::kShipped) == "SHIPPED");
  CHECK(name_of(ShipGroupException::Kind::kLostClaim) == "LOST_CLAIM");
  CHECK(name_of(ShipGroupException::Kind::kUnknownLine) == "UNKNOWN_LINE");
  CHECK(name_of(ShipGroupException::Kind::kShippedUnpicked) == "SHIPPED_UNPICKED");
}

}  // namespace
}  // namespace cairn::domain
