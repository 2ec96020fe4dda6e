#include "core/storage/reissued.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

EventRef present_number(Connection& connection, const Identity& self, EventRef record) {
  // Each step leads to a later incarnation, the last of which is the present one.
  while (record.node == self.node && record.inc != self.inc) {
    Statement& select = connection.prepare(
        "SELECT by_inc, by_seq FROM superseded_record WHERE inc = ?1 AND seq = ?2");
    if (!select.bind(record.inc.value(), record.seq).step()) break;
    const EventRef next{record.node, Incarnation(select.unsigned_integer(0)),
                        select.unsigned_integer(1)};
    select.reset();
    if (next == record) break;  // given up
    record = next;
  }
  return record;
}

}  // namespace cairn::storage
