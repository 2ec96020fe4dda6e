#pragma once
// The invariants of docs/protocol.md as checks over the simulated world, each named by its number.
// They read databases and events themselves, not through the code they check, wherever that is
// possible.

#include "tests/sim/workload.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace cairn::sim {

/// Watermarks seen so far, to see that none ever falls (I8).
class Watermarks {
 public:
  void check(World& world);

 private:
  std::map<std::string, std::uint64_t> seen_;
};

/// True when everything written anywhere is known everywhere it belongs.
/// `gone`: devices that do not count.
bool quiet(World& world, const std::set<int>& gone = {});

/// What devices of one site hold differently of each other and of the hub's feeds. Empty: what
/// their LAN can do without the hub is done.
std::string apart_at_sites(World& world);
/// I11 without the hub: devices of a site that hold the same show the same.
void check_sites_agree(World& world);

/// I1-I7, I10-I14, I17 at rest; the rest of the list is watched while the world runs.
void check_at_rest(World& world, const Workload& workload);

/// I10, I12-I14 and the numbers of labels, on every replica and over all of them
/// (trade_checks.cpp).
void check_trade(World& world, const Workload& workload);

/// I17 (command_checks.cpp).
void check_commands(World& world);
std::map<std::string, std::int64_t> count_commands(World& world);

/// The single number of a query; 0 without a row.
std::int64_t number(storage::Connection& connection, const std::string& sql);

/// How often what happened: the world must really produce what the rules are for.
std::map<std::string, std::int64_t> count_at_rest(World& world);

}  // namespace cairn::sim
