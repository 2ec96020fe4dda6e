#include "core/storage/session_table.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {
namespace {

constexpr std::string_view kColumns =
    "SELECT id, user, station, started_utc_us, expires_utc_us FROM session";

SessionRow read_session(const Statement& row) {
  return {SessionId(row.uuid(0)), UserId(row.uuid(1)), row.text(2), UtcTime{row.integer(3)},
          UtcTime{row.integer(4)}};
}

std::optional<SessionRow> first_session(Statement& select) {
  if (!select.step()) return std::nullopt;
  SessionRow row = read_session(select);
  select.reset();
  return row;
}

}  // namespace

void start_session(Connection& writer, const Bytes& token_hash, const SessionRow& row) {
  writer.prepare("DELETE FROM session WHERE expires_utc_us <= ?1 OR (station = ?2 AND ?2 <> '')")
      .bind(row.started_at.us, row.station)
      .run();
  writer
      .prepare(
          "INSERT INTO session (token_hash, id, user, station, started_utc_us, expires_utc_us)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(Blob{token_hash}, row.id.value(), row.user.value(), row.station, row.started_at.us,
            row.expires_at.us)
      .run();
}

void end_session(Connection& writer, SessionId session) {
  writer.prepare("DELETE FROM session WHERE id = ?1").bind(session.value()).run();
}

std::optional<SessionRow> find_session(Connection& connection, const Bytes& token_hash,
                                       UtcTime now) {
  static const std::string kSql =
      std::string(kColumns) + " WHERE token_hash = ?1 AND expires_utc_us > ?2";
  return first_session(connection.prepare(kSql).bind(Blob{token_hash}, now.us));
}

std::optional<SessionRow> find_session(Connection& connection, SessionId session) {
  static const std::string kSql = std::string(kColumns) + " WHERE id = ?1";
  return first_session(connection.prepare(kSql).bind(session.value()));
}

std::optional<SessionRow> station_session(Connection& connection, const std::string& station,
                                          UtcTime now) {
  static const std::string kSql = std::string(kColumns) +
                                  " WHERE station = ?1 AND expires_utc_us > ?2"
                                  " ORDER BY started_utc_us DESC LIMIT 1";
  return first_session(connection.prepare(kSql).bind(station, now.us));
}

std::vector<SessionRow> sessions(Connection& connection, UtcTime now) {
  static const std::string kSql =
      std::string(kColumns) + " WHERE expires_utc_us > ?1 ORDER BY station, started_utc_us";
  Statement& select = connection.prepare(kSql);
  select.bind(now.us);
  std::vector<SessionRow> rows;
  while (select.step()) rows.push_back(read_session(select));
  return rows;
}

}  // namespace cairn::storage
