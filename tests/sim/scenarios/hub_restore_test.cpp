// A hub whose database was put back (docs/protocol.md, generations): what devices know is lost
// nowhere, what it had told them comes back from them, and everybody agrees in the end.

#include "core/storage/projections/reference_data.h"
#include "core/storage/rollback_guard.h"
#include "core/storage/unconfirmed.h"
#include "tests/sim/checks.h"
#include "tests/sim/replica_dump.h"
#include "tests/sim/scenarios/stage.h"
#include "tests/sim/workload.h"
#include "tests/support/catch.h"

#include <filesystem>

namespace cairn::sim::hub_restore_test {
namespace {

using domain::FulfilmentMethod;
using storage::Noticed;

constexpr std::int64_t kPieces = kMilliPerUnit;
constexpr std::int64_t kOpening = 40;

std::filesystem::path backup_file(Stage& stage, int endpoint = kHub) {
  return stage.at(endpoint).database + ".backup";
}
void back_up(Stage& stage, int endpoint = kHub) {
  stage.settle();
  stage.world().back_up(stage.at(endpoint), backup_file(stage, endpoint));
}
void put_back(Stage& stage, int endpoint = kHub) {
  stage.world().restore(stage.at(endpoint), backup_file(stage, endpoint));
}
/// Until it runs again.
void await(Stage& stage) { stage.pass(std::chrono::seconds(4)); }

std::vector<storage::Generation> generations(Stage& stage) {
  return storage::generations(stage.at(kHub).replica().connection());
}
std::uint64_t given_back(Stage& stage) { return generations(stage).back().given_back; }

/// What the till's device does with an order of the store.
void fulfil(Stage& stage, ShipGroupId id) {
  stage.claim(kTill, id);
  stage.pick(kTill, id, 1, 2);
  stage.pack(kTill, id);
  stage.ship(kTill, id);
}

/// Rough and smooth, with and without the LAN.
std::vector<Course> alone() {
  std::vector<Course> all;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    for (const bool lan : {false, true}) {
      all.push_back({seed, kTill, kBench, false, lan});
      all.push_back({seed, kTill, kBench, true, lan});
    }
  }
  return all;
}

TEST_CASE("hub restore: what devices did since the backup is back, figures and all",
          "[sim][hub_restore]") {
  for (const bool guarded : {true, false}) {
    for (const Course& course : alone()) {
      CAPTURE(course.seed, course.rough, course.lan, guarded);
      Stage stage(course);
      if (!guarded) stage.at(kHub).guard.clear();
      const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2, 3});
      stage.claim(kTill, id);
      stage.pick(kTill, id, 1, 1);
      back_up(stage);
      stage.cut({});  // from here on the course may be rough
      stage.pick(kTill, id, 1, 1);
      stage.hand_on(kTill, kBench, id);
      stage.pick(kBench, id, 2, 3);
      stage.pack(kBench, id);
      stage.ship(kBench, id);
      stage.settle();
      stage.pass(storage::kGuardDelay);
      const domain::ShipGroup before = stage.group(id);
      const std::string figures =
          dump_site(stage.at(kHub).replica().connection(), stage.at(kTill).site);
      put_back(stage);
      await(stage);
      stage.settle();
      CHECK(stage.group(id) == before);
      CHECK(stage.on_hand(0) == kOpening - 2);
      // The feed itself is what it was, position by position.
      CHECK(dump_site(stage.at(kHub).replica().connection(), stage.at(kTill).site) == figures);
      CHECK(generations(stage).back().noticed == (guarded ? Noticed::kByGuard : Noticed::kByNode));
      CHECK(given_back(stage) > 0);
      stage.check_same_everywhere();
    }
  }
}

TEST_CASE("hub restore: a ship group that only the devices know comes back with what they did",
          "[sim][hub_restore]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough, course.lan);
    Stage stage(course);
    back_up(stage);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2, 1});
    stage.cut({});
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    REQUIRE(stage.cancel(2, 1));
    stage.settle();
    const domain::ShipGroup before = stage.group(id);
    stage.cut({kTill});
    put_back(stage);
    await(stage);
    stage.pack(kTill, id);  // meanwhile the hub does not know the group at all
    stage.ship(kTill, id);
    stage.mend(kTill);
    stage.settle();
    const domain::ShipGroup after = stage.group(id);
    CHECK(after.lines[1].in.cancelled_milli == before.lines[1].in.cancelled_milli);
    CHECK(after.status() == domain::ShipGroupStatus::kShipped);
    CHECK(stage.on_hand(0) == kOpening - 2);
    stage.check_same_everywhere();
  }
}

TEST_CASE("hub restore: an order that comes once more finds its ship group", "[sim][hub_restore]") {
  Stage stage({1, kTill, kBench, false});
  back_up(stage);
  const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
  fulfil(stage, id);
  stage.settle();
  put_back(stage);
  await(stage);
  stage.settle();
  CHECK(number(stage.at(kHub).replica().connection(), "SELECT count(*) FROM customer_order") == 0);
  stage.place_again({2});
  stage.settle();
  CHECK(number(stage.at(kHub).replica().connection(),
               "SELECT count(*) FROM order_line WHERE waiting_milli = 0 AND routed_milli = 2000") ==
        1);
  stage.check_same_everywhere();
}

TEST_CASE("hub restore: twice, with the same backup, with work between", "[sim][hub_restore]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough, course.lan);
    Stage stage(course);
    back_up(stage);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {4, 4});
    stage.cut({});
    stage.claim(kTill, id);
    stage.pick(kTill, id, 1, 2);
    stage.settle();
    put_back(stage);
    await(stage);
    stage.settle();
    stage.pick(kTill, id, 1, 2);
    stage.hand_on(kTill, kBench, id);
    stage.pick(kBench, id, 2, 2);
    stage.settle();
    const domain::ShipGroup before = stage.group(id);
    put_back(stage);
    await(stage);
    stage.settle();
    CHECK(stage.group(id) == before);
    stage.pick(kBench, id, 2, 2);
    stage.settle();
    CHECK(stage.group(id).status() == domain::ShipGroupStatus::kPicked);
    stage.check_same_everywhere();
  }
}

// What the first restore made unconfirmed at the device lies behind what it still holds confirmed.
TEST_CASE("hub restore: to before the last restore's backup, and each feed keeps its order",
          "[sim][hub_restore]") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    Stage stage({seed, kTill, kBench, false});
    stage.settle();
    const std::string earlier = stage.at(kHub).database + ".earlier";
    stage.world().back_up(stage.at(kHub), earlier);
    for (int i = 0; i < 3; ++i) stage.order(FulfilmentMethod::kShip, {1});
    back_up(stage);
    for (int i = 0; i < 3; ++i) stage.order(FulfilmentMethod::kShip, {1});
    stage.settle();
    put_back(stage);
    Endpoint& till = stage.at(kTill);
    const auto unconfirmed = [&till] {
      const storage::Identity& own = till.replica().identity();
      return storage::unconfirmed_of_others(till.replica().connection(), own.node, own.hub).size();
    };
    Timeline& timeline = stage.world().timeline();
    const MonoTime patience = timeline.now() + std::chrono::minutes(1);
    while (unconfirmed() == 0 && timeline.run_one(patience)) {
    }
    REQUIRE(unconfirmed() > 0);
    stage.world().restore(stage.at(kHub), earlier);
    await(stage);
    stage.settle();
    CHECK(given_back(stage) >= 6);
    CHECK(number(stage.at(kHub).replica().connection(),
                 "SELECT count(*) FROM event_log a JOIN event_log b ON b.author = a.author"
                 " AND b.feed = a.feed AND b.seq > a.seq AND b.fseq < a.fseq") == 0);
    stage.check_same_everywhere();
  }
}

TEST_CASE("hub restore: devices come back in either order, one of them knows more",
          "[sim][hub_restore]") {
  for (const Course& course : courses(kTill, kBench)) {
    CAPTURE(course.seed, course.rough, course.lan, course.first);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3, 3, 3});
    back_up(stage);
    stage.cut({kBench});
    stage.claim(kTill, id);  // the bench does not hear of it
    stage.pick(kTill, id, 1, 3);
    stage.pass(std::chrono::seconds(5));
    stage.claim(kBench, id);  // nobody hears of this
    stage.pick(kBench, id, 2, 2);
    stage.cut_now({kTill});
    stage.pick(kTill, id, 3, 1);
    put_back(stage);
    await(stage);
    stage.mend_in_order();
    const domain::ShipGroup group = stage.group(id);
    CHECK(group.lines[0].in.picked_milli == 3 * kPieces);
    CHECK(group.lines[1].in.picked_milli == 2 * kPieces);
    CHECK(group.lines[2].in.picked_milli == 1 * kPieces);
    stage.check_same_everywhere();
  }
}

TEST_CASE("hub restore: what the hub says anew before anybody is back stands beside the old",
          "[sim][hub_restore]") {
  for (const Course& course : courses(kTill, kBench)) {
    CAPTURE(course.seed, course.rough, course.lan, course.first);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
    back_up(stage);
    stage.rename(0, "first after the backup");
    stage.rename(1, "only before the restore");
    stage.claim(kTill, id);
    stage.settle();
    stage.cut({kTill, kBench, kDepot});
    put_back(stage);
    await(stage);
    stage.rename(0, "after the restore");
    stage.pick(kTill, id, 1, 3);
    stage.mend(kDepot);
    stage.mend_in_order();
    const auto name_of = [&stage](std::int64_t article) {
      return storage::find_product(stage.at(kBench).replica().connection(), sku_of(article))->name;
    };
    CHECK(name_of(0) == "after the restore");
    CHECK(name_of(1) == "only before the restore");
    CHECK(stage.group(id).status() == domain::ShipGroupStatus::kPicked);
    CHECK(stage.group(id).exceptions.empty());
    stage.check_same_everywhere();
  }
}

TEST_CASE("hub restore: a device that is gone for ever has its work kept by the others",
          "[sim][hub_restore]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough, course.lan);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3});
    stage.claim(kBench, id);
    back_up(stage);
    stage.cut({});
    stage.pick(kBench, id, 1, 3);
    stage.settle();
    const storage::Author bench = stage.at(kBench).replica().log().author(
        stage.at(kBench).node, stage.at(kBench).replica().identity().inc);
    stage.cut_now({kBench});  // and never comes back
    put_back(stage);
    await(stage);
    stage.mend(kTill);
    stage.pass(std::chrono::seconds(60));
    CHECK(stage.group(id).status() == domain::ShipGroupStatus::kPicked);
    const storage::Author* const held =
        stage.at(kHub).replica().log().find_author(bench.node, bench.inc);
    REQUIRE(held != nullptr);
    CHECK(held->head == bench.head);
    CHECK(held->chain == bench.chain);
    CHECK(dump_site(stage.at(kTill).replica().connection(), stage.at(kTill).site) ==
          dump_site(stage.at(kHub).replica().connection(), stage.at(kTill).site));
  }
}

TEST_CASE("hub restore: a device and the hub are both put back", "[sim][hub_restore]") {
  for (const bool device_first : {true, false}) {
    for (const Course& course : alone()) {
      CAPTURE(course.seed, course.rough, course.lan, device_first);
      Stage stage(course);
      const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {3, 3});
      stage.claim(kTill, id);
      stage.pick(kTill, id, 1, 1);
      back_up(stage);
      back_up(stage, kTill);
      stage.cut({});
      stage.pick(kTill, id, 1, 2);
      stage.settle();
      stage.pass(storage::kGuardDelay);
      for (const int endpoint : {device_first ? kTill : kHub, device_first ? kHub : kTill}) {
        put_back(stage, endpoint);
        await(stage);
      }
      stage.settle();  // the bench knew what the till had done
      CHECK(stage.group(id).lines[0].in.picked_milli == 3 * kPieces);
      stage.pick(kTill, id, 2, 3);
      stage.settle();
      CHECK(stage.group(id).status() == domain::ShipGroupStatus::kPicked);
      stage.check_same_everywhere();
    }
  }
}

TEST_CASE("hub restore: no number of a label is given out twice", "[sim][hub_restore]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough, course.lan);
    Stage stage(course);
    back_up(stage);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
    fulfil(stage, id);  // less than half a block is left: another one
    stage.settle();
    stage.cut({kTill});
    put_back(stage);
    await(stage);
    stage.settle_all_but({kTill});
    stage.mend(kTill);
    stage.settle();
    CHECK(number(stage.at(kHub).replica().connection(),
                 "SELECT count(*) FROM label_block a JOIN label_block b ON a.first < b.first"
                 " AND a.first + a.count > b.first") == 0);
    CHECK(number(stage.at(kHub).replica().connection(),
                 "SELECT count(*) - count(DISTINCT first) FROM label_block") == 0);
    stage.check_same_everywhere();
  }
}

TEST_CASE("hub restore: units returned at another site count once", "[sim][hub_restore]") {
  for (const Course& course : courses(kTill, kDepot)) {
    CAPTURE(course.seed, course.rough, course.lan, course.first);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
    fulfil(stage, id);
    back_up(stage);
    stage.find_sale(kDepot);
    stage.take_return(kDepot, 1, 1);
    stage.settle();
    stage.cut({kTill, kBench, kDepot});
    put_back(stage);
    await(stage);
    stage.mend(kBench);
    stage.mend_in_order();
    CHECK(stage.group(id).lines[0].in.returned_milli == 1 * kPieces);
    CHECK(stage.contested().empty());
    stage.check_same_everywhere();
  }
}

TEST_CASE("hub restore: a return is heard before the sale it follows comes back",
          "[sim][hub_restore]") {
  for (const Course& course : courses(kDepot, kTill)) {
    CAPTURE(course.seed, course.rough, course.lan, course.first);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
    back_up(stage);
    fulfil(stage, id);
    stage.settle();
    stage.find_sale(kDepot);
    stage.take_return(kDepot, 1, 1);
    stage.cut({kTill, kBench, kHandheld, kDepot});
    put_back(stage);
    await(stage);
    for (const int endpoint : {course.first, course.second, kBench, kHandheld}) {
      stage.mend(endpoint);
    }
    stage.settle();
    CHECK(stage.group(id).lines[0].in.returned_milli == 1 * kPieces);
    CHECK(stage.group(id).lines[0].in.shipped_milli == 1 * kPieces);
    CHECK(stage.contested().empty());
    stage.check_same_everywhere();
  }
}

TEST_CASE("hub restore: a hub that was only started again takes nothing back",
          "[sim][hub_restore]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough, course.lan);
    Stage stage(course);
    const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {2});
    stage.claim(kTill, id);
    stage.cut({});
    for (int time = 0; time < 3; ++time) {
      stage.world().crash(stage.at(kHub));
      await(stage);
      stage.pick(kTill, id, 1, time == 0 ? 1 : 0);
      stage.settle();
    }
    // A device with nothing to say may have missed the doorbell; its next check of rows tells.
    stage.pass(std::chrono::minutes(12));
    CHECK(generations(stage).size() == 4);
    for (const storage::Generation& one : generations(stage)) {
      CHECK(one.noticed == Noticed::kNot);
      CHECK(one.given_back == 0);
    }
    for (const int endpoint : {kTill, kBench, kDepot}) {
      CHECK(number(stage.at(endpoint).replica().connection(),
                   "SELECT count(*) FROM superseded_record") == 0);
      for (const wire::FeedCursor& at : stage.at(endpoint).agent->sync().status().cursors) {
        CHECK(at.hub_gen == generations(stage).back().gen);
      }
    }
    stage.check_same_everywhere();
  }
}

}  // namespace
}  // namespace cairn::sim::hub_restore_test
