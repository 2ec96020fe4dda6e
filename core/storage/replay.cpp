// The part of Replica that sets records aside and tries them again (docs/protocol.md, quarantine).

#include "core/storage/replica.h"
#include "core/storage/sqlite/statement.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::storage {
namespace {

/// "PARKED", "INADMISSIBLE"; empty for what is understood.
std::string_view name_of(Interpretation::Kind kind) {
  switch (kind) {
    case Interpretation::Kind::kParked:
      return "PARKED";
    case Interpretation::Kind::kInadmissible:
      return "INADMISSIBLE";
    case Interpretation::Kind::kUnderstood:
      break;
  }
  return "";
}

struct SetAside {
  EventRef ref;
  std::int64_t author = 0;
  std::string kind;
};

/// In their authors' order: one may be the cause of the next.
std::vector<SetAside> all_set_aside(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT a.node, a.inc, q.seq, q.author, q.kind FROM quarantine q"
      " JOIN author a ON a.id = q.author ORDER BY q.author, q.seq");
  select.bind();
  std::vector<SetAside> all;
  while (select.step()) {
    all.push_back({{NodeId(select.uuid(0)), Incarnation(select.unsigned_integer(1)),
                    select.unsigned_integer(2)},
                   select.integer(3),
                   select.text(4)});
  }
  return all;
}

/// Definitions, orders and money are what the last record says: one that comes late must go to its
/// place.
bool depends_on_order(const domain::Event& event) {
  return std::holds_alternative<domain::ReferenceEvent>(event) ||
         std::holds_alternative<domain::OrderEvent>(event) ||
         std::holds_alternative<domain::PromiseEvent>(event) ||
         std::holds_alternative<domain::RoutingEvent>(event) ||
         std::holds_alternative<domain::LeaseEvent>(event) ||
         std::holds_alternative<domain::PromotionEvent>(event) ||
         std::holds_alternative<domain::PaymentEvent>(event) ||
         std::holds_alternative<domain::StoredValueEvent>(event);
}

}  // namespace

void Replica::quarantine(const Interpretation& found, const Author& author, std::string_view kind) {
  logger_->error(
      "record_quarantined",
      {{"record", found.meta.ref.text()}, {"kind", std::string(kind)}, {"reason", found.reason}});
  writer_
      ->prepare(
          "INSERT INTO quarantine (author, seq, kind, reason, seen_utc_us)"
          " VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(author.id, found.meta.ref.seq, kind, found.reason, clock_.now().us)
      .run();
}

Replica::Taken Replica::replay_quarantine() {
  Taken taken;
  bool rebuild_all = false;
  for (const SetAside& aside : all_set_aside(*writer_)) {
    const auto logged = event_log_.read(aside.ref);
    if (!logged) continue;
    const Interpretation found = read_logged(*logged);
    if (name_of(found.kind) == aside.kind) continue;
    Author& author = event_log_.author(aside.ref.node, aside.ref.inc);
    writer_->prepare("DELETE FROM quarantine WHERE author = ?1 AND seq = ?2")
        .bind(aside.author, aside.ref.seq)
        .run();
    event_log_.extract(author, aside.ref.seq, found.record);
    // A view in memory has it as parked, or not at all: it is made from the log anew.
    groups_.forget(found.record.key);
    ledgers_.forget(found.record.key);
    if (!project_remote(found, author, logged->fseq != 0)) continue;
    rebuild_all = rebuild_all || depends_on_order(*found.event);
    taken.push_back({found.meta, *found.event});
  }
  if (rebuild_all) rebuild();
  return taken;
}

}  // namespace cairn::storage
