#pragma once
// The event log over HTTP: records with their exact octets, the chains recomputed. Any thread.

#include "core/runtime/http_server.h"
#include "core/storage/read_pool.h"

#include <vector>

namespace cairn::program {

std::vector<runtime::Route> log_routes(storage::ReadPool& readers);

}  // namespace cairn::program
