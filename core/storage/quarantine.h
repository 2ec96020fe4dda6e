#pragma once
// The quarantine for people: records that are here without effect, and what waits behind them. They
// get in and out by Replica. Any connection; errors as in sqlite/connection.h.

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

struct QuarantineRow {
  std::int64_t author = 0;  ///< local number, for paging
  EventRef ref;
  std::string kind;  ///< PARKED, INADMISSIBLE or FAILED
  std::string reason;
  UtcTime seen_at;
  SiteId site;  ///< in whose feed it is; empty: in none
  Bytes key;    ///< domain::Key::bytes(); empty: it has none, or none that could be read
  Bytes record;
};

struct QuarantinePage {
  std::int64_t after_author = 0;
  std::uint64_t after_seq = 0;
  std::size_t limit = 100;
};

/// By author, then sequence number.
std::vector<QuarantineRow> quarantine(Connection& connection, const QuarantinePage& page);

/// Nothing: the record is not in quarantine, or not here.
std::optional<QuarantineRow> quarantined(Connection& connection, const EventRef& ref);

/// Records without effect because they follow a parked one on its key: behind `row`, in view order.
std::vector<EventRef> parked_behind(Connection& connection, const QuarantineRow& row);

std::uint64_t quarantine_count(Connection& connection);

/// How many of a node's records are set aside, of all its incarnations.
std::uint64_t quarantine_count(Connection& connection, NodeId node);

struct SetAsideRecord {
  std::uint64_t seq = 0;
  std::string reason;
};
/// Of one incarnation, the latest `most`, by sequence number.
std::vector<SetAsideRecord> set_aside(Connection& connection, NodeId node, Incarnation inc,
                                      std::size_t most);

}  // namespace cairn::storage
