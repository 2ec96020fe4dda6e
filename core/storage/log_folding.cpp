#include "core/storage/log_folding.h"

#include "core/base/assert.h"
#include "core/storage/folded_log.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/record.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace cairn::storage {
namespace {

/// Authors looked at in one step: a step is over soon whether it finds something or not.
constexpr int kLookAtMost = 32;

/// Of the hub's records without a chain, those that may fold at all.
constexpr std::string_view kSparse =
    " e.author = ?1 AND e.seq >= ?2 AND e.seq <= ?3 AND e.chain IS NULL AND e.fseq IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.author = e.author AND q.seq = e.seq)";

struct Row {
  Hlc stamp;
  bool confirmed = false;
  bool chained = false;
};

std::optional<Row> row_at(Connection& connection, std::int64_t author, std::uint64_t seq) {
  Statement& select = connection.prepare(
      "SELECT hlc, fseq IS NOT NULL, chain IS NOT NULL FROM event_log"
      " WHERE author = ?1 AND seq = ?2");
  std::optional<Row> row;
  if (select.bind(author, seq).step()) {
    row = Row{Hlc{select.unsigned_integer(0)}, select.integer(1) != 0, select.integer(2) != 0};
  }
  select.reset();
  return row;
}

std::optional<std::uint64_t> number_of(Statement& select) {
  std::optional<std::uint64_t> number;
  if (select.step() && !select.is_null(0)) number = select.unsigned_integer(0);
  select.reset();
  return number;
}

/// Where the next chained run begins: behind what is folded, not in quarantine.
std::optional<std::uint64_t> next_begin(Connection& connection, std::int64_t author) {
  Statement& folded = connection.prepare(
      "SELECT max(last) FROM log_segment WHERE author = ?1 AND chain IS NOT NULL");
  const std::uint64_t last = number_of(folded.bind(author)).value_or(0);
  Statement& select = connection.prepare(
      "SELECT e.seq FROM event_log e WHERE e.author = ?1 AND e.seq > ?2 AND NOT EXISTS"
      " (SELECT 1 FROM quarantine q WHERE q.author = e.author AND q.seq = e.seq)"
      " ORDER BY e.seq LIMIT 1");
  return number_of(select.bind(author, last));
}

std::optional<std::uint64_t> next_in_quarantine(Connection& connection, std::int64_t author,
                                                std::uint64_t after) {
  Statement& select =
      connection.prepare("SELECT min(seq) FROM quarantine WHERE author = ?1 AND seq > ?2");
  return number_of(select.bind(author, after));
}

std::optional<FoldRun> chained_run(Connection& connection, const Author& author, std::uint64_t most,
                                   const FoldRule& rule, Hlc old, bool silent) {
  const auto begin = next_begin(connection, author.id);
  if (!begin || *begin > most) return std::nullopt;
  std::uint64_t last = std::min(most, *begin + rule.records - 1);
  const auto stays = next_in_quarantine(connection, author.id, *begin);
  const bool stopped = stays && *stays <= last;
  if (stopped) last = *stays - 1;
  const std::uint64_t size = last - *begin + 1;
  const bool whole = stopped || size == rule.records;
  if (!whole && !(silent && size >= rule.least)) return std::nullopt;
  const auto end = row_at(connection, author.id, last);
  if (!end || !end->chained || end->stamp > old) return std::nullopt;
  // The hub confirms an author's records in their order.
  if (rule.confirmed_only && !end->confirmed) return std::nullopt;
  return FoldRun{author, *begin, last, true};
}

std::optional<FoldRun> sparse_run(Connection& connection, const Author& author, std::uint64_t most,
                                  const FoldRule& rule, Hlc old, bool silent) {
  static const std::string kSql = "SELECT e.seq, e.hlc FROM event_log e WHERE" +
                                  std::string(kSparse) + " ORDER BY e.seq LIMIT ?4";
  Statement& select = connection.prepare(kSql);
  select.bind(author.id, 0, most, rule.records);
  FoldRun run{author, 0, 0, false};
  std::size_t size = 0;
  while (select.step()) {
    if (Hlc{select.unsigned_integer(1)} > old) break;
    run.last = select.unsigned_integer(0);
    if (size++ == 0) run.first = run.last;
  }
  select.reset();
  const bool whole = size == rule.records || (silent && size >= rule.least);
  return whole && size > 0 ? std::optional(run) : std::nullopt;
}

/// The run's records, as they are folded; nothing if the rows do not say what the records say.
struct Gathered {
  LogSegment segment;
  std::uint64_t octets = 0;
};

std::optional<Gathered> gather(Connection& connection, const FoldRun& run, const FoldRule& rule) {
  static const std::string kColumns =
      "SELECT e.seq, e.record, e.key, e.feed, e.fseq, e.chain, e.seal, e.hlc, e.type"
      " FROM event_log e WHERE";
  static const std::string kChained =
      kColumns + " e.author = ?1 AND e.seq >= ?2 AND e.seq <= ?3 ORDER BY e.seq";
  static const std::string kUnchained = kColumns + std::string(kSparse) + " ORDER BY e.seq";
  Gathered found;
  LogSegment& segment = found.segment;
  segment.author = run.author.id;
  segment.node = run.author.node;
  segment.inc = run.author.inc;
  if (run.chained) segment.chain_before = EventLog(connection).chain_at(run.author, run.first - 1);
  if (run.chained && !segment.chain_before) return std::nullopt;
  segment.chain = segment.chain_before;
  Statement& select = connection.prepare(run.chained ? kChained : kUnchained);
  select.bind(run.author.id, run.first, run.last);
  bool good = true;
  while (good && found.octets < wire::kSegmentRawMost && select.step()) {
    wire::FoldedRecord one{select.unsigned_integer(0),
                           select.integer(3),
                           select.unsigned_integer(4),
                           select.blob(2),
                           select.blob(6),
                           select.blob(1)};
    const auto said = wire::decode_record(one.record);
    good = said && said->key == one.key && said->hlc.value == select.unsigned_integer(7) &&
           said->type == select.unsigned_integer(8) && !(rule.confirmed_only && one.feed == 0);
    if (segment.chain) {
      segment.chain = crypto::chain_next(*segment.chain, one.record);
      good = good && one.seq == run.first + segment.records.size() &&
             select.blob(5) == crypto::to_bytes(*segment.chain);
    }
    found.octets += one.record.size();
    segment.records.push_back(std::move(one));
  }
  select.reset();
  if (!good || segment.records.empty()) return std::nullopt;
  segment.first = segment.records.front().seq;
  segment.last = segment.records.back().seq;
  return found;
}

std::int64_t store(Connection& writer, const Gathered& found, UtcTime now) {
  const LogSegment& segment = found.segment;
  const Bytes body = wire::encode_segment(segment.records);
  const auto octets = [](const std::optional<crypto::Hash128>& hash) {
    return hash ? crypto::to_bytes(*hash) : Bytes();
  };
  const Bytes before = octets(segment.chain_before);
  const Bytes chain = octets(segment.chain);
  const Bytes hash = crypto::to_bytes(segment_hash(segment, body));
  using MaybeBlob = std::optional<Blob>;
  Statement& insert = writer.prepare(
      "INSERT INTO log_segment (author, first, last, records, octets, chain_before, chain, hash,"
      " folded_utc_us, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id");
  insert
      .bind(segment.author, segment.first, segment.last, segment.records.size(), found.octets,
            before.empty() ? MaybeBlob() : MaybeBlob(Blob{before}),
            chain.empty() ? MaybeBlob() : MaybeBlob(Blob{chain}), Blob{hash}, now.us, Blob{body})
      .step();
  const std::int64_t id = insert.integer(0);
  insert.run();
  return id;
}

/// What finds the segment: the keys of its records, and their positions.
void store_ways(Connection& writer, const LogSegment& segment, std::int64_t id) {
  std::map<std::int64_t, std::pair<std::uint64_t, std::uint64_t>> feeds;
  for (const wire::FoldedRecord& one : segment.records) {
    if (!one.key.empty()) {
      writer.prepare("INSERT OR IGNORE INTO log_segment_key (key, segment) VALUES (?1, ?2)")
          .bind(Blob{one.key}, id)
          .run();
    }
    if (one.feed == 0) continue;
    const auto [known, added] = feeds.emplace(one.feed, std::pair(one.fseq, one.fseq));
    known->second.first = std::min(known->second.first, one.fseq);
    known->second.second = std::max(known->second.second, one.fseq);
  }
  for (const auto& [feed, positions] : feeds) {
    writer
        .prepare(
            "INSERT INTO log_segment_feed (feed, last, first, segment) VALUES (?1, ?2, ?3, ?4)")
        .bind(feed, positions.second, positions.first, id)
        .run();
  }
}

/// The rows of what was gathered, and no other.
void remove_rows(Connection& writer, const LogSegment& segment) {
  for (const wire::FoldedRecord& one : segment.records) {
    writer.prepare("DELETE FROM event_log WHERE author = ?1 AND seq = ?2")
        .bind(segment.author, one.seq)
        .run();
  }
}

}  // namespace

std::optional<FoldRun> run_to_fold(Connection& connection, const Author& author,
                                   std::uint64_t limit, const FoldRule& rule, UtcTime now) {
  if (limit == 0) return std::nullopt;
  // Its last record here, that is: what the hub gave up after a restore is not here any more.
  Statement& select = connection.prepare("SELECT max(seq) FROM event_log WHERE author = ?1");
  const std::uint64_t end = number_of(select.bind(author.id)).value_or(0);
  const auto head = row_at(connection, author.id, end);
  if (!head) return std::nullopt;
  const Hlc old = Hlc::of(UtcTime{now.us - rule.after.count()});
  const bool silent = head->stamp <= old;
  const std::uint64_t most = std::min(limit, end - 1);
  if (auto run = chained_run(connection, author, most, rule, old, silent)) return run;
  if (head->chained) return std::nullopt;
  return sparse_run(connection, author, most, rule, old, silent);
}

std::size_t fold(Connection& writer, const FoldRun& run, const FoldRule& rule, UtcTime now) {
  const auto found = gather(writer, run, rule);
  if (!found) return 0;
  const std::int64_t id = store(writer, *found, now);
  // No row goes before its record was read back.
  const auto stored = read_segment(writer, id);
  if (!stored || stored->records != found->segment.records) {
    writer.prepare("DELETE FROM log_segment WHERE id = ?1").bind(id).run();
    return 0;
  }
  store_ways(writer, found->segment, id);
  remove_rows(writer, found->segment);
  return found->segment.records.size();
}

FoldStep fold_some(Connection& writer, std::int64_t after, const FoldLimit& limit,
                   const FoldRule& rule, UtcTime now) {
  Statement& select = writer.prepare(
      "SELECT id, node, inc, head, chain FROM author WHERE id > ?1 ORDER BY id LIMIT ?2");
  select.bind(after, kLookAtMost);
  std::vector<Author> authors;
  while (select.step()) {
    Author author{select.integer(0), NodeId(select.uuid(1)),
                  Incarnation(select.unsigned_integer(2)), select.unsigned_integer(3)};
    if (const auto chain = crypto::hash_from_bytes(select.blob(4))) author.chain = *chain;
    authors.push_back(author);
  }
  FoldStep step;
  for (const Author& author : authors) {
    const auto run = run_to_fold(writer, author, limit(author), rule, now);
    if (!run) continue;
    // There may be more of the same author: it is looked at again.
    step.records = fold(writer, *run, rule, now);
    step.looked_at = author.id - 1;
    if (step.records > 0) return step;
    step.stuck.push_back(*run);
  }
  step.looked_at = authors.size() < kLookAtMost ? 0 : authors.back().id;
  return step;
}

}  // namespace cairn::storage
