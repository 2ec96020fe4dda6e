#pragma once
// The simulated world: one hub, two sites with four agents, their real cores on real SQLite files,
// one thread, virtual time. The devices of a site have a bus of their own, too: its LAN. Everything
// that happens follows from the seed.

#include "central/hub_core.h"
#include "core/base/env.h"
#include "edge-agent/agent_core.h"
#include "edge-agent/sale_search.h"
#include "tests/power/support/watched_disk.h"
#include "tests/sim/sim_network.h"
#include "tests/sim/sim_reader.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::sim {

/// The hub is endpoint 0, agents follow.
inline constexpr int kHub = 0;

class Endpoint {
 public:
  Endpoint(int id, const Timeline& timeline, std::uint64_t seed, Duration skew)
      : number(id), clock(timeline, skew), random(seed) {}

  int number;
  SimClock clock;
  SimRandom random;
  NullLog log;
  Metrics metrics;
  std::string database;
  std::string guard;  ///< empty: none
  NodeId node;
  SiteId site;
  int lives = 0;
  std::unique_ptr<power::WatchedDisk> disk;  ///< while it runs: what a power loss would leave
  int restored = 0;                          ///< how often its database was put back

  // One life; all gone when the power is off. Declared so that the core dies first.
  std::unique_ptr<SimExecutor> executor;
  std::unique_ptr<SimReader> reader;
  std::unique_ptr<sync::Transport> transport;
  std::unique_ptr<sync::Transport> lan;
  std::unique_ptr<central::HubCore> hub;
  std::unique_ptr<agent::AgentCore> agent;
  std::unique_ptr<agent::SaleSearch> sales;

  [[nodiscard]] bool running() const { return hub != nullptr || agent != nullptr; }
  storage::Writer& writer() { return hub ? hub->writer() : agent->writer(); }
  storage::Replica& replica() { return hub ? hub->replica() : agent->replica(); }
  Env env() { return {clock, random, *executor, log, metrics}; }
};

struct WorldOptions {
  /// Positions a device may be behind without being offered a snapshot; 0: none ever is.
  std::uint64_t snapshot_records = 0;
  /// This device is bought later: it is registered, and begin() starts it for the first time.
  int late = 0;  ///< 0: none
};

class World {
 public:
  World(std::uint64_t seed, std::filesystem::path directory, WorldOptions options = {});
  ~World();

  Timeline& timeline() { return timeline_; }
  SimNetwork& network() { return network_; }
  /// The buses of all sites' LANs: one network, whose topics tell the sites apart.
  SimNetwork& lan() { return lan_; }
  SimRandom& random() { return random_; }
  std::vector<std::unique_ptr<Endpoint>>& endpoints() { return endpoints_; }
  Endpoint& hub() { return *endpoints_[kHub]; }

  /// Runs until `until`, switching endpoints off where a PowerCut is thrown.
  void run(MonoTime until);
  /// Cuts an endpoint's power now: what was not synced is on its disk, or not. It comes back by
  /// itself after a while.
  void crash(Endpoint& endpoint);
  /// Cuts it while the disk is written, a few operations from now.
  void crash_in_write(Endpoint& endpoint);
  /// The next transaction of the endpoint is lost before (or its answers after) its commit.
  void crash_in_commit(Endpoint& endpoint, bool before);
  void start(Endpoint& endpoint);
  /// Starts the late device, if there is one that never ran.
  void begin_late();
  /// For a while the endpoint's database cannot grow. `ballast`: the first commit that finds it so
  /// is helped.
  void fill_disk(Endpoint& endpoint, Duration duration, bool ballast);

  /// What is on the endpoint's disk now, as a backup; the guard file is not in it.
  void back_up(Endpoint& endpoint, const std::filesystem::path& to);
  /// Switches the endpoint off; it comes back with the backup.
  void restore(Endpoint& endpoint, const std::filesystem::path& from);
  /// Another device with the endpoint's disk as it is now, its guard file included. It runs at
  /// once.
  Endpoint& clone(Endpoint& endpoint);

  /// A command that a device has carried out.
  struct CarriedOut {
    int endpoint = 0;
    UtcTime at;  ///< by the hub's clock
    UtcTime expires;
    bool ends_process = false;
  };
  [[nodiscard]] const std::multimap<domain::CommandId, CarriedOut>& carried_out() const {
    return carried_out_;
  }

  /// How many of an author's records any second copy of the hub's database has ever held.
  [[nodiscard]] std::uint64_t safe(NodeId node, Incarnation inc) const;

  /// Something that must never happen has happened.
  void violation(const std::string& what);
  [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
  [[nodiscard]] int crashes() const { return crashes_; }
  /// Commits that found the disk full.
  [[nodiscard]] int full_disks() const { return full_disks_; }
  /// Of these, in the middle of a write.
  [[nodiscard]] int crashes_in_writes() const { return crashes_in_writes_; }
  /// How many devices have the identity of another one.
  [[nodiscard]] int clones() const { return static_cast<int>(endpoints_.size()) - kFirstEndpoints; }
  /// How often databases of devices were put back.
  [[nodiscard]] int devices_restored() const;

 private:
  static constexpr int kFirstEndpoints = 5;

  void watch_acks();
  void copy_hub();
  void crash_where_cut();
  void set_verbs(Endpoint& endpoint);

  std::filesystem::path directory_;
  WorldOptions options_;
  SimRandom random_;
  Timeline timeline_;
  SimNetwork network_;
  SimNetwork lan_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::multimap<domain::CommandId, CarriedOut> carried_out_;
  std::map<std::pair<NodeId, Incarnation>, std::uint64_t> safe_;
  std::vector<std::string> violations_;
  int crashes_ = 0;
  int full_disks_ = 0;
  int crashes_in_writes_ = 0;
};

}  // namespace cairn::sim
