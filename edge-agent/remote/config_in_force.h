#pragma once
// Which configuration this start uses: the device's file, with what head office wants laid over it
// as far as it works. Main thread.

#include "edge-agent/agent_config.h"
#include "edge-agent/remote/config_store.h"

namespace cairn::agent {

class ConfigInForce {
 public:
  /// Notes this start in the store and reads. What cannot be read is reverted, down to the file
  /// alone, as `file`. All references outlive it.
  ConfigInForce(const ConfigStore& store, const ConfigSource& source, const AgentConfig& file,
                Log& log);

  [[nodiscard]] const AgentConfig& config() const { return config_; }
  /// As saved.
  [[nodiscard]] const domain::ConfigState& state() const { return state_; }
  /// The start failed. True: while a version was tried, which is reverted now, so that the next
  /// start may succeed.
  bool failed(const Error& why);

 private:
  void save();

  const ConfigStore* store_;
  Log* log_;
  domain::ConfigState state_;
  AgentConfig config_;
};

}  // namespace cairn::agent
