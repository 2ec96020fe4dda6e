// The table of statuses and commands: written out here a second time, and tried out pair by pair.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "tests/core/domain/support/scenario.h"
#include "tests/support/catch.h"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::domain::ship_group_table_test {
namespace {

using namespace test;
using Status = ShipGroupStatus;

// Columns: claim, release, pick, short | pack, label, print, printed, checked, ship | mint, wrong
// code, give, undo | cancel, put back, undo pick. "" is allowed.
constexpr std::size_t kColumns = 17;
using Row = std::array<std::string_view, kColumns>;

const std::map<Status, Row>& expected_table() {
  static const std::map<Status, Row> table{
      {Status::kNone,
       {"no_such_group", "no_such_group", "no_such_group", "no_such_group",  //
        "no_such_group", "no_such_group", "no_such_group", "no_such_group", "no_such_group",
        "no_such_group",                                                     //
        "no_such_group", "no_such_group", "no_such_group", "no_such_group",  //
        "no_such_group", "no_such_group", "no_such_group"}},
      {Status::kAllocated,
       {"", "not_claimed", "not_claimed", "not_claimed",             //
        "not_picked", "not_packed", "not_packed", "", "not_packed",  //
        "not_picked", "", "not_picked", "not_picked", "nothing_handed_over", "", "",
        "not_claimed"}},
      {Status::kPicking,
       {"", "", "", "",      //
        "", "", "", "", "",  //
        "not_picked", "", "not_picked", "not_picked", "nothing_handed_over", "", "", ""}},
      {Status::kPicked,
       {"already_picked", "already_picked", "over_pick", "already_picked",  //
        "", "", "", "", "",                                                 //
        "not_packed", "is_no_pickup", "is_no_pickup", "is_no_pickup", "is_no_pickup", "", "", ""}},
      {Status::kPacked,
       {"already_packed", "already_packed", "already_packed", "already_packed",  //
        "already_packed", "", "", "", "",                                        //
        "", "is_no_pickup", "is_no_pickup", "is_no_pickup", "is_no_pickup", "already_packed", "",
        "already_packed"}},
      {Status::kShipped,
       {"already_shipped", "already_shipped", "already_shipped", "already_shipped",  //
        "already_shipped", "already_shipped", "already_shipped", "", "",             //
        "already_shipped", "is_no_pickup", "is_no_pickup", "is_no_pickup", "is_no_pickup",
        "already_shipped", "", "already_shipped"}},
      {Status::kReady,
       {"already_picked", "already_picked", "over_pick", "already_picked",          //
        "is_a_pickup", "is_a_pickup", "is_a_pickup", "is_a_pickup", "is_a_pickup",  //
        "is_a_pickup", "", "", "", "", "", "", ""}},
      {Status::kHandedOver,
       {"already_handed_over", "already_handed_over", "already_handed_over",
        "already_handed_over",  //
        "already_handed_over", "is_a_pickup", "is_a_pickup", "is_a_pickup", "is_a_pickup",
        "already_handed_over", "already_handed_over", "already_handed_over", "already_handed_over",
        "", "already_handed_over", "", "already_handed_over"}},
      {Status::kCancelled,
       {"cancelled", "cancelled", "cancelled", "cancelled",  //
        "cancelled", "cancelled", "cancelled", "", "",       //
        "cancelled", "cancelled", "cancelled", "cancelled", "cancelled", "cancelled", "",
        "cancelled"}},
      {Status::kRejected,
       {"rejected", "rejected", "rejected", "rejected",  //
        "rejected", "rejected", "rejected", "", "",      //
        "rejected", "rejected", "rejected", "rejected", "rejected", "rejected", "", "rejected"}},
  };
  return table;
}

/// Something that happened to a group, with the names of what a command may mean.
struct Scene {
  Story story;
  EventRef bare;      ///< a package without a label
  EventRef assigned;  ///< one with its numbers
  EventRef start;     ///< the print that is going on
  EventRef printed;   ///< one with its label
  EventRef surplus;   ///< cause of a put-back: a line 9 that the group does not have
  EventRef pick;      ///< one of node A whose units are in the tote
};

/// Line 1 orders nine pieces, one of which weighs a kilogram. The surplus is there already.
Scene allocated(FulfilmentMethod method) {
  Scene scene;
  scene.story.allocated({weighing(pieces(1, 9), 1'000'000)}, method).picked(kNodeB, 9, 1000);
  scene.surplus = scene.story.last();
  return scene;
}

/// Four packages of one piece each, in every stage of a label; two pieces are in the tote.
Scene half_packed() {
  Scene scene = allocated(FulfilmentMethod::kShip);
  Story& story = scene.story;
  scene.pick = story.claimed(kNodeA, "S1").picked(kNodeA, 1, 5000).picked(kNodeA, 1, 1000).last();
  const auto pack = [&story] { return story.packed(kNodeA, {units(1, 1000)}).last(); };
  scene.bare = pack();
  scene.assigned = pack();
  const EventRef printing = pack();
  scene.printed = pack();
  story.labelled(kNodeA, scene.assigned, 1).labelled(kNodeA, printing, 2);
  story.labelled(kNodeA, scene.printed, 3).printing(kNodeA, scene.printed);
  story.printed(kNodeA, story.last());
  scene.start = story.printing(kNodeA, printing).last();
  return scene;
}

/// Nobody has begun with line 1; the only piece of line 2 was packed, and cancelled while its label
/// was on its way.
Scene unwanted_package() {
  Scene scene;
  Story& story = scene.story;
  story.allocated({weighing(pieces(1, 9), 1'000'000), pieces(2, 1)}).picked(kNodeB, 9, 1000);
  scene.surplus = story.last();
  const EventRef package = story.picked(kNodeA, 2, 1000).packed(kNodeA, {units(2, 1000)}).last();
  scene.start = story.labelled(kNodeA, package, 1).printing(kNodeA, package).last();
  story.cancelled(2, 1000);
  return scene;
}

Scene ready() {
  Scene scene = allocated(FulfilmentMethod::kPickup);
  scene.story.claimed(kNodeA, "S1").picked(kNodeA, 1, 8000);
  scene.pick = scene.story.picked(kNodeA, 1, 1000).last();
  scene.story.code_minted();
  return scene;
}

/// A group in that status; `pickup`: of an order that is picked up, if there is a choice.
Scene scene_in(Status status, bool pickup) {
  const auto method = pickup ? FulfilmentMethod::kPickup : FulfilmentMethod::kShip;
  Scene scene = half_packed();
  switch (status) {
    case Status::kNone:
      return {};
    case Status::kAllocated:
      return pickup ? allocated(method) : unwanted_package();
    case Status::kPicking:
      if (!pickup) return scene;
      scene = allocated(method);
      scene.story.claimed(kNodeA, "S1").picked(kNodeA, 1, 1000);
      return scene;
    case Status::kPicked:
      scene.story.picked(kNodeA, 1, 3000);
      return scene;
    case Status::kPacked:
      scene.story.picked(kNodeA, 1, 3000).packed(kNodeA, {units(1, 5000)});
      return scene;
    case Status::kShipped:
      scene.story.picked(kNodeA, 1, 3000).shipped(kNodeB, {units(1, 9000)});
      return scene;
    case Status::kReady:
      // One piece went over the counter before: only so there is something to undo.
      scene = ready();
      scene.story.handed_over(kNodeA, {units(1, 1000)});
      return scene;
    case Status::kHandedOver:
      scene = ready();
      scene.story.handed_over(kNodeA, {units(1, 9000)});
      return scene;
    case Status::kCancelled:
      scene.story.cancelled(1, 9000);
      return scene;
    case Status::kRejected:
      scene.story.shorted(kNodeA, 1, 3000).cancelled(1, 6000);
      return scene;
  }
  return {};
}

/// One command of each kind, by its column; no business rule quarrels with it in its scene.
std::vector<ShipGroupCommand> commands(const Scene& scene) {
  return {ClaimTask{"S1"},
          ReleaseTask{"S1", false},
          ConfirmPick{"S1", LineNo(1), 1000, location("A-01")},
          ReportShort{"S1", LineNo(1), 1000, ShortReason::kDamaged, location("A-01")},
          ClosePackage{{units(1, 1000)}, 1'000'000, {}},
          AssignLabel{scene.bare, sscc_of(4), tracking_number(4)},
          StartLabelPrint{scene.assigned, "printer-1"},
          EndLabelPrint{scene.start, PrintOutcome::kDone, ""},
          CheckLabel{scene.printed, false},
          ShipGroupOut{},
          MintPickupCode{Bytes(16, 'S'), Bytes(16, 'H')},
          RefusePickupCode{},
          GiveToCustomer{},
          UndoHandOver{},
          CancelGroupUnits{LineNo(1), 1000, CancelReason::kCustomer, "c-1"},
          ConfirmPutBack{scene.surplus, LineNo(9), 1000, location("A-01")},
          UndoPick{"S1", scene.pick}};
}

constexpr std::size_t kShip = 9;
constexpr std::size_t kMint = 10;

Status status_of_row(std::size_t row) { return static_cast<Status>(row); }

/// The scene for a pair: minting asks for a pickup, leaving for labels on all packages.
Scene scene_for(Status status, std::size_t column) {
  Scene scene = scene_in(status, column == kMint);
  if (status == Status::kPacked && column == kShip) {
    for (const Package& package : scene.story.group().packages) {
      scene.story.labelled(kNodeA, package.ref, 7).checked(kNodeA, package.ref, true);
    }
  }
  return scene;
}

TEST_CASE("ship group table: it says what is written here, for every status and command",
          "[domain][ship-group][table]") {
  REQUIRE(ship_group_table().size() == expected_table().size());
  REQUIRE(kShipGroupCommands == kColumns);
  for (std::size_t row = 0; row < kShipGroupStatuses; ++row) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      CAPTURE(name_of(status_of_row(row)), column);
      CHECK(ship_group_table().at(row).at(column) ==
            expected_table().at(status_of_row(row)).at(column));
    }
  }
}

TEST_CASE("ship group table: there is a story for every status and a command for every column",
          "[domain][ship-group][table]") {
  for (std::size_t row = 0; row < kShipGroupStatuses; ++row) {
    for (const bool pickup : {false, true}) {
      CAPTURE(name_of(status_of_row(row)), pickup);
      CHECK(scene_in(status_of_row(row), pickup).story.group().status() == status_of_row(row));
    }
  }
  const auto all = commands({});
  REQUIRE(all.size() == kShipGroupCommands);
  for (std::size_t column = 0; column < all.size(); ++column) CHECK(all[column].index() == column);
}

TEST_CASE("ship group table: what is allowed is really accepted", "[domain][ship-group][table]") {
  std::size_t accepted = 0;
  for (const auto& [status, row] : expected_table()) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      if (!row.at(column).empty()) continue;
      CAPTURE(name_of(status), column);
      const Scene scene = scene_for(status, column);
      const ShipGroupCommand command = commands(scene).at(column);
      const auto events =
          decide(scene.story.group(), command, {kNodeA, kPicker, scene.story.now()});
      INFO((events ? "accepted" : events.error().reason));
      REQUIRE(events);
      // Only the holder's own claim has nothing to say.
      const bool repeated = status == Status::kPicking && column == 0;
      CHECK(events->empty() == repeated);
      ++accepted;
    }
  }
  CHECK(accepted == 50);
}

TEST_CASE("ship group table: what is not allowed is refused with its reason and a sentence",
          "[domain][ship-group][table]") {
  for (const auto& [status, row] : expected_table()) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      if (row.at(column).empty()) continue;
      CAPTURE(name_of(status), column);
      const Scene scene = scene_for(status, column);
      const bool unknown = status == Status::kNone;
      const auto code = unknown ? ErrorCode::kNotFound : ErrorCode::kRejected;
      const ShipGroupCommand command = commands(scene).at(column);
      given(scene.story).when(command).then_refused(code, row.at(column));
      // The words for a reason that has none.
      const auto refused =
          decide(scene.story.group(), command, {kNodeA, kPicker, scene.story.now()});
      CHECK(refused.error().message != "not possible now");
      if (!unknown) CHECK_THAT(refused.error().message, !Catch::Contains("{}"));
    }
  }
}

TEST_CASE("ship group table: it can be asked for a kind of command",
          "[domain][ship-group][table]") {
  CHECK(refusal_of<CancelGroupUnits>(Status::kPicked).empty());
  CHECK(refusal_of<CancelGroupUnits>(Status::kPacked) == "already_packed");
  CHECK(refusal_of<GiveToCustomer>(Status::kReady).empty());
  CHECK(refusal_of<ShipGroupOut>(Status::kReady) == "is_a_pickup");
}

}  // namespace
}  // namespace cairn::domain::ship_group_table_test
