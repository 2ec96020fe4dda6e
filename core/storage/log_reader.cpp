#include "core/storage/log_reader.h"

#include "core/crypto/hash.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/record.h"

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

/// The first record that does not follow from the one before it, or the head if it is not the last
/// one. What nodes gave back to a hub that was put back stands after the chain, sealed, with holes.
std::optional<std::uint64_t> first_bad(Connection& connection, std::int64_t author, NodeId node,
                                       Incarnation inc, std::uint64_t head, const Bytes& chain) {
  Statement& select = connection.prepare(
      "SELECT seq, record, chain, hlc, type, key, seal FROM event_log"
      " WHERE author = ?1 ORDER BY seq");
  select.bind(author);
  crypto::Hash128 expected = crypto::chain_start(node, inc);
  std::uint64_t last = 0;
  bool given_back = false;
  while (select.step()) {
    const Bytes octets = select.blob(1);
    const std::uint64_t seq = select.unsigned_integer(0);
    given_back = given_back || (select.is_null(2) && !select.is_null(6));
    if (given_back) {
      last = seq;
    } else {
      expected = crypto::chain_next(expected, octets);
      ++last;
    }
    const bool follows = given_back ? select.is_null(2) && !select.is_null(6)
                                    : select.blob(2) == crypto::to_bytes(expected);
    const bool good = seq == last && follows && columns_fit(select, octets);
    if (!good) {
      select.reset();
      return last;
    }
  }
  if (last != head || chain != crypto::to_bytes(expected)) return last + 1;
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

}  // namespace

std::vector<LogRow> log_rows(Connection& connection, const LogPage& page) {
  static const std::string kSql =
      std::string(kRow) +
      " WHERE (?1 IS NULL OR a.node = ?1) AND (e.author, e.seq) > (?2, ?3)"
      " ORDER BY e.author, e.seq LIMIT ?4";
  Statement& select = connection.prepare(kSql);
  select.bind(page.node ? std::optional(page.node->value()) : std::nullopt, page.after_author,
              page.after_seq, page.limit);
  return read_rows(select);
}

std::vector<LogRow> author_rows(Connection& connection, const EventRef& after, std::size_t limit) {
  static const std::string kSql =
      std::string(kRow) +
      " WHERE a.node = ?1 AND a.inc = ?2 AND e.seq > ?3 ORDER BY e.seq LIMIT ?4";
  Statement& select = connection.prepare(kSql);
  select.bind(after.node.value(), after.inc.value(), after.seq, limit);
  return read_rows(select);
}

std::vector<LogRow> key_rows(Connection& connection, const Bytes& first, const Bytes& end) {
  static const std::string kSql =
      std::string(kRow) +
      " WHERE e.key >= ?1 AND e.key < ?2 AND NOT EXISTS"
      " (SELECT 1 FROM quarantine q WHERE q.author = e.author AND q.seq = e.seq)"
      " ORDER BY e.hlc, a.node, a.inc, e.seq";
  Statement& select = connection.prepare(kSql);
  select.bind(Blob{first}, Blob{end});
  return read_rows(select);
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
      " (SELECT count(*) FROM event_log e WHERE e.author = a.id),"
      // Of a hub's log a site has no chain at all; a record without one among others was changed.
      " (SELECT count(*) > 0 AND count(e.chain) = 0 FROM event_log e WHERE e.author = a.id)"
      " FROM author a ORDER BY a.id");
  select.bind();
  while (select.step()) {
    AuthorVerification found{NodeId(select.uuid(1)),     Incarnation(select.unsigned_integer(2)),
                             select.unsigned_integer(5), select.unsigned_integer(3),
                             select.integer(6) == 0,     std::nullopt};
    authors.push_back({select.integer(0), found, select.blob(4)});
  }
  std::vector<AuthorVerification> all;
  for (Chained& author : authors) {
    AuthorVerification& found = author.found;
    if (found.complete) {
      found.first_bad_seq =
          first_bad(connection, author.id, found.node, found.inc, found.head, author.chain);
    }
    all.push_back(found);
  }
  return all;
}

}  // namespace cairn::storage
