#pragma once
// What a site asks for when somebody brings back what another site sold. Reads only; loop only.

#include "core/domain/returns/sale.h"
#include "core/storage/unit_of_work.h"

#include <string>
#include <vector>

namespace cairn::central {

/// The sales behind a label (SSCC or tracking number) or an order's number that can still come
/// back, as `asker` has to know them: what other sites took back is not sold any more.
std::vector<domain::Sale> find_sales(storage::UnitOfWork& work, const SiteId& asker,
                                     const std::string& text);

}  // namespace cairn::central
