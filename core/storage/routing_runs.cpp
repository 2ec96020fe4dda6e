#include "core/storage/routing_runs.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"

#include <algorithm>
#include <array>
#include <limits>

namespace cairn::storage {
namespace {

constexpr std::array kRunStates = {RoutingRunState::kRunning, RoutingRunState::kDone,
                                   RoutingRunState::kFailed, RoutingRunState::kBrokenOff};

RoutingRunState run_state(const std::string& text) {
  const auto found =
      std::ranges::find(kRunStates, text, [](RoutingRunState state) { return name_of(state); });
  CAIRN_ASSERT(found != kRunStates.end(), "stored states are known");
  return *found;
}

RoutingRunRow read_run(const Statement& row) {
  RoutingRunRow run;
  run.id = row.integer(0);
  if (!row.is_null(1)) run.due = UtcTime{row.integer(1)};
  run.rule_set = row.text(2);
  run.version = static_cast<std::uint32_t>(row.integer(3));
  run.actor = UserId(row.uuid(4));
  run.state = run_state(row.text(5));
  run.tries = row.integer(6);
  run.begun_at = UtcTime{row.integer(7)};
  if (!row.is_null(8)) run.ended_at = UtcTime{row.integer(8)};
  run.figures = {row.integer(9), row.integer(10), row.integer(11), row.integer(12),
                 row.integer(13)};
  run.message = row.text(14);
  return run;
}

}  // namespace

std::string_view name_of(RoutingRunState state) {
  switch (state) {
    case RoutingRunState::kRunning:
      return "RUNNING";
    case RoutingRunState::kDone:
      return "DONE";
    case RoutingRunState::kFailed:
      return "FAILED";
    case RoutingRunState::kBrokenOff:
      return "BROKEN_OFF";
  }
  return "";
}

std::optional<std::int64_t> begin_routing_run(Connection& connection, const RoutingRunRow& row) {
  Statement& insert = connection.prepare(
      "INSERT INTO routing_run (due_utc_us, rule_set, version, actor, state, tries, begun_utc_us,"
      " orders_seen, orders_routed, orders_partly, orders_waiting, groups_opened, message)"
      " VALUES (?1, ?2, ?3, ?4, 'RUNNING', 1, ?5, 0, 0, 0, 0, 0, '')"
      " ON CONFLICT (due_utc_us) DO UPDATE SET state = 'RUNNING', tries = tries + 1,"
      " rule_set = excluded.rule_set, version = excluded.version,"
      " begun_utc_us = excluded.begun_utc_us, ended_utc_us = NULL"
      " WHERE routing_run.state = 'BROKEN_OFF' AND routing_run.tries < ?6 RETURNING id");
  const auto due = row.due ? std::optional(row.due->us) : std::nullopt;
  insert.bind(due, row.rule_set, row.version, row.actor.value(), row.begun_at.us, kMostRunTries);
  std::optional<std::int64_t> id;
  if (insert.step()) id = insert.integer(0);
  insert.reset();
  if (id) {
    connection.prepare("DELETE FROM routing_run WHERE id <= ?1 - ?2")
        .bind(*id, kMostRoutingRuns)
        .run();
  }
  return id;
}

void end_routing_run(Connection& connection, std::int64_t id, RoutingRunState state,
                     const RoutingRunFigures& figures, const std::string& message, UtcTime now) {
  connection
      .prepare(
          "UPDATE routing_run SET state = ?2, ended_utc_us = ?3, orders_seen = ?4,"
          " orders_routed = ?5, orders_partly = ?6, orders_waiting = ?7, groups_opened = ?8,"
          " message = ?9 WHERE id = ?1")
      .bind(id, name_of(state), now.us, figures.orders_seen, figures.orders_routed,
            figures.orders_partly, figures.orders_waiting, figures.groups_opened, message)
      .run();
}

void break_off_routing_runs(Connection& connection, UtcTime now) {
  connection
      .prepare(
          "UPDATE routing_run SET state = 'BROKEN_OFF', ended_utc_us = ?1 WHERE state = 'RUNNING'")
      .bind(now.us)
      .run();
}

std::vector<RoutingRunRow> routing_runs(Connection& connection, std::int64_t before_id,
                                        std::size_t limit) {
  Statement& select = connection.prepare(
      "SELECT id, due_utc_us, rule_set, version, actor, state, tries, begun_utc_us, ended_utc_us,"
      " orders_seen, orders_routed, orders_partly, orders_waiting, groups_opened, message"
      " FROM routing_run WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
  select.bind(before_id > 0 ? before_id : std::numeric_limits<std::int64_t>::max(), limit);
  std::vector<RoutingRunRow> rows;
  while (select.step()) rows.push_back(read_run(select));
  return rows;
}

std::optional<UtcTime> last_scheduled_run(Connection& connection, UtcTime now) {
  Statement& select = connection.prepare(
      "SELECT due_utc_us FROM routing_run WHERE due_utc_us <= ?2"
      " AND (state <> 'BROKEN_OFF' OR tries >= ?1) ORDER BY due_utc_us DESC LIMIT 1");
  if (!select.bind(kMostRunTries, now.us).step()) return std::nullopt;
  const UtcTime due{select.integer(0)};
  select.reset();
  return due;
}

RoutingPause routing_pause(Connection& connection) {
  Statement& select =
      connection.prepare("SELECT paused, changed_utc_us, actor FROM routing_pause WHERE one = 1");
  if (!select.bind().step()) return {};
  RoutingPause pause{select.integer(0) != 0, UtcTime{select.integer(1)}, UserId(select.uuid(2))};
  select.reset();
  return pause;
}

void set_routing_pause(Connection& connection, bool paused, UtcTime now, UserId actor) {
  if (routing_pause(connection).paused == paused) return;
  connection
      .prepare(
          "INSERT OR REPLACE INTO routing_pause (one, paused, changed_utc_us, actor)"
          " VALUES (1, ?1, ?2, ?3)")
      .bind(paused, now.us, actor.value())
      .run();
}

}  // namespace cairn::storage
