#include "core/program/database.h"

#include "core/storage/migrate.h"
#include "core/storage/rebuild.h"

namespace cairn::program {

Result<std::unique_ptr<Database>> Database::open(const DatabaseConfig& config, Env env,
                                                 storage::Writer::Fatal on_fatal) {
  auto connection = storage::Connection::open_writer(config.path, config.durability);
  if (!connection) return fail(connection.error());
  if (auto ok = storage::migrate(*connection); !ok) return fail(ok.error());
  const auto identity = storage::establish_identity(*connection, config.identity);
  if (!identity) return fail(identity.error());
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<Database> database(new Database(*std::move(connection), *identity,
                                                  config.interpreter, env, std::move(on_fatal)));
  if (auto ok = storage::rebuild_views_if_asked(database->replica(), env.log); !ok) {
    return fail(ok.error());
  }
  return database;
}

Database::Database(storage::Connection connection, const storage::Identity& identity,
                   storage::Interpreter interpreter, Env env, storage::Writer::Fatal on_fatal)
    : connection_(std::move(connection)),
      replica_(connection_, identity, env.clock, env.log, interpreter),
      writer_(replica_, env.executor, env.clock, env.metrics, std::move(on_fatal)) {}

}  // namespace cairn::program
