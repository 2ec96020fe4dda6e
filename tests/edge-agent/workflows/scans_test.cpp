#include "edge-agent/workflows/scans.h"

#include "core/storage/return_drafts.h"
#include "core/storage/station_modes.h"
#include "tests/edge-agent/support/device.h"

namespace cairn::agent {
namespace {

using namespace test;
using storage::StationMode;
using What = ScanVerdict::What;

/// Group 1 wants two A1; of group 2 an A1 has to go back; group 3, one A1, was shipped as label 3.
struct Station : Device {
  Station() {
    allocate(1, {{1, "A1", 2}});
    allocate(2, {{1, "A1", 1}, {2, "A2", 1}});
    picked(2, 1, 1, kBench2);
    cancel(2, 1, 1);
    allocate(3, {{1, "A1", 1}});
    sold(3, 1, 3);
    REQUIRE(job([this](UnitOfWork& work) { return pick.claim(work, group_id(1), kBench1); }));
  }
  void set(StationMode mode, const Operator& by = kBench1) {
    REQUIRE(job([&](UnitOfWork& work) -> Result<bool> {
      storage::set_station_mode(work.connection(), by.station, mode);
      return true;
    }));
  }
  auto scanning(const Barcode& barcode, const Operator& by = kBench1) {
    return [this, barcode, by](UnitOfWork& work) { return take_scan(work, pick, by, barcode); };
  }
  What scan(const Barcode& barcode, const Operator& by = kBench1) {
    const auto verdict = job(scanning(barcode, by));
    REQUIRE(verdict);
    return verdict->what;
  }

  Pick pick{12 * kMilliPerUnit};
};

TEST_CASE("scans: a station that nobody has set picks", "[agent][scans]") {
  Station station;
  CHECK(station.scan(label_of(1)) == What::kPick);
  CHECK(station.group(1).find(LineNo(1))->in.picked_milli == pieces(1));
  station.refused(ErrorCode::kRejected, "no_task", station.scanning(label_of(1), {user(5), "new"}));
  station.refused(ErrorCode::kRejected, "unknown_item", station.scanning(label_of(99)));
}

TEST_CASE("scans: the same read puts back where that is switched on", "[agent][scans]") {
  Station station;
  station.set(StationMode::kPutBack);
  CHECK(station.scan(label_of(1)) == What::kPutBack);
  CHECK(station.group(1).find(LineNo(1))->in.picked_milli == 0);
  station.refused(ErrorCode::kRejected, "nothing_to_put_back", station.scanning(label_of(1)));
  // Another station goes on picking.
  CHECK(storage::station_mode(station.connection(), kBench2.station) == StationMode::kPick);
  station.set(StationMode::kPick);
  CHECK(station.scan(label_of(1)) == What::kPick);
}

TEST_CASE("scans: at a return counter the first read finds the sale, the next are its units",
          "[agent][scans]") {
  Station station;
  station.set(StationMode::kReturn);
  station.refused(ErrorCode::kNotFound, "unknown_sale", station.scanning(label_of(1)));
  CHECK(station.scan({"C1", "00" + Device::sscc(3)}) == What::kReturnFind);
  CHECK(station.scan(label_of(1)) == What::kReturnUnit);
  station.refused(ErrorCode::kRejected, "already_returned", station.scanning(label_of(1)));
  CHECK(storage::return_draft(station.connection(), kBench1.station)->units.size() == 1);
  // Nothing is picked or put back by it.
  CHECK(station.group(1).find(LineNo(1))->in.picked_milli == 0);
  CHECK(storage::put_backs(station.connection(), std::nullopt).size() == 1);
}

}  // namespace
}  // namespace cairn::agent
