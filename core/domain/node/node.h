#pragma once
// Node: one agent device, known to the hub and tied to one site. Merge rule: the hub is the only
// writer.

#include "core/base/ids.h"
#include "core/domain/label/label_numbers.h"

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

/// By the hub: serials for the labels of one incarnation of a node. Another incarnation (a restored
/// or empty database) gets another block, so that no number is ever used twice.
struct LabelBlockGranted {
  static constexpr std::uint32_t kTypeId = 41;
  NodeId node;
  Incarnation inc;
  Gs1Prefix prefix;
  LabelBlock block;
  friend bool operator==(const LabelBlockGranted&, const LabelBlockGranted&) = default;
};

}  // namespace cairn::domain
