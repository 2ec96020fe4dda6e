#include "central/backup/backup_service.h"

#include "core/storage/safe_marks.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <filesystem>

namespace cairn::central::backup_service_test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::UnitOfWork;
using storage::test::node;
using storage::test::pieces;
using storage::test::site;

/// A hub's database with backups of it, all in virtual time.
struct Hub {
  explicit Hub(BackupConfig::Kind kind = BackupConfig::Kind::kFolder, std::size_t keep = 7)
      : machine(storage::test::hub_identity(node(77)), folder.file("db")),
        service(machine.env(), machine.writer, machine.store.connection(),
                {kind, folder.file("copies"), hours(24), keep}, BackupService::Verify::kOnLoop,
                [this](const std::vector<EventRef>& marks) { safe = marks; }) {}

  void receive() {
    machine.write([](UnitOfWork& work) {
      return work.record({domain::StockEvent(storage::test::moved("A1", "", "B-1", pieces(1))),
                          {},
                          site("store"),
                          {},
                          {},
                          {}});
    });
  }
  [[nodiscard]] std::vector<storage::CopyFile> files() const { return service.files(); }

  storage::test::TempFolder folder;
  sync::test::Machine machine;
  std::vector<EventRef> safe;
  BackupService service;
};

const EventRef kThree{node(77), Incarnation(77), 3};

TEST_CASE("backup: the first one is made at once, then one a day", "[central][backup]") {
  Hub hub;
  for (int i = 0; i < 3; ++i) hub.receive();
  REQUIRE(hub.service.start(hub.folder.file("")));
  CHECK(hub.service.status().warning == "no backup was made yet");
  hub.machine.run_for(seconds(10));
  CHECK(hub.files().size() == 1);
  CHECK_FALSE(hub.service.status().running);
  CHECK(hub.service.status().last);
  hub.machine.run_for(hours(23));
  CHECK(hub.files().size() == 1);
  hub.machine.run_for(hours(1));
  CHECK(hub.files().size() == 2);
}

TEST_CASE("backup: what a verified copy holds is safe, and stays so over a restart",
          "[central][backup]") {
  Hub hub;
  for (int i = 0; i < 3; ++i) hub.receive();
  REQUIRE(hub.service.start(hub.folder.file("")));
  CHECK(hub.safe.empty());
  hub.machine.run_for(seconds(10));
  hub.receive();  // too late for it
  CHECK(hub.safe == std::vector<EventRef>{kThree});
  CHECK(storage::safe_marks(hub.machine.store.connection()) == std::vector<EventRef>{kThree});
}

TEST_CASE("backup: a copy that cannot be made leaves nothing safe and is tried again",
          "[central][backup]") {
  Hub hub;
  hub.receive();
  REQUIRE(hub.service.start(hub.folder.file("")));
  std::filesystem::remove_all(hub.folder.file("copies"));
  hub.machine.run_for(seconds(10));
  CHECK(hub.service.status().problem != "");
  CHECK(hub.service.status().warning.starts_with("the last backup failed"));
  CHECK(hub.safe.empty());
  std::filesystem::create_directory(hub.folder.file("copies"));
  hub.machine.run_for(minutes(11));
  CHECK(hub.service.status().problem == "");
  CHECK(hub.safe.size() == 1);
}

TEST_CASE("backup: only so many copies are kept", "[central][backup]") {
  Hub hub(BackupConfig::Kind::kFolder, 2);
  REQUIRE(hub.service.start(hub.folder.file("")));
  hub.machine.run_for(hours(24 * 4));
  const auto files = hub.files();
  REQUIRE(files.size() == 2);
  CHECK(files[0].name > files[1].name);
}

TEST_CASE("backup: one at a time", "[central][backup]") {
  Hub hub;
  REQUIRE(hub.service.start(hub.folder.file("")));
  REQUIRE(hub.service.begin());
  const auto second = hub.service.begin();
  REQUIRE_FALSE(second);
  CHECK(second.error().reason == "backup_running");
  hub.machine.run_for(seconds(10));
  CHECK(hub.files().size() == 1);
}

TEST_CASE("backup: what a crash left half made is removed at the next start", "[central][backup]") {
  Hub hub;
  std::filesystem::create_directory(hub.folder.file("copies"));
  storage::test::write_file(hub.folder.file("copies/cairn-hub-1.sqlite.part"), "half");
  storage::test::write_file(hub.folder.file("copies/somebody's.part"), "not ours");
  REQUIRE(hub.service.start(hub.folder.file("")));
  CHECK_FALSE(std::filesystem::exists(hub.folder.file("copies/cairn-hub-1.sqlite.part")));
  CHECK(std::filesystem::exists(hub.folder.file("copies/somebody's.part")));
}

TEST_CASE("backup: without a folder nothing is made, and somebody is told", "[central][backup]") {
  for (const auto kind : {BackupConfig::Kind::kUnset, BackupConfig::Kind::kWaived}) {
    Hub hub(kind);
    REQUIRE(hub.service.start(hub.folder.file("")));
    hub.machine.run_for(hours(48));
    CHECK(hub.safe.empty());
    CHECK(hub.service.status().warning != "");
    CHECK(hub.machine.log.events == std::vector<std::string>{"no_backup"});
    const auto begun = hub.service.begin();
    REQUIRE_FALSE(begun);
    CHECK(begun.error().reason == "no_backup_dir");
  }
}

TEST_CASE("backup: a folder that cannot be is refused at the start", "[central][backup]") {
  Hub hub;
  storage::test::write_file(hub.folder.file("copies"), "a file");
  const auto started = hub.service.start(hub.folder.file(""));
  REQUIRE_FALSE(started);
  CHECK(started.error().reason == "bad_backup_dir");
}

}  // namespace
}  // namespace cairn::central::backup_service_test
