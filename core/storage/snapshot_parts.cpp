#include "core/storage/snapshot_parts.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

std::set<crypto::Hash128> held_parts(Connection& connection) {
  Statement& select = connection.prepare("SELECT hash FROM snapshot_part");
  select.bind();
  std::set<crypto::Hash128> held;
  while (select.step()) {
    if (const auto hash = crypto::hash_from_bytes(select.blob(0))) held.insert(*hash);
  }
  return held;
}

std::optional<Bytes> read_part(Connection& connection, const crypto::Hash128& hash) {
  Statement& select = connection.prepare("SELECT octets FROM snapshot_part WHERE hash = ?1");
  const Bytes name = crypto::to_bytes(hash);
  if (!select.bind(Blob{name}).step()) return std::nullopt;
  Bytes octets = select.blob(0);
  select.reset();
  return octets;
}

void save_part(Connection& writer, const crypto::Hash128& hash, const Bytes& octets) {
  const Bytes name = crypto::to_bytes(hash);
  writer.prepare("INSERT OR IGNORE INTO snapshot_part (hash, octets) VALUES (?1, ?2)")
      .bind(Blob{name}, Blob{octets})
      .run();
}

void drop_part(Connection& writer, const crypto::Hash128& hash) {
  const Bytes name = crypto::to_bytes(hash);
  writer.prepare("DELETE FROM snapshot_part WHERE hash = ?1").bind(Blob{name}).run();
}

void drop_parts(Connection& writer) { writer.execute("DELETE FROM snapshot_part"); }

}  // namespace cairn::storage
