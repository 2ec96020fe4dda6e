// What a station is in the middle of, kept over a restart and never replicated.

#include "core/storage/return_drafts.h"
#include "core/storage/station_modes.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::storage::station_state_test {
namespace {

using domain::ReturnCondition;
using test::group_id;
using test::node;
using test::pieces;
using test::site;

Identity device() { return test::site_identity(node(1), site("store")); }

/// Does it in a transaction of its own.
template <class Work>
void in_job(test::Store& store, Work work) {
  REQUIRE(store.job([&work](UnitOfWork& unit) -> Result<bool> {
    work(unit.connection());
    return true;
  }));
}

void set_mode(test::Store& store, const std::string& station, StationMode mode) {
  in_job(store, [&](Connection& writer) { set_station_mode(writer, station, mode); });
}

TEST_CASE("station mode: picking, unless somebody switched it, also after a restart",
          "[storage][station]") {
  const test::TempFolder folder;
  {
    test::Store store(device(), folder.file("db"));
    CHECK(station_mode(store.connection(), "bench-1") == StationMode::kPick);
    set_mode(store, "bench-1", StationMode::kPutBack);
    set_mode(store, "bench-2", StationMode::kReturn);
    set_mode(store, "bench-2", StationMode::kPutBack);
    set_mode(store, "bench-2", StationMode::kReturn);
  }
  test::Store store(device(), folder.file("db"));
  CHECK(station_mode(store.connection(), "bench-1") == StationMode::kPutBack);
  CHECK(station_mode(store.connection(), "bench-2") == StationMode::kReturn);
  CHECK(station_mode(store.connection(), "bench-3") == StationMode::kPick);
  set_mode(store, "bench-1", StationMode::kPick);
  set_mode(store, "bench-1", StationMode::kPick);
  CHECK(station_mode(store.connection(), "bench-1") == StationMode::kPick);
}

TEST_CASE("station mode: its words", "[storage][station]") {
  for (const auto& [mode, name] :
       {std::pair(StationMode::kPick, "PICK"), std::pair(StationMode::kPutBack, "PUT_BACK"),
        std::pair(StationMode::kReturn, "RETURN")}) {
    CHECK(name_of(mode) == name);
    CHECK(parse_station_mode(name) == mode);
  }
  for (const std::string text : {"", "pick", "PACK"}) {
    const auto refused = parse_station_mode(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_mode");
  }
}

void set_units(test::Store& store, std::uint32_t line, ReturnCondition condition,
               std::int64_t units) {
  in_job(store, [&](Connection& writer) {
    set_draft_units(writer, "bench-1", {LineNo(line), condition, pieces(units)});
  });
}

TEST_CASE("return draft: scans add up by line and condition, also after a restart",
          "[storage][station]") {
  const test::TempFolder folder;
  {
    test::Store store(device(), folder.file("db"));
    CHECK_FALSE(return_draft(store.connection(), "bench-1"));
    in_job(store, [](Connection& writer) { begin_return_draft(writer, "bench-1", group_id(5)); });
    CHECK(return_draft(store.connection(), "bench-1")->condition == ReturnCondition::kRestock);
    in_job(store, [](Connection& writer) {
      set_draft_condition(writer, "bench-1", ReturnCondition::kDamaged);
    });
    set_units(store, 1, ReturnCondition::kRestock, 1);
    set_units(store, 1, ReturnCondition::kDamaged, 2);
    set_units(store, 2, ReturnCondition::kRestock, 1);
    set_units(store, 2, ReturnCondition::kRestock, 3);
  }
  test::Store store(device(), folder.file("db"));
  const auto draft = return_draft(store.connection(), "bench-1");
  REQUIRE(draft);
  CHECK(draft->group == group_id(5));
  CHECK(draft->condition == ReturnCondition::kDamaged);
  CHECK(draft->units.size() == 3);
  CHECK(draft->milli_of(LineNo(1)) == pieces(3));
  CHECK(draft->milli_of(LineNo(2)) == pieces(3));
  CHECK(draft->milli_of(LineNo(3)) == 0);
  CHECK_FALSE(return_draft(store.connection(), "bench-2"));
}

TEST_CASE("return draft: units are taken out, a new one begins empty, a dropped one is gone",
          "[storage][station]") {
  test::Store store(device());
  in_job(store, [](Connection& writer) { begin_return_draft(writer, "bench-1", group_id(5)); });
  set_units(store, 1, ReturnCondition::kRestock, 2);
  set_units(store, 1, ReturnCondition::kRestock, 0);
  CHECK(return_draft(store.connection(), "bench-1")->units.empty());
  set_units(store, 1, ReturnCondition::kRestock, 2);
  in_job(store, [](Connection& writer) { begin_return_draft(writer, "bench-1", group_id(6)); });
  CHECK(return_draft(store.connection(), "bench-1")->group == group_id(6));
  CHECK(return_draft(store.connection(), "bench-1")->units.empty());
  set_units(store, 1, ReturnCondition::kRestock, 2);
  in_job(store, [](Connection& writer) { drop_return_draft(writer, "bench-1"); });
  CHECK_FALSE(return_draft(store.connection(), "bench-1"));
  CHECK(store.number("SELECT count(*) FROM return_draft_unit") == 0);
}

TEST_CASE("return draft: its scans are taken back from the last to the first",
          "[storage][station]") {
  test::Store store(device());
  const auto note = [&store](const std::string& station, std::uint32_t line,
                             ReturnCondition condition) {
    in_job(store, [&](Connection& writer) {
      note_draft_scan(writer, station, {LineNo(line), condition, pieces(1)});
    });
  };
  const auto take = [&store] {
    std::uint32_t line = 0;
    in_job(store, [&line](Connection& writer) {
      const auto unit = take_draft_scan(writer, "bench-1");
      if (unit) line = unit->line.value() * 10 + static_cast<std::uint32_t>(unit->condition);
      if (unit) CHECK(unit->milli == pieces(1));
    });
    return line;
  };
  CHECK(take() == 0);
  note("bench-1", 1, ReturnCondition::kRestock);
  note("bench-1", 2, ReturnCondition::kDamaged);
  note("bench-2", 3, ReturnCondition::kRestock);
  note("bench-1", 1, ReturnCondition::kQcHold);
  CHECK(take() == 12);
  CHECK(take() == 23);
  note("bench-1", 4, ReturnCondition::kRestock);
  CHECK(take() == 41);
  CHECK(take() == 11);
  CHECK(take() == 0);
  note("bench-1", 1, ReturnCondition::kRestock);
  in_job(store, [](Connection& writer) { begin_return_draft(writer, "bench-1", group_id(6)); });
  CHECK(take() == 0);
  CHECK(store.number("SELECT count(*) FROM return_draft_scan") == 1);
}

}  // namespace
}  // namespace cairn::storage::station_state_test
