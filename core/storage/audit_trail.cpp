#include "core/storage/audit_trail.h"

#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::storage {
namespace {

constexpr std::string_view kAuditDomain = "cairn-audit-1\n";
constexpr std::string_view kAuditColumns =
    "SELECT seq, at_us, actor, name, verb, route, subject, outcome, hash FROM audit_entry";

void add_number(Bytes& to, std::uint64_t number, unsigned octets) {
  for (unsigned i = 0; i < octets; ++i) {
    to += static_cast<char>((number >> (8U * i)) & 0xFFU);
  }
}

void add_text(Bytes& to, std::string_view text) {
  add_number(to, text.size(), 4);
  to += text;
}

/// What was cut short is still UTF-8.
void cut(std::string& text) {
  if (text.size() <= kAuditTextMost) return;
  std::size_t end = kAuditTextMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
}

/// Nothing if the row's hash or actor have another length than we write.
std::optional<AuditEntry> read_entry(const Statement& row) {
  AuditEntry entry;
  entry.seq = row.unsigned_integer(0);
  const auto actor = Uuid::from_bytes(row.blob(2));
  const Bytes hash = row.blob(8);
  if (!actor || hash.size() != entry.hash.size()) return std::nullopt;
  entry.fact = {UtcTime{row.integer(1)},
                UserId(*actor),
                row.text(3),
                row.text(4),
                row.text(5),
                row.text(6),
                row.text(7)};
  std::ranges::transform(hash, entry.hash.begin(),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  return entry;
}

AuditVerification broken_at(AuditVerification found, std::uint64_t seq, std::string why) {
  found.broken = seq;
  found.why = std::move(why);
  return found;
}

}  // namespace

crypto::Hash256 audit_hash(const crypto::Hash256& previous, std::uint64_t seq,
                           const AuditFact& fact) {
  Bytes octets(kAuditDomain);
  octets += crypto::to_bytes(previous);
  add_number(octets, seq, 8);
  add_number(octets, static_cast<std::uint64_t>(fact.at.us), 8);
  octets += fact.actor.value().bytes();
  for (const std::string* text :
       {&fact.name, &fact.verb, &fact.route, &fact.subject, &fact.outcome}) {
    add_text(octets, *text);
  }
  return crypto::sha256({octets});
}

AuditHead append_audit(Connection& writer, AuditFact fact) {
  for (std::string* text : {&fact.name, &fact.verb, &fact.route, &fact.subject, &fact.outcome}) {
    cut(*text);
  }
  const AuditHead before = audit_head(writer);
  AuditHead head{before.seq + 1, {}};
  head.hash = audit_hash(before.hash, head.seq, fact);
  writer
      .prepare(
          "INSERT INTO audit_entry (seq, at_us, actor, name, verb, route, subject, outcome, hash)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
      .bind(head.seq, fact.at.us, fact.actor.value(), fact.name, fact.verb, fact.route,
            fact.subject, fact.outcome, Blob{crypto::to_bytes(head.hash)})
      .run();
  return head;
}

AuditHead audit_head(Connection& connection) {
  static const std::string kSql = std::string(kAuditColumns) + " ORDER BY seq DESC LIMIT 1";
  Statement& select = connection.prepare(kSql);
  if (!select.step()) return {};
  const auto entry = read_entry(select);
  AuditHead head{select.unsigned_integer(0), {}};
  if (entry) head.hash = entry->hash;  // else it was tampered with; the chain tells
  select.reset();
  return head;
}

std::optional<AuditEntry> find_audit_entry(Connection& connection, std::uint64_t seq) {
  static const std::string kSql = std::string(kAuditColumns) + " WHERE seq = ?1";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(seq).step()) return std::nullopt;
  auto entry = read_entry(select);
  select.reset();
  return entry;
}

std::vector<AuditEntry> audit_page(Connection& connection, const AuditPage& page) {
  // Only what is asked for is a condition: else no index helps. ?7 is always there, so that the
  // other numbers can be bound.
  std::string sql = std::string(kAuditColumns) + " WHERE seq < ?1";
  if (!page.actor.value().is_nil()) sql += " AND actor = ?2";
  if (!page.verb.empty()) sql += " AND verb = ?3";
  if (!page.subject.empty()) sql += " AND subject = ?4";
  if (page.from) sql += " AND at_us >= ?5";
  if (page.to) sql += " AND at_us <= ?6";
  sql += " ORDER BY seq DESC LIMIT ?7";
  Statement& select = connection.prepare(sql);
  select.bind(page.before == 0 ? INT64_MAX : static_cast<std::int64_t>(page.before),
              page.actor.value(), page.verb, page.subject, page.from.value_or(UtcTime{}).us,
              page.to.value_or(UtcTime{}).us, page.limit);
  std::vector<AuditEntry> entries;
  while (select.step()) {
    // One that cannot be read is shown as far as it can: verify_audit() says what is wrong.
    auto entry = read_entry(select);
    if (!entry) entry = AuditEntry{select.unsigned_integer(0), {}, {}};
    entries.push_back(*std::move(entry));
  }
  return entries;
}

AuditVerification verify_audit(Connection& connection, const std::optional<AuditHead>& anchor) {
  static const std::string kSql = std::string(kAuditColumns) + " ORDER BY seq";
  AuditVerification found;
  Statement& select = connection.prepare(kSql);
  select.reset();
  while (select.step()) {
    const std::uint64_t seq = select.unsigned_integer(0);
    const std::uint64_t next = found.head.seq + 1;
    const auto entry = read_entry(select);
    std::string why;
    if (seq != next) {
      why = fmt::format("entry {} is missing", next);
    } else if (!entry || audit_hash(found.head.hash, seq, entry->fact) != entry->hash) {
      why = fmt::format("entry {} is not as it was written", seq);
    } else if (anchor && anchor->seq == seq && anchor->hash != entry->hash) {
      why = fmt::format("entry {} is whole, but another one was noted under its number", seq);
    }
    if (!why.empty()) {
      select.reset();
      return broken_at(std::move(found), next, std::move(why));
    }
    found.head = {seq, entry->hash};
    ++found.entries;
    if (entry->fact.verb == "audit.cut") ++found.cuts;
  }
  if (anchor && anchor->seq > found.head.seq) {
    const auto missing = found.head.seq + 1;
    return broken_at(std::move(found), missing,
                     fmt::format("the trail ends before entry {}, and entry {} was noted: the "
                                 "last ones were removed, or an older database was put back",
                                 missing, anchor->seq));
  }
  return found;
}

}  // namespace cairn::storage
