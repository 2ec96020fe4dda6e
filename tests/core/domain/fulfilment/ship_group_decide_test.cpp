#include "core/domain/fulfilment/ship_group_decide.h"

#include "tests/core/domain/support/scenario.h"
#include "tests/support/catch.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::domain {
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

Story picked() { return claimed().picked(kNodeA, 1, 2000).picked(kNodeA, 2, 1500); }

Story shipped() { return picked().shipped(kNodeA, {{LineNo(1), 2000}, {LineNo(2), 1500}}); }

/// A group in each status, as its holder sees it.
std::map<Status, Story> stories() {
  return {{Status::kNone, Story()},
          {Status::kAllocated, Story().allocated({pieces(1, 2)})},
          {Status::kPicking, claimed()},
          {Status::kPicked, picked()},
          {Status::kShipped, shipped()}};
}

/// A command of each kind with which no business rule quarrels.
std::vector<ShipGroupCommand> commands() {
  return {ClaimTask{kStation}, ReleaseTask{kStation, false}, pick(1, 1000), ShipGroupOut{}};
}

TEST_CASE("ship group table: every status and command pair has exactly one row",
          "[domain][ship-group]") {
  std::map<std::pair<Status, std::size_t>, int> rows;
  for (const Transition& row : ship_group_table()) ++rows[{row.status, row.command}];
  const std::size_t kinds = std::variant_size_v<ShipGroupCommand>;
  std::size_t statuses = 0;
  for (std::uint8_t s = 0; !name_of(static_cast<Status>(s)).empty(); ++s, ++statuses) {
    for (std::size_t command = 0; command < kinds; ++command) {
      CAPTURE(name_of(static_cast<Status>(s)), command);
      CHECK(rows[{static_cast<Status>(s), command}] == 1);
    }
  }
  CHECK(rows.size() == statuses * kinds);
  CHECK(ship_group_table().size() == statuses * kinds);
}

TEST_CASE("ship group table: every row decides as it says", "[domain][ship-group]") {
  const auto groups = stories();
  const auto all = commands();
  REQUIRE(all.size() == std::variant_size_v<ShipGroupCommand>);
  std::set<std::pair<Status, std::size_t>> tried;
  for (const Transition& row : ship_group_table()) {
    CAPTURE(name_of(row.status), row.command, row.refusal);
    REQUIRE(groups.contains(row.status));
    const ShipGroup group = groups.at(row.status).group();
    REQUIRE(group.status() == row.status);
    const ShipGroupCommand& command = all.at(row.command);
    REQUIRE(command.index() == row.command);
    const auto events = decide(group, command, {kNodeA, kPicker});
    CHECK(events.has_value() == row.refusal.empty());
    if (!events) CHECK(events.error().reason == row.refusal);
    tried.emplace(row.status, row.command);
  }
  CHECK(tried.size() == groups.size() * all.size());
}

TEST_CASE("ship group table: what is allowed when, and why not otherwise", "[domain][ship-group]") {
  // Claim, release, pick, ship; "" is allowed.
  const std::map<Status, std::vector<std::string_view>> expected{
      {Status::kNone, {"no_such_group", "no_such_group", "no_such_group", "no_such_group"}},
      {Status::kAllocated, {"", "not_claimed", "not_claimed", "not_picked"}},
      {Status::kPicking, {"", "", "", "not_picked"}},
      {Status::kPicked, {"already_picked", "already_picked", "over_pick", ""}},
      {Status::kShipped,
       {"already_shipped", "already_shipped", "already_shipped", "already_shipped"}},
  };
  for (const Transition& row : ship_group_table()) {
    CAPTURE(name_of(row.status), row.command);
    CHECK(row.refusal == expected.at(row.status).at(row.command));
  }
}

TEST_CASE("ship group table: each refusal has its code and a sentence", "[domain][ship-group]") {
  const auto groups = stories();
  const auto all = commands();
  for (const Transition& row : ship_group_table()) {
    if (row.refusal.empty()) continue;
    CAPTURE(name_of(row.status), row.command);
    const bool unknown = row.status == Status::kNone;
    given(groups.at(row.status))
        .when(all.at(row.command))
        .then_refused(unknown ? ErrorCode::kNotFound : ErrorCode::kRejected, row.refusal);
  }
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

TEST_CASE("ship group: an over-pick says how much was wanted and picked", "[domain][ship-group]") {
  const ShipGroup group = claimed().picked(kNodeA, 1, 1000).group();
  const auto refused = decide(group, pick(1, 2000), {kNodeA, kPicker});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "Article 1: 2 wanted, 1 picked already; put this one back");
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

TEST_CASE("ship group: whoever ships it, everything picked leaves", "[domain][ship-group]") {
  const std::vector<ShipGroupEvent> all{ShipGroupShipped{{{LineNo(1), 2000}, {LineNo(2), 1500}}}};
  given(picked()).when(ShipGroupOut{}).then(all);
  given(picked()).when(ShipGroupOut{}, kNodeB).then(all);
}

TEST_CASE("ship group: what left before does not leave again", "[domain][ship-group]") {
  const auto story = picked().shipped(kNodeB, {{LineNo(1), 2000}, {LineNo(2), 500}});
  given(story).when(ShipGroupOut{}).then({ShipGroupShipped{{{LineNo(2), 1000}}}});
}

TEST_CASE("ship group: accepted commands lead to the next status", "[domain][ship-group]") {
  Story story = Story().allocated({pieces(1, 2)});
  const auto run = [&story](const ShipGroupCommand& command) {
    const auto events = decide(story.group(), command, {kNodeA, kPicker});
    REQUIRE(events);
    for (const ShipGroupEvent& event : *events) story.tell(kNodeA, event);
    return story.group().status();
  };
  CHECK(run(ClaimTask{kStation}) == Status::kPicking);
  CHECK(run(pick(1, 1000)) == Status::kPicking);
  CHECK(run(ReleaseTask{kStation}) == Status::kPicking);
  CHECK(run(ClaimTask{kStation}) == Status::kPicking);
  CHECK(run(pick(1, 1000)) == Status::kPicked);
  CHECK(run(ShipGroupOut{}) == Status::kShipped);
  CHECK(story.group().exceptions.empty());
  CHECK(story.group().put_backs.empty());
}

}  // namespace
}  // namespace cairn::domain
