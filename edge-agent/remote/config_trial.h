#pragma once
// Tries out the configurations that head office wants: a new version is written down as a trial,
// the agent starts again with it, and only if it then reaches the hub the version is in force. Else
// the one before holds again. What became of it is reported to the hub. Loop only.

#include "core/base/env.h"
#include "core/domain/node/node_config.h"
#include "core/storage/projections/node_control.h"
#include "core/storage/writer.h"
#include "sync/store/node_sync.h"

#include <chrono>
#include <functional>

namespace cairn::agent {

/// A trial that has not reached the hub by then has failed.
inline constexpr Duration kTrialWithin = std::chrono::seconds(60);

class ConfigTrial {
 public:
  struct Hooks {
    /// Whether the program could be started with it, as far as that can be said before.
    std::function<Result<>(const domain::ConfigVersion&)> check;
    /// Durably.
    std::function<Result<>(const domain::ConfigState&)> save;
    /// Ends the program so that it is started again.
    std::function<void()> restart;
    /// The trial has come to a verdict.
    std::function<void()> settled = [] {};
  };

  /// `state`: as it was saved after this start was noted in it. All references outlive the trial.
  ConfigTrial(Env env, storage::Writer& writer, sync::NodeSync& sync, NodeId node,
              domain::ConfigState state, Hooks hooks);

  /// Begins; to be called once, when everything that the configuration is for has been started.
  void start();
  [[nodiscard]] const domain::ConfigState& state() const { return state_; }

 private:
  void watch();
  void accept();
  void revert();
  void look();
  void act_on(const domain::ConfigVersion& wanted);
  void report();

  Env env_;
  storage::Writer* writer_;
  sync::NodeSync* sync_;
  NodeId node_;
  domain::ConfigState state_;
  Hooks hooks_;
  MonoTime begun_;
  bool look_later_ = false;
  bool ending_ = false;  ///< the program is about to be started again
};

}  // namespace cairn::agent
