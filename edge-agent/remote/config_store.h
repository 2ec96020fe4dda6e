#pragma once
// What the device remembers of configurations from afar, in a file of its data directory: it is
// read before the database is opened, and works when that does not. Any thread, one at a time.

#include "core/base/result.h"
#include "core/domain/node/node_config.h"

#include <string>

namespace cairn::agent {

class ConfigStore {
 public:
  explicit ConfigStore(std::string file) : file_(std::move(file)) {}

  /// No file: nothing came from afar yet. Errors: kCorrupt "bad_config_state".
  [[nodiscard]] Result<domain::ConfigState> load() const;
  /// Durably, all or nothing. Errors: kUnavailable "file_not_written".
  [[nodiscard]] Result<> save(const domain::ConfigState& state) const;

 private:
  std::string file_;
};

}  // namespace cairn::agent
