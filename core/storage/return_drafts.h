#pragma once
// A return that is being taken at a station, scan by scan. Local: never replicated, kept over a
// restart; nothing of it counts before it is taken. Inside a job; errors as in sqlite/connection.h.

#include "core/domain/returns/return_ledger.h"
#include "core/storage/sqlite/connection.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

struct ReturnDraft {
  struct Unit {
    LineNo line;
    domain::ReturnCondition condition = domain::ReturnCondition::kRestock;
    std::int64_t milli = 0;
  };
  ShipGroupId group;
  domain::ReturnCondition condition = domain::ReturnCondition::kRestock;  ///< of the next unit
  std::vector<Unit> units;

  [[nodiscard]] std::int64_t milli_of(LineNo line) const;
  [[nodiscard]] std::int64_t milli_of(LineNo line, domain::ReturnCondition as) const;
};

/// Any connection.
std::optional<ReturnDraft> return_draft(Connection& connection, const std::string& station);
/// Begins anew with this group; whatever was there is dropped.
void begin_return_draft(Connection& writer, const std::string& station, ShipGroupId group);
void set_draft_condition(Connection& writer, const std::string& station,
                         domain::ReturnCondition condition);
/// Sets how many units of a line came back in a condition; 0: none.
void set_draft_units(Connection& writer, const std::string& station, const ReturnDraft::Unit& unit);
/// A scan put these units on the draft, beside set_draft_units().
void note_draft_scan(Connection& writer, const std::string& station, const ReturnDraft::Unit& unit);
/// Forgets the last scan that is noted, and returns what it put on the draft; nothing: none is
/// left.
std::optional<ReturnDraft::Unit> take_draft_scan(Connection& writer, const std::string& station);
void drop_return_draft(Connection& writer, const std::string& station);

}  // namespace cairn::storage
