#pragma once
// Ship groups, put-backs and exceptions over HTTP, the same at hub and site. Any thread.

#include "core/runtime/http_server.h"
#include "core/storage/projections/ship_groups.h"
#include "core/storage/read_pool.h"

#include <vector>

namespace cairn::program {

std::vector<runtime::Route> ship_group_routes(storage::ReadPool& readers);

/// A page of ship groups; `filter` holds what the caller wants besides the request's own filters.
Result<runtime::HttpResponse> ship_group_page(storage::ReadPool& readers,
                                              const runtime::HttpRequest& request,
                                              storage::ShipGroupFilter filter);

/// The {group} of the path. Errors: kInvalid "bad_uuid".
Result<ShipGroupId> group_of(const runtime::HttpRequest& request);

}  // namespace cairn::program
