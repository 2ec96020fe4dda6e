#pragma once
// The event log for people and auditors: pages of it, its hash chains recomputed, whether its
// records are rows or folded. Any connection; errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

struct LogRow {
  std::int64_t author = 0;  ///< local number, for paging
  EventRef ref;
  std::string feed;        ///< empty: unconfirmed, or in no feed
  std::uint64_t fseq = 0;  ///< 0: unconfirmed
  Bytes record;
  Bytes chain;  ///< empty: no chain is kept of this author
};

struct LogPage {
  std::optional<NodeId> node;  ///< only this author
  std::int64_t after_author = 0;
  std::uint64_t after_seq = 0;
  std::size_t limit = 100;
};

/// By author, then sequence number.
std::vector<LogRow> log_rows(Connection& connection, const LogPage& page);

/// Of one author, by sequence number, those after `after`.
std::vector<LogRow> author_rows(Connection& connection, const EventRef& after, std::size_t limit);

/// Records that have an effect, with keys from `first` to before `end`. By (hlc, node, inc, seq).
std::vector<LogRow> key_rows(Connection& connection, const Bytes& first, const Bytes& end);

struct AuthorVerification {
  NodeId node;
  Incarnation inc;
  std::uint64_t records = 0;
  std::uint64_t head = 0;
  bool complete =
      false;  ///< false: only part of the author's log is kept here, so there is no chain
  std::optional<std::uint64_t> first_bad_seq;
};

/// Recomputes every chain from the stored octets: each record, its number, the columns beside it
/// and the head.
std::vector<AuthorVerification> verify_log(Connection& connection);

}  // namespace cairn::storage
