#include "core/storage/folded_log.h"

#include "core/storage/sqlite/statement.h"
#include "core/wire/record.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::storage {
namespace {

tl::unexpected<Error> bad_segment(std::int64_t id, std::string_view why) {
  return fail(ErrorCode::kCorrupt, "bad_segment", fmt::format("segment {}: {}", id, why));
}

std::optional<crypto::Hash128> hash_of(const Statement& row, int column) {
  const auto hash = crypto::hash_from_bytes(row.blob(column));
  return hash ? std::optional(*hash) : std::nullopt;
}

std::map<std::int64_t, std::string> feed_names(Connection& connection,
                                               const std::vector<wire::FoldedRecord>& records) {
  std::map<std::int64_t, std::string> names;
  for (const wire::FoldedRecord& one : records) {
    if (one.feed == 0 || names.contains(one.feed)) continue;
    Statement& select = connection.prepare("SELECT name FROM feed WHERE id = ?1");
    names.emplace(one.feed, select.bind(one.feed).step() ? select.text(0) : std::string());
    select.reset();
  }
  return names;
}

std::vector<SegmentPlace> read_places(Statement& select) {
  std::vector<SegmentPlace> places;
  while (select.step()) {
    places.push_back({select.integer(0), select.integer(1), select.unsigned_integer(2),
                      select.unsigned_integer(3)});
  }
  return places;
}

std::vector<std::int64_t> read_ids(Statement& select) {
  std::vector<std::int64_t> ids;
  while (select.step()) ids.push_back(select.integer(0));
  return ids;
}

std::optional<std::size_t> place_in(const LogSegment& segment, std::uint64_t seq) {
  const auto found = std::ranges::lower_bound(segment.records, seq, {}, &wire::FoldedRecord::seq);
  if (found == segment.records.end() || found->seq != seq) return std::nullopt;
  return static_cast<std::size_t>(found - segment.records.begin());
}

}  // namespace

std::string LogSegment::feed(std::size_t at) const {
  const auto found = feeds.find(records[at].feed);
  return found == feeds.end() ? std::string() : found->second;
}

Bytes LogSegment::chain_at(std::size_t at) const {
  return chains.empty() ? Bytes() : crypto::to_bytes(chains[at]);
}

FoldedTotals folded_totals(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT count(*), coalesce(sum(records), 0), coalesce(sum(octets), 0),"
      " coalesce(sum(length(body)), 0) FROM log_segment");
  FoldedTotals totals;
  if (select.bind().step()) {
    totals = {select.unsigned_integer(0), select.unsigned_integer(1), select.unsigned_integer(2),
              select.unsigned_integer(3)};
  }
  select.reset();
  return totals;
}

crypto::Hash128 segment_hash(const LogSegment& segment, BytesView body) {
  const auto octets = [](const std::optional<crypto::Hash128>& hash) {
    return hash ? crypto::to_bytes(*hash) : Bytes();
  };
  const std::string head =
      fmt::format("{} {} {} {} {} {} ", segment.node.value().text(), segment.inc.value(),
                  segment.first, segment.last, segment.chain.has_value(), body.size());
  return crypto::blake2b_128(
      {"cairn segment 1 ", head, octets(segment.chain_before), octets(segment.chain), body});
}

Result<LogSegment> read_segment(Connection& connection, std::int64_t id) {
  Statement& select = connection.prepare(
      "SELECT s.author, a.node, a.inc, s.first, s.last, s.records, s.chain_before, s.chain, s.hash,"
      " s.body FROM log_segment s JOIN author a ON a.id = s.author WHERE s.id = ?1");
  if (!select.bind(id).step()) return bad_segment(id, "it is not here");
  LogSegment segment;
  segment.id = id;
  segment.author = select.integer(0);
  segment.node = NodeId(select.uuid(1));
  segment.inc = Incarnation(select.unsigned_integer(2));
  segment.first = select.unsigned_integer(3);
  segment.last = select.unsigned_integer(4);
  const std::uint64_t count = select.unsigned_integer(5);
  segment.chain_before = hash_of(select, 6);
  segment.chain = hash_of(select, 7);
  const auto hash = hash_of(select, 8);
  const Bytes body = select.blob(9);
  select.reset();
  if (hash != segment_hash(segment, body)) return bad_segment(id, "its hash differs");
  auto records = wire::decode_segment(body);
  if (!records) return bad_segment(id, records.error().message);
  segment.records = *std::move(records);
  if (segment.records.size() != count || segment.records.front().seq != segment.first ||
      segment.records.back().seq != segment.last) {
    return bad_segment(id, "it holds other records than it says");
  }
  if (segment.chain_before) {
    crypto::Hash128 chain = *segment.chain_before;
    segment.chains.reserve(segment.records.size());
    for (const wire::FoldedRecord& one : segment.records) {
      segment.chains.push_back(chain = crypto::chain_next(chain, one.record));
    }
    if (chain != segment.chain) return bad_segment(id, "its chain does not close");
  }
  segment.feeds = feed_names(connection, segment.records);
  return segment;
}

FoldedLog::Loaded FoldedLog::load(std::int64_t id) {
  const auto known = std::ranges::find(kept_, id, [](const Loaded& one) { return one->id; });
  if (known != kept_.end()) {
    std::rotate(kept_.begin(), known, known + 1);
    return kept_.front();
  }
  auto segment = read_segment(*connection_, id);
  if (!segment) throw SqlFailure{SqlFailure::Kind::kCorrupt, segment.error().message};
  kept_.push_front(std::make_shared<const LogSegment>(*std::move(segment)));
  if (kept_.size() > kKept) kept_.pop_back();
  return kept_.front();
}

std::optional<FoldedLog::Found> FoldedLog::find(std::int64_t author, std::uint64_t seq) {
  for (const Loaded& one : kept_) {
    if (one->author != author) continue;
    if (const auto at = place_in(*one, seq)) return Found{one, *at};
  }
  Statement& select = connection_->prepare(
      "SELECT id FROM log_segment WHERE author = ?1 AND last >= ?2 AND first <= ?2 ORDER BY last");
  select.bind(author, seq);
  for (const std::int64_t id : read_ids(select)) {
    const Loaded segment = load(id);
    if (const auto at = place_in(*segment, seq)) return Found{segment, *at};
  }
  return std::nullopt;
}

std::optional<FoldedLog::Found> FoldedLog::find(const EventRef& ref) {
  Statement& select = connection_->prepare("SELECT id FROM author WHERE node = ?1 AND inc = ?2");
  if (!select.bind(ref.node.value(), ref.inc.value()).step()) return std::nullopt;
  const std::int64_t author = select.integer(0);
  select.reset();
  return find(author, ref.seq);
}

std::vector<SegmentPlace> FoldedLog::after(std::int64_t author, std::uint64_t seq,
                                           std::optional<NodeId> only) {
  Statement& select = connection_->prepare(
      "SELECT s.id, s.author, s.first, s.last FROM log_segment s JOIN author a ON a.id = s.author"
      " WHERE (s.author, s.last) > (?1, ?2) AND (?3 IS NULL OR a.node = ?3)"
      " ORDER BY s.author, s.first");
  select.bind(author, seq, only ? std::optional(only->value()) : std::nullopt);
  return read_places(select);
}

std::vector<SegmentPlace> FoldedLog::of_author(std::int64_t author, std::uint64_t seq) {
  Statement& select = connection_->prepare(
      "SELECT id, author, first, last FROM log_segment WHERE author = ?1 AND last > ?2"
      " ORDER BY first");
  select.bind(author, seq);
  return read_places(select);
}

std::vector<SegmentPlace> FoldedLog::of_node(NodeId node) {
  Statement& select = connection_->prepare(
      "SELECT s.id, s.author, s.first, s.last FROM log_segment s JOIN author a ON a.id = s.author"
      " WHERE a.node = ?1 ORDER BY s.author, s.first");
  select.bind(node.value());
  return read_places(select);
}

std::vector<SegmentPlace> FoldedLog::of_feed(std::int64_t feed, std::uint64_t after) {
  Statement& select = connection_->prepare(
      "SELECT segment, 0, first, last FROM log_segment_feed WHERE feed = ?1 AND last > ?2"
      " ORDER BY first, segment");
  select.bind(feed, after);
  return read_places(select);
}

std::vector<FoldedLog::Found> FoldedLog::found_in(const std::vector<std::int64_t>& ids,
                                                  const Bytes& first, const Bytes& end) {
  std::vector<Found> all;
  for (const std::int64_t id : ids) {
    const Loaded segment = load(id);
    for (std::size_t at = 0; at < segment->records.size(); ++at) {
      const Bytes& key = segment->records[at].key;
      if (!key.empty() && key >= first && key < end) all.push_back({segment, at});
    }
  }
  return all;
}

std::vector<FoldedLog::Found> FoldedLog::with_keys(const Bytes& first, const Bytes& end) {
  Statement& select = connection_->prepare(
      "SELECT DISTINCT segment FROM log_segment_key WHERE key >= ?1 AND key < ?2 ORDER BY segment");
  select.bind(Blob{first}, Blob{end});
  return found_in(read_ids(select), first, end);
}

std::vector<FoldedLog::Found> FoldedLog::with_key(const Bytes& key) {
  Statement& select =
      connection_->prepare("SELECT segment FROM log_segment_key WHERE key = ?1 ORDER BY segment");
  select.bind(Blob{key});
  return found_in(read_ids(select), key, key + '\0');
}

bool FoldedLog::any_after(std::int64_t author, std::uint64_t seq) {
  Statement& select =
      connection_->prepare("SELECT 1 FROM log_segment WHERE author = ?1 AND last > ?2 LIMIT 1");
  const bool found = select.bind(author, seq).step();
  select.reset();
  return found;
}

void FoldedLog::unfold(std::int64_t id) {
  using MaybeBlob = std::optional<Blob>;
  const Loaded segment = load(id);
  for (std::size_t at = 0; at < segment->records.size(); ++at) {
    const wire::FoldedRecord& one = segment->records[at];
    // What could be read when it was folded can be read now.
    const wire::Record said = wire::decode_record(one.record).value_or(wire::Record{});
    const Bytes chain = segment->chain_at(at);
    connection_
        ->prepare(
            "INSERT INTO event_log (author, seq, hlc, type, key, feed, fseq, record, chain, seal)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
        .bind(segment->author, one.seq, said.hlc.value, said.type,
              one.key.empty() ? MaybeBlob() : MaybeBlob(Blob{one.key}),
              one.feed == 0 ? std::nullopt : std::optional(one.feed),
              one.feed == 0 ? std::nullopt : std::optional(one.fseq), Blob{one.record},
              chain.empty() ? MaybeBlob() : MaybeBlob(Blob{chain}),
              one.seal.empty() ? MaybeBlob() : MaybeBlob(Blob{one.seal}))
        .run();
    connection_->prepare("DELETE FROM log_segment_key WHERE key = ?1 AND segment = ?2")
        .bind(Blob{one.key}, id)
        .run();
  }
  for (const auto& [feed, name] : segment->feeds) {
    connection_->prepare("DELETE FROM log_segment_feed WHERE feed = ?1 AND segment = ?2")
        .bind(feed, id)
        .run();
  }
  connection_->prepare("DELETE FROM log_segment WHERE id = ?1").bind(id).run();
  forget();
}

}  // namespace cairn::storage
