#include "edge-agent/remote/config_in_force.h"

#include <string>

namespace cairn::agent {

ConfigInForce::ConfigInForce(const ConfigStore& store, const ConfigSource& source,
                             const AgentConfig& file, Log& log)
    : store_(&store), log_(&log), config_(file) {
  const auto loaded = store.load();
  if (!loaded) log.error("remote_config_lost", {{"why", loaded.error().message}});
  if (loaded) state_ = *loaded;
  const domain::ConfigState before = state_;
  domain::note_start(state_);
  while (state_.current().version != 0) {
    auto read = load_agent_config(source, state_.current());
    if (read) {
      config_ = *std::move(read);
      break;
    }
    log.error("config_reverted", {{"version", std::to_string(state_.current().version)},
                                  {"why", read.error().message}});
    if (state_.trial) {
      domain::revert_trial(state_, read.error().message);
    } else {
      domain::drop_good(state_, read.error().message);
    }
  }
  if (state_ != before) save();
}

bool ConfigInForce::failed(const Error& why) {
  if (!state_.trial) return false;
  log_->error("config_reverted",
              {{"version", std::to_string(state_.trial->tried.version)}, {"why", why.message}});
  domain::revert_trial(state_, why.message);
  save();
  return true;
}

void ConfigInForce::save() {
  const auto saved = store_->save(state_);
  if (!saved) log_->error("config_not_kept", {{"why", saved.error().message}});
}

}  // namespace cairn::agent
