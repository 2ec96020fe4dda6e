#pragma once
// /livez, /readyz, /version, /metrics and /openapi.json. Any thread.

#include "core/base/metrics.h"
#include "core/runtime/http_server.h"
#include "core/storage/identity.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::program {

/// One thing the program cannot work without.
struct Check {
  std::string name;
  bool ok = false;
  std::string detail;
};

struct SystemInfo {
  std::string program;  ///< "cairn-hub", "cairn-agent"
  storage::Identity identity;
  std::string_view openapi;     ///< JSON text
  std::function<bool()> alive;  ///< the loop turns
  std::function<std::vector<Check>()> checks;
};

std::vector<runtime::Route> system_routes(const SystemInfo& info, const Metrics& metrics);

}  // namespace cairn::program
