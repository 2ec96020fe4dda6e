#pragma once
// Who is signed in at this process. Local: never replicated. Writing: inside a job; errors as in
// sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

struct SessionRow {
  SessionId id;
  UserId user;
  std::string station;  ///< empty at the hub
  UtcTime started_at;
  UtcTime expires_at;
};

/// `token_hash`: what the bearer's token hashes to; the token itself is kept nowhere. Whoever was
/// signed in at the station before is signed out; sessions that ended before `row.started_at` are
/// dropped.
void start_session(Connection& writer, const Bytes& token_hash, const SessionRow& row);
void end_session(Connection& writer, SessionId session);

/// A session that has not ended at `now`. Any connection.
std::optional<SessionRow> find_session(Connection& connection, const Bytes& token_hash,
                                       UtcTime now);
std::optional<SessionRow> find_session(Connection& connection, SessionId session);
/// Who works at a station now. Any connection.
std::optional<SessionRow> station_session(Connection& connection, const std::string& station,
                                          UtcTime now);
/// All sessions that have not ended. Any connection.
std::vector<SessionRow> sessions(Connection& connection, UtcTime now);

}  // namespace cairn::storage
