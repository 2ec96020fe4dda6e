// A store that has lost the hub: its devices go on together over their LAN (docs/protocol.md, LAN),
// and what they did stays right when the hub hears of it later, in whatever order.

#include "core/base/id_source.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/rollback_guard.h"
#include "tests/sim/checks.h"
#include "tests/sim/scenarios/stage.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <filesystem>

namespace cairn::sim::lan_test {
namespace {

using domain::FulfilmentMethod;

constexpr std::int64_t kPieces = kMilliPerUnit;
const std::vector<int> kStore = {kTill, kBench, kHandheld};

std::vector<Course> with_lan() {
  std::vector<Course> all;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    for (const bool rough : {false, true}) all.push_back({seed, kTill, kBench, rough, true});
  }
  return all;
}

domain::ShipGroup group_at(Stage& stage, int endpoint, ShipGroupId group) {
  return stage.at(endpoint).replica().ship_group(group);
}

std::int64_t picked(Stage& stage, int endpoint, ShipGroupId group, std::size_t line) {
  return group_at(stage, endpoint, group).lines.at(line).in.picked_milli;
}

std::filesystem::path backup_file(Stage& stage) { return stage.at(kTill).database + ".backup"; }

std::int64_t count(Stage& stage, int endpoint, const std::string& table) {
  return number(stage.at(endpoint).replica().connection(), "SELECT count(*) FROM " + table);
}

std::vector<storage::OwnIncarnation> incarnations(Stage& stage, int endpoint) {
  return storage::own_incarnations(stage.at(endpoint).replica().connection());
}

TEST_CASE("lan: what one device does the others see, without the hub", "[sim][lan]") {
  for (const Course& course : with_lan()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
    stage.cut(kStore);
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.settle_sites();
    CHECK(picked(stage, kHandheld, id, 0) == 2 * kPieces);
    const auto second = stage.tell(kBench, [&](storage::UnitOfWork& work) -> Result<bool> {
      const auto done = stage.at(kBench).agent->pick().claim(work, id, {UserId{}, "s2"});
      if (!done) return fail(done.error());
      return true;
    });
    REQUIRE_FALSE(second);
    CHECK(second.error().reason == "claimed_by_other");
    for (const int endpoint : kStore) stage.mend(endpoint);
    stage.settle();
    CHECK(stage.group(id).exceptions.empty());
    stage.check_same_everywhere();
  }
}

TEST_CASE("lan: the hub hears what followed before what it followed from", "[sim][lan]") {
  for (const Course& course : with_lan()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2, 1});
    stage.cut(kStore);
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.pick(kTill, id, 2, 1);
    stage.settle_sites();
    stage.pack(kBench, id);
    stage.settle_sites();
    stage.ship(kHandheld, id);
    stage.settle_sites();
    for (const int endpoint : {kHandheld, kBench}) {
      stage.mend(endpoint);
      CHECK(stage.group(id).status() == domain::ShipGroupStatus::kAllocated);
      CHECK(stage.group(id).exceptions.empty());
      CHECK(group_at(stage, endpoint, id).status() == domain::ShipGroupStatus::kShipped);
    }
    stage.mend(kTill);
    stage.settle();
    CHECK(stage.group(id).status() == domain::ShipGroupStatus::kShipped);
    CHECK(stage.group(id).exceptions.empty());
    stage.check_same_everywhere();
  }
}

TEST_CASE("lan: a refund that head office has settled otherwise meanwhile is contested, later",
          "[sim][lan]") {
  for (const Course& course : with_lan()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
    stage.cut(kStore);
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.settle_sites();
    stage.pack(kBench, id);
    stage.ship(kBench, id);
    stage.settle_sites();
    stage.take_return(kHandheld, 1, 2);
    stage.settle_sites();
    REQUIRE(stage.cancel(1, 1));  // head office knows of nothing
    for (const int endpoint : {kHandheld, kBench}) {
      stage.mend(endpoint);
      CHECK(stage.contested().empty());  // it has only the site's word
    }
    stage.mend(kTill);
    stage.settle();
    CHECK(stage.contested() == std::vector<Stage::Contested>{{"store", kPieces, true}});
    stage.check_same_everywhere();
  }
}

TEST_CASE("lan: records of a device that is off come from whoever has them", "[sim][lan]") {
  for (const Course& course : with_lan()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
    stage.cut(kStore);
    stage.set_lan(kHandheld, false);
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 3);
    for (int i = 0; i < 300 && picked(stage, kBench, id, 0) < 3 * kPieces; ++i) {
      stage.pass(std::chrono::milliseconds(100));
    }
    REQUIRE(picked(stage, kBench, id, 0) == 3 * kPieces);
    stage.set_lan(kTill, false);
    stage.set_lan(kHandheld, true);
    for (int i = 0; i < 300 && picked(stage, kHandheld, id, 0) < 3 * kPieces; ++i) {
      stage.pass(std::chrono::milliseconds(100));
    }
    CHECK(picked(stage, kHandheld, id, 0) == 3 * kPieces);
    for (const int endpoint : kStore) stage.mend(endpoint);
    stage.settle();
    stage.check_same_everywhere();
  }
}

TEST_CASE("lan: what the hub told one device reaches those that cannot hear it", "[sim][lan]") {
  for (const Course& course : with_lan()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const domain::ShipGroup known = stage.group(stage.order(FulfilmentMethod::kShip, {1}));
    stage.roughen();
    stage.world().network().set_link(kTill, false);
    stage.world().network().set_link(kHandheld, false);
    domain::ShipGroupAllocated allocated;
    allocated.group = ShipGroupId(IdSource(stage.at(kHub).clock, stage.at(kHub).random).next());
    allocated.order = known.order;
    allocated.order_reference = known.order_reference;
    allocated.lines = {known.lines.at(0).line};
    const ShipGroupId id = allocated.group;
    stage.must(kHub, [&](storage::UnitOfWork& work) -> Result<bool> {
      const auto done = work.record({domain::ShipGroupEvent(allocated),
                                     domain::ship_group_key(id),
                                     *SiteId::parse("store"),
                                     {},
                                     {},
                                     {}});
      if (!done) return fail(done.error());
      return true;
    });
    for (int i = 0; i < 1200 && group_at(stage, kTill, id).lines.empty(); ++i) {
      stage.pass(std::chrono::milliseconds(100));
    }
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 1);
    for (const int endpoint : kStore) stage.mend(endpoint);
    stage.settle();
    CHECK(stage.group(id).lines.at(0).in.picked_milli == kPieces);
  }
}

TEST_CASE("lan: a hub that was started again is followed by way of a neighbour", "[sim][lan]") {
  for (const Course& course : with_lan()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    stage.settle();
    stage.world().network().set_link(kTill, false);
    stage.world().network().set_link(kHandheld, false);
    for (int time = 0; time < 2; ++time) {  // the second one is two generations ahead
      stage.world().crash(stage.at(kHub));
      stage.pass(std::chrono::seconds(4));
    }
    stage.roughen();
    stage.rename(0, "what it is called now");
    const auto name_at = [&stage](int endpoint) {
      return storage::find_product(stage.at(endpoint).replica().connection(), sku_of(0))->name;
    };
    for (int i = 0; i < 1200 && name_at(kTill) != "what it is called now"; ++i) {
      stage.pass(std::chrono::milliseconds(100));
    }
    CHECK(name_at(kTill) == "what it is called now");
    for (const int endpoint : kStore) stage.mend(endpoint);
    stage.settle();
    stage.check_same_everywhere();
  }
}

TEST_CASE("lan: a restored device gets back from neighbours what the hub never had",
          "[sim][lan][repair]") {
  for (const bool guarded : {true, false}) {
    for (const Course& course : with_lan()) {
      CAPTURE(course.seed, course.rough, guarded);
      Stage stage(course);
      if (!guarded) stage.at(kTill).guard.clear();
      const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
      stage.claim(kTill, id);
      stage.settle();
      stage.world().back_up(stage.at(kTill), backup_file(stage));
      stage.cut({kTill});
      stage.pick(kTill, id, 1, 2);
      stage.pass(storage::kGuardDelay);
      stage.settle_sites();
      stage.world().restore(stage.at(kTill), backup_file(stage));
      stage.pass(std::chrono::seconds(10));
      stage.settle_sites();
      CHECK(picked(stage, kTill, id, 0) == 2 * kPieces);
      const auto mine = incarnations(stage, kTill);
      REQUIRE(mine.size() == 2);
      CHECK_FALSE(mine[0].settled);
      CHECK(mine[1].why == storage::Beginning::kRestored);
      stage.pick(kTill, id, 1, 1);
      stage.mend(kTill);
      stage.settle();
      CHECK(stage.group(id).lines[0].in.picked_milli == 3 * kPieces);
      CHECK(stage.group(id).exceptions.empty());
      CHECK(incarnations(stage, kTill)[0].settled);
      stage.check_same_everywhere();
    }
  }
}

// The second time it stands under an incarnation whose numbers were used before those that its
// guard file names, and hears of nobody before it goes to work.
TEST_CASE("lan: a device put back twice to before it wrote anything uses no number again",
          "[sim][lan][repair]") {
  for (const Course& course : with_lan()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {4});
    stage.world().back_up(stage.at(kTill), backup_file(stage));
    stage.cut(kStore);
    for (int life = 0; life < 3; ++life) {
      if (life > 0) stage.world().restore(stage.at(kTill), backup_file(stage));
      stage.set_lan(kTill, false);
      stage.pass(std::chrono::seconds(5));
      stage.claim(kTill, id);
      stage.pick(kTill, id, 1, 1);
      stage.set_lan(kTill, true);
      stage.settle_sites();
      stage.pass(storage::kGuardDelay);
    }
    CHECK(picked(stage, kBench, id, 0) == 3 * kPieces);
    for (const int endpoint : kStore) stage.mend(endpoint);
    stage.settle();
    CHECK(picked(stage, kHub, id, 0) == 3 * kPieces);
    CHECK(stage.group(id).exceptions.empty());
    stage.check_same_everywhere();
  }
}

TEST_CASE("lan: a device's forked records give way at its neighbours to what the hub has",
          "[sim][lan][repair]") {
  // The neighbour hears of the reissue first, or of the hub's records first.
  for (const bool reissue_first : {true, false}) {
    for (const Course& course : with_lan()) {
      CAPTURE(course.seed, course.rough, reissue_first);
      Stage stage(course);
      stage.at(kTill).guard.clear();
      const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3, 3});
      stage.claim(kTill, id);
      stage.settle();
      stage.world().back_up(stage.at(kTill), backup_file(stage));
      for (const int endpoint : kStore) stage.set_lan(endpoint, false);
      stage.world().network().set_link(kHandheld, false);
      stage.pick(kTill, id, 1, 3);
      stage.mend(kTill);  // the hub has these now, the handheld does not
      stage.roughen();
      stage.world().network().set_link(kTill, false);
      stage.world().restore(stage.at(kTill), backup_file(stage));
      stage.pass(std::chrono::seconds(5));
      stage.pick(kTill, id, 2, 2);
      stage.set_lan(kTill, true);
      stage.set_lan(kHandheld, true);
      for (int i = 0; i < 300 && picked(stage, kHandheld, id, 1) < 2 * kPieces; ++i) {
        stage.pass(std::chrono::milliseconds(100));
      }
      REQUIRE(picked(stage, kHandheld, id, 1) == 2 * kPieces);
      CHECK(picked(stage, kHandheld, id, 0) == 0);
      if (!reissue_first) stage.set_lan(kTill, false);
      stage.mend(kTill);
      REQUIRE(incarnations(stage, kTill).size() == 2);
      if (reissue_first) {
        for (int i = 0; i < 300 && count(stage, kHandheld, "parted_record") == 0; ++i) {
          stage.pass(std::chrono::milliseconds(100));
        }
        stage.pass(std::chrono::seconds(5));
        CHECK(picked(stage, kHandheld, id, 1) == 2 * kPieces);  // once, not twice
      }
      for (const int endpoint : kStore) stage.set_lan(endpoint, true);
      stage.mend(kHandheld);
      stage.settle();
      stage.pass(std::chrono::seconds(60));  // whoever still has an original offers it
      CHECK(count(stage, kHandheld, "parted_record") > 0);
      CHECK(stage.group(id).lines[0].in.picked_milli == 3 * kPieces);
      CHECK(stage.group(id).lines[1].in.picked_milli == 2 * kPieces);
      stage.check_same_everywhere();
    }
  }
}

TEST_CASE("lan: two devices with one identity both keep what they did", "[sim][lan][repair]") {
  for (const Course& course : with_lan()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {4, 4});
    stage.claim(kTill, id);
    stage.settle();
    const int copy = stage.world().clone(stage.at(kTill)).number;
    stage.cut({kTill, copy});
    stage.pick(kTill, id, 1, 3);
    stage.pick_at(copy, kTill, id, 2, 2);
    stage.pass(std::chrono::seconds(10));
    stage.mend(kTill);
    stage.mend(copy);
    stage.settle();
    CHECK(stage.group(id).lines[0].in.picked_milli == 3 * kPieces);
    CHECK(stage.group(id).lines[1].in.picked_milli == 2 * kPieces);
    stage.check_same_everywhere();
  }
}

TEST_CASE("lan: garbage and floods from a neighbour change nothing", "[sim][lan]") {
  Stage stage({1, kTill, kBench, false, true});
  const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
  stage.cut(kStore);
  const std::string mine = "cairn/1/l/store/" + stage.at(kHandheld).node.value().text();
  SimRandom random(7);
  for (int i = 0; i < 2000; ++i) {
    Bytes junk = i % 3 == 0 ? "CRN1" : i % 3 == 1 ? "CRF1" : "";
    for (int octet = 0; octet < 40; ++octet) junk += static_cast<char>(random.next() & 0xFF);
    const char* const where = i % 2 == 0 ? "" : i % 4 == 1 ? "/vv" : "/fetch/";
    std::string topic = mine + where;
    if (topic.ends_with("/")) topic += stage.at(kTill).node.value().text();
    stage.at(kHandheld).lan->publish({topic, junk, false});
  }
  stage.claim(kTill, id);
  stage.pick(kTill, id, 1, 2);
  stage.settle_sites();
  CHECK(picked(stage, kBench, id, 0) == 2 * kPieces);
  const auto samples = stage.at(kTill).metrics.samples();
  CHECK(std::ranges::any_of(samples, [](const Metrics::Sample& sample) {
    return sample.name == "lan_bad_messages_total";
  }));
  for (const int endpoint : kStore) stage.mend(endpoint);
  stage.settle();
  stage.check_same_everywhere();
}

}  // namespace
}  // namespace cairn::sim::lan_test
