#include "edge-agent/workflows/scans.h"

#include "core/storage/return_drafts.h"
#include "core/storage/station_modes.h"
#include "core/wire/record.h"
#include "edge-agent/workflows/returns.h"
#include "tests/edge-agent/support/device.h"

namespace cairn::agent::scans_test {
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

// ---- undo ----

auto undoing(Pick& pick, const Operator& by = kBench1) {
  return [&pick, by](UnitOfWork& work) { return undo_scan(work, pick, by); };
}

TEST_CASE("undo: the last picks of the task go back into their bins, one by one",
          "[agent][scans][undo]") {
  Station station;
  station.scan(label_of(1));
  station.scan(label_of(1));
  CHECK(station.status(1) == "PICKED");
  CHECK(station.on_hand("A1", "B-1") == pieces(6));
  const auto undone = station.done(undoing(station.pick));
  CHECK(undone.kind == ScanVerdict::Kind::kOk);
  CHECK(undone.what == What::kUndo);
  CHECK(undone.group == group_id(1));
  CHECK(undone.order_reference == "order-1");
  CHECK(undone.line == LineNo(1));
  CHECK(undone.sku == sku("A1"));
  CHECK(undone.name == "Article A1");
  CHECK(undone.taken_milli == pieces(1));
  CHECK(undone.line_open_milli == pieces(1));
  CHECK(undone.open_milli == pieces(1));
  CHECK(undone.note == "B-1");
  CHECK(wire::decode_record(station.replica().log().read(undone.event)->record)->type ==
        domain::PickUndone::kTypeId);
  CHECK(station.on_hand("A1", "B-1") == pieces(7));
  CHECK(station.in_tote("A1", 1) == pieces(1));
  station.done(undoing(station.pick));
  CHECK(station.in_tote("A1", 1) == 0);
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick));
  // What is picked anew can be undone anew.
  station.scan(label_of(1));
  CHECK(station.done(undoing(station.pick)).taken_milli == pieces(1));
}

TEST_CASE("undo: a station without a task, or of another device, has nothing to undo",
          "[agent][scans][undo]") {
  Station station;
  station.refused(ErrorCode::kRejected, "no_task", undoing(station.pick, {user(5), "new"}));
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick));
  station.elsewhere(1, domain::LinePicked{LineNo(1), pieces(1), bin("B-1")});
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick));
}

TEST_CASE("undo: a pickup that waits for its customer, but nothing that is packed",
          "[agent][scans][undo]") {
  Station station;
  station.allocate(5, {{1, "A1", 1}}, domain::FulfilmentMethod::kPickup);
  station.picked(5, 1, 1, kBench2);
  CHECK(station.status(5) == "READY");
  CHECK(station.done(undoing(station.pick, kBench2)).group == group_id(5));
  CHECK(station.status(5) == "PICKING");
  station.allocate(6, {{1, "A1", 1}});
  station.picked(6, 1, 1, {user(4), "bench-3"});
  station.packed(6, 1, 1);
  station.refused(ErrorCode::kRejected, "already_packed",
                  undoing(station.pick, {user(4), "bench-3"}));
}

TEST_CASE("undo: ten picks at most, and a keyed quantity is one", "[agent][scans][undo]") {
  Station station;
  station.allocate(7, {{1, "A1", 12}, {2, "A3", 20}});
  const Operator by{user(4), "bench-3"};
  station.perform(7, domain::ClaimTask{by.station}, by);
  for (int i = 0; i < 12; ++i) station.scan(label_of(1), by);
  const auto key = [&](UnitOfWork& work) {
    return station.pick.key_quantity(work, by, pieces(20));
  };
  CHECK(station.done(station.scanning(label_of(3), by)).kind == ScanVerdict::Kind::kPending);
  station.done(key);
  CHECK(station.done(undoing(station.pick, by)).taken_milli == pieces(20));
  for (int i = 0; i < 9; ++i) station.done(undoing(station.pick, by));
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick, by));
  CHECK(station.group(7).find(LineNo(1))->in.picked_milli == pieces(3));
  // A read that waits for its quantity is forgotten by it.
  station.scan(label_of(3), by);
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick, by));
  station.refused(ErrorCode::kConflict, "nothing_pending", key);
}

TEST_CASE("undo: at a return counter the last unit comes off the draft", "[agent][scans][undo]") {
  Station station;
  station.allocate(8, {{1, "A1", 2}, {2, "A2", 2}});
  station.picked(8, 1, 2);
  station.picked(8, 2, 2);
  station.labelled(
      8,
      station
          .perform(
              8,
              domain::ClosePackage{{{LineNo(1), pieces(2)}, {LineNo(2), pieces(2)}}, 1'000'000, {}})
          .front(),
      9);
  station.perform(8, domain::ShipGroupOut{});
  station.set(StationMode::kReturn);
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick));
  station.scan({"C1", "00" + Device::sscc(9)});
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick));
  station.scan(label_of(1));
  station.scan(label_of(2));
  station.scan(label_of(1));
  const auto left = [&station] {
    const auto draft = *storage::return_draft(station.connection(), kBench1.station);
    return std::pair(draft.milli_of(LineNo(1)), draft.milli_of(LineNo(2)));
  };
  const auto undone = station.done(undoing(station.pick));
  CHECK(undone.what == What::kUndo);
  CHECK(undone.line == LineNo(1));
  CHECK(undone.taken_milli == pieces(1));
  CHECK(undone.line_open_milli == pieces(1));
  CHECK(undone.open_milli == pieces(2));
  CHECK(undone.event == EventRef{});
  CHECK(left() == std::pair(pieces(1), pieces(1)));
  CHECK(station.done(undoing(station.pick)).line == LineNo(2));
  CHECK(left() == std::pair(pieces(1), std::int64_t{0}));
  // What was keyed away is off already.
  REQUIRE(station.job([](UnitOfWork& work) {
    return set_units(work, kBench1, {LineNo(1), domain::ReturnCondition::kRestock, 0});
  }));
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick));
}

TEST_CASE("undo: what was put back is not undone", "[agent][scans][undo]") {
  Station station;
  station.set(StationMode::kPutBack);
  station.scan(label_of(1));
  station.refused(ErrorCode::kRejected, "nothing_to_undo", undoing(station.pick));
}

}  // namespace
}  // namespace cairn::agent::scans_test
