#include "core/storage/event_log.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/record_stream.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <tuple>

namespace cairn::storage {
namespace {

Author read_author(const Statement& row) {
  Author author;
  author.id = row.integer(0);
  author.node = NodeId(row.uuid(1));
  author.inc = Incarnation(row.unsigned_integer(2));
  author.head = row.unsigned_integer(3);
  if (const auto chain = crypto::hash_from_bytes(row.blob(4))) author.chain = *chain;
  return author;
}

LoggedRecord read_logged(const Statement& row) {
  return {{NodeId(row.uuid(0)), Incarnation(row.unsigned_integer(1)), row.unsigned_integer(2)},
          row.text(3),
          row.unsigned_integer(4),
          row.blob(5),
          row.blob(6),
          row.blob(7)};
}

LoggedRecord logged(const FoldedLog::Found& found) {
  const LogSegment& segment = *found.segment;
  return {segment.ref(found.at), segment.feed(found.at),     found.record().fseq,
          found.record().record, segment.chain_at(found.at), found.record().seal};
}

/// What a folded record says of its time; it could be read when it was folded.
Hlc stamp_of(const Bytes& octets) {
  const auto record = wire::decode_record(octets);
  return record ? record->hlc : Hlc{};
}

/// Sorts records as they take effect: confirmed by position, then the rest by stamp.
void sort_as_viewed(std::vector<LoggedRecord>& rows) {
  std::vector<std::tuple<bool, std::uint64_t, Hlc, EventRef, std::size_t>> order;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const LoggedRecord& row = rows[at];
    const bool open = row.fseq == 0;
    order.emplace_back(open, row.fseq, open ? stamp_of(row.record) : Hlc{}, row.ref, at);
  }
  std::ranges::sort(order);
  std::vector<LoggedRecord> sorted;
  for (const auto& place : order) sorted.push_back(std::move(rows[std::get<4>(place)]));
  rows = std::move(sorted);
}

constexpr std::string_view kLogged =
    "SELECT a.node, a.inc, e.seq, coalesce(f.name, ''), coalesce(e.fseq, 0), e.record,"
    " e.chain, e.seal FROM event_log e JOIN author a ON a.id = e.author LEFT JOIN feed f ON f.id = "
    "e.feed";

}  // namespace

const Author* EventLog::find_author(NodeId node, Incarnation inc) {
  if (const auto known = authors_.find({node, inc}); known != authors_.end()) {
    return &known->second;
  }
  Statement& select = writer_->prepare(
      "SELECT id, node, inc, head, chain FROM author WHERE node = ?1 AND inc = ?2");
  if (!select.bind(node.value(), inc.value()).step()) return nullptr;
  const Author found = read_author(select);
  select.reset();
  return &authors_.insert_or_assign({node, inc}, found).first->second;
}

Author& EventLog::author(NodeId node, Incarnation inc) {
  if (find_author(node, inc) == nullptr) {
    Author fresh{0, node, inc, 0, crypto::chain_start(node, inc)};
    Statement& insert = writer_->prepare(
        "INSERT INTO author (node, inc, head, chain) VALUES (?1, ?2, 0, ?3) RETURNING id");
    const Bytes chain = crypto::to_bytes(fresh.chain);
    insert.bind(node.value(), inc.value(), Blob{chain}).step();
    fresh.id = insert.integer(0);
    insert.run();
    authors_.insert_or_assign({node, inc}, fresh);
  }
  return authors_.at({node, inc});
}

std::vector<Author> EventLog::authors() {
  flush();
  std::vector<Author> all;
  Statement& select =
      writer_->prepare("SELECT id, node, inc, head, chain FROM author ORDER BY node, inc");
  select.bind();
  while (select.step()) all.push_back(read_author(select));
  return all;
}

void EventLog::insert(const Author& author, std::uint64_t seq, const wire::Record& record,
                      const Bytes& octets, std::optional<FeedPosition> position,
                      std::optional<crypto::Hash128> chain, const Bytes& seal) {
  const Bytes chain_octets = chain ? crypto::to_bytes(*chain) : Bytes();
  using MaybeBlob = std::optional<Blob>;
  const auto feed = position ? std::optional(position->feed) : std::nullopt;
  const auto fseq = position ? std::optional(position->fseq) : std::nullopt;
  writer_
      ->prepare(
          "INSERT INTO event_log (author, seq, hlc, type, key, feed, fseq, record, chain, seal)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
      .bind(author.id, seq, record.hlc.value, record.type,
            record.key.empty() ? MaybeBlob() : MaybeBlob(Blob{record.key}), feed, fseq,
            Blob{octets}, chain ? MaybeBlob(Blob{chain_octets}) : MaybeBlob(),
            seal.empty() ? MaybeBlob() : MaybeBlob(Blob{seal}))
      .run();
}

std::uint64_t EventLog::append(Author& author, const wire::Record& record, const Bytes& octets,
                               std::optional<FeedPosition> position) {
  author.chain = crypto::chain_next(author.chain, octets);
  ++author.head;
  changed_authors_.insert({author.node, author.inc});
  insert(author, author.head, record, octets, position, author.chain, {});
  return author.head;
}

void EventLog::append_sparse(Author& hub, std::uint64_t seq, const wire::Record& record,
                             const Bytes& octets, FeedPosition position, const Bytes& seal) {
  insert(hub, seq, record, octets, position, std::nullopt, seal);
  if (seq > hub.head) {
    hub.head = seq;
    changed_authors_.insert({hub.node, hub.inc});
  }
}

bool EventLog::confirm(const Author& author, std::uint64_t seq, FeedPosition position) {
  writer_
      ->prepare(
          "UPDATE event_log SET feed = ?3, fseq = ?4"
          " WHERE author = ?1 AND seq = ?2 AND fseq IS NULL")
      .bind(author.id, seq, position.feed, position.fseq)
      .run();
  return writer_->changes() == 1;
}

void EventLog::extract(const Author& author, std::uint64_t seq, const wire::Record& record) {
  using MaybeBlob = std::optional<Blob>;
  writer_
      ->prepare("UPDATE event_log SET hlc = ?3, type = ?4, key = ?5 WHERE author = ?1 AND seq = ?2")
      .bind(author.id, seq, record.hlc.value, record.type,
            record.key.empty() ? MaybeBlob() : MaybeBlob(Blob{record.key}))
      .run();
}

bool EventLog::confirmed_after(const Author& author, std::uint64_t after) {
  Statement& select = writer_->prepare(
      "SELECT 1 FROM event_log WHERE author = ?1 AND seq > ?2 AND fseq IS NOT NULL LIMIT 1");
  const bool found = select.bind(author.id, after).step();
  select.reset();
  return found || folded_.any_after(author.id, after);  // at a site only the confirmed are folded
}

std::vector<Bytes> EventLog::cut(Author& author, std::uint64_t after) {
  const auto chain = chain_at(author, after);
  CAIRN_ASSERT(chain.has_value(), "the log of an author is dense");
  std::vector<Bytes> records;
  Statement& select = writer_->prepare(
      "SELECT record, fseq IS NULL FROM event_log WHERE author = ?1 AND seq > ?2 ORDER BY seq");
  select.bind(author.id, after);
  while (select.step()) {
    CAIRN_ASSERT(select.integer(1) != 0, "what the hub has confirmed is not cut off");
    records.push_back(select.blob(0));
  }
  for (const std::string_view sql : {"DELETE FROM event_log WHERE author = ?1 AND seq > ?2",
                                     "DELETE FROM quarantine WHERE author = ?1 AND seq > ?2",
                                     "DELETE FROM business_key WHERE author = ?1 AND seq > ?2"}) {
    writer_->prepare(sql).bind(author.id, after).run();
  }
  author.head = after;
  author.chain = *chain;
  changed_authors_.insert({author.node, author.inc});
  return records;
}

bool EventLog::unconfirm(const Feed& feed, std::uint64_t after) {
  for (const SegmentPlace& segment : folded_.of_feed(feed.id, after)) folded_.unfold(segment.id);
  writer_->prepare("UPDATE event_log SET feed = NULL, fseq = NULL WHERE feed = ?1 AND fseq > ?2")
      .bind(feed.id, after)
      .run();
  return writer_->changes() > 0;
}

std::vector<LoggedRecord> EventLog::cut_unconfirmed(NodeId node) {
  static const std::string kSql =
      std::string(kLogged) + " WHERE a.node = ?1 AND e.fseq IS NULL ORDER BY e.hlc, a.inc, e.seq";
  std::vector<LoggedRecord> rows;
  Statement& select = writer_->prepare(kSql);
  select.bind(node.value());
  while (select.step()) rows.push_back(read_logged(select));
  for (const LoggedRecord& row : rows) {
    const Author* const author = find_author(row.ref.node, row.ref.inc);
    CAIRN_ASSERT(author != nullptr, "a record has an author");
    for (const std::string_view sql : {"DELETE FROM event_log WHERE author = ?1 AND seq = ?2",
                                       "DELETE FROM quarantine WHERE author = ?1 AND seq = ?2",
                                       "DELETE FROM business_key WHERE author = ?1 AND seq = ?2"}) {
      writer_->prepare(sql).bind(author->id, row.ref.seq).run();
    }
  }
  return rows;
}

Feed& EventLog::feed(const std::string& name) {
  if (const auto known = feeds_.find(name); known != feeds_.end()) return known->second;
  Statement& select = writer_->prepare("SELECT id, hub_gen, head FROM feed WHERE name = ?1");
  Feed feed{0, name, {}, 0};
  if (select.bind(name).step()) {
    feed.id = select.integer(0);
    feed.hub_gen = HubGeneration(select.unsigned_integer(1));
    feed.head = select.unsigned_integer(2);
    select.reset();
  } else {
    Statement& insert =
        writer_->prepare("INSERT INTO feed (name, hub_gen, head) VALUES (?1, 0, 0) RETURNING id");
    insert.bind(name).step();
    feed.id = insert.integer(0);
    insert.run();
  }
  return feeds_.insert_or_assign(name, feed).first->second;
}

std::vector<Feed> EventLog::feeds() {
  flush();
  std::vector<Feed> all;
  Statement& select = writer_->prepare("SELECT id, name, hub_gen, head FROM feed ORDER BY name");
  select.bind();
  while (select.step()) {
    all.push_back({select.integer(0), select.text(1), HubGeneration(select.unsigned_integer(2)),
                   select.unsigned_integer(3)});
  }
  return all;
}

EventLog::Run EventLog::read_run(const Author& author, std::uint64_t from, std::size_t max_records,
                                 std::size_t max_bytes) {
  Run run;
  const auto before = chain_at(author, from - 1);
  CAIRN_ASSERT(before.has_value(), "the log of an author is dense");
  run.chain_before = *before;
  std::uint64_t next = from;
  std::size_t bytes = 0;
  // Rows and segments take turns; mostly there is one of them only.
  while (run.records.size() < max_records) {
    const std::uint64_t begin = next;
    const auto found = folded_.find(author.id, next);
    if (!found) {
      if (!read_rows(author, max_records, max_bytes, run, next, bytes)) break;
    } else {
      const auto& records = found->segment->records;
      for (std::size_t at = found->at; at < records.size() && run.records.size() < max_records;
           ++at, ++next) {
        bytes += records[at].record.size();
        if (!run.records.empty() && bytes > max_bytes) return run;
        run.records.push_back(records[at].record);
      }
    }
    if (next == begin) break;
  }
  return run;
}

/// Goes on with a run from rows, up to the first that is missing. False: the run is full.
bool EventLog::read_rows(const Author& author, std::size_t max_records, std::size_t max_bytes,
                         Run& run, std::uint64_t& next, std::size_t& bytes) {
  Statement& select = writer_->prepare(
      "SELECT seq, record FROM event_log WHERE author = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3");
  select.bind(author.id, next, max_records - run.records.size());
  while (select.step()) {
    if (select.unsigned_integer(0) != next) break;
    Bytes record = select.blob(1);
    bytes += record.size();
    if (!run.records.empty() && bytes > max_bytes) {
      select.reset();
      return false;
    }
    run.records.push_back(std::move(record));
    ++next;
  }
  select.reset();
  return true;
}

std::optional<crypto::Hash128> EventLog::chain_at(const Author& author, std::uint64_t seq) {
  if (seq == 0) return crypto::chain_start(author.node, author.inc);
  // Of the hub's log a site holds only some records: no chain was ever begun.
  const bool chained = author.chain != crypto::chain_start(author.node, author.inc);
  if (seq == author.head && chained) return author.chain;
  Statement& select =
      writer_->prepare("SELECT chain FROM event_log WHERE author = ?1 AND seq = ?2");
  Bytes octets;
  if (select.bind(author.id, seq).step()) {
    octets = select.blob(0);
    select.reset();
  } else if (const auto found = folded_.find(author.id, seq)) {
    octets = found->segment->chain_at(found->at);
  }
  const auto chain = crypto::hash_from_bytes(octets);
  return chain ? std::optional(*chain) : std::nullopt;
}

namespace {

/// Sorts by position and keeps the first: at most kFeedPositionsMost, until `max_bytes` are
/// exceeded (at least one). Returns the position of the first that was dropped.
std::optional<std::uint64_t> keep_first(std::vector<LoggedRecord>& rows, std::size_t max_bytes) {
  std::ranges::sort(rows, {}, &LoggedRecord::fseq);
  std::size_t bytes = 0;
  std::size_t kept = 0;
  for (; kept < rows.size() && kept < EventLog::kFeedPositionsMost; ++kept) {
    bytes += rows[kept].record.size();
    if (kept > 0 && bytes > max_bytes) break;
  }
  if (kept == rows.size()) return std::nullopt;
  const std::uint64_t dropped = rows[kept].fseq;
  rows.resize(kept);
  return dropped;
}

}  // namespace

std::vector<LoggedRecord> EventLog::read_feed(const Feed& feed, std::uint64_t after,
                                              std::size_t max_bytes) {
  static const std::string kSql =
      std::string(kLogged) + " WHERE e.feed = ?1 AND e.fseq > ?2 ORDER BY e.fseq LIMIT ?3";
  Statement& select = writer_->prepare(kSql);
  select.bind(feed.id, after, kFeedPositionsMost);
  std::vector<LoggedRecord> rows;
  std::size_t bytes = 0;
  std::uint64_t until = UINT64_MAX;
  while (select.step()) {
    LoggedRecord row = read_logged(select);
    bytes += row.record.size();
    if (!rows.empty() && bytes > max_bytes) {
      until = row.fseq - 1;
      break;
    }
    rows.push_back(std::move(row));
  }
  select.reset();
  if (rows.size() == kFeedPositionsMost) until = std::min(until, rows.back().fseq);
  auto folded = folded_of_feed(feed, after, until, max_bytes);
  if (folded.empty()) return rows;
  std::erase_if(rows, [until](const LoggedRecord& row) { return row.fseq > until; });
  std::ranges::move(folded, std::back_inserter(rows));
  keep_first(rows, max_bytes);
  return rows;
}

/// The first folded records of a feed from after `after` to `until`, within the limits of
/// read_feed(). Where they end sooner `until` says so: what comes behind is not to be read yet.
std::vector<LoggedRecord> EventLog::folded_of_feed(const Feed& feed, std::uint64_t after,
                                                   std::uint64_t& until, std::size_t max_bytes) {
  std::vector<LoggedRecord> rows;
  for (const SegmentPlace& place : folded_.of_feed(feed.id, after)) {
    if (place.first > until) break;
    const auto segment = folded_.load(place.id);
    for (std::size_t at = 0; at < segment->records.size(); ++at) {
      const wire::FoldedRecord& one = segment->records[at];
      if (one.feed == feed.id && one.fseq > after && one.fseq <= until) {
        rows.push_back(logged({segment, at}));
      }
    }
    if (const auto dropped = keep_first(rows, max_bytes)) until = *dropped - 1;
  }
  return rows;
}

std::vector<LoggedRecord> EventLog::read_key(const Bytes& key) {
  static const std::string kSql =
      std::string(kLogged) +
      " WHERE e.key = ?1 ORDER BY e.fseq IS NULL, e.fseq, e.hlc, a.node, a.inc, e.seq";
  Statement& select = writer_->prepare(kSql);
  select.bind(Blob{key});
  std::vector<LoggedRecord> rows;
  while (select.step()) rows.push_back(read_logged(select));
  const auto folded = folded_.with_key(key);
  for (const FoldedLog::Found& found : folded) rows.push_back(logged(found));
  if (!folded.empty()) sort_as_viewed(rows);
  return rows;
}

std::optional<LoggedRecord> EventLog::read(const EventRef& ref) {
  static const std::string kSql =
      std::string(kLogged) + " WHERE a.node = ?1 AND a.inc = ?2 AND e.seq = ?3";
  Statement& select = writer_->prepare(kSql);
  if (!select.bind(ref.node.value(), ref.inc.value(), ref.seq).step()) {
    const auto found = folded_.find(ref);
    return found ? std::optional(logged(*found)) : std::nullopt;
  }
  LoggedRecord row = read_logged(select);
  select.reset();
  return row;
}

std::vector<EventRef> EventLog::effect_order(NodeId node) {
  // Unconfirmed, feed, position, stamp, incarnation, number.
  using Place = std::tuple<bool, std::int64_t, std::uint64_t, Hlc, Incarnation, std::uint64_t>;
  std::vector<Place> order;
  Statement& select = writer_->prepare(
      "SELECT a.inc, e.seq, coalesce(e.feed, 0), coalesce(e.fseq, 0), e.hlc FROM event_log e"
      " JOIN author a ON a.id = e.author WHERE a.node = ?1");
  select.bind(node.value());
  while (select.step()) {
    order.emplace_back(select.integer(3) == 0, select.integer(2), select.unsigned_integer(3),
                       Hlc{select.unsigned_integer(4)}, Incarnation(select.unsigned_integer(0)),
                       select.unsigned_integer(1));
  }
  for (const SegmentPlace& place : folded_.of_node(node)) {
    const auto segment = folded_.load(place.id);
    for (const wire::FoldedRecord& one : segment->records) {
      const bool open = one.fseq == 0;
      order.emplace_back(open, one.feed, one.fseq, open ? stamp_of(one.record) : Hlc{},
                         segment->inc, one.seq);
    }
  }
  std::ranges::sort(order);
  std::vector<EventRef> refs;
  for (const Place& place : order) refs.push_back({node, std::get<4>(place), std::get<5>(place)});
  return refs;
}

Hlc EventLog::latest_stamp(const Bytes& key) {
  Statement& select =
      writer_->prepare("SELECT coalesce(max(hlc), 0) FROM event_log WHERE key = ?1");
  Hlc stamp{select.bind(Blob{key}).step() ? select.unsigned_integer(0) : 0};
  select.reset();
  for (const FoldedLog::Found& found : folded_.with_key(key)) {
    stamp = std::max(stamp, stamp_of(found.record().record));
  }
  return stamp;
}

void EventLog::flush() {
  for (const auto& name : changed_authors_) {
    const Author& author = authors_.at(name);
    const Bytes chain = crypto::to_bytes(author.chain);
    writer_->prepare("UPDATE author SET head = ?2, chain = ?3 WHERE id = ?1")
        .bind(author.id, author.head, Blob{chain})
        .run();
  }
  touched_.merge(changed_authors_);
  changed_authors_.clear();
  for (const std::string& name : changed_feeds_) {
    const Feed& feed = feeds_.at(name);
    writer_->prepare("UPDATE feed SET hub_gen = ?2, head = ?3 WHERE id = ?1")
        .bind(feed.id, feed.hub_gen.value(), feed.head)
        .run();
  }
  changed_feeds_.clear();
}

void EventLog::forget() {
  authors_.clear();
  folded_.forget();
  feeds_.clear();
  changed_authors_.clear();
  changed_feeds_.clear();
  touched_.clear();
}

}  // namespace cairn::storage
