#include "central/hub_core.h"

namespace cairn::central {

storage::Identity hub_identity(NodeId node, Random& random) {
  storage::Identity identity;
  identity.role = storage::Role::kHub;
  identity.node = node;
  identity.hub = node;
  identity.inc = Incarnation(random.next() >> 1U);  // 63 bits: SQLite's integers are signed
  return identity;
}

Result<std::unique_ptr<HubCore>> HubCore::open(const HubCoreConfig& config, Env env,
                                               sync::Transport& transport,
                                               storage::Writer::Fatal on_fatal) {
  auto database = program::Database::open(
      {config.database, config.durability, hub_identity(config.node, env.random)}, env,
      std::move(on_fatal));
  if (!database) return fail(database.error());
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<HubCore> core(new HubCore(*std::move(database), env, transport));
  if (auto ok = core->sync_.start(); !ok) return fail(ok.error());
  return core;
}

HubCore::HubCore(std::unique_ptr<program::Database> database, Env env, sync::Transport& transport)
    : database_(std::move(database)),
      ids_(env.clock, env.random),
      sync_(env, database_->writer(), database_->replica(), transport) {}

}  // namespace cairn::central
