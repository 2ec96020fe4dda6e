#pragma once
// The article behind a code: by its GTIN, or by its number. Loop only.

#include "core/base/barcode.h"
#include "core/storage/projections/reference_data.h"

#include <optional>

namespace cairn::agent {

std::optional<domain::Product> find_article(storage::Connection& connection,
                                            const Barcode& barcode);

/// kRejected "unknown_item": no article has this code.
Error unknown_item(const Barcode& barcode);

}  // namespace cairn::agent
