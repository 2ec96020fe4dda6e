#pragma once
// Signing in and out over HTTP. Any thread.

#include "core/program/sessions.h"
#include "core/runtime/http_server.h"

#include <string>
#include <vector>

namespace cairn::program {

/// `station`: where a person works who does not say so; empty at the hub, where nobody has a
/// station.
std::vector<runtime::Route> session_routes(Sessions& sessions, const std::string& station);

}  // namespace cairn::program
