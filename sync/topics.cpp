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
