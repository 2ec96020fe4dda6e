#pragma once
// The topics of the bus (docs/protocol.md, topics): built and taken apart in one place. Any thread.

#include "core/base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::sync::topics {

/// hash(node) % 64: XXH3-64 of the node's 16 octets.
std::uint32_t lane_of(NodeId node);

std::string uplink(NodeId node);    ///< cairn/1/up/{lane}/{node}
std::string ack(NodeId node);       ///< cairn/1/n/{node}/ack
std::string request(NodeId node);   ///< cairn/1/n/{node}/req
std::string response(NodeId node);  ///< cairn/1/n/{node}/rsp
std::string presence(NodeId node);  ///< cairn/1/p/{node}
std::string site_feed(const SiteId& site,
                      std::string_view feed);  ///< cairn/1/s/{site}/feed/{cat|site}
std::string doorbell(const SiteId& site);      ///< cairn/1/s/{site}/head

/// LAN: what a device says to all of its site, what it holds, and what it asks of a neighbour.
std::string lan_records(const SiteId& site, NodeId node);  ///< cairn/1/l/{site}/{node}
std::string lan_digest(const SiteId& site, NodeId node);   ///< cairn/1/l/{site}/{node}/vv
std::string lan_fetch(const SiteId& site, NodeId node,
                      NodeId peer);  ///< cairn/1/l/{site}/{node}/fetch/{peer}
/// What a device listens to on its site's LAN.
std::vector<std::string> lan_filters(const SiteId& site, NodeId node);

/// What the hub listens to.
inline constexpr std::string_view kAllUplinks = "cairn/1/up/#";
inline constexpr std::string_view kAllRequests = "cairn/1/n/+/req";
inline constexpr std::string_view kAllPresence = "cairn/1/p/+";

/// A topic of one node, as the hub receives it.
struct FromNode {
  enum class Kind : std::uint8_t { kUplink, kRequest, kPresence };
  Kind kind = Kind::kUplink;
  NodeId node;
};
std::optional<FromNode> parse_from_node(std::string_view topic);

/// What a node receives.
struct ToNode {
  enum class Kind : std::uint8_t { kAck, kResponse, kFeed, kDoorbell };
  Kind kind = Kind::kAck;
};
std::optional<ToNode> parse_to_node(std::string_view topic);

/// What a device hears from a neighbour.
struct FromNeighbour {
  enum class Kind : std::uint8_t { kRecords, kDigest, kFetch };
  Kind kind = Kind::kRecords;
  NodeId node;  ///< who says it
};
std::optional<FromNeighbour> parse_from_neighbour(std::string_view topic);

}  // namespace cairn::sync::topics
