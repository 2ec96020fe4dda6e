#pragma once
// The agent without its rim: replica, sync and workflows on any executor and any transport.
// main.cpp puts threads, HTTP and devices around it, the simulator puts virtual time. Loop only.

#include "core/program/database.h"
#include "core/program/log_fold.h"
#include "core/storage/rollback_guard.h"
#include "edge-agent/remote/command_runner.h"
#include "edge-agent/workflows/pick.h"
#include "sync/store/lan_sync.h"
#include "sync/store/node_sync.h"

#include <memory>
#include <optional>
#include <string>

namespace cairn::agent {

struct AgentCoreConfig {
  std::string database;
  storage::Connection::Durability durability = storage::Connection::Durability::kFull;
  NodeId node;
  SiteId site;
  std::int64_t keyed_above_milli = 12 * kMilliPerUnit;
  std::string guard_file{};                   ///< empty: none
  storage::SnapshotReader* reader = nullptr;  ///< null: never compares with the hub
  storage::Interpreter interpreter = storage::interpret;
  program::FoldConfig fold{};
  gs1::MeasureScheme measures{};  ///< of the site's labels
};

class AgentCore {
 public:
  /// The transports outlive the core; `lan`: the bus of the site's own, nullptr if it has none.
  /// Errors: those of program::Database::open().
  static Result<std::unique_ptr<AgentCore>> open(const AgentCoreConfig& config, Env env,
                                                 sync::Transport& transport,
                                                 storage::Writer::Fatal on_fatal,
                                                 sync::Transport* lan = nullptr);

  storage::Writer& writer() { return database_->writer(); }
  storage::Replica& replica() { return database_->replica(); }
  sync::NodeSync& sync() { return sync_; }
  /// Nothing if the site has no LAN.
  const std::optional<sync::LanSync>& lan() { return lan_; }
  Pick& pick() { return pick_; }
  /// What labels with a price or a weight in them mean here. Any thread.
  [[nodiscard]] const gs1::MeasureScheme& measures() const { return measures_; }
  CommandRunner& commands() { return commands_; }
  program::LogFold& fold() { return fold_; }

 private:
  AgentCore(std::unique_ptr<program::Database> database, const AgentCoreConfig& config, Env env,
            sync::Transport& transport);

  /// Goes on under a new incarnation if the database was put back to an earlier state; one that was
  /// `made_now` is new. Errors: kUnavailable "storage_failed".
  Result<> look_for_rollback(bool made_now, Env env);
  /// Tells the guard file, a little later, what is committed now.
  void guard_soon(Env env);
  void guard_now(Log& log);
  /// This program may be newer than the one that set records aside.
  void replay_at_start(Log& log);
  void give_up_unfinished_labels(Log& log);
  /// Gives back leases that are asked back or over; comes back when the next one is over.
  void settle_leases(Env env);
  void settle_leases_at(const std::optional<UtcTime>& next, Env env);

  std::unique_ptr<program::Database> database_;
  storage::RollbackGuard guard_;
  storage::GuardMark committed_;  ///< last own record, and the commands begun
  bool guard_due_ = false;
  sync::NodeSync sync_;
  std::optional<sync::LanSync> lan_;
  const gs1::MeasureScheme measures_;
  Pick pick_;
  CommandRunner commands_;
  program::LogFold fold_;
  std::optional<Executor::TimerId> lease_timer_;
};

}  // namespace cairn::agent
