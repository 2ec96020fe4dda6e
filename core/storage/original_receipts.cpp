#include "core/storage/original_receipts.h"

#include "core/storage/sqlite/statement.h"

#include <optional>

namespace cairn::storage {
namespace {

/// Up to here everything counts as printed; nothing: it is the incarnation's first receipt.
std::optional<std::uint64_t> floor_of(Connection& connection, Incarnation inc) {
  Statement& select =
      connection.prepare("SELECT seq FROM original_receipt WHERE inc = ?1 ORDER BY seq LIMIT 1");
  if (!select.bind(inc.value()).step()) return std::nullopt;
  const std::uint64_t floor = select.unsigned_integer(0);
  select.reset();
  return floor;
}

bool is_taken(Connection& connection, const EventRef& act) {
  Statement& select =
      connection.prepare("SELECT 1 FROM original_receipt WHERE inc = ?1 AND seq = ?2");
  const bool taken = select.bind(act.inc.value(), act.seq).step();
  select.reset();
  return taken;
}

void insert(Connection& writer, Incarnation inc, std::uint64_t seq) {
  writer.prepare("INSERT INTO original_receipt (inc, seq) VALUES (?1, ?2)")
      .bind(inc.value(), seq)
      .run();
}

/// What is left out becomes part of what counts as printed: the smallest that is left says how far.
void keep_few(Connection& writer, Incarnation inc) {
  writer.prepare("DELETE FROM original_receipt WHERE inc <> ?1").bind(inc.value()).run();
  writer
      .prepare(
          "DELETE FROM original_receipt WHERE inc = ?1 AND seq < (SELECT seq FROM original_receipt"
          " WHERE inc = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)")
      .bind(inc.value(), std::uint64_t{kOriginalsKept})
      .run();
}

}  // namespace

bool take_original(Connection& writer, const Identity& self, const EventRef& act) {
  if (act.node != self.node || act.inc != self.inc) return false;
  const auto floor = floor_of(writer, act.inc);
  if (!floor) insert(writer, act.inc, 0);
  if (act.seq <= floor.value_or(0) || is_taken(writer, act)) return false;
  insert(writer, act.inc, act.seq);
  keep_few(writer, act.inc);
  return true;
}

void give_back_original(Connection& writer, const EventRef& act) {
  const auto floor = floor_of(writer, act.inc);
  if (!floor || act.seq <= *floor) return;
  writer.prepare("DELETE FROM original_receipt WHERE inc = ?1 AND seq = ?2")
      .bind(act.inc.value(), act.seq)
      .run();
}

void forgo_originals(Connection& writer, Incarnation inc, std::uint64_t last) {
  if (floor_of(writer, inc).value_or(0) >= last) return;
  writer.prepare("DELETE FROM original_receipt WHERE inc = ?1 AND seq <= ?2")
      .bind(inc.value(), last)
      .run();
  insert(writer, inc, last);
}

}  // namespace cairn::storage
