#include "core/storage/safe_marks.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

std::vector<EventRef> safe_marks(Connection& connection) {
  Statement& select = connection.prepare("SELECT node, inc, seq FROM safe_mark ORDER BY node, inc");
  std::vector<EventRef> marks;
  select.bind();
  while (select.step()) {
    marks.push_back({NodeId(select.uuid(0)), Incarnation(select.unsigned_integer(1)),
                     select.unsigned_integer(2)});
  }
  return marks;
}

void save_safe_mark(Connection& writer, const EventRef& mark) {
  writer.prepare("INSERT OR REPLACE INTO safe_mark (node, inc, seq) VALUES (?1, ?2, ?3)")
      .bind(mark.node.value(), mark.inc.value(), mark.seq)
      .run();
}

}  // namespace cairn::storage
