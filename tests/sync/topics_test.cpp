#include "sync/topics.h"

#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <set>

namespace cairn::sync::topics::topics_test {
namespace {

using storage::test::node;
using storage::test::site;

const std::string kNode = node(1).value().text();

TEST_CASE("topics: each is built as the protocol spells it", "[sync][topics]") {
  CHECK(uplink(node(1)) == fmt::format("cairn/1/up/{}/{}", lane_of(node(1)), kNode));
  CHECK(ack(node(1)) == "cairn/1/n/" + kNode + "/ack");
  CHECK(request(node(1)) == "cairn/1/n/" + kNode + "/req");
  CHECK(response(node(1)) == "cairn/1/n/" + kNode + "/rsp");
  CHECK(presence(node(1)) == "cairn/1/p/" + kNode);
  CHECK(site_feed(site("store"), "cat") == "cairn/1/s/store/feed/cat");
  CHECK(site_feed(site("store"), "site") == "cairn/1/s/store/feed/site");
  CHECK(doorbell(site("store")) == "cairn/1/s/store/head");
}

TEST_CASE("topics: nodes are spread over 64 lanes, each always on the same", "[sync][topics]") {
  std::set<std::uint32_t> lanes;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    const std::uint32_t lane = lane_of(node(i));
    CHECK(lane == lane_of(node(i)));
    lanes.insert(lane);
  }
  CHECK(lanes.size() == 64);
  CHECK(*lanes.rbegin() == 63);
}

TEST_CASE("topics: the hub knows what comes from whom", "[sync][topics]") {
  using Kind = FromNode::Kind;
  const std::vector<std::pair<std::string, Kind>> rows{{uplink(node(1)), Kind::kUplink},
                                                       {request(node(1)), Kind::kRequest},
                                                       {presence(node(1)), Kind::kPresence}};
  for (const auto& [topic, kind] : rows) {
    CAPTURE(topic);
    const auto from = parse_from_node(topic);
    REQUIRE(from);
    CHECK(from->kind == kind);
    CHECK(from->node == node(1));
  }
}

TEST_CASE("topics: a node knows what it is told", "[sync][topics]") {
  using Kind = ToNode::Kind;
  const std::vector<std::pair<std::string, Kind>> rows{
      {ack(node(1)), Kind::kAck},
      {response(node(1)), Kind::kResponse},
      {site_feed(site("store"), "cat"), Kind::kFeed},
      {site_feed(site("store"), "site"), Kind::kFeed},
      {doorbell(site("store")), Kind::kDoorbell}};
  for (const auto& [topic, kind] : rows) {
    CAPTURE(topic);
    const auto to = parse_to_node(topic);
    REQUIRE(to);
    CHECK(to->kind == kind);
  }
}

TEST_CASE("topics: what the hub says is nothing a node says, and the other way round",
          "[sync][topics]") {
  for (const std::string& topic : {ack(node(1)), response(node(1)), site_feed(site("store"), "cat"),
                                   doorbell(site("store"))}) {
    CAPTURE(topic);
    CHECK_FALSE(parse_from_node(topic));
  }
  for (const std::string& topic : {uplink(node(1)), request(node(1)), presence(node(1))}) {
    CAPTURE(topic);
    CHECK_FALSE(parse_to_node(topic));
  }
}

TEST_CASE("topics: anything else is nobody's", "[sync][topics]") {
  for (const std::string& topic : std::vector<std::string>{"",
                                                           "/",
                                                           "cairn",
                                                           "cairn/1",
                                                           "cairn/1/",
                                                           "cairn/2/p/" + kNode,
                                                           "Cairn/1/p/" + kNode,
                                                           "cairn/1/p",
                                                           "cairn/1/p/",
                                                           "cairn/1/p/nobody",
                                                           "cairn/1/p/" + kNode + "/more",
                                                           "cairn/1/up/" + kNode,
                                                           "cairn/1/up/1/" + kNode + "/more",
                                                           "cairn/1/up/1/nobody",
                                                           "cairn/1/n/" + kNode,
                                                           "cairn/1/n/" + kNode + "/",
                                                           "cairn/1/n/" + kNode + "/reqs",
                                                           "cairn/1/n/nobody/req",
                                                           "cairn/1/s/store",
                                                           "cairn/1/s/store/heads",
                                                           "cairn/1/s/store/feeds/cat",
                                                           "cairn/1/x/" + kNode + "/ack",
                                                           "$SYS/broker/uptime"}) {
    CAPTURE(topic);
    CHECK_FALSE(parse_from_node(topic));
    CHECK_FALSE(parse_to_node(topic));
  }
}

}  // namespace
}  // namespace cairn::sync::topics::topics_test
