// Conflicts of docs/protocol.md: two truths meet, in both orders of arrival at the hub, over a
// smooth and over a rough network. The outcome is the rule's, and the same on every replica.

#include "tests/sim/scenarios/stage.h"
#include "tests/support/catch.h"

namespace cairn::sim::conflicts_test {
namespace {

using domain::FulfilmentMethod;
using Kind = domain::ShipGroupException::Kind;
using Kinds = std::vector<Kind>;
using Contested = std::vector<Stage::Contested>;

constexpr std::int64_t kPieces = kMilliPerUnit;
constexpr std::int64_t kOpening = 40;

#define CAPTURE_COURSE(course) \
  CAPTURE((course).seed, (course).first, (course).second, (course).rough)

/// Units of a put-back that one device's pick, or the hub, caused.
std::int64_t to_put_back(Stage& stage, const domain::ShipGroup& group, int endpoint) {
  std::int64_t milli = 0;
  for (const domain::PutBack& back : group.put_backs) {
    if (back.cause.node == stage.at(endpoint).node) milli += back.left_milli();
  }
  return milli;
}

TEST_CASE("conflict: two devices pick the same line offline", "[sim][conflict]") {
  for (const Course& course : courses(kTill, kBench)) {
    CAPTURE_COURSE(course);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
    stage.cut({kTill, kBench});
    for (const int device : {kTill, kBench}) {
      stage.claim(device, id);
      stage.pick(device, id, 1, 2);
    }
    stage.mend_in_order();
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.status() == domain::ShipGroupStatus::kPicked);
    CHECK(group.lines[0].in.picked_milli == 2 * kPieces);
    REQUIRE(group.claim);
    CHECK(group.claim->ref.node == stage.at(course.first).node);
    CHECK(kinds_of(group) == Kinds{Kind::kLostClaim});
    CHECK(to_put_back(stage, group, course.first) == 0);
    CHECK(to_put_back(stage, group, course.second) == 2 * kPieces);
    CHECK(stage.on_hand(0) == kOpening);
    stage.check_same_everywhere();
  }
}

TEST_CASE("conflict: each device picks half of one group offline", "[sim][conflict]") {
  for (const Course& course : courses(kTill, kBench)) {
    CAPTURE_COURSE(course);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2, 2});
    stage.cut({kTill, kBench});
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.claim(kBench, id);
    stage.pick(kBench, id, 2, 2);
    stage.mend_in_order();
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.status() == domain::ShipGroupStatus::kPicked);
    CHECK(group.totals().picked_milli == 4 * kPieces);
    CHECK(group.put_backs.empty());
    CHECK(group.claim->ref.node == stage.at(course.first).node);
    CHECK(kinds_of(group) == Kinds{Kind::kLostClaim});
    stage.check_same_everywhere();
  }
}

TEST_CASE("conflict: head office cancels while the store picks", "[sim][conflict]") {
  for (const Course& course : courses(kHub, kTill)) {
    CAPTURE_COURSE(course);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
    stage.cut({kTill});
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 3);
    if (course.first == kTill) stage.mend(kTill);
    REQUIRE(stage.cancel(1, 2));
    stage.mend_in_order();
    // Whoever is heard first: it is not packed, so the cancellation wins, and what was picked for
    // nothing goes back.
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.status() == domain::ShipGroupStatus::kPicked);
    CHECK(group.lines[0].in.cancelled_milli == 2 * kPieces);
    CHECK(group.lines[0].in.picked_milli == kPieces);
    CHECK(to_put_back(stage, group, course.first == kTill ? kHub : kTill) == 2 * kPieces);
    CHECK(group.exceptions.empty());
    stage.check_same_everywhere();
  }
}

TEST_CASE("conflict: head office cancels while the store packs", "[sim][conflict]") {
  for (const Course& course : courses(kHub, kTill)) {
    CAPTURE_COURSE(course);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 3);
    stage.cut({kTill});
    stage.pack(kTill, id);
    if (course.first == kTill) stage.mend(kTill);
    const auto cancelled = stage.cancel(1, 2);
    stage.mend_in_order();
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.status() == domain::ShipGroupStatus::kPacked);
    if (course.first == kTill) {
      // It is known to be packed: too late, and nothing happened.
      REQUIRE_FALSE(cancelled);
      CHECK(cancelled.error().reason == "too_late");
      CHECK(group.lines[0].in.packed_milli == 3 * kPieces);
      CHECK(group.put_backs.empty());
      CHECK(group.exceptions.empty());
    } else {
      REQUIRE(cancelled);
      CHECK(group.lines[0].in.cancelled_milli == 2 * kPieces);
      CHECK(group.lines[0].in.packed_milli == kPieces);
      CHECK(to_put_back(stage, group, kHub) == 2 * kPieces);
      CHECK(kinds_of(group) == Kinds{Kind::kPackedUnpicked});
    }
    CHECK(stage.on_hand(0) == kOpening);
    stage.check_same_everywhere();
  }
}

TEST_CASE("conflict: head office cancels while the customer takes it", "[sim][conflict]") {
  for (const Course& course : courses(kHub, kTill)) {
    CAPTURE_COURSE(course);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kPickup, {2});
    const std::string code = stage.mint(id);
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.cut({kTill});
    stage.hand_over(kTill, id, code);
    if (course.first == kTill) stage.mend(kTill);
    const auto cancelled = stage.cancel(1, 2);
    stage.mend_in_order();
    const domain::ShipGroup group = stage.group(id);
    if (course.first == kTill) {
      REQUIRE_FALSE(cancelled);
      CHECK(cancelled.error().reason == "too_late");
      CHECK(group.status() == domain::ShipGroupStatus::kHandedOver);
      CHECK(group.exceptions.empty());
    } else {
      // Never silently both refunded and handed over.
      REQUIRE(cancelled);
      CHECK(group.status() == domain::ShipGroupStatus::kCancelled);
      CHECK(kinds_of(group) == Kinds{Kind::kHandedAfterCancel});
      CHECK(group.exceptions[0].milli == 2 * kPieces);
    }
    CHECK(stage.on_hand(0) == kOpening - 2);
    stage.check_same_everywhere();
  }
}

TEST_CASE("conflict: one order is handed over on two devices", "[sim][conflict]") {
  for (const Course& course : courses(kTill, kBench)) {
    CAPTURE_COURSE(course);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kPickup, {2});
    const std::string code = stage.mint(id);
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.cut({kTill, kBench});
    stage.hand_over(kTill, id, code);
    stage.hand_over(kBench, id, code);
    stage.mend_in_order();
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.status() == domain::ShipGroupStatus::kHandedOver);
    CHECK(group.lines[0].in.handed_over_milli == 2 * kPieces);
    REQUIRE(group.hand_overs.size() == 2);
    CHECK(group.hand_overs[0].ref.node == stage.at(course.first).node);
    CHECK(group.hand_overs[1].lines.empty());
    CHECK(kinds_of(group) == Kinds{Kind::kDuplicateHandOver});
    CHECK(group.exceptions[0].cause.node == stage.at(course.second).node);
    // Both say that it left: the ledger believes both.
    CHECK(stage.on_hand(0) == kOpening - 4);
    stage.check_same_everywhere();
  }
}

TEST_CASE("conflict: one unit is returned in two stores", "[sim][conflict]") {
  for (const Course& course : courses(kTill, kDepot)) {
    CAPTURE_COURSE(course);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.pack(kTill, id);
    stage.ship(kTill, id);
    stage.settle();
    stage.find_sale(kDepot);
    stage.cut({kTill, kDepot});
    stage.take_return(kTill, 1, 2);
    stage.take_return(kDepot, 1, 1);
    stage.mend_in_order();
    // One unit came back twice: the hub contests the refund of which it hears later, once.
    const bool store_first = course.first == kTill;
    CHECK(stage.contested() == Contested{{store_first ? "depot" : "store", kPieces, true}});
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.lines[0].in.returned_milli == 2 * kPieces);
    CHECK(group.lines[0].in.shipped_milli == 0);
    CHECK(stage.on_hand(0) == kOpening);
    stage.check_same_everywhere();
  }
}

TEST_CASE("conflict: one unit is returned on two devices of one store", "[sim][conflict]") {
  for (const Course& course : courses(kTill, kBench)) {
    CAPTURE_COURSE(course);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {1});
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 1);
    stage.pack(kTill, id);
    stage.ship(kTill, id);
    stage.cut({kTill, kBench});
    stage.take_return(kTill, 1, 1);
    stage.take_return(kBench, 1, 1);
    stage.mend_in_order();
    CHECK(stage.contested() == Contested{{"store", kPieces, false}});
    CHECK(stage.group(id).lines[0].in.returned_milli == kPieces);
    stage.check_same_everywhere();
  }
}

}  // namespace
}  // namespace cairn::sim::conflicts_test
