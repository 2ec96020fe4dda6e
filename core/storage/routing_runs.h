#pragma once
// Runs of routing, and whether its schedule is paused; at the hub. Not a projection: the log has
// what a run gave, not when it ran. Writing: loop only, inside a job. Errors as in
// sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

enum class RoutingRunState : std::uint8_t {
  kRunning,
  kDone,
  kFailed,
  kBrokenOff,  ///< the hub ended while it ran; what it had given is given
};
/// "RUNNING", "DONE", "FAILED", "BROKEN_OFF".
std::string_view name_of(RoutingRunState state);

struct RoutingRunFigures {
  std::int64_t orders_seen = 0;
  std::int64_t orders_routed = 0;
  std::int64_t orders_partly = 0;
  std::int64_t orders_waiting = 0;
  std::int64_t groups_opened = 0;
  friend bool operator==(const RoutingRunFigures&, const RoutingRunFigures&) = default;
};

struct RoutingRunRow {
  std::int64_t id = 0;
  std::optional<UtcTime> due;  ///< of its schedule; nothing: somebody asked for it
  std::string rule_set;        ///< empty: to the nearest sites
  std::uint32_t version = 0;
  UserId actor;  ///< nil: the hub itself
  RoutingRunState state = RoutingRunState::kRunning;
  std::int64_t tries = 1;
  UtcTime begun_at;
  std::optional<UtcTime> ended_at;
  RoutingRunFigures figures;
  std::string message;  ///< why it failed
};

/// One that was broken off so often is not begun again.
inline constexpr std::int64_t kMostRunTries = 3;
/// Older ones are dropped.
inline constexpr std::int64_t kMostRoutingRuns = 10'000;

/// Of `row` only due, rule set, version, actor and begin are looked at. Nothing: what was due then
/// has run, or runs; one that was broken off is begun again under its number.
std::optional<std::int64_t> begin_routing_run(Connection& connection, const RoutingRunRow& row);
void end_routing_run(Connection& connection, std::int64_t id, RoutingRunState state,
                     const RoutingRunFigures& figures, const std::string& message, UtcTime now);
/// At the start: what runs by the rows does not.
void break_off_routing_runs(Connection& connection, UtcTime now);

/// The newest first, before `before_id` (0: from the last one on).
std::vector<RoutingRunRow> routing_runs(Connection& connection, std::int64_t before_id,
                                        std::size_t limit);
/// The last instant whose run need not be begun any more.
std::optional<UtcTime> last_scheduled_run(Connection& connection, UtcTime now);

struct RoutingPause {
  bool paused = false;
  std::optional<UtcTime> changed_at;  ///< nothing: never
  UserId actor;
};
RoutingPause routing_pause(Connection& connection);
/// Pausing what is paused, or the reverse, changes nothing.
void set_routing_pause(Connection& connection, bool paused, UtcTime now, UserId actor);

}  // namespace cairn::storage
