#pragma once
// What of a damaged database nobody else may have: the device's own records that the hub had not
// acknowledged. For a message to people, from what can still be read. Before anything runs.

#include "core/base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

struct UnsentRun {
  Incarnation inc;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

/// The runs of own records behind what the hub has acknowledged, as far as was saved (the hub may
/// have a second's worth more). Nothing: the file cannot tell any more.
std::optional<std::vector<UnsentRun>> unsent_runs(const std::string& database);

/// "none", "unknown", or such as "0e2397e8c3148d34: 57 to 60".
std::string to_text(const std::optional<std::vector<UnsentRun>>& runs);

}  // namespace cairn::storage
