#pragma once
// Carries out what head office tells this device to do: each command at most once, never after its
// expiry, and each is answered. That a command is begun is committed before it is begun; what was
// begun and has no answer after a restart has failed, or was the restart. What a verb does is given
// by whoever puts the agent together. Loop only.

#include "core/base/env.h"
#include "core/storage/projections/node_control.h"
#include "core/storage/rollback_guard.h"
#include "core/storage/writer.h"
#include "sync/hub_time.h"
#include "sync/store/node_sync.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace cairn::agent {

class CommandRunner {
 public:
  /// Told once how it went: the result for people, or why not. Nothing is said by a verb that ends
  /// the process: the next start says "done".
  using Finish = std::function<void(const Result<std::string>&)>;
  using Act = std::function<void(const domain::NodeCommand& command, const Finish& finish)>;

  /// All references outlive the runner.
  CommandRunner(Env env, storage::Writer& writer, sync::NodeSync& sync, NodeId node);

  /// Begins; to be called once, before the loop runs anything else.
  void start();
  /// A verb that nobody has set is answered with "failed".
  void set(domain::CommandVerb verb, Act act) { acts_.insert_or_assign(verb, std::move(act)); }
  /// Told what the guard file is to know before anything is done: a database that is put back to
  /// before the command was begun would begin it again.
  void before_each(std::function<void(const storage::GuardMark&)> note) {
    before_ = std::move(note);
  }
  /// Which version of its configuration the device runs with.
  void set_config_version(std::uint64_t version) { config_version_ = version; }
  /// The hub's clock, once it was heard.
  std::optional<UtcTime> hub_time() { return time_.now(env_.clock.mono_now()); }

 private:
  /// What one look at all waiting commands has decided.
  struct Look {
    std::optional<domain::NodeCommand> begun;
    storage::GuardMark mark;      ///< of the database in which it is begun
    std::optional<UtcTime> next;  ///< when to look again
    bool waiting = false;
  };

  void heard(const sync::NodeSync::HubSaid& said);
  void look();
  Result<Look> look_at_all(storage::UnitOfWork& work);
  Result<> end(storage::UnitOfWork& work, const storage::CommandRow& row,
               domain::CommandOutcome outcome, const std::string& detail) const;
  void carry_out(const domain::NodeCommand& command);
  void finish(domain::CommandId command, domain::CommandOutcome outcome, std::string detail);
  void look_later(const Look& seen);
  /// What was begun by an earlier life of this process and has no answer.
  Result<bool> end_interrupted(storage::UnitOfWork& work) const;

  Env env_;
  storage::Writer* writer_;
  sync::NodeSync* sync_;
  NodeId node_;
  sync::HubTime time_;
  std::uint64_t config_version_ = 0;
  std::map<domain::CommandVerb, Act> acts_;
  std::function<void(const storage::GuardMark&)> before_ = [](const storage::GuardMark&) {};
  std::optional<domain::CommandId> running_;
  bool look_in_work_ = false;
  bool look_again_ = false;
  bool ready_ = false;  ///< what an earlier life left behind was answered
  std::optional<Executor::TimerId> timer_;
};

}  // namespace cairn::agent
