#pragma once
// The agent without its rim: replica, sync and workflows on any executor and any transport.
// main.cpp puts threads, HTTP and devices around it, the simulator puts virtual time. Loop only.

#include "core/program/database.h"
#include "edge-agent/workflows/pick.h"
#include "sync/store/node_sync.h"

#include <memory>
#include <string>

namespace cairn::agent {

struct AgentCoreConfig {
  std::string database;
  storage::Connection::Durability durability = storage::Connection::Durability::kFull;
  NodeId node;
  SiteId site;
  std::int64_t keyed_above_milli = 12 * kMilliPerUnit;
};

class AgentCore {
 public:
  /// The transport outlives the core. Errors: those of program::Database::open().
  static Result<std::unique_ptr<AgentCore>> open(const AgentCoreConfig& config, Env env,
                                                 sync::Transport& transport,
                                                 storage::Writer::Fatal on_fatal);

  storage::Writer& writer() { return database_->writer(); }
  storage::Replica& replica() { return database_->replica(); }
  sync::NodeSync& sync() { return sync_; }
  Pick& pick() { return pick_; }

 private:
  AgentCore(std::unique_ptr<program::Database> database, const AgentCoreConfig& config, Env env,
            sync::Transport& transport);

  void give_up_unfinished_labels(Log& log);

  std::unique_ptr<program::Database> database_;
  sync::NodeSync sync_;
  Pick pick_;
};

}  // namespace cairn::agent
