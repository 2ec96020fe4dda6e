#pragma once
// What happens to whole disks in the simulated world: a database is put back to what it was some
// time ago, the hub's or a device's; a device's disk is copied to another device. In half of the
// seeds nothing of the kind happens.

#include "tests/sim/workload.h"
#include "tests/sim/world.h"

#include <filesystem>
#include <set>
#include <string>

namespace cairn::sim {

class Disasters {
 public:
  Disasters(World& world, Workload& workload, std::filesystem::path directory)
      : world_(&world), workload_(&workload), directory_(std::move(directory)) {}

  /// Plans those of this seed, before `until`.
  void plan(MonoTime until);

 private:
  void plan_restore(int endpoint, MonoTime until);
  void plan_clone(MonoTime until);
  void restore(int endpoint, const std::filesystem::path& from);
  void excuse_what_is_gone();

  World* world_;
  Workload* workload_;
  std::filesystem::path directory_;
  int backups_ = 0;
};

/// What a record says, whatever number it is under: it may be issued again.
std::string saying_of(Hlc stamp, std::uint32_t type, const Bytes& key);

/// What the records of a database say, and how often.
std::map<std::string, int> sayings_of(storage::Connection& connection);

}  // namespace cairn::sim
