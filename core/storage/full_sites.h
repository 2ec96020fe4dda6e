#pragma once
// Sites that said they can take no more: they are given no orders to ship until that is reset, by
// somebody or by time. At the hub. Errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/domain/fulfilment/short_reason.h"
#include "core/storage/sqlite/connection.h"

#include <map>

namespace cairn::storage {

struct FullSite {
  UtcTime since;  ///< when it said so last
  domain::ShortReason reason = domain::ShortReason::kStoreBusy;
};

/// It said so at `at`. Older than its reset, or than what it said already: changes nothing. Loop
/// only, like the next two.
void note_full(Connection& connection, const SiteId& site, domain::ShortReason reason, UtcTime at);
/// It can take orders again. A site that is not full stays as it is.
void reset_full(Connection& connection, const SiteId& site, UtcTime now);
/// What was said at `until` or before holds no more.
void forget_full(Connection& connection, UtcTime until);

/// Any connection.
std::map<SiteId, FullSite> full_sites(Connection& connection);

}  // namespace cairn::storage
