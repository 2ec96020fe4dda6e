#include "core/storage/unconfirmed.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

std::vector<EventRef> unconfirmed_of_others(Connection& connection, NodeId own, NodeId hub) {
  Statement& select = connection.prepare(
      "SELECT a.node, a.inc, e.seq FROM event_log e JOIN author a ON a.id = e.author"
      " WHERE e.fseq IS NULL AND a.node <> ?1"
      " ORDER BY a.node <> ?2, CASE WHEN a.node = ?2 THEN e.hlc END, a.node, a.inc, e.seq");
  select.bind(own.value(), hub.value());
  std::vector<EventRef> refs;
  while (select.step()) {
    refs.push_back({NodeId(select.uuid(0)), Incarnation(select.unsigned_integer(1)),
                    select.unsigned_integer(2)});
  }
  return refs;
}

}  // namespace cairn::storage
