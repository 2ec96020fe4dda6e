#pragma once
// The part of the log whose records have left their rows: segments (docs/schema.md, log_segment).
// Readers of event_log look here for what they do not find there. Any connection, on its thread;
// errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/crypto/hash.h"
#include "core/storage/sqlite/connection.h"
#include "core/wire/log_segment.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

/// A segment, unpacked.
struct LogSegment {
  std::int64_t id = 0;
  std::int64_t author = 0;  ///< local number
  NodeId node;
  Incarnation inc;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::vector<wire::FoldedRecord> records;
  std::optional<crypto::Hash128> chain_before;  ///< nothing: no chain is kept of these records
  std::optional<crypto::Hash128> chain;         ///< at the end, as it was when it was folded
  std::vector<crypto::Hash128> chains;          ///< after each record, recomputed; empty likewise
  std::map<std::int64_t, std::string> feeds;    ///< names of the feeds that confirm them

  [[nodiscard]] EventRef ref(std::size_t at) const { return {node, inc, records[at].seq}; }
  /// Empty: in no feed.
  [[nodiscard]] std::string feed(std::size_t at) const;
  /// Empty: no chain is kept.
  [[nodiscard]] Bytes chain_at(std::size_t at) const;
};

/// Where a segment is, without what is in it.
struct SegmentPlace {
  std::int64_t id = 0;
  std::int64_t author = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// What has been folded, and what that has saved.
struct FoldedTotals {
  std::uint64_t segments = 0;
  std::uint64_t records = 0;
  std::uint64_t octets = 0;  ///< of the records themselves
  std::uint64_t packed = 0;  ///< what they take now
};

FoldedTotals folded_totals(Connection& connection);

/// Reads and checks a segment. Errors: kCorrupt "bad_segment" (it is not what was folded).
Result<LogSegment> read_segment(Connection& connection, std::int64_t id);
/// Over all that a segment says.
crypto::Hash128 segment_hash(const LogSegment& segment, BytesView body);

class FoldedLog {
 public:
  explicit FoldedLog(Connection& connection) : connection_(&connection) {}

  /// Shared, since a reader may go on with it while the memory here moves on.
  using Loaded = std::shared_ptr<const LogSegment>;

  /// Throws what a damaged file throws if it is not what was folded.
  Loaded load(std::int64_t id);
  /// A folded record: its segment and its place there.
  struct Found {
    Loaded segment;
    std::size_t at = 0;
    [[nodiscard]] const wire::FoldedRecord& record() const { return segment->records[at]; }
  };
  std::optional<Found> find(std::int64_t author, std::uint64_t seq);
  std::optional<Found> find(const EventRef& ref);

  /// By author, then first number: those that end after (author, seq). `only`: of this author.
  std::vector<SegmentPlace> after(std::int64_t author, std::uint64_t seq,
                                  std::optional<NodeId> only = std::nullopt);
  /// Of one author, those that end after `seq`.
  std::vector<SegmentPlace> of_author(std::int64_t author, std::uint64_t seq = 0);
  /// All of a node, whichever incarnation wrote them.
  std::vector<SegmentPlace> of_node(NodeId node);
  /// Those with positions of the feed after `after`, by their first one there (`first`, `last`).
  std::vector<SegmentPlace> of_feed(std::int64_t feed, std::uint64_t after);
  /// Folded records with keys from `first` to before `end`.
  std::vector<Found> with_keys(const Bytes& first, const Bytes& end);
  std::vector<Found> with_key(const Bytes& key);
  /// Whether any record of the author after `seq` is folded.
  bool any_after(std::int64_t author, std::uint64_t seq);

  /// Makes rows of a segment's records again.
  void unfold(std::int64_t id);
  /// Drops what is kept in memory.
  void forget() { kept_.clear(); }

 private:
  static constexpr std::size_t kKept = 8;  ///< segments, of a MiB each

  std::vector<Found> found_in(const std::vector<std::int64_t>& ids, const Bytes& first,
                              const Bytes& end);

  Connection* connection_;
  std::deque<Loaded> kept_;  ///< the last one used is the first
};

}  // namespace cairn::storage
