#include "edge-agent/workflows/scans.h"

#include "core/storage/station_modes.h"
#include "edge-agent/workflows/put_back.h"
#include "edge-agent/workflows/returns.h"

namespace cairn::agent {

Result<ScanVerdict> take_scan(storage::UnitOfWork& work, Pick& pick, const Operator& by,
                              const Barcode& barcode) {
  switch (storage::station_mode(work.connection(), by.station)) {
    case storage::StationMode::kPick:
      return pick.scan(work, by, barcode);
    case storage::StationMode::kPutBack:
      return put_back_one(work, by, barcode);
    case storage::StationMode::kReturn:
      break;
  }
  if (!storage::return_draft(work.connection(), by.station)) {
    return begin_return(work, by, barcode.data);
  }
  return return_one(work, by, barcode);
}

Result<ScanVerdict> undo_scan(storage::UnitOfWork& work, Pick& pick, const Operator& by) {
  switch (storage::station_mode(work.connection(), by.station)) {
    case storage::StationMode::kPick:
      return pick.undo(work, by);
    case storage::StationMode::kReturn:
      return take_off_one(work, by);
    case storage::StationMode::kPutBack:
      break;
  }
  return fail(ErrorCode::kRejected, "nothing_to_undo",
              "what was put back is not undone; scan it into the task it is for");
}

}  // namespace cairn::agent
