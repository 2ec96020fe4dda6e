#include "edge-agent/remote/config_trial.h"

#include "central/devices/node_control.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/sim/world.h"
#include "tests/support/catch.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::agent::config_trial_test {
namespace {

using domain::ConfigOutcome;
using domain::ConfigState;
using std::chrono::seconds;
using storage::UnitOfWork;

/// A hub and one of its devices, whose program is started again whenever it wants to be.
class Shop {
 public:
  Shop() : world(1, folder_.file("world")) {
    world.network().faults = {0, 0, Duration(2000)};
    hub_job([this](UnitOfWork& work) -> Result<bool> {
      const auto written = work.record({domain::ReferenceEvent(domain::NodeRegistered{
                                            {device().node, device().site, "till", true}}),
                                        domain::node_key(device().node),
                                        device().site,
                                        UserId{},
                                        {},
                                        {}});
      return written.has_value();
    });
    pass(seconds(35));  // refused at first: an unknown device asks again after a while
  }

 private:
  storage::test::TempFolder folder_;

 public:
  sim::World world;
  ConfigState on_disk;
  int starts = 0;
  bool unreadable = false;
  bool disk_full = false;
  std::optional<ConfigTrial> trial;

  sim::Endpoint& device() { return *world.endpoints()[1]; }
  void pass(Duration duration) { world.run(world.timeline().now() + duration); }
  void hub_job(const storage::Writer::Job<bool>& job) {
    world.hub().writer().submit<bool>(job, [](const Result<bool>& done) { REQUIRE(done); });
    pass(std::chrono::milliseconds(10));
  }
  void want(const std::string& values) {
    hub_job([&](UnitOfWork& work) -> Result<bool> {
      return central::want_config(work, device().node, values, UserId{}).has_value();
    });
  }
  /// As main() does it; `starts_well`: the version on trial lets it get as far as the loop.
  void start() {
    ++starts;
    domain::note_start(on_disk);
    trial.emplace(device().env(), device().agent->writer(), device().agent->sync(), device().node,
                  on_disk,
                  ConfigTrial::Hooks{[this](const domain::ConfigVersion&) -> Result<> {
                                       if (!unreadable) return {};
                                       return fail(ErrorCode::kInvalid, "bad", "no such key");
                                     },
                                     [this](const ConfigState& state) -> Result<> {
                                       if (disk_full) {
                                         return fail(ErrorCode::kUnavailable, "full", "no space");
                                       }
                                       on_disk = state;
                                       return {};
                                     },
                                     [this] { ended_ = true; }});
    trial->start();
    pass(std::chrono::milliseconds(10));
  }
  /// Time goes by; whenever the program has ended it is started again.
  void live(Duration duration) {
    const MonoTime end = world.timeline().now() + duration;
    while (world.timeline().now() < end) {
      pass(std::chrono::milliseconds(100));
      if (std::exchange(ended_, false)) restart();
    }
  }
  void restart() {
    trial.reset();
    world.crash(device());
    while (!device().running()) pass(std::chrono::milliseconds(100));
    start();
  }
  std::optional<domain::NodeConfigReported> reported() {
    const auto row = storage::reported_config(world.hub().replica().connection(), device().node);
    return row ? std::optional(row->report) : std::nullopt;
  }

 private:
  bool ended_ = false;
};

const std::string kValues = R"({"log_level":"debug"})";

TEST_CASE("config trial: a wanted version is started with, kept and reported", "[agent][config]") {
  Shop shop;
  shop.start();
  shop.want(kValues);
  shop.live(seconds(30));
  CHECK(shop.starts == 2);
  CHECK(shop.on_disk.good == domain::ConfigVersion{1, kValues});
  CHECK_FALSE(shop.on_disk.trial);
  const auto reported = shop.reported();
  REQUIRE(reported);
  CHECK(reported->version == 1);
  CHECK(reported->outcome == ConfigOutcome::kApplied);
  CHECK(reported->in_force == 1);
  CHECK(reported->hash.size() == 16);
  // It is reported once, however often the program is started.
  shop.restart();
  shop.live(seconds(20));
  Shop* const same = &shop;
  CHECK(same->reported() == reported);
  CHECK(shop.starts == 3);
}

TEST_CASE("config trial: a version with which the hub is not reached is taken back",
          "[agent][config]") {
  Shop shop;
  shop.start();
  shop.want(kValues);
  while (!shop.on_disk.trial) shop.pass(std::chrono::milliseconds(1));
  shop.world.network().set_link(1, false);
  shop.live(seconds(90));
  CHECK(shop.starts == 3);
  CHECK_FALSE(shop.on_disk.trial);
  CHECK(shop.on_disk.good.version == 0);
  CHECK_FALSE(shop.reported());
  shop.world.network().set_link(1, true);
  shop.live(seconds(30));
  const auto reported = shop.reported();
  REQUIRE(reported);
  CHECK(reported->outcome == ConfigOutcome::kReverted);
  CHECK_FALSE(reported->error.empty());
  CHECK(reported->in_force == 0);
  CHECK(shop.starts == 3);  // and not tried again
}

TEST_CASE("config trial: a version that cannot be read is refused without a start",
          "[agent][config]") {
  Shop shop;
  shop.start();
  shop.unreadable = true;
  shop.want(kValues);
  shop.live(seconds(20));
  CHECK(shop.starts == 1);
  const auto reported = shop.reported();
  REQUIRE(reported);
  CHECK(reported->outcome == ConfigOutcome::kRefused);
  CHECK(reported->error == "no such key");
  // The next one is looked at by itself.
  shop.unreadable = false;
  shop.want("{}");
  shop.live(seconds(20));
  CHECK(shop.on_disk.good.version == 2);
  CHECK(shop.reported()->outcome == ConfigOutcome::kApplied);
}

TEST_CASE("config trial: nothing is tried that cannot be remembered", "[agent][config]") {
  Shop shop;
  shop.start();
  shop.disk_full = true;
  shop.want(kValues);
  shop.live(seconds(20));
  CHECK(shop.starts == 1);
  CHECK_FALSE(shop.reported());
}

TEST_CASE("config trial: what is wanted while the device is away is tried when it is back",
          "[agent][config]") {
  Shop shop;
  shop.start();
  shop.world.network().set_link(1, false);
  shop.pass(seconds(5));
  shop.want(kValues);
  shop.want("{}");
  shop.live(seconds(30));
  CHECK(shop.starts == 1);
  shop.world.network().set_link(1, true);
  shop.live(seconds(60));
  CHECK(shop.on_disk.good == domain::ConfigVersion{2, "{}"});
  CHECK(shop.reported()->version == 2);
}

TEST_CASE("config trial: a program that dies on trial is back with what worked",
          "[agent][config]") {
  Shop shop;
  shop.start();
  shop.want(kValues);
  while (!shop.on_disk.trial) shop.pass(std::chrono::milliseconds(1));
  shop.world.network().set_link(1, false);
  for (unsigned start = 0; start < domain::kTrialStartsMost; ++start) {
    shop.restart();  // and dies
    CHECK(shop.on_disk.trial.has_value());
  }
  shop.restart();
  CHECK_FALSE(shop.on_disk.trial);
  shop.world.network().set_link(1, true);
  shop.live(seconds(40));
  CHECK(shop.reported()->outcome == ConfigOutcome::kReverted);
}

}  // namespace
}  // namespace cairn::agent::config_trial_test
