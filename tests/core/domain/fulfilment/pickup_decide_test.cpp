// At the counter: codes, approvals, hand-overs and their undoing.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "tests/core/domain/support/scenario.h"
#include "tests/support/catch.h"

#include <chrono>
#include <string>

namespace cairn::domain::pickup_decide_test {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Two pieces and 250 g wait for their customer, who has a code.
Story ready() {
  return Story()
      .allocated({pieces(1, 2), grams(2, 250)}, FulfilmentMethod::kPickup)
      .code_minted()
      .picked(kNodeA, 1, 2000)
      .picked(kNodeA, 2, 250);
}

Story wrong_codes(Story story, int count) {
  for (int i = 0; i < count; ++i) story.tell(kNodeB, PickupCodeRefused{});
  return story;
}

const std::vector<LineUnits>& all_units() {
  static const std::vector<LineUnits> all{units(1, 2000), units(2, 250)};
  return all;
}

const HandedOver& by_code() {
  static const HandedOver handed{all_units(), HandOverProof::kCode, {}, ""};
  return handed;
}

GiveToCustomer approved(UserId by, std::string reason = "knows the customer") {
  return {Approval{by, std::move(reason)}};
}

TEST_CASE("pickup: with the code the customer gets all that is picked", "[domain][pickup]") {
  given(ready()).when(GiveToCustomer{}).then({by_code()});
  given(ready()).when(GiveToCustomer{}, kNodeB).then({by_code()});
}

TEST_CASE("pickup: what is short or cancelled is not handed over", "[domain][pickup]") {
  const auto story = Story()
                         .allocated({pieces(1, 3), pieces(2, 1)}, FulfilmentMethod::kPickup)
                         .code_minted()
                         .picked(kNodeA, 1, 2000)
                         .shorted(kNodeA, 1, 1000)
                         .cancelled(2, 1000);
  given(story)
      .when(GiveToCustomer{})
      .then({HandedOver{{units(1, 2000)}, HandOverProof::kCode, {}, ""}});
}

TEST_CASE("pickup: before a code was sent there is none to give", "[domain][pickup]") {
  const auto story =
      Story().allocated({pieces(1, 2)}, FulfilmentMethod::kPickup).picked(kNodeA, 1, 2000);
  given(story).when(GiveToCustomer{}).then_refused(ErrorCode::kRejected, "no_code");
  given(story)
      .when(approved(kLead))
      .then({HandedOver{{units(1, 2000)}, HandOverProof::kApproved, kLead, "knows the customer"}});
}

TEST_CASE("pickup: without the code a second person has to let it pass", "[domain][pickup]") {
  given(ready())
      .when(approved(kLead, "passport shown"))
      .then({HandedOver{all_units(), HandOverProof::kApproved, kLead, "passport shown"}});
  given(ready()).when(approved(kPicker)).then_refused(ErrorCode::kRejected, "approver_is_operator");
  given(ready()).when(approved(kLead, "")).then_refused(ErrorCode::kInvalid, "bad_approval");
  given(ready()).when(approved(UserId{})).then_refused(ErrorCode::kInvalid, "bad_approval");
}

TEST_CASE("pickup: after five wrong codes only a second person or a new code opens it",
          "[domain][pickup]") {
  const auto four = wrong_codes(ready(), 4);
  given(four).when(RefusePickupCode{}).then({PickupCodeRefused{}});
  given(four).when(GiveToCustomer{}).then({by_code()});

  auto locked = wrong_codes(ready(), 5);
  given(locked).when(GiveToCustomer{}).then_refused(ErrorCode::kRejected, "code_locked");
  given(locked).when(RefusePickupCode{}).then_refused(ErrorCode::kRejected, "code_locked");
  given(locked)
      .when(GiveToCustomer{})
      .then_says(
          "order WEB-1001: 5 wrong codes; a second person has to let it pass, or head office sends "
          "a "
          "new code");
  given(locked)
      .when(approved(kLead))
      .then({HandedOver{all_units(), HandOverProof::kApproved, kLead, "knows the customer"}});
  locked.code_minted();
  given(locked).when(GiveToCustomer{}).then({by_code()});
  given(locked).when(RefusePickupCode{}).then({PickupCodeRefused{}});
}

TEST_CASE("pickup: five wrong codes of two devices lock it, too", "[domain][pickup]") {
  auto story = ready();
  for (const NodeId by : {kNodeA, kNodeB, kNodeA, kNodeB, kNodeA, kNodeB}) {
    story.tell(by, PickupCodeRefused{});
  }
  given(story).when(GiveToCustomer{}).then_refused(ErrorCode::kRejected, "code_locked");
}

TEST_CASE("pickup: a code is for an order that is picked up", "[domain][pickup]") {
  const MintPickupCode mint{Bytes(16, 'S'), Bytes(16, 'H')};
  const auto shipped = Story().allocated({pieces(1, 2)});
  given(shipped).when(mint, kHub).then_refused(ErrorCode::kRejected, "is_no_pickup");
  const auto begun = Story(shipped).picked(kNodeA, 1, 1000);
  given(begun).when(mint, kHub).then_refused(ErrorCode::kRejected, "is_no_pickup");
  given(ready()).when(mint, kHub).then({PickupCodeMinted{Bytes(16, 'S'), Bytes(16, 'H')}});
}

// ---- undo ----

TEST_CASE("hand-over: for ten seconds it can be taken back", "[domain][pickup]") {
  const auto story = ready().later(5000).handed_over(kNodeA, all_units());
  const ShipGroupEvent undone = HandOverUndone{story.last()};
  given(story).when(UndoHandOver{}).then({undone});
  given(story).after(seconds(10)).when(UndoHandOver{}).then({undone});
  given(story)
      .after(seconds(10) + milliseconds(1))
      .when(UndoHandOver{})
      .then_refused(ErrorCode::kRejected, "too_late_to_undo");
}

TEST_CASE("hand-over: only the device that did it takes it back", "[domain][pickup]") {
  const auto story = ready().handed_over(kNodeA, all_units());
  given(story)
      .when(UndoHandOver{}, kNodeB)
      .then_refused(ErrorCode::kRejected, "not_handed_over_here");
}

TEST_CASE("hand-over: one that was taken back is not taken back again", "[domain][pickup]") {
  auto story = ready().handed_over(kNodeA, all_units());
  const EventRef first = story.last();
  story.undone(kNodeA, first);
  given(story).when(UndoHandOver{}).then_refused(ErrorCode::kRejected, "nothing_handed_over");
  story.handed_over(kNodeA, all_units());
  given(story).when(UndoHandOver{}).then({HandOverUndone{story.last()}});
}

TEST_CASE("hand-over: of two only the one that counted can be taken back", "[domain][pickup]") {
  auto story = ready().handed_over(kNodeA, all_units());
  const EventRef first = story.last();
  story.handed_over(kNodeB, all_units());
  // Nothing of the second counted: it is a matter for a person.
  given(story)
      .when(UndoHandOver{}, kNodeB)
      .then_refused(ErrorCode::kRejected, "not_handed_over_here");
  given(story).when(UndoHandOver{}, kNodeA).then({HandOverUndone{first}});
}

}  // namespace
}  // namespace cairn::domain::pickup_decide_test
