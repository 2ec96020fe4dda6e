#include "core/storage/log_reader.h"

#include "core/crypto/hash.h"
#include "core/storage/folded_log.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/record.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

namespace cairn::storage {
namespace {

EventRef read_ref(const Statement& row, int first) {
  return {NodeId(row.uuid(first)), Incarnation(row.unsigned_integer(first + 1)),
          row.unsigned_integer(first + 2)};
}

/// The columns beside a record say what the record says. One that cannot be read says nothing.
bool columns_fit(const Statement& row, const Bytes& octets) {
  const auto record = wire::decode_record(octets);
  const wire::Record said = record.value_or(wire::Record{});
  return row.unsigned_integer(3) == said.hlc.value && row.unsigned_integer(4) == said.type &&
         row.blob(5) == said.key;
}

/// Follows one author's log, record by record. What nodes gave back to a hub that was put back
/// stands after the chain, sealed, with holes.
struct ChainWalk {
  crypto::Hash128 expected;
  std::uint64_t last = 0;
  bool given_back = false;

  /// `chain`: what is kept beside the record; empty: nothing. False: it does not follow.
  bool step(std::uint64_t seq, const Bytes& octets, const Bytes& chain, bool sealed) {
    given_back = given_back || (chain.empty() && sealed);
    if (given_back) {
      last = std::max(last, seq);
      return chain.empty() && sealed;
    }
    expected = crypto::chain_next(expected, octets);
    return seq == ++last && chain == crypto::to_bytes(expected);
  }
};

bool key_is_found(Connection& connection, const Bytes& key, std::int64_t segment) {
  Statement& select =
      connection.prepare("SELECT 1 FROM log_segment_key WHERE key = ?1 AND segment = ?2");
  const bool found = select.bind(Blob{key}, segment).step();
  select.reset();
  return found;
}

bool position_is_found(Connection& connection, const wire::FoldedRecord& one,
                       std::int64_t segment) {
  Statement& select = connection.prepare(
      "SELECT 1 FROM log_segment_feed"
      " WHERE feed = ?1 AND last >= ?2 AND first <= ?2 AND segment = ?3");
  const bool found = select.bind(one.feed, one.fseq, segment).step();
  select.reset();
  return found;
}

/// A folded record says what its octets say, and is found by it.
bool fits(Connection& connection, const wire::FoldedRecord& one, std::int64_t segment) {
  const auto record = wire::decode_record(one.record);
  if (!record || record->key != one.key) return false;
  return (one.key.empty() || key_is_found(connection, one.key, segment)) &&
         (one.feed == 0 || position_is_found(connection, one, segment));
}

/// The first record of a segment that is not as it should be. `walk`: nothing if no chain is kept.
std::optional<std::uint64_t> first_bad_folded(Connection& connection, const SegmentPlace& place,
                                              ChainWalk* walk) {
  const auto segment = read_segment(connection, place.id);
  if (!segment) return place.first;
  for (std::size_t at = 0; at < segment->records.size(); ++at) {
    const wire::FoldedRecord& one = segment->records[at];
    const bool follows = walk == nullptr ||
                         walk->step(one.seq, one.record, segment->chain_at(at), !one.seal.empty());
    if (!follows || !fits(connection, one, place.id)) return one.seq;
  }
  return std::nullopt;
}

/// The first record that does not follow from the one before it, or the head if it is not the last
/// one.
std::optional<std::uint64_t> first_bad(Connection& connection, std::int64_t author, NodeId node,
                                       Incarnation inc, std::uint64_t head, const Bytes& chain) {
  const auto segments = FoldedLog(connection).of_author(author);
  auto folded = segments.begin();
  ChainWalk walk{crypto::chain_start(node, inc)};
  const auto bad_before = [&](std::uint64_t seq) -> std::optional<std::uint64_t> {
    for (; folded != segments.end() && folded->first < seq; ++folded) {
      if (const auto bad = first_bad_folded(connection, *folded, &walk)) return bad;
    }
    return std::nullopt;
  };
  Statement& select = connection.prepare(
      "SELECT seq, record, chain, hlc, type, key, seal FROM event_log"
      " WHERE author = ?1 ORDER BY seq");
  select.bind(author);
  while (select.step()) {
    const Bytes octets = select.blob(1);
    auto bad = bad_before(select.unsigned_integer(0));
    if (!bad) {
      const bool follows =
          walk.step(select.unsigned_integer(0), octets, select.blob(2), !select.is_null(6));
      if (!follows || !columns_fit(select, octets)) bad = walk.last;
    }
    if (bad) {
      select.reset();
      return bad;
    }
  }
  if (const auto bad = bad_before(UINT64_MAX)) return bad;
  if (walk.last != head || chain != crypto::to_bytes(walk.expected)) return walk.last + 1;
  return std::nullopt;
}

constexpr std::string_view kRow =
    "SELECT e.author, a.node, a.inc, e.seq, coalesce(f.name, ''), coalesce(e.fseq, 0), e.record,"
    " e.chain FROM event_log e JOIN author a ON a.id = e.author LEFT JOIN feed f ON f.id = e.feed";

std::vector<LogRow> read_rows(Statement& select) {
  std::vector<LogRow> rows;
  while (select.step()) {
    rows.push_back({select.integer(0), read_ref(select, 1), select.text(4),
                    select.unsigned_integer(5), select.blob(6), select.blob(7)});
  }
  return rows;
}

LogRow folded_row(const LogSegment& segment, std::size_t at) {
  const wire::FoldedRecord& one = segment.records[at];
  return {segment.author, segment.ref(at), segment.feed(at),
          one.fseq,       one.record,      segment.chain_at(at)};
}

using Place = std::pair<std::int64_t, std::uint64_t>;
Place place_of(const LogRow& row) { return {row.author, row.ref.seq}; }

/// By author and number, the first `limit`. True: it is as many.
bool keep_first(std::vector<LogRow>& rows, std::size_t limit) {
  std::ranges::sort(rows, {}, place_of);
  if (rows.size() > limit) rows.resize(limit);
  return rows.size() == limit && limit > 0;
}

/// Adds what has been folded of a page of rows.
void add_folded(Connection& connection, std::vector<LogRow>& rows, const Place& after,
                const std::vector<SegmentPlace>& segments, std::size_t limit) {
  FoldedLog folded(connection);
  for (const SegmentPlace& place : segments) {
    if (keep_first(rows, limit) && Place(place.author, place.first) > place_of(rows.back())) break;
    const auto segment = folded.load(place.id);
    for (std::size_t at = 0; at < segment->records.size(); ++at) {
      if (Place(segment->author, segment->records[at].seq) > after) {
        rows.push_back(folded_row(*segment, at));
      }
    }
  }
  keep_first(rows, limit);
}

/// By stamp, then author and number.
void sort_by_stamp(std::vector<LogRow>& rows) {
  std::vector<std::tuple<Hlc, EventRef, std::size_t>> order;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const auto record = wire::decode_record(rows[at].record);
    order.emplace_back(record ? record->hlc : Hlc{}, rows[at].ref, at);
  }
  std::ranges::sort(order);
  std::vector<LogRow> sorted;
  for (const auto& place : order) sorted.push_back(std::move(rows[std::get<2>(place)]));
  rows = std::move(sorted);
}

}  // namespace

std::vector<LogRow> log_rows(Connection& connection, const LogPage& page) {
  static const std::string kSql =
      std::string(kRow) +
      " WHERE (?1 IS NULL OR a.node = ?1) AND (e.author, e.seq) > (?2, ?3)"
      " ORDER BY e.author, e.seq LIMIT ?4";
  Statement& select = connection.prepare(kSql);
  select.bind(page.node ? std::optional(page.node->value()) : std::nullopt, page.after_author,
              page.after_seq, page.limit);
  auto rows = read_rows(select);
  const auto segments = FoldedLog(connection).after(page.after_author, page.after_seq, page.node);
  add_folded(connection, rows, {page.after_author, page.after_seq}, segments, page.limit);
  return rows;
}

std::vector<LogRow> author_rows(Connection& connection, const EventRef& after, std::size_t limit) {
  static const std::string kSql =
      std::string(kRow) +
      " WHERE a.node = ?1 AND a.inc = ?2 AND e.seq > ?3 ORDER BY e.seq LIMIT ?4";
  Statement& select = connection.prepare(kSql);
  select.bind(after.node.value(), after.inc.value(), after.seq, limit);
  auto rows = read_rows(select);
  Statement& find = connection.prepare("SELECT id FROM author WHERE node = ?1 AND inc = ?2");
  const bool known = find.bind(after.node.value(), after.inc.value()).step();
  const std::int64_t author = known ? find.integer(0) : 0;
  find.reset();
  const auto segments = FoldedLog(connection).of_author(author, after.seq);
  add_folded(connection, rows, {author, after.seq}, segments, limit);
  return rows;
}

std::vector<LogRow> key_rows(Connection& connection, const Bytes& first, const Bytes& end) {
  static const std::string kSql =
      std::string(kRow) +
      " WHERE e.key >= ?1 AND e.key < ?2 AND NOT EXISTS"
      " (SELECT 1 FROM quarantine q WHERE q.author = e.author AND q.seq = e.seq)"
      " ORDER BY e.hlc, a.node, a.inc, e.seq";
  Statement& select = connection.prepare(kSql);
  select.bind(Blob{first}, Blob{end});
  auto rows = read_rows(select);
  const auto folded = FoldedLog(connection).with_keys(first, end);
  if (folded.empty()) return rows;
  for (const auto& found : folded) rows.push_back(folded_row(*found.segment, found.at));
  sort_by_stamp(rows);
  return rows;
}

std::vector<AuthorVerification> verify_log(Connection& connection) {
  struct Chained {
    std::int64_t id = 0;
    AuthorVerification found;
    Bytes chain;
  };
  std::vector<Chained> authors;
  Statement& select = connection.prepare(
      "SELECT a.id, a.node, a.inc, a.head, a.chain,"
      " (SELECT count(*) FROM event_log e WHERE e.author = a.id) +"
      " (SELECT coalesce(sum(s.records), 0) FROM log_segment s WHERE s.author = a.id),"
      " EXISTS (SELECT 1 FROM event_log e WHERE e.author = a.id AND e.chain IS NOT NULL) OR EXISTS"
      " (SELECT 1 FROM log_segment s WHERE s.author = a.id AND s.chain IS NOT NULL)"
      " FROM author a ORDER BY a.id");
  select.bind();
  while (select.step()) {
    AuthorVerification found{NodeId(select.uuid(1)),
                             Incarnation(select.unsigned_integer(2)),
                             select.unsigned_integer(5),
                             select.unsigned_integer(3),
                             false,
                             std::nullopt};
    const Bytes chain = select.blob(4);
    // Of a hub's log a site has no chain at all; a record without one among others was changed.
    // What the hub does not know any more after a restore is not here either.
    const bool never_begun =
        found.records > 0 || chain == crypto::to_bytes(crypto::chain_start(found.node, found.inc));
    found.complete = select.integer(6) != 0 || found.head == 0 || !never_begun;
    authors.push_back({select.integer(0), found, chain});
  }
  std::vector<AuthorVerification> all;
  for (Chained& author : authors) {
    AuthorVerification& found = author.found;
    if (found.complete) {
      found.first_bad_seq =
          first_bad(connection, author.id, found.node, found.inc, found.head, author.chain);
    } else {
      for (const SegmentPlace& place : FoldedLog(connection).of_author(author.id)) {
        found.first_bad_seq = first_bad_folded(connection, place, nullptr);
        if (found.first_bad_seq) break;
      }
    }
    all.push_back(found);
  }
  return all;
}

}  // namespace cairn::storage
