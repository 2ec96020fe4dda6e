#include "edge-agent/agent_core.h"

#include "core/program/replay_note.h"
#include "edge-agent/workflows/labels.h"

#include <string>
#include <utility>

namespace cairn::agent {

Result<std::unique_ptr<AgentCore>> AgentCore::open(const AgentCoreConfig& config, Env env,
                                                   sync::Transport& transport,
                                                   storage::Writer::Fatal on_fatal,
                                                   sync::Transport* lan) {
  storage::Identity identity;
  identity.role = storage::Role::kSite;
  identity.node = config.node;
  identity.site = config.site;
  identity.inc = Incarnation(env.random.next() >> 1U);  // 63 bits: SQLite's integers are signed
  auto database = program::Database::open(
      {config.database, config.durability, identity, config.interpreter}, env, std::move(on_fatal));
  if (!database) return fail(database.error());
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<AgentCore> core(new AgentCore(*std::move(database), config, env, transport));
  if (auto ok = core->look_for_rollback(env); !ok) return fail(ok.error());
  // The loop does not turn yet: it is the first thing it does.
  const auto posted = env.executor.post([own = core.get(), &log = env.log] {
    own->replay_at_start(log);
    own->give_up_unfinished_labels(log);
  });
  if (!posted) return fail(posted.error());
  if (auto ok = core->sync_.start(); !ok) return fail(ok.error());
  if (lan != nullptr) {
    core->lan_.emplace(env, core->writer(), core->replica(), core->sync_, *lan);
    if (auto ok = core->lan_->start(); !ok) return fail(ok.error());
  }
  return core;
}

AgentCore::AgentCore(std::unique_ptr<program::Database> database, const AgentCoreConfig& config,
                     Env env, sync::Transport& transport)
    : database_(std::move(database)),
      guard_(config.guard_file, config.node),
      sync_(env, database_->writer(), database_->replica(), transport, config.reader),
      pick_(config.keyed_above_milli) {}

Result<> AgentCore::look_for_rollback(Env env) {
  storage::Connection& connection = replica().connection();
  try {
    const storage::Identity& identity = replica().identity();
    const std::uint64_t head = replica().log().author(identity.node, identity.inc).head;
    const auto mark = guard_.read();
    if (mark && storage::is_older(storage::own_incarnations(connection), head, *mark)) {
      env.log.warn("restored_database",
                   {{"what",
                     "it is older than this device was: it goes on under new numbers, what "
                     "the hub has of it comes back, labels wait for the hub"}});
      connection.execute("BEGIN IMMEDIATE");
      replica().renew(Incarnation(env.random.next() >> 1U), storage::Beginning::kRestored);
      connection.execute("COMMIT");
      replica().finish_job();
    }
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  writer().on_commit([this, env](const storage::Changes& changes) {
    if (changes.own_head == 0) return;
    committed_ = {changes.own_inc, changes.own_head};
    guard_soon(env);
  });
  return {};
}

void AgentCore::guard_soon(Env env) {
  if (std::exchange(guard_due_, true)) return;
  env.executor.after(storage::kGuardDelay, [this, &log = env.log] {
    guard_due_ = false;
    const auto written = guard_.write(committed_);
    if (!written) log.warn("no_guard", {{"why", written.error().message}});
  });
}

void AgentCore::replay_at_start(Log& log) {
  writer().submit<std::size_t>(
      [](storage::UnitOfWork& work) -> Result<std::size_t> {
        return work.replica().replay_quarantine().size();
      },
      [&log](const Result<std::size_t>& released) { program::tell_replayed(log, released); });
}

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
