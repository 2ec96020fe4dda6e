#include "core/storage/return_drafts.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

namespace cairn::storage {
namespace {

domain::ReturnCondition stored_condition(const std::string& text) {
  const auto condition = domain::parse_return_condition(text);
  CAIRN_ASSERT(condition.has_value(), "stored conditions are known");
  return *condition;
}

}  // namespace

std::int64_t ReturnDraft::milli_of(LineNo line) const {
  std::int64_t sum = 0;
  for (const Unit& unit : units) sum += unit.line == line ? unit.milli : 0;
  return sum;
}

std::int64_t ReturnDraft::milli_of(LineNo line, domain::ReturnCondition as) const {
  for (const Unit& unit : units) {
    if (unit.line == line && unit.condition == as) return unit.milli;
  }
  return 0;
}

std::optional<ReturnDraft> return_draft(Connection& connection, const std::string& station) {
  Statement& select =
      connection.prepare("SELECT group_id, condition FROM return_draft WHERE station = ?1");
  if (!select.bind(station).step()) return std::nullopt;
  ReturnDraft draft{ShipGroupId(select.uuid(0)), stored_condition(select.text(1)), {}};
  select.reset();
  Statement& units = connection.prepare(
      "SELECT line, condition, milli FROM return_draft_unit WHERE station = ?1"
      " ORDER BY line, condition");
  units.bind(station);
  while (units.step()) {
    draft.units.push_back(
        {stored_line(units.integer(0)), stored_condition(units.text(1)), units.integer(2)});
  }
  return draft;
}

void begin_return_draft(Connection& writer, const std::string& station, ShipGroupId group) {
  drop_return_draft(writer, station);
  writer.prepare("INSERT INTO return_draft (station, group_id, condition) VALUES (?1, ?2, ?3)")
      .bind(station, group.value(), name_of(domain::ReturnCondition::kRestock))
      .run();
}

void set_draft_condition(Connection& writer, const std::string& station,
                         domain::ReturnCondition condition) {
  writer.prepare("UPDATE return_draft SET condition = ?2 WHERE station = ?1")
      .bind(station, name_of(condition))
      .run();
}

void set_draft_units(Connection& writer, const std::string& station,
                     const ReturnDraft::Unit& unit) {
  if (unit.milli == 0) {
    writer
        .prepare(
            "DELETE FROM return_draft_unit WHERE station = ?1 AND line = ?2 AND condition = ?3")
        .bind(station, unit.line.value(), name_of(unit.condition))
        .run();
    return;
  }
  writer
      .prepare(
          "INSERT OR REPLACE INTO return_draft_unit (station, line, condition, milli)"
          " VALUES (?1, ?2, ?3, ?4)")
      .bind(station, unit.line.value(), name_of(unit.condition), unit.milli)
      .run();
}

void note_draft_scan(Connection& writer, const std::string& station,
                     const ReturnDraft::Unit& unit) {
  writer
      .prepare(
          "INSERT INTO return_draft_scan (station, position, line, condition, milli)"
          " SELECT ?1, coalesce(max(position), 0) + 1, ?2, ?3, ?4 FROM return_draft_scan"
          " WHERE station = ?1")
      .bind(station, unit.line.value(), name_of(unit.condition), unit.milli)
      .run();
}

std::optional<ReturnDraft::Unit> take_draft_scan(Connection& writer, const std::string& station) {
  Statement& select = writer.prepare(
      "SELECT position, line, condition, milli FROM return_draft_scan WHERE station = ?1"
      " ORDER BY position DESC LIMIT 1");
  if (!select.bind(station).step()) return std::nullopt;
  const std::int64_t position = select.integer(0);
  const ReturnDraft::Unit unit{stored_line(select.integer(1)), stored_condition(select.text(2)),
                               select.integer(3)};
  select.reset();
  writer.prepare("DELETE FROM return_draft_scan WHERE station = ?1 AND position = ?2")
      .bind(station, position)
      .run();
  return unit;
}

void drop_return_draft(Connection& writer, const std::string& station) {
  writer.prepare("DELETE FROM return_draft_scan WHERE station = ?1").bind(station).run();
  writer.prepare("DELETE FROM return_draft WHERE station = ?1").bind(station).run();
  writer.prepare("DELETE FROM return_draft_unit WHERE station = ?1").bind(station).run();
}

}  // namespace cairn::storage
