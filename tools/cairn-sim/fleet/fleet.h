#pragma once
// Thousands of virtual nodes in one thread: connects them, lets them trade, cuts all their cables
// at once, and tells how it went as JSON lines.

#include "core/base/endpoint.h"
#include "tools/cairn-sim/fleet/fleet_node.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::simulator::fleet {

struct FleetOptions {
  Endpoint broker;
  std::vector<Account> accounts;
  double rate = 2;  ///< records a second of each node
  double warm_up_seconds = 5;
  double seconds = 30;  ///< of trading that counts
  bool storm = false;
  double patience_seconds = 180;  ///< until all are connected, or the storm is over
};

class Fleet {
 public:
  /// `stopped`: true once it has to end.
  Fleet(const FleetOptions& options, const Clock& clock, Random& random,
        std::function<bool()> stopped);
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;
  ~Fleet();

  /// Plays it all. Errors: kUnavailable "not_connected", "storm_not_over", "stopped".
  Result<> play();

 private:
  using Due = std::pair<MonoTime, std::size_t>;

  [[nodiscard]] MonoTime now() const { return shared_.clock.mono_now(); }
  Result<> connect_all();
  Result<> trade();
  Result<> weather_storm();
  /// One turn of the loop, at most this long.
  void turn(Duration at_most);
  Result<> turn_until(MonoTime end);
  void settle(std::size_t index);
  [[nodiscard]] std::size_t live() const;
  /// Everybody is in conversation and nothing written before `since` waits.
  [[nodiscard]] bool is_over(MonoTime since) const;

  FleetOptions options_;
  std::function<bool()> stopped_;
  Shared shared_;
  runtime::UniqueFd epoll_;
  std::vector<std::unique_ptr<FleetNode>> nodes_;
  std::vector<Due> due_of_;
  std::vector<std::pair<int, bool>> watched_;  ///< descriptor, and whether for writing
  std::set<Due> due_;
};

}  // namespace cairn::simulator::fleet
