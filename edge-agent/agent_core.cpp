#include "edge-agent/agent_core.h"

#include "core/program/replay_note.h"
#include "core/storage/damage.h"
#include "core/storage/projections/node_control.h"
#include "core/storage/safe_marks.h"
#include "core/storage/salvage.h"
#include "edge-agent/workflows/labels.h"
#include "edge-agent/workflows/leases.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace cairn::agent {
namespace {

/// How soon, and how late at most, a device looks whether a lease of its is over.
constexpr Duration kLeaseLookLeast = std::chrono::milliseconds(100);
constexpr Duration kLeaseLookMost = std::chrono::minutes(1);

/// An incarnation whose records are in a damaged database.
struct LogAside {
  storage::DamagedLog log;
  std::string aside;
};

/// Empty unless the database is damaged; then it is not where it was any more. Errors: kUnavailable
/// "storage_failed".
Result<std::vector<LogAside>> put_damaged_aside(const AgentCoreConfig& config,
                                                const storage::RollbackGuard& guard, Env env) {
  std::vector<LogAside> logs;
  auto aside = storage::unfinished_move(config.database);
  if (!aside) return fail(aside.error());
  if (!*aside) {
    const auto damage = storage::damage_of(config.database);
    if (!damage) return logs;
    env.log.error("database_damaged",
                  {{"what", *damage},
                   {"then", "it is kept beside the new one, which fills itself from the hub"}});
    auto moved = storage::move_aside(config.database, env.clock.utc_now());
    if (!moved) return fail(moved.error());
    *aside = *std::move(moved);
  }
  std::optional<storage::DamagedLog> guarded;
  if (const auto mark = guard.read()) {
    guarded = storage::DamagedLog{mark->inc, storage::Beginning::kFirst, mark->head};
  }
  for (auto& log : storage::damaged_logs(**aside, config.node, guarded))
    logs.push_back({log, **aside});
  env.log.warn("database_put_aside", {{"file", **aside}});
  // Nothing of it can be read: the new one is the first that there is.
  if (logs.empty()) {
    if (auto ok = storage::finish_move(config.database); !ok) return fail(ok.error());
  }
  return logs;
}

/// The new database knows the incarnations there were, and goes on under another one.
Result<> go_on_after_damage(storage::Replica& replica, const std::vector<LogAside>& logs,
                            const std::string& database, Env env) {
  if (logs.empty()) return {};
  storage::Connection& connection = replica.connection();
  try {
    connection.execute("BEGIN IMMEDIATE");
    for (const LogAside& one : logs) {
      if (&one != &logs.front()) {
        storage::begin_incarnation(connection, one.log.inc, one.log.why, env.clock.utc_now());
      }
      storage::save_salvage(connection, {one.log.inc, one.log.last, 0, one.aside});
    }
    replica.renew(Incarnation(env.random.next() >> 1U), storage::Beginning::kRestored);
    connection.execute("COMMIT");
    replica.finish_job();
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  return storage::finish_move(database);
}

/// What the hub has a second copy of, of our own logs; of others' all that it has confirmed.
storage::FoldLimit fold_limit(storage::Connection& connection, NodeId own) {
  std::map<Incarnation, std::uint64_t> safe;
  for (const EventRef& mark : storage::safe_marks(connection)) {
    if (mark.node == own) safe.emplace(mark.inc, mark.seq);
  }
  return [own, safe = std::move(safe)](const storage::Author& author) {
    if (author.node != own) return author.head;
    const auto mark = safe.find(author.inc);
    return mark == safe.end() ? 0 : std::min(mark->second, author.head);
  };
}

}  // namespace

Result<std::unique_ptr<AgentCore>> AgentCore::open(const AgentCoreConfig& config, Env env,
                                                   sync::Transport& transport,
                                                   storage::Writer::Fatal on_fatal,
                                                   sync::Transport* lan) {
  const storage::RollbackGuard guard(config.guard_file, config.node);
  auto logs = put_damaged_aside(config, guard, env);
  if (!logs) return fail(logs.error());
  storage::Identity identity;
  identity.role = storage::Role::kSite;
  identity.node = config.node;
  identity.site = config.site;
  identity.inc = Incarnation(env.random.next() >> 1U);  // 63 bits: SQLite's integers are signed
  if (!logs->empty()) identity.inc = logs->front().log.inc;
  auto database =
      program::Database::open({config.database, config.durability, identity, config.interpreter},
                              env, storage::suspecting(config.database, std::move(on_fatal)));
  if (!database) return fail(database.error());
  const bool made_now = (*database)->replica().identity().inc == identity.inc;
  if (auto ok = go_on_after_damage((*database)->replica(), *logs, config.database, env); !ok) {
    return fail(ok.error());
  }
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<AgentCore> core(new AgentCore(*std::move(database), config, env, transport));
  if (auto ok = core->look_for_rollback(made_now, env); !ok) return fail(ok.error());
  // The loop does not turn yet: it is the first thing it does.
  const auto posted = env.executor.post([own = core.get(), env] {
    own->replay_at_start(env.log);
    own->give_up_unfinished_labels(env.log);
    own->settle_leases(env);
    own->commands_.start();
  });
  if (!posted) return fail(posted.error());
  if (auto ok = core->sync_.start(); !ok) return fail(ok.error());
  if (auto ok = core->fold_.start(); !ok) return fail(ok.error());
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
      measures_(config.measures),
      pick_(config.keyed_above_milli, config.measures),
      commands_(env, database_->writer(), sync_, config.node),
      fold_(env, database_->writer(), config.fold, [this](storage::Connection& connection) {
        return fold_limit(connection, database_->replica().identity().node);
      }) {
  database_->writer().keep_in_step(&pick_);
}

Result<> AgentCore::look_for_rollback(bool made_now, Env env) {
  storage::Connection& connection = replica().connection();
  try {
    const storage::Identity& identity = replica().identity();
    const std::uint64_t head = replica().log().author(identity.node, identity.inc).head;
    const std::uint64_t commands = storage::commands_started(connection);
    const auto mark = guard_.read();
    committed_ = {identity.inc, head, 0, commands};
    const auto incarnations =
        made_now ? std::vector<storage::OwnIncarnation>{} : storage::own_incarnations(connection);
    if (mark && storage::is_older(incarnations, head, commands, *mark)) {
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
    if (changes.leases) settle_leases(env);
    if (changes.own_head == 0) return;
    committed_.inc = changes.own_inc;
    committed_.head = changes.own_head;
    guard_soon(env);
  });
  commands_.before_each([this, &log = env.log](const storage::GuardMark& mark) {
    committed_ = mark;
    guard_now(log);
  });
  return {};
}

void AgentCore::settle_leases(Env env) {
  writer().submit<std::optional<UtcTime>>(
      agent::settle_leases, [this, env](const Result<std::optional<UtcTime>>& next) {
        if (next) return settle_leases_at(*next, env);
        env.log.error("leases_not_settled", {{"why", next.error().message}});
        settle_leases_at(UtcTime{INT64_MAX}, env);
      });
}

/// The device's clock may be set, and the hub's may be heard: it looks again now and then.
void AgentCore::settle_leases_at(const std::optional<UtcTime>& next, Env env) {
  if (lease_timer_) env.executor.cancel(*std::exchange(lease_timer_, std::nullopt));
  if (!next) return;
  const Duration left(next->us - replica().clock().floor().us);  // floor: at least 0
  lease_timer_ = env.executor.after(std::clamp(left, kLeaseLookLeast, kLeaseLookMost), [this, env] {
    lease_timer_.reset();
    settle_leases(env);
  });
}

void AgentCore::guard_soon(Env env) {
  if (std::exchange(guard_due_, true)) return;
  env.executor.after(storage::kGuardDelay, [this, &log = env.log] {
    guard_due_ = false;
    guard_now(log);
  });
}

void AgentCore::guard_now(Log& log) {
  const auto written = guard_.write(committed_);
  if (!written) log.warn("no_guard", {{"why", written.error().message}});
}

void AgentCore::replay_at_start(Log& log) {
  writer().submit<std::size_t>(
      [](storage::UnitOfWork& work) -> Result<std::size_t> {
        return work.replica().replay_quarantine().size();
      },
      [&log](const Result<std::size_t>& released) { program::tell_replayed(log, released); });
}

void AgentCore::give_up_unfinished_labels(Log& log) {
  writer().submit<GivenUp>(agent::give_up_unfinished_labels, [&log](const Result<GivenUp>& labels) {
    if (!labels) return log.error("labels_not_given_up", {{"why", labels.error().message}});
    if (labels->unknown != 0) {
      log.warn("labels_unknown", {{"labels", std::to_string(labels->unknown)}});
    }
    if (labels->failed != 0) {
      log.warn("labels_failed", {{"labels", std::to_string(labels->failed)}});
    }
  });
}

}  // namespace cairn::agent
