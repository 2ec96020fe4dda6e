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

}  // namespace cairn::agent
