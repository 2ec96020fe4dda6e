#pragma once
// What a scan at a station means: a unit of the pick task, or of a put-back, or of a return, as the
// station is set. Each function runs inside a job of the writer. Loop only.

#include "edge-agent/workflows/pick.h"

namespace cairn::agent {

/// Errors: those of Pick::scan(), put_back_one(), begin_return() and return_one().
Result<ScanVerdict> take_scan(storage::UnitOfWork& work, Pick& pick, const Operator& by,
                              const Barcode& barcode);

/// Takes back what the last scan at the station did, one after the other. Errors: kRejected
/// "nothing_to_undo", always so where units are put back; those of Pick::undo() and take_off_one().
Result<ScanVerdict> undo_scan(storage::UnitOfWork& work, Pick& pick, const Operator& by);

}  // namespace cairn::agent
