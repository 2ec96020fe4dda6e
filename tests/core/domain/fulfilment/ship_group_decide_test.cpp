#include "core/domain/fulfilment/ship_group_decide.h"

#include "tests/core/domain/support/scenario.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::ship_group_decide_test {
namespace {

using namespace test;
using Status = ShipGroupStatus;

const std::string kStation = "S1";

ConfirmPick pick(std::uint32_t line, std::int64_t milli, const std::string& station = kStation) {
  return {station, LineNo(line), milli, location("A-01")};
}

/// Line 1: two pieces; line 2: a kilogram and a half. Claimed by station S1 of node A.
Story claimed() {
  return Story().allocated({pieces(1, 2), grams(2, 1500)}).claimed(kNodeA, kStation);
}

TEST_CASE("ship group: a free task is claimed", "[domain][ship-group]") {
  const auto story = Story().allocated({pieces(1, 2)});
  given(story).when(ClaimTask{kStation}).then({TaskClaimed{kStation}});
}

TEST_CASE("ship group: a partly picked task that was released is claimed again",
          "[domain][ship-group]") {
  auto story = claimed();
  const EventRef claim = story.last();
  story.picked(kNodeA, 1, 1000).released(kNodeA, claim);
  given(story).when(ClaimTask{"S2"}, kNodeB).then({TaskClaimed{"S2"}});
  given(story).when(pick(1, 1000)).then_refused(ErrorCode::kRejected, "not_claimed");
  given(story).when(ReleaseTask{kStation}).then_refused(ErrorCode::kRejected, "not_claimed");
  given(story).when(ReleaseTask{kStation, true}).then_refused(ErrorCode::kRejected, "not_claimed");
}

TEST_CASE("ship group: a repeated claim by the holder changes nothing", "[domain][ship-group]") {
  given(claimed()).when(ClaimTask{kStation}).then_nothing();
}

TEST_CASE("ship group: a claimed task belongs to one station of one node", "[domain][ship-group]") {
  given(claimed())
      .when(ClaimTask{"S2"}, kNodeA)
      .then_refused(ErrorCode::kConflict, "claimed_by_other");
  given(claimed())
      .when(ClaimTask{kStation}, kNodeB)
      .then_refused(ErrorCode::kConflict, "claimed_by_other");
}

TEST_CASE("ship group: a station's name has 1 to 40 octets of UTF-8", "[domain][ship-group]") {
  const auto story = Story().allocated({pieces(1, 2)});
  const std::string longest(40, 's');
  given(story).when(ClaimTask{longest}).then({TaskClaimed{longest}});
  for (const std::string& station : {std::string(), longest + "s", std::string("S\xff")}) {
    CAPTURE(station);
    given(story).when(ClaimTask{station}).then_refused(ErrorCode::kInvalid, "bad_station");
  }
}

TEST_CASE("ship group: only the holder gives the task back, unless by force",
          "[domain][ship-group]") {
  const auto story = claimed();
  const EventRef claim = story.last();
  given(story).when(ReleaseTask{kStation}).then({TaskReleased{claim}});
  given(story)
      .when(ReleaseTask{"S2"}, kNodeA)
      .then_refused(ErrorCode::kRejected, "not_claimed_here");
  given(story)
      .when(ReleaseTask{kStation}, kNodeB)
      .then_refused(ErrorCode::kRejected, "not_claimed_here");
  given(story).when(ReleaseTask{"S2", true}, kNodeB).then({TaskReleased{claim}});
}

TEST_CASE("ship group: a pick by the holder is recorded as it is asked for",
          "[domain][ship-group]") {
  given(claimed()).when(pick(1, 1000)).then({LinePicked{LineNo(1), 1000, location("A-01")}});
  given(claimed()).when(pick(1, 2000)).then({LinePicked{LineNo(1), 2000, location("A-01")}});
  given(claimed()).when(pick(2, 250)).then({LinePicked{LineNo(2), 250, location("A-01")}});
}

TEST_CASE("ship group: a pick by anybody else is refused", "[domain][ship-group]") {
  given(claimed()).when(pick(1, 1000, "S2")).then_refused(ErrorCode::kRejected, "not_claimed_here");
  given(claimed())
      .when(pick(1, 1000), kNodeB)
      .then_refused(ErrorCode::kRejected, "not_claimed_here");
}

TEST_CASE("ship group: a pick above the ordered quantity is rejected", "[domain][ship-group]") {
  given(claimed()).when(pick(1, 3000)).then_refused(ErrorCode::kRejected, "over_pick");
  given(claimed()).when(pick(2, 1501)).then_refused(ErrorCode::kRejected, "over_pick");
  const auto story = claimed().picked(kNodeA, 1, 1000);
  given(story).when(pick(1, 1000)).then({LinePicked{LineNo(1), 1000, location("A-01")}});
  given(story).when(pick(1, 2000)).then_refused(ErrorCode::kRejected, "over_pick");
  // The line is full while the group is still being picked.
  const auto full = claimed().picked(kNodeA, 1, 2000);
  given(full).when(pick(1, 1000)).then_refused(ErrorCode::kRejected, "over_pick");
  given(full).when(pick(1, INT64_MAX - 807)).then_refused(ErrorCode::kRejected, "over_pick");
}

TEST_CASE("ship group: an over-pick says how much was wanted and is left", "[domain][ship-group]") {
  const auto story = claimed().picked(kNodeA, 1, 1000);
  given(story).when(pick(1, 2000)).then_says("Article 1: 2 wanted, 1 to go; put this one back");
}

TEST_CASE("ship group: pieces are picked whole and at least one", "[domain][ship-group]") {
  for (const std::int64_t milli : {0, -1000, 500, 1500, 1}) {
    CAPTURE(milli);
    given(claimed()).when(pick(1, milli)).then_refused(ErrorCode::kInvalid, "bad_quantity");
  }
  for (const std::int64_t milli : {0, -1}) {
    CAPTURE(milli);
    given(claimed()).when(pick(2, milli)).then_refused(ErrorCode::kInvalid, "bad_quantity");
  }
}

TEST_CASE("ship group: a line it does not have cannot be picked", "[domain][ship-group]") {
  given(claimed()).when(pick(9, 1000)).then_refused(ErrorCode::kNotFound, "no_such_line");
}

TEST_CASE("ship group: a short is recorded as it is reported", "[domain][ship-group]") {
  for (const ShortReason reason : short_reasons()) {
    CAPTURE(name_of(reason));
    const ReportShort report{kStation, LineNo(1), 1000, reason, location("A-01")};
    given(claimed()).when(report).then({LineShorted{LineNo(1), 1000, reason, location("A-01")}});
  }
}

TEST_CASE("ship group: no more is short than is to go", "[domain][ship-group]") {
  const auto short_of = [](std::int64_t milli) {
    return ReportShort{kStation, LineNo(1), milli, ShortReason::kNotInStock, location("A-01")};
  };
  const auto story = claimed().picked(kNodeA, 1, 1000);
  given(story)
      .when(short_of(1000))
      .then({LineShorted{LineNo(1), 1000, ShortReason::kNotInStock, location("A-01")}});
  given(story).when(short_of(2000)).then_refused(ErrorCode::kRejected, "over_short");
  given(story).when(short_of(2000)).then_says("Article 1: only 1 to go");
  given(story).when(short_of(0)).then_refused(ErrorCode::kInvalid, "bad_quantity");
  given(story).when(short_of(500)).then_refused(ErrorCode::kInvalid, "bad_quantity");
}

TEST_CASE("ship group: only the holder reports a short", "[domain][ship-group]") {
  const ReportShort report{"S2", LineNo(1), 1000, ShortReason::kStoreBusy, {}};
  given(claimed()).when(report).then_refused(ErrorCode::kRejected, "not_claimed_here");
  const ReportShort unknown{kStation, LineNo(9), 1000, ShortReason::kStoreBusy, {}};
  given(claimed()).when(unknown).then_refused(ErrorCode::kNotFound, "no_such_line");
}

TEST_CASE("ship group: accepted commands lead to the next status", "[domain][ship-group]") {
  Story story = Story().allocated({weighing(pieces(1, 2), 250'000)});
  const auto run = [&story](const ShipGroupCommand& command) {
    const auto events = decide(story.group(), command, {kNodeA, kPicker, story.now()});
    REQUIRE(events);
    for (const ShipGroupEvent& event : *events) story.tell(kNodeA, event);
    return story.group().status();
  };
  CHECK(run(ClaimTask{kStation}) == Status::kPicking);
  CHECK(run(pick(1, 1000)) == Status::kPicking);
  CHECK(run(ReleaseTask{kStation}) == Status::kPicking);
  CHECK(run(ClaimTask{kStation}) == Status::kPicking);
  CHECK(run(pick(1, 1000)) == Status::kPicked);
  CHECK(run(ClosePackage{{units(1, 2000)}, 500'000, {}}) == Status::kPacked);
  const EventRef package = story.last();
  CHECK(run(AssignLabel{package, sscc_of(1), tracking_number(1)}) == Status::kPacked);
  CHECK(run(StartLabelPrint{package, "printer-1"}) == Status::kPacked);
  CHECK(run(EndLabelPrint{story.last(), PrintOutcome::kDone, ""}) == Status::kPacked);
  CHECK(run(ShipGroupOut{}) == Status::kShipped);
  CHECK(story.group().exceptions.empty());
  CHECK(story.group().put_backs.empty());
}

TEST_CASE("ship group: a pickup goes from the shelf to the counter", "[domain][ship-group]") {
  Story story = Story().allocated({pieces(1, 2)}, FulfilmentMethod::kPickup);
  const auto run = [&story](NodeId by, const ShipGroupCommand& command) {
    const auto events = decide(story.group(), command, {by, kPicker, story.now()});
    REQUIRE(events);
    for (const ShipGroupEvent& event : *events) story.tell(by, event);
    return story.group().status();
  };
  CHECK(run(kHub, MintPickupCode{Bytes(16, 's'), Bytes(16, 'h')}) == Status::kAllocated);
  CHECK(run(kNodeA, ClaimTask{kStation}) == Status::kPicking);
  CHECK(run(kNodeA, pick(1, 1000)) == Status::kPicking);
  const ReportShort missing{kStation, LineNo(1), 1000, ShortReason::kNotInStock, location("A-01")};
  CHECK(run(kNodeA, missing) == Status::kReady);
  CHECK(run(kNodeB, RefusePickupCode{}) == Status::kReady);
  CHECK(run(kNodeB, GiveToCustomer{}) == Status::kHandedOver);
  CHECK(run(kNodeB, UndoHandOver{}) == Status::kReady);
  CHECK(run(kNodeB, GiveToCustomer{}) == Status::kHandedOver);
  CHECK(story.group().exceptions.empty());
}

}  // namespace
}  // namespace cairn::domain::ship_group_decide_test
