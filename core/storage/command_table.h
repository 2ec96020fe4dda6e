#pragma once
// Answers to requests that carried an Idempotency-Key, kept in the same transaction as their
// effect, so that a repeated request is answered as the first time and done once. Inside a job;
// errors as in sqlite/connection.h.

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <optional>
#include <string>

namespace cairn::storage {

struct ProcessedCommand {
  Bytes request_hash;
  int status = 0;
  std::string response;
};

std::optional<ProcessedCommand> find_command(Connection& connection, const Bytes& command_key);
/// Also drops answers given before `forget_before`.
void save_command(Connection& writer, const Bytes& command_key, const ProcessedCommand& command,
                  UtcTime now, UtcTime forget_before);

}  // namespace cairn::storage
