#pragma once
// The invariants of docs/protocol.md as checks over the simulated world, each named by its number.
// They read databases and events themselves, not through the code they check, wherever that is
// possible.

#include "tests/sim/workload.h"
#include "tests/sim/world.h"

#include <map>
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
bool quiet(World& world);

/// I1-I4, I6, I7, I10-I12 at rest.
void check_at_rest(World& world, const Workload& workload);

/// How often two truths clashed: the world must really produce what the rules are for.
struct Clashes {
  std::int64_t lost_claims = 0;
  std::int64_t put_backs = 0;
};
Clashes count_clashes(World& world);

/// The rows of a site as text, in a canonical order: equal texts, equal replicas.
std::string dump_site(storage::Connection& connection, const SiteId& site);

}  // namespace cairn::sim
