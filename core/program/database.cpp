#include "core/program/database.h"

#include "core/storage/migrate.h"

namespace cairn::program {

Result<std::unique_ptr<Database>> Database::open(const DatabaseConfig& config, Env env,
                                                 storage::Writer::Fatal on_fatal) {
  auto connection = storage::Connection::open_writer(config.path, config.durability);
  if (!connection) return fail(connection.error());
  if (auto ok = storage::migrate(*connection); !ok) return fail(ok.error());
  const auto identity = storage::establish_identity(*connection, config.identity);
  if (!identity) return fail(identity.error());
  // The constructor is private: make_unique cannot reach it.
  return std::unique_ptr<Database>(
      new Database(*std::move(connection), *identity, env, std::move(on_fatal)));
}

Database::Database(storage::Connection connection, const storage::Identity& identity, Env env,
                   storage::Writer::Fatal on_fatal)
    : connection_(std::move(connection)),
      replica_(connection_, identity, env.clock, env.log),
      writer_(replica_, env.executor, env.clock, env.metrics, std::move(on_fatal)) {}

}  // namespace cairn::program
