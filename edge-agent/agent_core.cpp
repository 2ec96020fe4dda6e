#include "edge-agent/agent_core.h"

namespace cairn::agent {

Result<std::unique_ptr<AgentCore>> AgentCore::open(const AgentCoreConfig& config, Env env,
                                                   sync::Transport& transport,
                                                   storage::Writer::Fatal on_fatal) {
  storage::Identity identity;
  identity.role = storage::Role::kSite;
  identity.node = config.node;
  identity.site = config.site;
  identity.inc = Incarnation(env.random.next() >> 1U);  // 63 bits: SQLite's integers are signed
  auto database = program::Database::open({config.database, config.durability, identity}, env,
                                          std::move(on_fatal));
  if (!database) return fail(database.error());
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<AgentCore> core(new AgentCore(*std::move(database), config, env, transport));
  if (auto ok = core->sync_.start(); !ok) return fail(ok.error());
  return core;
}

AgentCore::AgentCore(std::unique_ptr<program::Database> database, const AgentCoreConfig& config,
                     Env env, sync::Transport& transport)
    : database_(std::move(database)),
      sync_(env, database_->writer(), database_->replica(), transport),
      pick_(config.keyed_above_milli) {}

}  // namespace cairn::agent
