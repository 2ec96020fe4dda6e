// A device whose disk harms its database while it is off: it goes on by itself with a new one, and
// of what people did everything is at the hub, or named as lost.

#include "core/storage/damage.h"

#include "core/storage/rollback_guard.h"
#include "core/storage/salvage.h"
#include "core/storage/sqlite/page_checks.h"
#include "tests/sim/checks.h"
#include "tests/sim/scenarios/stage.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace cairn::sim::damage_scenario_test {
namespace {

using domain::FulfilmentMethod;

/// One bit in the middle of a page of the database's file.
void harm(const std::string& path, std::uint64_t page) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto at = static_cast<std::streamoff>((page - 1) * storage::kPageSize + 2500);
  file.seekg(at);
  const int octet = file.get();
  file.seekp(at);
  file.put(static_cast<char>(octet ^ 4));
}

bool is_damaged(Stage& stage) {
  std::error_code ignored;
  const std::string path = stage.at(kTill).database;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(path).parent_path())) {
    if (entry.path().string().starts_with(path + ".damaged-")) return true;
  }
  return false;
}

/// What became of an afternoon's picks.
struct Afternoon {
  std::int64_t picked = 0;        ///< at the hub, of the seven
  std::int64_t issued_again = 0;  ///< records under new numbers
  std::uint64_t lost = 0;         ///< records
  bool damaged = false;
  std::uint64_t pages = 0;
};

/// The till picks five of seven, is heard, picks two without a network and is switched off. Page
/// `page` is harmed meanwhile; 0: none.
Afternoon afternoon(const Course& course, std::uint64_t page) {
  Stage stage(course);
  const ShipGroupId id = stage.order(FulfilmentMethod::kShip, {7});
  stage.claim(kTill, id);
  stage.pick(kTill, id, 1, 5);
  stage.settle();
  stage.pass(std::chrono::seconds(2));
  stage.cut({kTill});
  stage.world().lan().set_link(kTill, false);
  stage.pick(kTill, id, 1, 2);
  stage.pass(storage::kGuardDelay);
  Endpoint& till = stage.at(kTill);
  till.replica().connection().execute("PRAGMA wal_checkpoint(TRUNCATE)");
  Afternoon seen;
  stage.world().crash(till);
  seen.pages = std::filesystem::file_size(till.database) / storage::kPageSize;
  if (page != 0) harm(till.database, page);
  stage.world().network().set_link(kTill, true);
  stage.world().lan().set_link(kTill, true);
  stage.settle();
  stage.check_same_everywhere();

  storage::Connection& own = till.replica().connection();
  seen.damaged = is_damaged(stage);
  for (const auto& line : stage.group(id).lines) seen.picked = line.in.picked_milli / kMilliPerUnit;
  seen.issued_again = number(own, "SELECT count(*) FROM superseded_record");
  for (const auto& lost : storage::lost_records(own)) seen.lost += lost.last - lost.first + 1;
  // It goes on.
  if (seen.picked < 7) return seen;
  stage.pack(kTill, id);
  stage.ship(kTill, id);
  stage.settle();
  CHECK(stage.group(id).status() == domain::ShipGroupStatus::kShipped);
  stage.check_same_everywhere();
  return seen;
}

TEST_CASE(
    "damage: a device with a harmed database loses nothing that can be read, and says what it"
    " lost",
    "[sim][damage]") {
  const Afternoon sound = afternoon({1, kTill, kBench, false}, 0);
  CHECK(sound.picked == 7);
  CHECK_FALSE(sound.damaged);
  REQUIRE(sound.pages > 50);
  int damaged = 0;
  int salvaged = 0;
  int lost = 0;
  for (std::uint64_t page = 1; page <= sound.pages; page += page < 20 ? 1 : 2) {
    CAPTURE(page);
    const Afternoon seen = afternoon({page, kTill, kBench, page % 2 == 0}, page);
    // Two picks, each with its stock movement.
    CHECK(seen.issued_again + static_cast<std::int64_t>(seen.lost) == (seen.damaged ? 4 : 0));
    if (seen.lost == 0) CHECK(seen.picked == 7);
    damaged += seen.damaged ? 1 : 0;
    salvaged += seen.issued_again == 4 ? 1 : 0;
    lost += seen.lost > 0 ? 1 : 0;
  }
  CHECK(damaged > 10);
  CHECK(salvaged > 5);
  CHECK(lost > 0);
}

TEST_CASE("damage: a hub with a harmed database does not start and changes nothing",
          "[sim][damage]") {
  Stage stage({1, kTill, kBench, false});
  Endpoint& hub = stage.at(kHub);
  const std::string copy = hub.database + ".copy";
  hub.replica().connection().checkpoint();
  std::filesystem::copy_file(hub.database, copy);
  harm(copy, 7);
  const auto before = std::filesystem::file_size(copy);
  const auto transport = stage.world().network().attach(kHub);
  const auto refused =
      central::HubCore::open({copy, storage::Connection::Durability::kFull, hub.node, {}},
                             hub.env(), *transport, [](const Error&) {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "database_damaged");
  CHECK(refused.error().message.find("backup") != std::string::npos);
  CHECK(std::filesystem::file_size(copy) == before);
}

}  // namespace
}  // namespace cairn::sim::damage_scenario_test
