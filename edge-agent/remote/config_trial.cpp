#include "edge-agent/remote/config_trial.h"

#include "core/crypto/hash.h"

#include <optional>
#include <utility>

namespace cairn::agent {
namespace {

using domain::ConfigOutcome;
using storage::UnitOfWork;

constexpr Duration kLookEvery = std::chrono::milliseconds(500);

Bytes hash_of(const std::string& values) { return crypto::to_bytes(crypto::blake2b_128({values})); }

}  // namespace

ConfigTrial::ConfigTrial(Env env, storage::Writer& writer, sync::NodeSync& sync, NodeId node,
                         domain::ConfigState state, Hooks hooks)
    : env_(env),
      writer_(&writer),
      sync_(&sync),
      node_(node),
      state_(std::move(state)),
      hooks_(std::move(hooks)) {}

void ConfigTrial::start() {
  begun_ = env_.clock.mono_now();
  writer_->on_commit([this](const storage::Changes& changes) {
    if (changes.devices) look();
  });
  if (state_.trial) return watch();
  report();
  look();
}

/// Devices were opened, the database answers, pages are served: else nobody would be here. What is
/// left to see is that the hub is still reached.
void ConfigTrial::watch() {
  if (!state_.trial || ending_) return;
  if (sync_->status().link == sync::LinkState::kLive) return accept();
  if (env_.clock.mono_now() - begun_ > kTrialWithin) return revert();
  env_.executor.after(kLookEvery, [this] { watch(); });
}

void ConfigTrial::accept() {
  domain::ConfigState accepted = state_;
  domain::accept_trial(accepted);
  if (const auto saved = hooks_.save(accepted); !saved) {
    env_.log.error("config_not_kept", {{"why", saved.error().message}});
    env_.executor.after(kLookEvery, [this] { watch(); });
    return;
  }
  state_ = std::move(accepted);
  env_.log.info("config_applied", {{"version", std::to_string(state_.good.version)}});
  hooks_.settled();
  report();
  look();
}

void ConfigTrial::revert() {
  ending_ = true;
  domain::revert_trial(state_, "the hub was not reached within a minute");
  env_.log.error("config_reverted",
                 {{"version", std::to_string(state_.last.version)}, {"why", state_.last.error}});
  // Not saved: the start was counted, and the next ones will be.
  if (const auto saved = hooks_.save(state_); !saved) {
    env_.log.error("config_not_kept", {{"why", saved.error().message}});
  }
  hooks_.restart();
}

void ConfigTrial::look() {
  if (state_.trial || ending_) return;
  using Wanted = std::optional<storage::WantedConfig>;
  writer_->submit<Wanted>(
      [node = node_](UnitOfWork& work) -> Result<Wanted> {
        return storage::wanted_config(work.connection(), node);
      },
      [this](const Result<Wanted>& wanted) {
        if (!wanted || !*wanted || state_.trial || ending_) return;
        const domain::ConfigVersion& version = (*wanted)->config;
        if (version.version <= state_.last.version) return;
        if (sync_->status().link == sync::LinkState::kLive) return act_on(version);
        // Whether it works cannot be seen without the hub.
        if (std::exchange(look_later_, true)) return;
        env_.executor.after(kLookEvery, [this] {
          look_later_ = false;
          look();
        });
      });
}

void ConfigTrial::act_on(const domain::ConfigVersion& wanted) {
  domain::ConfigState next = state_;
  const auto readable = hooks_.check(wanted);
  if (readable) {
    domain::begin_trial(next, wanted);
  } else {
    domain::refuse_version(next, wanted.version, readable.error().message);
  }
  if (const auto saved = hooks_.save(next); !saved) {
    env_.log.error("config_not_kept", {{"why", saved.error().message}});
    return;  // the next commit, or start, looks again
  }
  state_ = std::move(next);
  if (state_.trial) {
    ending_ = true;
    env_.log.info("config_trial", {{"version", std::to_string(wanted.version)}});
    hooks_.restart();
    return;
  }
  env_.log.error("config_refused",
                 {{"version", std::to_string(wanted.version)}, {"why", state_.last.error}});
  report();
}

/// What became of the last version, unless the hub was told already.
void ConfigTrial::report() {
  if (state_.last.version == 0) return;
  const domain::NodeConfigReported said{state_.last.version, state_.last.outcome, state_.last.error,
                                        state_.good.version, hash_of(state_.good.values)};
  writer_->submit<bool>(
      [said, node = node_](UnitOfWork& work) -> Result<bool> {
        const auto before = storage::reported_config(work.connection(), node);
        if (before && before->report == said) return false;
        const auto written = work.record({domain::DeviceEvent(said),
                                          domain::node_key(node),
                                          work.replica().identity().site,
                                          UserId{},
                                          {},
                                          {}});
        if (!written) return fail(written.error());
        return true;
      },
      [this](const Result<bool>& done) {
        if (!done) env_.log.error("config_not_reported", {{"why", done.error().message}});
      });
}

}  // namespace cairn::agent
