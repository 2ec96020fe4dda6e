#include "edge-agent/agent_core.h"

#include "edge-agent/workflows/labels.h"

#include <string>

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
  // The loop does not turn yet: it is the first thing it does.
  const auto posted = env.executor.post(
      [own = core.get(), &log = env.log] { own->give_up_unfinished_labels(log); });
  if (!posted) return fail(posted.error());
  if (auto ok = core->sync_.start(); !ok) return fail(ok.error());
  return core;
}

AgentCore::AgentCore(std::unique_ptr<program::Database> database, const AgentCoreConfig& config,
                     Env env, sync::Transport& transport)
    : database_(std::move(database)),
      sync_(env, database_->writer(), database_->replica(), transport),
      pick_(config.keyed_above_milli) {}

void AgentCore::give_up_unfinished_labels(Log& log) {
  writer().submit<std::size_t>(
      agent::give_up_unfinished_labels, [&log](const Result<std::size_t>& labels) {
        if (labels && *labels == 0) return;
        if (labels) {
          log.warn("labels_unknown", {{"labels", std::to_string(*labels)}});
        } else {
          log.error("labels_not_given_up", {{"why", labels.error().message}});
        }
      });
}

}  // namespace cairn::agent
