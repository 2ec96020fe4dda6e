// The part of Replica that takes what neighbours on the site's LAN have (docs/protocol.md, LAN),
// and what becomes of it when the hub, or the author itself, says otherwise.

#include "core/storage/replica.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

namespace cairn::storage {

/// `by` stands for the record that `record` names, which never applies (again).
void Replica::remember_reissue(const wire::Record& record, const EventRef& by) {
  const EventRef& of = *record.reissue_of;
  writer_
      ->prepare(
          "INSERT OR IGNORE INTO reissued_record (node, inc, seq, chain, by_inc, by_seq)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(of.node.value(), of.inc.value(), of.seq, Blob{record.reissue_hash}, by.inc.value(),
            by.seq)
      .run();
}

/// True if the record was issued again under another number.
bool Replica::superseded(const EventRef& ref, const crypto::Hash128& chain) {
  Statement& select = writer_->prepare(
      "SELECT 1 FROM reissued_record WHERE node = ?1 AND inc = ?2 AND seq = ?3 AND chain = ?4");
  const Bytes octets = crypto::to_bytes(chain);
  const bool found = select.bind(ref.node.value(), ref.inc.value(), ref.seq, Blob{octets}).step();
  select.reset();
  return found;
}

/// `record` stands for another: that one never applies here again, and no longer if it does.
void Replica::note_reissue(const wire::Record& record, const EventRef& by) {
  const EventRef& of = *record.reissue_of;
  // Only the author itself issues its records again.
  if (of.node != by.node || of.inc == by.inc) return;
  remember_reissue(record, by);
  const Author* const known = event_log_.find_author(of.node, of.inc);
  if (known == nullptr || of.seq == 0 || known->head < of.seq) return;
  const auto chain = event_log_.chain_at(*known, of.seq);
  if (!chain || crypto::to_bytes(*chain) != record.reissue_hash) return;  // the hub's own
  if (event_log_.confirmed_after(*known, of.seq - 1)) return;
  set_aside(event_log_.author(of.node, of.inc), of.seq - 1);
}

/// Takes what a neighbour said this author wrote after `after` out of the log again.
void Replica::set_aside(Author& author, std::uint64_t after) {
  std::uint64_t seq = after;
  const std::uint64_t head = author.head;
  for (const Bytes& octets : event_log_.cut(author, after)) {
    writer_
        ->prepare(
            "INSERT INTO parted_record (node, inc, seq, record, seen_utc_us)"
            " VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(author.node.value(), author.inc.value(), ++seq, Blob{octets}, clock_.now().us)
        .run();
  }
  logger_->warn("records_set_aside", {{"after", EventRef{author.node, author.inc, after}.text()},
                                      {"records", fmt::format("{}", head - after)}});
  rebuild();
  all_changed();
}

Replica::FromPeer Replica::take_from_peer(const EventRef& first,
                                          const crypto::Hash128& chain_before,
                                          const std::vector<Bytes>& records) {
  const auto& [node, inc, base] = first;
  Author& author = event_log_.author(node, inc);
  using End = FromPeer::End;
  FromPeer taken{End::kAll, author.head, author.chain,
                 node == identity_.node && inc != identity_.inc};
  const bool ours = node == identity_.node && inc == identity_.inc;
  if (ours || base > author.head + 1) {
    taken.end = End::kGap;
    return taken;
  }
  crypto::Hash128 chain = chain_before;
  std::uint64_t seq = base;
  for (const Bytes& octets : records) {
    if (seq == author.head + 1 && chain != author.chain) {
      taken.end = End::kParted;
      return taken;
    }
    chain = crypto::chain_next(chain, octets);
    const EventRef ref{node, inc, seq++};
    if (ref.seq <= author.head) continue;
    if (superseded(ref, chain)) {
      taken.end = End::kSuperseded;
      break;
    }
    const Interpretation found = interpret({ref, false, identity_.site}, octets);
    clock_.observe(found.meta.hlc);
    if (found.record.reissue_of) note_reissue(found.record, ref);
    append_next(author, found, octets, std::nullopt);
    project_remote(found, author, false);
  }
  if (taken.own && author.head > taken.head) adopt_incarnation(*writer_, inc, clock_.now());
  taken.head = author.head;
  taken.chain = author.chain;
  return taken;
}

}  // namespace cairn::storage
