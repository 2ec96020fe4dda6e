#include "sync/topics.h"

#include "core/wire/lane.h"

#include <fmt/format.h>

namespace cairn::sync::topics {
namespace {

constexpr std::string_view kRoot = "cairn/1/";

std::optional<NodeId> node_of(std::string_view text) {
  const auto uuid = Uuid::parse(text);
  return uuid ? std::optional(NodeId(*uuid)) : std::nullopt;
}

/// The part of `rest` before the next slash, which is cut off with it.
std::string_view next_level(std::string_view& rest) {
  const auto slash = rest.find('/');
  const std::string_view level = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
  return level;
}

}  // namespace

std::uint32_t lane_of(NodeId node) { return wire::lane_of(node); }

std::string uplink(NodeId node) {
  return fmt::format("{}up/{}/{}", kRoot, lane_of(node), node.value().text());
}

std::string ack(NodeId node) { return fmt::format("{}n/{}/ack", kRoot, node.value().text()); }

std::string request(NodeId node) { return fmt::format("{}n/{}/req", kRoot, node.value().text()); }

std::string response(NodeId node) { return fmt::format("{}n/{}/rsp", kRoot, node.value().text()); }

std::string presence(NodeId node) { return fmt::format("{}p/{}", kRoot, node.value().text()); }

std::string site_feed(const SiteId& site, std::string_view feed) {
  return fmt::format("{}s/{}/feed/{}", kRoot, site.text(), feed);
}

std::string doorbell(const SiteId& site) { return fmt::format("{}s/{}/head", kRoot, site.text()); }

std::string lan_records(const SiteId& site, NodeId node) {
  return fmt::format("{}l/{}/{}", kRoot, site.text(), node.value().text());
}

std::string lan_digest(const SiteId& site, NodeId node) {
  return fmt::format("{}l/{}/{}/vv", kRoot, site.text(), node.value().text());
}

std::string lan_fetch(const SiteId& site, NodeId node, NodeId peer) {
  return fmt::format("{}l/{}/{}/fetch/{}", kRoot, site.text(), node.value().text(),
                     peer.value().text());
}

std::vector<std::string> lan_filters(const SiteId& site, NodeId node) {
  return {fmt::format("{}l/{}/+", kRoot, site.text()),
          fmt::format("{}l/{}/+/vv", kRoot, site.text()),
          fmt::format("{}l/{}/+/fetch/{}", kRoot, site.text(), node.value().text())};
}

std::optional<FromNeighbour> parse_from_neighbour(std::string_view topic) {
  using Kind = FromNeighbour::Kind;
  if (!topic.starts_with(kRoot)) return std::nullopt;
  std::string_view rest = topic.substr(kRoot.size());
  if (next_level(rest) != "l") return std::nullopt;
  next_level(rest);  // our site
  const auto node = node_of(next_level(rest));
  if (!node) return std::nullopt;
  if (rest.empty()) return FromNeighbour{Kind::kRecords, *node};
  if (rest == "vv") return FromNeighbour{Kind::kDigest, *node};
  if (next_level(rest) == "fetch" && node_of(rest)) return FromNeighbour{Kind::kFetch, *node};
  return std::nullopt;
}

std::optional<FromNode> parse_from_node(std::string_view topic) {
  using Kind = FromNode::Kind;
  if (!topic.starts_with(kRoot)) return std::nullopt;
  std::string_view rest = topic.substr(kRoot.size());
  const std::string_view family = next_level(rest);
  if (family == "up") next_level(rest);  // the lane
  const auto node = node_of(next_level(rest));
  if (!node) return std::nullopt;
  if (family == "up" && rest.empty()) return FromNode{Kind::kUplink, *node};
  if (family == "p" && rest.empty()) return FromNode{Kind::kPresence, *node};
  if (family == "n" && rest == "req") return FromNode{Kind::kRequest, *node};
  return std::nullopt;
}

std::optional<ToNode> parse_to_node(std::string_view topic) {
  using Kind = ToNode::Kind;
  if (!topic.starts_with(kRoot)) return std::nullopt;
  std::string_view rest = topic.substr(kRoot.size());
  const std::string_view family = next_level(rest);
  next_level(rest);  // our node or site
  if (family == "n" && rest == "ack") return ToNode{Kind::kAck};
  if (family == "n" && rest == "rsp") return ToNode{Kind::kResponse};
  if (family == "s" && rest == "head") return ToNode{Kind::kDoorbell};
  if (family == "s" && next_level(rest) == "feed") return ToNode{Kind::kFeed};
  return std::nullopt;
}

}  // namespace cairn::sync::topics
