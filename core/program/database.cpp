#include "core/program/database.h"

#include "core/storage/migrate.h"
#include "core/storage/rebuild.h"

namespace cairn::program {
namespace {

/// A hub takes what gathered at many sites, thousands of records in a transaction: they touch pages
/// all over its tables, which would be read again and again, and written back each time.
constexpr const char* kHubProfile =
    "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=8192;"
    "PRAGMA journal_size_limit=41943040;";

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const DatabaseConfig& config, Env env,
                                                 storage::Writer::Fatal on_fatal) {
  auto connection = storage::Connection::open_writer(config.path, config.durability);
  if (!connection) return fail(connection.error());
  if (config.identity.role == storage::Role::kHub) connection->execute(kHubProfile);
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
