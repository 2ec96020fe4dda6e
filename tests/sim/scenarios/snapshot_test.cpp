// A device that is new, or far behind, takes a snapshot (docs/protocol.md, snapshot), and what it
// and others did meanwhile stays.

#include "core/storage/snapshot_parts.h"
#include "tests/sim/scenarios/stage.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::sim::snapshot_test {
namespace {

using domain::FulfilmentMethod;

std::int64_t metric(const Endpoint& endpoint, const std::string& name) {
  for (const Metrics::Sample& sample : endpoint.metrics.samples()) {
    if (sample.name == name) return std::stoll(sample.value);
  }
  return 0;
}

std::int64_t installed(const Endpoint& endpoint) {
  return metric(endpoint, "sync_snapshots_installed_total");
}

std::vector<Course> stages(int late) {
  std::vector<Course> all;
  for (Course course : courses(kTill, kBench)) {
    if (course.first != kTill) continue;
    course.lan = course.seed % 2 == 0;
    course.options = {.snapshot_records = 10, .late = late};
    all.push_back(course);
  }
  return all;
}

TEST_CASE("snapshot: a new device of a site that has worked for a while", "[snapshot]") {
  for (Course course : stages(kHandheld)) {
    course.lan = false;
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId shipped = stage.order(FulfilmentMethod::kShip, {2, 1});
    stage.claim(kTill, shipped);
    stage.pick(kTill, shipped, 1, 2);
    stage.pick(kTill, shipped, 2, 1);
    stage.pack(kTill, shipped);
    stage.ship(kTill, shipped);
    const ShipGroupId begun = stage.order(FulfilmentMethod::kShip, {3});
    stage.claim(kBench, begun);
    stage.pick(kBench, begun, 1, 1);
    // So much that no single push holds all of it.
    for (int i = 0; i < 80; ++i) stage.rename(i % 4, fmt::format("renamed {}", i));
    stage.settle();
    stage.roughen();
    stage.world().begin_late();
    stage.settle();
    CHECK(installed(stage.at(kHandheld)) == 1);
    CHECK(storage::held_parts(stage.at(kHandheld).replica().connection()).empty());
    stage.hand_on(kBench, kHandheld, begun);
    stage.pick(kHandheld, begun, 1, 2);
    stage.settle();
    stage.check_same_everywhere();
  }
}

TEST_CASE("snapshot: a device that was away keeps what it did, and what neighbours told it",
          "[snapshot]") {
  for (const Course& course : stages(0)) {
    CAPTURE(course.seed, course.rough, course.lan);
    Stage stage(course);
    const ShipGroupId own = stage.order(FulfilmentMethod::kShip, {4});
    const ShipGroupId other = stage.order(FulfilmentMethod::kShip, {2});
    stage.claim(kTill, own);
    stage.settle();
    stage.cut({kTill, kHandheld});
    stage.pick(kTill, own, 1, 3);
    stage.claim(kHandheld, other);
    stage.pick(kHandheld, other, 1, 1);
    for (int i = 0; i < 20; ++i) stage.rename(i % 4, fmt::format("renamed {}", i));
    // The till hears the handheld's records of it alone, if at all; the hub has none of them.
    if (course.lan) stage.pass(std::chrono::seconds(10));
    const std::int64_t before = installed(stage.at(kTill));
    stage.mend(kTill);
    stage.mend(kHandheld);
    stage.settle();
    if (!course.lan) CHECK(installed(stage.at(kTill)) == before + 1);
    CHECK(stage.group(own).find(LineNo(1))->in.picked_milli == 3'000);
    CHECK(stage.group(other).find(LineNo(1))->in.picked_milli == 1'000);
    stage.check_same_everywhere();
  }
}

TEST_CASE("snapshot: the power fails at any moment of it, and the hub starts again", "[snapshot]") {
  for (const Course& course : stages(kHandheld)) {
    for (const int victim : {kHandheld, kHub}) {
      CAPTURE(course.seed, course.rough, course.lan, victim);
      Stage stage(course);
      const ShipGroupId group = stage.order(FulfilmentMethod::kShip, {3});
      stage.claim(kBench, group);
      stage.pick(kBench, group, 1, 2);
      stage.settle();
      stage.roughen();
      stage.world().begin_late();
      for (int i = 0; i < 6; ++i) {
        stage.pass(
            std::chrono::milliseconds(stage.world().random().between(1, course.rough ? 900 : 60)));
        if (i % 2 == 0) {
          stage.world().crash(stage.at(victim));
        } else {
          stage.world().crash_in_write(stage.at(victim));
        }
      }
      for (auto& endpoint : stage.world().endpoints()) {
        if (endpoint->running()) endpoint->disk->stay_on();
      }
      stage.pass(std::chrono::seconds(5));
      stage.settle();
      CHECK(storage::held_parts(stage.at(kHandheld).replica().connection()).empty());
      stage.check_same_everywhere();
    }
  }
}

TEST_CASE("snapshot: of a hub whose database was put back meanwhile", "[snapshot][hub_restore]") {
  for (const Course& course : stages(kHandheld)) {
    if (course.rough) continue;
    CAPTURE(course.seed, course.lan);
    Stage stage(course);
    const auto backup = std::filesystem::temp_directory_path() /
                        fmt::format("cairn-snapshot-{}.sqlite", course.seed);
    const ShipGroupId group = stage.order(FulfilmentMethod::kShip, {3});
    stage.settle();
    stage.world().back_up(stage.at(kHub), backup);
    stage.claim(kBench, group);
    stage.pick(kBench, group, 1, 2);
    stage.settle();
    stage.world().begin_late();
    stage.pass(std::chrono::milliseconds(stage.world().random().between(1, 200)));
    stage.world().restore(stage.at(kHub), backup);
    stage.pass(std::chrono::seconds(10));
    stage.settle();
    CHECK(stage.group(group).find(LineNo(1))->in.picked_milli == 2'000);
    stage.check_same_everywhere();
    std::filesystem::remove(backup);
  }
}

}  // namespace
}  // namespace cairn::sim::snapshot_test
