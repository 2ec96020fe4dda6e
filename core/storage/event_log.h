#pragma once
// The event log: every record this replica holds, in its exact octets, each author's densely
// numbered and chained. The own part of it is the outbox. Old records have left their rows
// (folded_log.h); whoever reads here does not notice. Writer connection, loop only; errors as in
// sqlite/connection.h.

#include "core/base/ids.h"
#include "core/crypto/hash.h"
#include "core/storage/folded_log.h"
#include "core/storage/sqlite/connection.h"
#include "core/wire/record.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::storage {

/// One author's log as far as this replica holds it.
struct Author {
  std::int64_t id = 0;  ///< local number, never leaves this database
  NodeId node;
  Incarnation inc;
  std::uint64_t head = 0;   ///< last seq held; 0: nothing yet
  crypto::Hash128 chain{};  ///< h_head
};

/// Where a feed stands: at a site the last position applied, at the hub the last one given out.
struct Feed {
  std::int64_t id = 0;
  std::string name;
  HubGeneration hub_gen;
  std::uint64_t head = 0;
};

/// The position in a feed that confirms a record.
struct FeedPosition {
  std::int64_t feed = 0;
  std::uint64_t fseq = 0;
};

/// A record as it is read back.
struct LoggedRecord {
  EventRef ref;
  std::string feed;        ///< empty: unconfirmed, or in no feed
  std::uint64_t fseq = 0;  ///< 0: unconfirmed
  Bytes record;
  Bytes chain{};  ///< its author's chain hash there; empty for the hub's records at a site
  Bytes seal{};   ///< of the hub's records at a site: the hub knows its own hand by it
};

class EventLog {
 public:
  explicit EventLog(Connection& writer) : writer_(&writer), folded_(writer) {}

  /// The author's state; created on first sight. The reference is good until forget().
  Author& author(NodeId node, Incarnation inc);
  /// Nothing if no record of it was ever seen.
  const Author* find_author(NodeId node, Incarnation inc);
  std::vector<Author> authors();

  /// Appends the author's next record (seq = head + 1) and extends its chain.
  std::uint64_t append(Author& author, const wire::Record& record, const Bytes& octets,
                       std::optional<FeedPosition> position);
  /// Stores one record of the hub where only some of a generation's are seen: at a site, or at the
  /// hub itself when it was put back. No chain.
  void append_sparse(Author& hub, std::uint64_t seq, const wire::Record& record,
                     const Bytes& octets, FeedPosition position, const Bytes& seal);
  /// The hub's feed holds a record that is here already. False: it was confirmed before.
  bool confirm(const Author& author, std::uint64_t seq, FeedPosition position);

  /// The columns that are taken from a record, which is read now as it could not be before.
  void extract(const Author& author, std::uint64_t seq, const wire::Record& record);

  /// Whether the hub has confirmed any of the author's records after `after`.
  bool confirmed_after(const Author& author, std::uint64_t after);
  /// Takes the author's records after `after` out of the log, none of which is confirmed, and
  /// returns them in order: they are the caller's now.
  std::vector<Bytes> cut(Author& author, std::uint64_t after);
  /// Takes back what the feed confirmed after `after`: its records are unconfirmed again. False:
  /// there were none.
  bool unconfirm(const Feed& feed, std::uint64_t after);
  /// Takes all unconfirmed records of a node out of the log, whichever generation wrote them.
  std::vector<LoggedRecord> cut_unconfirmed(NodeId node);

  /// Where the feed stands; created on first sight. Whoever changes it calls mark_changed().
  Feed& feed(const std::string& name);
  std::vector<Feed> feeds();
  void mark_changed(const Feed& feed) { changed_feeds_.insert(feed.name); }

  struct Run {
    std::vector<Bytes> records;
    crypto::Hash128 chain_before{};
  };
  /// Records from `from` on: at most `max_records`, stopping once `max_bytes` are exceeded (at
  /// least one).
  Run read_run(const Author& author, std::uint64_t from, std::size_t max_records,
               std::size_t max_bytes);
  /// h_seq; chain_start for 0. Nothing if the record is not here.
  std::optional<crypto::Hash128> chain_at(const Author& author, std::uint64_t seq);
  /// Positions of a feed that are read at once; a message or a transaction for each few would take
  /// longer than they do.
  static constexpr std::size_t kFeedPositionsMost = 4096;
  /// A feed from after `after` on, at most so many, stopping once `max_bytes` are exceeded (at
  /// least one).
  std::vector<LoggedRecord> read_feed(const Feed& feed, std::uint64_t after, std::size_t max_bytes);
  /// Everything with this key in view order: confirmed by position, then the rest by (hlc, node,
  /// inc, seq).
  std::vector<LoggedRecord> read_key(const Bytes& key);
  std::optional<LoggedRecord> read(const EventRef& ref);
  /// All records of a node in the order in which they take effect: confirmed by position, then the
  /// rest by stamp.
  std::vector<EventRef> effect_order(NodeId node);
  /// The greatest stamp of a record with this key; 0 without one.
  Hlc latest_stamp(const Bytes& key);

  /// Writes changed heads back; at the end of every job.
  void flush();
  /// Authors whose heads changed since last asked.
  std::set<std::pair<NodeId, Incarnation>> take_touched() { return std::exchange(touched_, {}); }
  /// Drops what is remembered of a job that was rolled back.
  void forget();

 private:
  void insert(const Author& author, std::uint64_t seq, const wire::Record& record,
              const Bytes& octets, std::optional<FeedPosition> position,
              std::optional<crypto::Hash128> chain, const Bytes& seal);

  std::vector<LoggedRecord> folded_of_feed(const Feed& feed, std::uint64_t after,
                                           std::uint64_t& until, std::size_t max_bytes);
  bool read_rows(const Author& author, std::size_t max_records, std::size_t max_bytes, Run& run,
                 std::uint64_t& next, std::size_t& bytes);

  Connection* writer_;
  FoldedLog folded_;
  std::map<std::pair<NodeId, Incarnation>, Author> authors_;
  std::map<std::string, Feed> feeds_;
  std::set<std::pair<NodeId, Incarnation>> changed_authors_;
  std::set<std::string> changed_feeds_;
  std::set<std::pair<NodeId, Incarnation>> touched_;  ///< flushed, too
};

}  // namespace cairn::storage
