#pragma once
// The names of feeds, as cursors and frames spell them. Any thread.

#include "core/base/ids.h"

#include <string>

namespace cairn::wire {

inline const std::string kCatalogueFeed = "cat";

inline std::string site_feed(const SiteId& site) { return "site:" + site.text(); }

inline std::string node_feed(NodeId node) { return "n:" + node.value().text(); }

}  // namespace cairn::wire
