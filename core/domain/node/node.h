#pragma once
// Node: one agent device, known to the hub and tied to one site. Merge rule: the hub is the only
// writer.

#include "core/base/ids.h"

#include <cstdint>
#include <string>

namespace cairn::domain {

struct Node {
  NodeId id;
  SiteId site;
  std::string name;  ///< 1-80 octets UTF-8
  bool active = true;

  friend bool operator==(const Node&, const Node&) = default;
};

struct NodeRegistered {
  static constexpr std::uint32_t kTypeId = 40;
  Node node;
  friend bool operator==(const NodeRegistered&, const NodeRegistered&) = default;
};

}  // namespace cairn::domain
