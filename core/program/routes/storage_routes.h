#pragma once
// /api/v1/storage: how much room this program's data take and how much there is. Any thread.

#include "core/program/disk_watch.h"
#include "core/program/routes/system_routes.h"
#include "core/runtime/http_server.h"

#include <vector>

namespace cairn::program {

/// For /readyz: a full disk means that nothing can be saved.
Check storage_check(const DiskStatus& status);

/// `disk` outlives the routes.
std::vector<runtime::Route> storage_routes(const DiskWatch& disk);

}  // namespace cairn::program
