#include "core/storage/command_table.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

std::optional<ProcessedCommand> find_command(Connection& connection, const Bytes& command_key) {
  Statement& select = connection.prepare(
      "SELECT request_hash, status, response FROM processed_command WHERE command_key = ?1");
  if (!select.bind(Blob{command_key}).step()) return std::nullopt;
  ProcessedCommand command{select.blob(0), static_cast<int>(select.integer(1)), select.text(2)};
  select.reset();
  return command;
}

void save_command(Connection& writer, const Bytes& command_key, const ProcessedCommand& command,
                  UtcTime now, UtcTime forget_before) {
  writer.prepare("DELETE FROM processed_command WHERE done_utc_us < ?1")
      .bind(forget_before.us)
      .run();
  writer
      .prepare(
          "INSERT INTO processed_command (command_key, request_hash, status, response, done_utc_us)"
          " VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(Blob{command_key}, Blob{command.request_hash}, command.status, command.response, now.us)
      .run();
}

}  // namespace cairn::storage
