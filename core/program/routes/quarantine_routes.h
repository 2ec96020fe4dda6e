#pragma once
// The quarantine over HTTP: what was set aside, why, what waits behind it; and asking it again. Any
// thread.

#include "core/program/commands.h"
#include "core/runtime/http_server.h"
#include "core/storage/read_pool.h"

#include <functional>
#include <vector>

namespace cairn::program {

/// Asks the quarantine again inside a job, with all that follows from what takes effect; returns
/// how many records did.
using ReplayQuarantine = std::function<std::size_t(storage::UnitOfWork&)>;

/// All references outlive the routes.
std::vector<runtime::Route> quarantine_routes(storage::ReadPool& readers, Commands& commands,
                                              ReplayQuarantine replay);

}  // namespace cairn::program
