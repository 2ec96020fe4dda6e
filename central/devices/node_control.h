#pragma once
// What head office tells its devices: commands, and the configuration they should have. Both go
// into the device's own feed and wait there for as long as the device is not connected. Loop only.

#include "core/base/id_source.h"
#include "core/storage/projections/node_control.h"
#include "core/storage/unit_of_work.h"

#include <chrono>
#include <optional>
#include <string>

namespace cairn::central {

inline constexpr std::int64_t kCommandLivesMostS = 30LL * 24 * 3600;

struct CommandOrder {
  NodeId node;
  domain::CommandVerb verb = domain::CommandVerb::kResync;
  std::string argument;
  std::int64_t ttl_s = 24LL * 3600;   ///< from not_before on; 1 to kCommandLivesMostS
  std::optional<UtcTime> not_before;  ///< nothing: at once
  std::optional<std::uint64_t> if_config;
  bool requires_online = false;
};

/// Errors: kNotFound "no_such_node", kConflict "node_retired", kInvalid "bad_command".
Result<storage::CommandRow> give_command(storage::UnitOfWork& work, IdSource& ids,
                                         const CommandOrder& order, UserId actor);

/// The device's next version; the same values as wanted already change nothing. `values`: as
/// program::RemoteValues writes them. Errors: kNotFound "no_such_node", kConflict "node_retired",
/// kInvalid "config_too_large".
Result<storage::WantedConfig> want_config(storage::UnitOfWork& work, NodeId node,
                                          const std::string& values, UserId actor);

}  // namespace cairn::central
