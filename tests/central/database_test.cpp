// Opening a database of an earlier version: it is migrated, and its views are made anew from its
// log before anybody asks.

#include "core/program/database.h"

#include "core/storage/projections/ship_groups.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/old_schema.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"
#include "tests/support/catch.h"

#include <algorithm>

namespace cairn::program::database_test {
namespace {

using storage::test::group_id;
using storage::test::node;
using storage::test::pieces;

/// What a program needs around its database.
struct Machine {
  sim::Timeline timeline;
  sim::SimClock clock{timeline, Duration(0)};
  sim::SimRandom random{1};
  sim::SimExecutor executor{timeline};
  storage::test::RecordingLog log;
  Metrics metrics;

  Result<std::unique_ptr<Database>> open(const std::string& path) {
    return Database::open(
        {path, storage::Connection::Durability::kSimulated, storage::test::hub_identity(node(77))},
        {clock, random, executor, log, metrics}, [](const Error&) {});
  }
};

/// Makes a database of schema 5 with the log of a hub that knows a partly picked group; returns the
/// rows that this log gives.
std::string make_old(const std::string& path) {
  const storage::test::TempFolder folder;
  std::string rows;
  {
    storage::test::Store hub(storage::test::hub_identity(node(77)), folder.file("new"));
    hub.append(domain::ShipGroupEvent(storage::test::allocated(
                   group_id(1), storage::test::order_id(1), {{1, "A1", 3}})),
               domain::ship_group_key(group_id(1)), storage::test::site("store"));
    hub.take_uplink(node(1), Incarnation(1), storage::test::site("store"),
                    {storage::test::octets(domain::ShipGroupEvent(domain::LinePicked{
                                               LineNo(1), pieces(2), storage::test::bin("B-1")}),
                                           domain::ship_group_key(group_id(1)),
                                           storage::test::site("store"), storage::test::at_ms(1))});
    rows = storage::test::dump_projections(hub.connection());
  }
  auto old = storage::Connection::open_writer(path, storage::Connection::Durability::kSimulated);
  REQUIRE(old);
  storage::test::make_old_database(*old, 5);
  storage::test::copy_log(*old, folder.file("new"));
  return rows;
}

TEST_CASE("database: one of schema 5 has its views when it is open, and is not rebuilt again",
          "[program][database]") {
  const storage::test::TempFolder folder;
  const std::string expected = make_old(folder.file("db"));
  for (int start = 1; start <= 2; ++start) {
    CAPTURE(start);
    Machine machine;
    const auto database = machine.open(folder.file("db"));
    REQUIRE(database);
    auto& connection = (*database)->replica().connection();
    CHECK(storage::test::dump_projections(connection) == expected);
    const auto row = storage::ship_group_row(connection, group_id(1));
    REQUIRE(row);
    CHECK(row->status == "PICKING");
    CHECK(std::ranges::count(machine.log.events, "rebuilding_views") == (start == 1 ? 1 : 0));
  }
}

TEST_CASE("database: work goes on after a rebuild", "[program][database]") {
  const storage::test::TempFolder folder;
  make_old(folder.file("db"));
  Machine machine;
  const auto database = machine.open(folder.file("db"));
  REQUIRE(database);
  bool done = false;
  (*database)->writer().submit<EventRef>(
      [](storage::UnitOfWork& work) {
        return work.record({domain::ShipGroupEvent(domain::GroupUnitsCancelled{
                                LineNo(1), pieces(1), domain::CancelReason::kCustomer, ""}),
                            domain::ship_group_key(group_id(1)),
                            storage::test::site("store"),
                            {},
                            {},
                            {}});
      },
      [&done](const Result<EventRef>& written) { done = written.has_value(); });
  while (machine.timeline.run_one(machine.timeline.now())) {
  }
  CHECK(done);
  CHECK((*database)->replica().ship_group(group_id(1)).status() ==
        domain::ShipGroupStatus::kPicked);
}

TEST_CASE("database: a new one is open at once", "[program][database]") {
  const storage::test::TempFolder folder;
  Machine machine;
  REQUIRE(machine.open(folder.file("db")));
  REQUIRE(machine.open(folder.file("db")));
  const auto other = Database::open(
      {folder.file("db"), storage::Connection::Durability::kSimulated,
       storage::test::hub_identity(node(78))},
      {machine.clock, machine.random, machine.executor, machine.log, machine.metrics},
      [](const Error&) {});
  REQUIRE_FALSE(other);
  CHECK(other.error().reason == "wrong_data_dir");
}

}  // namespace
}  // namespace cairn::program::database_test
