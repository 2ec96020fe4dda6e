#include "core/domain/fulfilment/ship_group.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn::domain::ship_group_test {
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
  story.packed(kNodeA, {units(1, 2000)});
  CHECK(story.group().status() == Status::kPicked);
  story.packed(kNodeA, {units(2, 1000)});
  CHECK(story.group().status() == Status::kPacked);
  story.shipped(kNodeA, {units(1, 2000)});
  CHECK(story.group().status() == Status::kPacked);
  story.shipped(kNodeA, {units(2, 1000)});
  CHECK(story.group().status() == Status::kShipped);
  story.returned(1, 2000).returned(2, 1000);
  CHECK(story.group().status() == Status::kShipped);
}

TEST_CASE("ship group: the status of a pickup", "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 2)}, FulfilmentMethod::kPickup);
  CHECK(story.group().status() == Status::kAllocated);
  story.picked(kNodeA, 1, 1000);
  CHECK(story.group().status() == Status::kPicking);
  story.shorted(kNodeA, 1, 1000);
  CHECK(story.group().status() == Status::kReady);
  story.handed_over(kNodeA, {units(1, 1000)});
  CHECK(story.group().status() == Status::kHandedOver);
  story.returned(1, 1000);
  CHECK(story.group().status() == Status::kHandedOver);
}

TEST_CASE("ship group: with nothing left to do it is cancelled, or rejected if anything is short",
          "[domain][ship-group]") {
  for (const auto method : {FulfilmentMethod::kShip, FulfilmentMethod::kPickup}) {
    const auto fresh = Story().allocated({pieces(1, 2)}, method);
    CHECK(Story(fresh).cancelled(1, 2000).group().status() == Status::kCancelled);
    CHECK(Story(fresh).shorted(kNodeA, 1, 2000).group().status() == Status::kRejected);
    CHECK(Story(fresh).shorted(kNodeA, 1, 1000).cancelled(1, 1000).group().status() ==
          Status::kRejected);
    // A part of it being cancelled or short is no end.
    CHECK(Story(fresh).cancelled(1, 1000).group().status() == Status::kAllocated);
    CHECK(Story(fresh).shorted(kNodeA, 1, 1000).group().status() == Status::kPicking);
  }
}

TEST_CASE("ship group: what left before everything was picked leaves the rest to pick",
          "[domain][ship-group]") {
  const auto story = Story()
                         .allocated({pieces(1, 2)})
                         .picked(kNodeA, 1, 1000)
                         .shipped(kNodeA, {{LineNo(1), 1000}});
  CHECK(story.group().status() == Status::kPicking);
}

TEST_CASE("ship group: its totals are the sums of its lines", "[domain][ship-group]") {
  const auto story = Story()
                         .allocated({pieces(1, 5), pieces(2, 3)})
                         .picked(kNodeA, 1, 3000)
                         .picked(kNodeA, 2, 1000)
                         .packed(kNodeA, {units(1, 1000)})
                         .shorted(kNodeA, 2, 1000)
                         .cancelled(1, 1000);
  CHECK(story.group().totals() == LineBuckets{.open_milli = 2000,
                                              .picked_milli = 3000,
                                              .packed_milli = 1000,
                                              .short_milli = 1000,
                                              .cancelled_milli = 1000});
  CHECK(story.group().totals().sum_milli() == 8000);
  CHECK(ShipGroup{}.totals() == LineBuckets{});
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
  const std::vector<std::pair<Status, std::string_view>> statuses{
      {Status::kNone, "NONE"},           {Status::kAllocated, "ALLOCATED"},
      {Status::kPicking, "PICKING"},     {Status::kPicked, "PICKED"},
      {Status::kPacked, "PACKED"},       {Status::kShipped, "SHIPPED"},
      {Status::kReady, "READY"},         {Status::kHandedOver, "HANDED_OVER"},
      {Status::kCancelled, "CANCELLED"}, {Status::kRejected, "REJECTED"}};
  CHECK(statuses.size() == kShipGroupStatuses);
  for (const auto& [status, name] : statuses) {
    CHECK(name_of(status) == name);
    if (status != Status::kNone) CHECK(parse_ship_group_status(name) == status);
  }
  using Kind = ShipGroupException::Kind;
  const std::vector<std::pair<Kind, std::string_view>> kinds{
      {Kind::kLostClaim, "LOST_CLAIM"},
      {Kind::kUnknownLine, "UNKNOWN_LINE"},
      {Kind::kShippedUnpicked, "SHIPPED_UNPICKED"},
      {Kind::kPackedUnpicked, "PACKED_UNPICKED"},
      {Kind::kShippedAfterCancel, "SHIPPED_AFTER_CANCEL"},
      {Kind::kHandedAfterCancel, "HANDED_AFTER_CANCEL"},
      {Kind::kDuplicateHandOver, "DUPLICATE_HANDOVER"},
      {Kind::kDuplicateLabel, "DUPLICATE_LABEL"},
      {Kind::kUndoneUnpicked, "UNDONE_UNPICKED"}};
  for (const auto& [kind, name] : kinds) CHECK(name_of(kind) == name);
  CHECK(name_of(static_cast<Kind>(0)).empty());
  CHECK(name_of(static_cast<Kind>(10)).empty());
}

TEST_CASE("ship group: a status that is none is refused with the known ones",
          "[domain][ship-group]") {
  for (const std::string text : {"", "NONE", "packed", "LABELLED"}) {
    CAPTURE(text);
    const auto refused = parse_ship_group_status(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_status");
    CHECK_THAT(refused.error().message, Catch::Contains("HANDED_OVER"));
    CHECK_THAT(refused.error().message, !Catch::Contains("NONE"));
  }
}

TEST_CASE("packages: stored numbers and names never change", "[domain][packing]") {
  const std::vector<std::pair<WeightCheck, std::string_view>> checks{
      {WeightCheck::kMatched, "MATCHED"},
      {WeightCheck::kOverridden, "OVERRIDDEN"},
      {WeightCheck::kNotChecked, "NOT_CHECKED"}};
  const std::vector<std::pair<PrintOutcome, std::string_view>> outcomes{
      {PrintOutcome::kDone, "DONE"},
      {PrintOutcome::kFailed, "FAILED"},
      {PrintOutcome::kUnknown, "UNKNOWN"}};
  const std::vector<std::pair<HandOverProof, std::string_view>> proofs{
      {HandOverProof::kCode, "CODE"}, {HandOverProof::kApproved, "APPROVED"}};
  const auto check_names = [](const auto& rows) {
    int number = 0;
    for (const auto& [value, name] : rows) {
      CHECK(static_cast<int>(value) == ++number);
      CHECK(name_of(value) == name);
    }
    using Enum = std::decay_t<decltype(rows.front().first)>;
    CHECK(name_of(static_cast<Enum>(0)).empty());
    CHECK(name_of(static_cast<Enum>(number + 1)).empty());
  };
  check_names(checks);
  check_names(outcomes);
  check_names(proofs);
  CHECK(name_of(LabelStatus::kNone) == "NONE");
  CHECK(name_of(LabelStatus::kAssigned) == "ASSIGNED");
  CHECK(name_of(LabelStatus::kPrinting) == "PRINTING");
  CHECK(name_of(LabelStatus::kPrinted) == "PRINTED");
  CHECK(name_of(LabelStatus::kFailed) == "FAILED");
  CHECK(name_of(LabelStatus::kUnknown) == "UNKNOWN");
}

}  // namespace
}  // namespace cairn::domain::ship_group_test
