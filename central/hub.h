#pragma once
// Composition root of cairn-hub: puts loop, bus, core, services and HTTP together. No logic. Main
// thread.

#include "central/hub_config.h"

#include <string>

namespace cairn::central {

/// Runs until a signal or a fatal error. Returns the exit status.
int run_hub(const HubConfig& config);

/// Adds an administrator while the hub is not running; returns the PIN.
/// Errors: kConflict "data_dir_in_use" (the hub runs: sign in and use POST /api/v1/staff),
/// "name_taken".
Result<std::string> create_admin(const HubConfig& config, const std::string& name);

}  // namespace cairn::central
