#pragma once
// The pages under /ui/, the way there from /, and the icon that browsers ask for. Public: a page
// holds nothing but code. Any thread.

#include "core/program/pages.h"
#include "core/runtime/http_server.h"

#include <vector>

namespace cairn::program {

std::vector<runtime::Route> page_routes(const Pages& pages);

}  // namespace cairn::program
