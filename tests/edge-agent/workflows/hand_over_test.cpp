#include "edge-agent/workflows/hand_over.h"

#include "core/program/hand_over_note.h"
#include "tests/edge-agent/support/device.h"

#include <chrono>

namespace cairn::agent::hand_over_test {
namespace {

using namespace test;
using domain::Approval;
using domain::FulfilmentMethod;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Group 1, two A1, waits for its customer, whose code is 471100; group 2 is not picked yet.
struct Counter : Device {
  Counter() {
    allocate(1, {{1, "A1", 2}}, FulfilmentMethod::kPickup);
    allocate(2, {{1, "A1", 1}}, FulfilmentMethod::kPickup);
    picked(1, 1, 2);
    mint(1, "471100");
    mint(2, "222222");
  }
  static auto giving(std::string code, std::uint64_t group = 1) {
    return [code, group](UnitOfWork& work) {
      return agent::hand_over(work, group_id(group), code, kBench1);
    };
  }
  static auto approving(Approval approval, std::uint64_t group = 1) {
    return [approval, group](UnitOfWork& work) {
      return hand_over_approved(work, group_id(group), approval, kBench1);
    };
  }
  static auto undoing(std::uint64_t group = 1) {
    return [group](UnitOfWork& work) { return undo_hand_over(work, group_id(group), kBench1); };
  }
  std::vector<ShipGroupId> groups_of(const std::string& code) {
    UnitOfWork work(replica());
    return groups_of_code(work, code);
  }
  Result<std::vector<ShipGroupId>> find(const std::string& code) {
    UnitOfWork work(replica());
    return search.find(work, code, clock.mono_now());
  }
  PickupSearch search;
};

TEST_CASE("hand over: with the right code the customer gets the goods", "[agent][hand-over]") {
  Counter counter;
  const auto given = counter.job(Counter::giving("471100"));
  REQUIRE(given);
  CHECK(given->code_was_right);
  CHECK(counter.status(1) == "HANDED_OVER");
  CHECK(counter.in_tote("A1", 1) == 0);
  CHECK(storage::site_on_hand_milli(counter.connection(), site("store"), sku("A1")) == pieces(8));
  counter.refused(ErrorCode::kRejected, "already_handed_over", Counter::giving("471100"));
}

TEST_CASE("hand over: a wrong code is counted, and the fifth locks the order",
          "[agent][hand-over]") {
  Counter counter;
  for (int left = 4; left >= 0; --left) {
    const auto wrong = counter.job(Counter::giving("000000"));
    REQUIRE(wrong);
    CHECK_FALSE(wrong->code_was_right);
    CHECK(wrong->tries_left == left);
  }
  CHECK(counter.status(1) == "READY");
  CHECK(counter.in_tote("A1", 1) == pieces(2));
  // Neither a right nor a wrong one is looked at now.
  counter.refused(ErrorCode::kRejected, "code_locked", Counter::giving("471100"));
  counter.refused(ErrorCode::kRejected, "code_locked", Counter::giving("000000"));
  SECTION("a second person lets it pass") {
    REQUIRE(counter.job(Counter::approving({kLead, "knows the customer"})));
    CHECK(counter.status(1) == "HANDED_OVER");
  }
  SECTION("head office sends a new code") {
    counter.tell();
    counter.mint(1, "909090");
    CHECK_FALSE(counter.done(Counter::giving("471100")).code_was_right);
    CHECK(counter.done(Counter::giving("909090")).code_was_right);
  }
}

TEST_CASE("hand over: what cannot be handed over is no question of the code",
          "[agent][hand-over]") {
  Counter counter;
  counter.refused(ErrorCode::kRejected, "not_picked", Counter::giving("222222", 2));
  counter.refused(ErrorCode::kRejected, "not_picked", Counter::giving("000000", 2));
  counter.refused(ErrorCode::kNotFound, "no_such_group", Counter::giving("471100", 9));
  counter.allocate(3, {{1, "A1", 1}});
  counter.picked(3, 1, 1);
  counter.refused(ErrorCode::kRejected, "is_no_pickup", Counter::giving("471100", 3));
  counter.allocate(4, {{1, "A1", 1}}, FulfilmentMethod::kPickup);
  counter.picked(4, 1, 1);
  counter.refused(ErrorCode::kRejected, "no_code", Counter::giving("471100", 4));
}

TEST_CASE("hand over: a second person is somebody else, and says why", "[agent][hand-over]") {
  Counter counter;
  counter.refused(ErrorCode::kRejected, "approver_is_operator",
                  Counter::approving({kBench1.user, "it is fine"}));
  counter.refused(ErrorCode::kInvalid, "bad_approval", Counter::approving({kLead, ""}));
  counter.refused(ErrorCode::kInvalid, "bad_approval", Counter::approving({UserId{}, "why"}));
  counter.refused(ErrorCode::kRejected, "not_picked", Counter::approving({kLead, "why"}, 2));
  REQUIRE(counter.job(Counter::approving({kLead, "shows a passport"})));
  CHECK(counter.group(1).hand_overs.size() == 1);
  counter.refused(ErrorCode::kRejected, "already_handed_over", Counter::approving({kLead, "why"}));
}

TEST_CASE("hand over: it is known who did it and when, unless it was undone",
          "[agent][hand-over]") {
  Counter counter;
  const auto note = [&counter] {
    return program::hand_over_note(counter.connection(), group_id(1));
  };
  CHECK_FALSE(note());
  REQUIRE(counter.job(Counter::giving("471100")));
  const auto first = note();
  REQUIRE(first);
  CHECK(first->actor == kBench1.user);
  CHECK(first->at == counter.group(1).hand_overs.back().at);
  counter.clock.advance(seconds(1));
  REQUIRE(counter.job(Counter::undoing()));
  CHECK_FALSE(note());
  counter.clock.advance(seconds(1));
  REQUIRE(counter.job(Counter::giving("471100")));
  REQUIRE(note());
  CHECK(note()->at > first->at);
}

TEST_CASE("hand over: a mistake is taken back within ten seconds", "[agent][hand-over]") {
  Counter counter;
  counter.refused(ErrorCode::kRejected, "nothing_handed_over", Counter::undoing());
  counter.refused(ErrorCode::kNotFound, "no_such_group", Counter::undoing(9));
  REQUIRE(counter.job(Counter::giving("471100")));
  counter.clock.advance(seconds(9));
  REQUIRE(counter.job(Counter::undoing()));
  CHECK(counter.status(1) == "READY");
  CHECK(counter.in_tote("A1", 1) == pieces(2));
  CHECK(storage::site_on_hand_milli(counter.connection(), site("store"), sku("A1")) == pieces(10));
  counter.refused(ErrorCode::kRejected, "nothing_handed_over", Counter::undoing());
  // The code is the customer's still.
  REQUIRE(counter.job(Counter::giving("471100")));
  counter.clock.advance(seconds(11));
  counter.refused(ErrorCode::kRejected, "too_late_to_undo", Counter::undoing());
}

TEST_CASE("hand over: only the device that did it takes it back", "[agent][hand-over]") {
  Counter counter;
  counter.tell();
  counter.elsewhere(
      1, domain::HandedOver{
             {{LineNo(1), pieces(2)}}, domain::HandOverProof::kApproved, kLead, "knows her"});
  REQUIRE(counter.status(1) == "HANDED_OVER");
  counter.refused(ErrorCode::kRejected, "not_handed_over_here", Counter::undoing());
}

// ---- the search ----

TEST_CASE("pickup search: a code finds the orders it is for, those that wait first",
          "[agent][hand-over]") {
  Counter counter;
  counter.mint(2, "471100");  // a customer with two orders, or chance
  CHECK(counter.groups_of("471100") == std::vector<ShipGroupId>{group_id(1), group_id(2)});
  REQUIRE(counter.job(Counter::giving("471100")));
  CHECK(counter.groups_of("471100") == std::vector<ShipGroupId>{group_id(2), group_id(1)});
  CHECK(counter.groups_of("222222").empty());  // a new code ends the old one
  CHECK(counter.groups_of("").empty());
  const auto found = counter.find("471100");
  REQUIRE(found);
  CHECK(*found == counter.groups_of("471100"));
}

TEST_CASE("pickup search: who tries codes finds none for a minute", "[agent][hand-over]") {
  Counter counter;
  for (int i = 0; i < 10; ++i) {
    const auto none = counter.find("000000");
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::kNotFound);
    CHECK(none.error().reason == "unknown_code");
    counter.clock.advance(seconds(1));
  }
  const auto refused = [&counter] {
    const auto found = counter.find("471100");
    if (found) return false;
    CHECK(found.error().code == ErrorCode::kDenied);
    CHECK(found.error().reason == "too_many_requests");
    return true;
  };
  CHECK(refused());
  counter.clock.advance(seconds(50));  // the first miss is exactly a minute ago
  CHECK(refused());
  counter.clock.advance(milliseconds(1));
  CHECK(counter.find("471100"));
  // One more miss, and it is closed again until the next one is old.
  CHECK(counter.find("000000").error().reason == "unknown_code");
  CHECK(refused());
  counter.clock.advance(seconds(1));
  CHECK(counter.find("471100"));
}

TEST_CASE("pickup search: right codes are never too many", "[agent][hand-over]") {
  Counter counter;
  for (int i = 0; i < 9; ++i) CHECK_FALSE(counter.find("000000"));
  for (int i = 0; i < 100; ++i) REQUIRE(counter.find("471100"));
  CHECK(counter.find("000000").error().reason == "unknown_code");
  CHECK(counter.find("471100").error().reason == "too_many_requests");
}

}  // namespace
}  // namespace cairn::agent::hand_over_test
