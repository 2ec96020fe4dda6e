#include "core/storage/waiting_labels.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

void note_waiting_label(Connection& writer, const EventRef& start) {
  writer.prepare("INSERT OR IGNORE INTO waiting_label (inc, seq) VALUES (?1, ?2)")
      .bind(start.inc.value(), start.seq)
      .run();
}

void forget_waiting_label(Connection& writer, const EventRef& start) {
  writer.prepare("DELETE FROM waiting_label WHERE inc = ?1 AND seq = ?2")
      .bind(start.inc.value(), start.seq)
      .run();
}

void forget_waiting_labels(Connection& writer) { writer.execute("DELETE FROM waiting_label"); }

bool is_waiting_label(Connection& connection, const Identity& self, const EventRef& start) {
  if (start.node != self.node || start.inc != self.inc) return false;
  Statement& select = connection.prepare("SELECT 1 FROM waiting_label WHERE inc = ?1 AND seq = ?2");
  const bool waits = select.bind(start.inc.value(), start.seq).step();
  select.reset();
  return waits;
}

}  // namespace cairn::storage
