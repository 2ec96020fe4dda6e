#pragma once
// Asks the hub for a sale that this device does not know, and keeps what it answers. Loop only.

#include "edge-agent/agent_core.h"

#include <functional>
#include <string>

namespace cairn::agent {

class SaleSearch {
 public:
  explicit SaleSearch(AgentCore& core) : core_(&core) {}

  /// True once the sale is kept here. Errors: kNotFound "unknown_sale" (head office does not know
  /// it either); those of NodeSync::find().
  using Done = std::function<void(const Result<bool>&)>;
  void search(const std::string& text, Done done);

 private:
  AgentCore* core_;
};

}  // namespace cairn::agent
