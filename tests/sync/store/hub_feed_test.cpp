// The hub tells its sites: pushes, doorbells, FETCH.

#include "tests/sync/support/hub.h"

namespace cairn::sync::hub_feed_test {
namespace {

using namespace test;

/// The device's first two records, sealed by its chain.
wire::AuthorRun run_of_two(Device& device) {
  const auto header = wire::read_frame_header(device.frame(1, 2));
  REQUIRE(header);
  return {{device.name, Incarnation(1), 1}, 2, crypto::to_bytes(header->chain_after)};
}

TEST_CASE("hub sync: what is committed is pushed to the site, then the doorbell rings",
          "[sync][hub_sync]") {
  Hub hub(2);
  hub.count(5);
  const auto pushed = hub.bus.take(topics::site_feed(site("store"), "site"));
  REQUIRE(pushed.size() == 1);
  const auto frame = wire::decode_feed_frame(pushed[0]);
  REQUIRE(frame);
  CHECK(frame->feed == kSiteFeed);
  CHECK(frame->hub_node == node(77));
  CHECK(frame->hub_gen == HubGeneration(77));
  CHECK(frame->base_fseq == 1);
  CHECK(frame->items.size() == 1);
  hub.run_for(milliseconds(800));
  CHECK(hub.bus.published.empty());  // it only tells those whom the push did not reach
  hub.run_for(milliseconds(350));
  REQUIRE(hub.bus.published.size() == 1);
  CHECK(hub.bus.published[0].topic == topics::doorbell(site("store")));
  CHECK(hub.bus.published[0].retain);
  const auto bell = wire::decode_doorbell(hub.bus.published[0].payload);
  REQUIRE(bell);
  CHECK(bell->hub_gen == HubGeneration(77));
  CHECK(bell->feeds == std::vector<wire::FeedHead>{{"cat", 0, 1}, {kSiteFeed, 1, 1}});
}

TEST_CASE("hub sync: successive pushes follow one another", "[sync][hub_sync]") {
  Hub hub(2);
  std::uint64_t next = 1;
  for (int i = 0; i < 3; ++i) {
    hub.count(i);
    for (const Bytes& payload : hub.bus.take(topics::site_feed(site("store"), "site"))) {
      const auto frame = wire::decode_feed_frame(payload);
      REQUIRE(frame);
      CHECK(frame->base_fseq == next);
      next = frame->last_fseq() + 1;
    }
  }
  CHECK(next == 4);
}

TEST_CASE("hub sync: a site's only device is not sent its own records again", "[sync][hub_sync]") {
  for (const std::uint64_t nodes : {1U, 2U}) {
    CAPTURE(nodes);
    Hub hub(nodes);
    Device device(1);
    device.write();
    device.write();
    hub.hello(device);
    hub.uplink(device, {device.frame(1, 2)});
    const auto pushed = hub.bus.take(topics::site_feed(site("store"), "site"));
    REQUIRE(pushed.size() == 1);
    const auto frame = wire::decode_feed_frame(pushed[0]);
    REQUIRE(frame);
    if (nodes == 1) {
      CHECK(frame->items == std::vector<wire::FeedItem>{run_of_two(device)});
    } else {
      CHECK(frame->items.size() == 2);
      CHECK(std::holds_alternative<wire::AuthorItem>(frame->items[0]));
    }
  }
}

TEST_CASE("hub sync: the catalogue goes to every site", "[sync][hub_sync]") {
  Hub hub;
  hub.write([](UnitOfWork& work) {
    return work.record(
        {domain::ReferenceEvent(domain::NodeRegistered{{node(5), site("depot"), "agent", true}}),
         domain::node_key(node(5)),
         site("depot"),
         {},
         {},
         {}});
  });
  hub.bus.published.clear();
  hub.write([](UnitOfWork& work) {
    return work.record(
        {domain::ReferenceEvent(domain::ProductDefined{storage::test::product("A1", 1)}),
         domain::product_key(storage::test::sku("A1")),
         {},
         {},
         {},
         {}});
  });
  CHECK(hub.bus.take(topics::site_feed(site("store"), "cat")).size() == 1);
  CHECK(hub.bus.take(topics::site_feed(site("depot"), "cat")).size() == 1);
}

TEST_CASE("hub sync: a device's own feed is pushed to it alone, as an answer nobody asked for",
          "[sync][hub_sync]") {
  Hub hub;
  hub.register_node(5);
  const auto pushed = hub.responses<wire::FetchReply>(node(5));
  REQUIRE(pushed.size() == 1);
  CHECK(pushed[0].first == 0);
  CHECK(pushed[0].second.feed == wire::node_feed(node(5)));
  CHECK(wire::decode_feed_frame(pushed[0].second.frame));
}

TEST_CASE("hub sync: a fetch is answered from the cursor on", "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  device.write();
  device.write();
  hub.hello(device);
  hub.count(5);
  hub.uplink(device, {device.frame(1, 2)});
  const auto reply = hub.fetch(device.name, question(kSiteFeed, 1));
  REQUIRE(reply);
  CHECK(reply->feed == kSiteFeed);
  CHECK(reply->head == 3);
  auto frame = wire::decode_feed_frame(reply->frame);
  REQUIRE(frame);
  CHECK(frame->base_fseq == 2);
  CHECK(frame->items == std::vector<wire::FeedItem>{run_of_two(device)});

  const auto whole = hub.fetch(device.name, question(kSiteFeed, 1, true));
  frame = wire::decode_feed_frame(whole->frame);
  REQUIRE(frame);
  CHECK(frame->items.size() == 2);

  const auto complete = hub.fetch(device.name, question(kSiteFeed, 3));
  REQUIRE(complete);
  CHECK(complete->frame.empty());
  CHECK(complete->head == 3);
}

TEST_CASE("hub sync: a device reads its own feeds only, and only in conversation",
          "[sync][hub_sync]") {
  Hub hub(2);
  hub.count(5);
  const Device device(1);
  CHECK_FALSE(hub.fetch(device.name, question(kSiteFeed)));
  CHECK(hub.acks(device.name).at(0).hello);
  hub.hello(device);
  CHECK(hub.fetch(device.name, question(kSiteFeed)));
  CHECK(hub.fetch(device.name, question("cat")));
  CHECK(hub.fetch(device.name, question(wire::node_feed(node(1)))));
  for (const std::string& feed :
       {std::string("site:depot"), wire::node_feed(node(2)), std::string("everything")}) {
    CAPTURE(feed);
    CHECK_FALSE(hub.fetch(device.name, question(feed)));
  }
}

TEST_CASE("hub sync: a large feed comes in parts", "[sync][hub_sync]") {
  Hub hub;
  const Device device(1);
  hub.hello(device);
  for (int i = 0; i < 10; ++i) hub.count(i);
  std::uint64_t cursor = 0;
  int parts = 0;
  while (cursor < 10) {
    const auto reply = hub.fetch(device.name, {kSiteFeed, cursor, 100, false});
    REQUIRE(reply);
    const auto frame = wire::decode_feed_frame(reply->frame);
    REQUIRE(frame);
    REQUIRE(frame->base_fseq == cursor + 1);
    cursor = frame->last_fseq();
    ++parts;
  }
  CHECK(parts > 3);
}

TEST_CASE("hub sync: without a bus nothing is pushed, with one again the doorbells tell",
          "[sync][hub_sync]") {
  Hub hub;
  hub.bus.disconnect();
  CHECK_FALSE(hub.sync.connected());
  hub.count(5);
  hub.run_for(seconds(1));
  CHECK(hub.bus.published.empty());
  hub.bus.connect();
  hub.run_for(seconds(1));
  const auto bells = hub.bus.take(topics::doorbell(site("store")));
  REQUIRE_FALSE(bells.empty());
  CHECK(wire::decode_doorbell(bells.back())->feeds.at(1) == wire::FeedHead{kSiteFeed, 1, 1});
}

}  // namespace
}  // namespace cairn::sync::hub_feed_test
