#pragma once
// Putting back: units that were picked and are not needed go into their bins again, by scan or by
// keyed quantity. Each function runs inside a job of the writer. Loop only.

#include "core/base/barcode.h"
#include "core/storage/unit_of_work.h"
#include "edge-agent/workflows/operator.h"
#include "edge-agent/workflows/scan_verdict.h"

#include <cstdint>
#include <optional>

namespace cairn::agent {

/// One unit of the oldest put-back of this article. Errors: kRejected "unknown_item",
/// "nothing_to_put_back"; those of domain::decide().
Result<ScanVerdict> put_back_one(storage::UnitOfWork& work, const Operator& by,
                                 const Barcode& barcode);

/// Units of one put-back; `to`: another bin than the one it came from.
struct PutBackUnits {
  ShipGroupId group;
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
  std::optional<LocationCode> to;
};
/// Errors: those of domain::decide().
Result<ScanVerdict> put_back(storage::UnitOfWork& work, const PutBackUnits& units,
                             const Operator& by);

}  // namespace cairn::agent
