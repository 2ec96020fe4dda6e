// A device whose rows are not what its log says (a bug, a disk that lies) finds it out by itself at
// rest, and mends what can be mended (docs/protocol.md, check).

#include "tests/sim/checks.h"
#include "tests/sim/scenarios/stage.h"
#include "tests/support/catch.h"

namespace cairn::sim::check_test {
namespace {

constexpr Duration kSoon = std::chrono::minutes(2);
constexpr Duration kLater = std::chrono::minutes(25);  // two checks at their slowest

std::vector<Course> alone() {
  std::vector<Course> all;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    all.push_back({seed, kTill, kBench, false});
    all.push_back({seed, kTill, kBench, true});
  }
  return all;
}

sync::ReplicaCheck::Status status(Stage& stage, int endpoint) {
  return stage.at(endpoint).agent->sync().status().check;
}

std::string problem(Stage& stage, int endpoint) {
  return stage.at(kHub).hub->sync().status(stage.at(endpoint).node).problem;
}

/// A store with some work done, at rest, its devices compared with the hub.
void work(Stage& stage) {
  const ShipGroupId id = stage.order(domain::FulfilmentMethod::kShip, {3});
  stage.claim(kTill, id);
  stage.pick(kTill, id, 1, 2);
  stage.settle();
  stage.pass(kSoon);
}

void spoil(Stage& stage, int endpoint, const std::string& sql) {
  stage.at(endpoint).replica().connection().execute(sql.c_str());
}

TEST_CASE("check: devices at rest agree with the hub and know when", "[sim][check]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    work(stage);
    for (const int device : {kTill, kBench, kDepot}) {
      CAPTURE(device);
      CHECK(status(stage, device).agreed_at);
      CHECK(status(stage, device).differs.empty());
      CHECK(problem(stage, device).empty());
    }
    stage.check_same_everywhere();
  }
}

TEST_CASE("check: a wrong row is found and made anew from the log", "[sim][check][days]") {
  for (const std::string sql :
       {"UPDATE stock_cell SET on_hand_milli = on_hand_milli + 1000 WHERE sku IN"
        " (SELECT min(sku) FROM stock_cell)",
        "UPDATE ship_group_line SET picked_milli = 0", "DELETE FROM stock_movement"}) {
    for (const Course& course : alone()) {
      CAPTURE(course.seed, course.rough, sql);
      Stage stage(course);
      work(stage);
      spoil(stage, kTill, sql);
      stage.pass(kLater);
      const auto& metrics = stage.at(kTill).metrics.samples();
      CHECK(std::any_of(metrics.begin(), metrics.end(), [](const Metrics::Sample& sample) {
        return sample.name == "sync_checks_differed_total";
      }));
      CHECK(status(stage, kTill).differs.empty());
      stage.settle();
      stage.check_same_everywhere();
    }
  }
}

TEST_CASE("check: a catalogue that rots is found within a day", "[sim][check][days]") {
  Stage stage({1, kTill, kBench, false});
  work(stage);
  spoil(stage, kTill, "UPDATE product SET name = 'x'");
  stage.pass(std::chrono::hours(25));
  stage.settle();
  stage.check_same_everywhere();
}

TEST_CASE("check: what a device cannot mend itself, both ends say", "[sim][check]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    work(stage);
    spoil(stage, kHub, "DELETE FROM stock_movement");
    stage.pass(kLater);
    CHECK(status(stage, kTill).differs == std::vector<std::string>{"stock_movement"});
    CHECK(problem(stage, kTill).find("stock_movement") != std::string::npos);
    CHECK(problem(stage, kDepot).empty());  // nothing moved there
  }
}

}  // namespace
}  // namespace cairn::sim::check_test
