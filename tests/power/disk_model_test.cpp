// What may be left on a disk: the model that every power-loss test stands on.

#include "tests/power/support/disk_model.h"

#include "tests/support/catch.h"

#include <set>

namespace cairn::power::disk_model_test {
namespace {

using Kind = DiskOp::Kind;

constexpr Loss kEverything{Loss::Kind::kEverything};
constexpr Loss kNothing{Loss::Kind::kNothing};

struct Disk {
  DiskModel model{Image{{"", "old"}}};
  sim::SimRandom random{1};

  Disk& did(Kind kind, const std::string& name, std::uint64_t at = 0,
            const std::string& octets = {}) {
    model.apply({kind, name, at, octets});
    return *this;
  }
  Image left(const Loss& loss) { return model.after_power_loss(loss, random); }
  /// All contents of a file that were seen in many losses.
  std::set<std::string> contents(const std::string& name) {
    std::set<std::string> all;
    for (int i = 0; i < 400; ++i) {
      const Image image = left({Loss::Kind::kSome, 512, 50, 0});
      all.insert(image.contains(name) ? image.at(name) : "absent");
    }
    return all;
  }
};

TEST_CASE("disk: a write that was not synced may be lost, one that was may not", "[power]") {
  Disk disk;
  disk.did(Kind::kWrite, "", 0, "new");
  CHECK(disk.left(kEverything) == Image{{"", "old"}});
  CHECK(disk.left(kNothing) == Image{{"", "new"}});
  CHECK(disk.contents("") == std::set<std::string>{"old", "new"});
  disk.did(Kind::kSync, "");
  CHECK(disk.left(kEverything) == Image{{"", "new"}});
}

TEST_CASE("disk: writes and lengths are kept in any order, a write sector by sector", "[power]") {
  Disk disk;
  disk.did(Kind::kWrite, "", 0, std::string(1024, 'a')).did(Kind::kSync, "");
  disk.did(Kind::kWrite, "", 500, std::string(24, 'b'));
  const std::string a(1024, 'a');
  std::string first = a;
  first.replace(500, 12, 12, 'b');
  std::string second = a;
  second.replace(512, 12, 12, 'b');
  std::string both = a;
  both.replace(500, 24, 24, 'b');
  CHECK(disk.contents("") == std::set<std::string>{a, first, second, both});

  disk.did(Kind::kSync, "").did(Kind::kTruncate, "", 0).did(Kind::kWrite, "", 0, "c");
  std::string not_cut = both;
  not_cut[0] = 'c';
  CHECK(disk.contents("") == std::set<std::string>{both, not_cut, "", "c"});
}

TEST_CASE("disk: a name is there once its folder was synced, its file's sync is not enough",
          "[power]") {
  Disk disk;
  disk.did(Kind::kCreate, "-wal").did(Kind::kWrite, "-wal", 0, "x").did(Kind::kSync, "-wal");
  CHECK_FALSE(disk.left(kEverything).contains("-wal"));
  CHECK(disk.contents("-wal") == std::set<std::string>{"absent", "x"});
  disk.did(Kind::kSyncFolder, "");
  CHECK(disk.left(kEverything).at("-wal") == "x");

  disk.did(Kind::kDelete, "-wal");
  CHECK(disk.left(kEverything).at("-wal") == "x");
  disk.did(Kind::kCreate, "-wal");
  CHECK(disk.contents("-wal") == std::set<std::string>{"absent", "x", ""});
}

TEST_CASE("disk: in a sector that was being written anything may stand", "[power]") {
  Disk disk;
  disk.did(Kind::kWrite, "", 1, "??");
  const Image image = disk.left({Loss::Kind::kSome, 512, 0, 100});
  CHECK(image.at("").size() == 3);
  CHECK(image.at("")[0] == 'o');
  CHECK(image.at("") != "o??");
}

}  // namespace
}  // namespace cairn::power::disk_model_test
