// A device whose database was put back, or copied to another device (docs/protocol.md, repair):
// what people did is lost nowhere, no number is used twice, and everybody agrees in the end.

#include "core/storage/projections/reference_data.h"
#include "core/storage/rollback_guard.h"
#include "tests/sim/checks.h"
#include "tests/sim/scenarios/stage.h"
#include "tests/support/catch.h"

#include <filesystem>

namespace cairn::sim::repair_test {
namespace {

using domain::FulfilmentMethod;

constexpr std::int64_t kPieces = kMilliPerUnit;
constexpr std::int64_t kOpening = 40;

std::filesystem::path backup_file(Stage& stage) { return stage.at(kTill).database + ".backup"; }

std::vector<storage::OwnIncarnation> incarnations(Stage& stage, int endpoint) {
  return storage::own_incarnations(stage.at(endpoint).replica().connection());
}

/// The other device has the first one's claim, for the same bench.
void pick_as_till(Stage& stage, int endpoint, ShipGroupId group, std::uint32_t line,
                  std::int64_t pieces) {
  stage.pick_at(endpoint, kTill, group, line, pieces);
}

std::int64_t superseded(Stage& stage, int endpoint) {
  return number(stage.at(endpoint).replica().connection(),
                "SELECT count(*) FROM superseded_record");
}

/// Rough and smooth, several seeds.
std::vector<Course> alone() {
  std::vector<Course> all;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    all.push_back({seed, kTill, kBench, false});
    all.push_back({seed, kTill, kBench, true});
  }
  return all;
}

TEST_CASE("repair: a device that was restored gets back what it had sent", "[sim][repair]") {
  for (const bool guarded : {true, false}) {
    for (const Course& course : alone()) {
      CAPTURE(course.seed, course.rough, guarded);
      Stage stage(course);
      if (!guarded) stage.at(kTill).guard.clear();
      const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
      stage.claim(kTill, id);
      stage.pick(kTill, id, 1, 1);
      stage.settle();
      stage.world().back_up(stage.at(kTill), backup_file(stage));
      stage.pick(kTill, id, 1, 2);
      stage.pack(kTill, id);
      stage.ship(kTill, id);
      stage.settle();
      stage.pass(storage::kGuardDelay);
      stage.world().restore(stage.at(kTill), backup_file(stage));
      stage.settle();
      const auto mine = incarnations(stage, kTill);
      REQUIRE(mine.size() == 2);
      CHECK(mine[0].settled);
      CHECK(mine[1].why == storage::Beginning::kRestored);
      CHECK(superseded(stage, kTill) == 0);
      CHECK(stage.group(id).status() == domain::ShipGroupStatus::kShipped);
      CHECK(stage.on_hand(0) == kOpening - 3);
      stage.check_same_everywhere();
    }
  }
}

TEST_CASE("repair: a restored device prints no label number again", "[sim][repair]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.settle();
    stage.world().back_up(stage.at(kTill), backup_file(stage));
    stage.pack(kTill, id);
    stage.settle();
    stage.pass(storage::kGuardDelay);
    stage.cut({kTill});
    stage.world().restore(stage.at(kTill), backup_file(stage));
    stage.pass(std::chrono::seconds(5));
    Endpoint& till = stage.at(kTill);
    const auto serials = storage::label_serials(till.replica().connection(), till.node,
                                                till.replica().identity().inc);
    CHECK(serials.blocks.empty());  // without the hub it has none: the old ones may have been used
    stage.mend(kTill);
    stage.settle();
    stage.check_same_everywhere();
    CHECK(stage.group(id).packages.size() == 1);
  }
}

TEST_CASE("repair: what a restored device did before it met the hub again is issued again",
          "[sim][repair]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    stage.at(kTill).guard.clear();  // as if it had been restored with the rest of the disk
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3, 3});
    stage.claim(kTill, id);
    stage.settle();
    stage.world().back_up(stage.at(kTill), backup_file(stage));
    stage.pick(kTill, id, 1, 3);
    stage.settle();
    stage.cut({kTill});
    stage.world().restore(stage.at(kTill), backup_file(stage));
    stage.pass(std::chrono::seconds(5));
    stage.pick(kTill, id, 2, 2);
    stage.mend(kTill);
    stage.settle();
    const auto mine = incarnations(stage, kTill);
    REQUIRE(mine.size() == 2);
    CHECK(mine[1].why == storage::Beginning::kForked);
    CHECK(superseded(stage, kTill) > 0);
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.lines[0].in.picked_milli == 3 * kPieces);
    CHECK(group.lines[1].in.picked_milli == 2 * kPieces);
    stage.check_same_everywhere();
  }
}

TEST_CASE("repair: a restored device at work while it meets the hub again", "[sim][repair]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    stage.at(kTill).guard.clear();
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3, 12});
    stage.claim(kTill, id);
    stage.settle();
    stage.world().back_up(stage.at(kTill), backup_file(stage));
    stage.pick(kTill, id, 1, 3);
    stage.settle();
    stage.cut({kTill});
    stage.world().restore(stage.at(kTill), backup_file(stage));
    stage.pass(std::chrono::seconds(5));
    stage.world().network().set_link(stage.at(kTill).number, true);
    // The hub has been asked, and has not answered yet.
    const auto asked = [&stage] {
      return stage.at(kTill).agent->sync().status().link == sync::LinkState::kHello;
    };
    for (int ms = 0; ms < 60'000 && !asked(); ++ms) stage.pass(std::chrono::milliseconds(1));
    REQUIRE(asked());
    stage.pick(kTill, id, 2, 10);
    stage.settle();
    CHECK(incarnations(stage, kTill).size() == 2);
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.lines[0].in.picked_milli == 3 * kPieces);
    CHECK(group.lines[1].in.picked_milli == 10 * kPieces);
    stage.check_same_everywhere();
  }
}

TEST_CASE("repair: records that name each other still do when they are issued again",
          "[sim][repair]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    stage.at(kTill).guard.clear();
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2, 1});
    stage.claim(kTill, id);
    stage.settle();
    stage.world().back_up(stage.at(kTill), backup_file(stage));
    stage.pick(kTill, id, 2, 1);  // the numbers that the second life will use, too
    stage.settle();
    stage.cut({kTill});
    stage.world().restore(stage.at(kTill), backup_file(stage));
    stage.pass(std::chrono::seconds(5));
    stage.pick(kTill, id, 1, 2);
    stage.pack(kTill, id);  // a package, its label, its print: each names the one before
    stage.mend(kTill);
    stage.settle();
    const domain::ShipGroup group = stage.group(id);
    REQUIRE(group.packages.size() == 1);
    CHECK(group.packages[0].ref.inc == stage.at(kTill).replica().identity().inc);
    CHECK(group.packages[0].label == domain::LabelStatus::kPrinted);
    CHECK(group.lines[0].in.packed_milli == 2 * kPieces);
    CHECK(group.lines[1].in.picked_milli == 1 * kPieces);
    stage.check_same_everywhere();
  }
}

TEST_CASE("repair: two devices with one identity both keep what they did", "[sim][repair]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {4, 4});
    stage.claim(kTill, id);
    stage.settle();
    const int copy = stage.world().clone(stage.at(kTill)).number;
    stage.cut({kTill, copy});
    stage.pick(kTill, id, 1, 3);
    pick_as_till(stage, copy, id, 2, 2);
    stage.mend(kTill);
    stage.mend(copy);
    stage.settle();
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.lines[0].in.picked_milli == 3 * kPieces);
    CHECK(group.lines[1].in.picked_milli == 2 * kPieces);
    CHECK(stage.at(kTill).replica().identity().inc != stage.at(copy).replica().identity().inc);
    stage.pick(kTill, id, 1, 1);
    pick_as_till(stage, copy, id, 2, 2);
    stage.settle();
    CHECK(stage.group(id).status() == domain::ShipGroupStatus::kPicked);
    stage.check_same_everywhere();
  }
}

TEST_CASE("repair: two devices with one identity at work at the same time", "[sim][repair]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {5, 5});
    stage.claim(kTill, id);
    stage.settle();
    const int copy = stage.world().clone(stage.at(kTill)).number;
    for (int unit = 0; unit < 5; ++unit) {
      stage.pick(kTill, id, 1, 1);
      pick_as_till(stage, copy, id, 2, 1);
    }
    stage.settle();
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.lines[0].in.picked_milli == 5 * kPieces);
    CHECK(group.lines[1].in.picked_milli == 5 * kPieces);
    stage.check_same_everywhere();
    stage.pass(std::chrono::seconds(60));
    CHECK_FALSE(stage.at(kHub).hub->sync().status(stage.at(kTill).node).problem.empty());
  }
}

}  // namespace
}  // namespace cairn::sim::repair_test
