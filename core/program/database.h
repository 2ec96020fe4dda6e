#pragma once
// A program's database, opened and brought up to date: one writing connection, the replica on it,
// and the gate through which everything is written. Built in a composition root. Loop only, once
// the loop runs.

#include "core/base/env.h"
#include "core/storage/writer.h"

#include <memory>
#include <string>

namespace cairn::program {

struct DatabaseConfig {
  std::string path;
  storage::Connection::Durability durability = storage::Connection::Durability::kFull;
  storage::Identity identity;  ///< as configured; what the database says wins, or it is refused
  storage::Interpreter interpreter = storage::interpret;
};

class Database {
 public:
  /// Migrates if needed. `on_fatal`: a commit failed, the process must end (see storage::Writer).
  /// Errors: those of Connection::open_writer(), migrate() and establish_identity().
  static Result<std::unique_ptr<Database>> open(const DatabaseConfig& config, Env env,
                                                storage::Writer::Fatal on_fatal);

  storage::Replica& replica() { return replica_; }
  storage::Writer& writer() { return writer_; }

 private:
  Database(storage::Connection connection, const storage::Identity& identity,
           storage::Interpreter interpreter, Env env, storage::Writer::Fatal on_fatal);

  storage::Connection connection_;
  storage::Replica replica_;
  storage::Writer writer_;
};

}  // namespace cairn::program
