#include "sync/store/node_sync.h"

#include "core/storage/safe_marks.h"
#include "core/wire/feed_name.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"
#include "sync/topics.h"
#include "tests/core/storage/support/in_child.h"
#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <unistd.h>

namespace cairn::sync::node_sync_test {
namespace {

using domain::ShipGroupEvent;
using domain::StockEvent;
using std::chrono::milliseconds;
using std::chrono::seconds;
using storage::UnitOfWork;
using storage::test::at_ms;
using storage::test::group_id;
using storage::test::node;
using storage::test::order_id;
using storage::test::pieces;
using storage::test::site;

constexpr HubGeneration kGen{77};
const std::string kSiteFeed = "site:store";

/// A device on a bus of its own.
struct Device : test::Machine {
  explicit Device(std::uint64_t number = 1)
      : Machine(storage::test::site_identity(node(number), site("store"))) {
    REQUIRE(sync.start());
  }
  NodeSync sync{env(), writer, replica(), bus};
  std::uint64_t hello = 0;  ///< correlation of the last HELLO

  void receive(std::int64_t units = 1) {
    write([units](UnitOfWork& work) {
      return work.record({StockEvent(storage::test::moved("A1", "", "B-1", pieces(units))),
                          {},
                          site("store"),
                          {},
                          {},
                          {}});
    });
  }
  [[nodiscard]] storage::Author own() {
    return replica().log().author(replica().identity().node, replica().identity().inc);
  }
  /// The HELLOs sent since last asked.
  std::vector<wire::Hello> hellos() {
    std::vector<wire::Hello> found;
    for (const Bytes& payload : bus.take(topics::request(node(1)))) {
      const auto request = wire::decode_request(payload);
      REQUIRE(request);
      if (const auto* const body = std::get_if<wire::Hello>(&request->body)) {
        hello = request->correlation;
        found.push_back(*body);
      }
    }
    return found;
  }
  std::vector<std::pair<std::uint64_t, wire::Fetch>> fetches() {
    std::vector<std::pair<std::uint64_t, wire::Fetch>> found;
    for (const Bytes& payload : bus.take(topics::request(node(1)))) {
      const auto request = wire::decode_request(payload);
      REQUIRE(request);
      if (const auto* const body = std::get_if<wire::Fetch>(&request->body)) {
        found.emplace_back(request->correlation, *body);
      }
    }
    return found;
  }
  std::vector<wire::Frame> frames() {
    std::vector<wire::Frame> found;
    for (const Bytes& payload : bus.take(topics::uplink(node(1)))) {
      auto frame = wire::decode_frame(payload);
      REQUIRE(frame);
      found.push_back(*std::move(frame));
    }
    return found;
  }
  std::vector<std::pair<std::uint64_t, wire::Compare>> compares() {
    std::vector<std::pair<std::uint64_t, wire::Compare>> found;
    for (const Bytes& payload : bus.take(topics::request(node(1)))) {
      const auto request = wire::decode_request(payload);
      REQUIRE(request);
      if (const auto* const body = std::get_if<wire::Compare>(&request->body)) {
        found.emplace_back(request->correlation, *body);
      }
    }
    return found;
  }
  void hear(const wire::Response& response) {
    bus.deliver(topics::response(node(1)), encode(response));
    run();
  }
  void answer(const wire::HelloReply& reply) { hear({hello, reply}); }
  /// A hub that has `hwm` of this device's records and nothing for it.
  wire::HelloReply resume(std::uint64_t hwm = 0) {
    wire::HelloReply reply;
    reply.verdict = wire::Verdict::kResume;
    reply.hub_gen = kGen;
    reply.hub_node = node(77);
    reply.hub_time = clock.utc_now();
    reply.wall = clock.utc_now();
    reply.hwm = hwm;
    reply.h_hwm = replica().log().chain_at(own(), hwm).value_or(crypto::Hash128{});
    reply.credit_events = 1000;
    return reply;
  }
  void go_live(std::uint64_t hwm = 0) {
    bus.connect();
    run();
    REQUIRE(hellos().size() == 1);
    answer(resume(hwm));
    REQUIRE(sync.status().link == LinkState::kLive);
  }
  void ack(std::uint64_t hwm) {
    wire::Ack ack;
    ack.inc = replica().identity().inc;
    ack.hub_gen = kGen;
    ack.hwm = hwm;
    ack.h_hwm = replica().log().chain_at(own(), hwm).value_or(crypto::Hash128{});
    ack.hub_time = clock.utc_now();
    ack.credit_events = 1000;
    bus.deliver(topics::ack(node(1)), encode(ack));
    run();
  }
  void push(const wire::FeedFrame& frame) {
    const auto payload = wire::encode_feed_frame(frame);
    REQUIRE(payload);
    bus.deliver(topics::site_feed(site("store"), "site"), *payload);
  }
  void doorbell(std::uint64_t head) {
    bus.deliver(topics::doorbell(site("store")),
                encode(wire::Doorbell{kGen, {{kSiteFeed, head, 1}}}));
    run();
  }
  std::uint64_t cursor(const std::string& feed = kSiteFeed) {
    for (const wire::FeedCursor& at : sync.status().cursors) {
      if (at.feed == feed) return at.fseq;
    }
    return 0;
  }
};

wire::FeedFrame frame_at(std::uint64_t base, std::vector<wire::FeedItem> items) {
  return {kSiteFeed, node(77), kGen, base, std::move(items)};
}

/// Position `fseq` of the feed: the hub counts stock.
wire::FeedItem hub_item(std::uint64_t fseq) {
  return wire::HubItem{
      fseq, storage::test::octets(StockEvent(storage::test::counted("A1", "B-1", pieces(5))), {},
                                  site("store"), at_ms(fseq))};
}

TEST_CASE("node sync: it listens to its own topics and has a will", "[sync][node_sync]") {
  Device device;
  device.bus.connect();
  const auto& session = device.bus.session;
  CHECK(session.subscriptions == std::vector<std::string>{topics::ack(node(1)),
                                                          topics::response(node(1)),
                                                          topics::site_feed(site("store"), "cat"),
                                                          topics::site_feed(site("store"), "site"),
                                                          topics::doorbell(site("store"))});
  REQUIRE(session.will);
  CHECK(session.will->retain);
  CHECK(session.will->topic == topics::presence(node(1)));
  const auto will = wire::decode_presence(session.will->payload);
  REQUIRE(will);
  CHECK_FALSE(will->online);
  const auto presence = device.bus.take(topics::presence(node(1)));
  REQUIRE(presence.size() == 1);
  const auto here = wire::decode_presence(presence.front());
  REQUIRE(here);
  CHECK(here->online);
  CHECK(here->session_no == will->session_no);

  device.bus.disconnect();
  device.bus.connect();
  const auto next = wire::decode_presence(device.bus.session.will->payload);
  CHECK(next->session_no > will->session_no);
}

TEST_CASE("node sync: HELLO says what the log and the cursors are", "[sync][node_sync]") {
  Device device;
  device.receive();
  device.receive();
  device.bus.connect();
  device.run();
  const auto hellos = device.hellos();
  REQUIRE(hellos.size() == 1);
  CHECK(hellos[0].inc == Incarnation(1));
  CHECK(hellos[0].head == 2);
  CHECK(hellos[0].h_head == device.own().chain);
  CHECK(hellos[0].acked == 0);
  CHECK(hellos[0].h_acked == crypto::chain_start(node(1), Incarnation(1)));
  CHECK(hellos[0].vv == std::vector<EventRef>{{node(1), Incarnation(1), 2}});
  CHECK(hellos[0].cursors.size() == 3);
  CHECK(device.sync.status().link == LinkState::kHello);
}

TEST_CASE("node sync: in conversation, the log goes up in frames that chain", "[sync][node_sync]") {
  Device device;
  for (int i = 0; i < 3; ++i) device.receive();
  device.go_live();
  const auto frames = device.frames();
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].header.node == node(1));
  CHECK(frames[0].header.base_seq == 1);
  CHECK(frames[0].records.size() == 3);
  CHECK(frames[0].header.chain_after == device.own().chain);
  CHECK(frames[0].records[1] == device.replica().log().read({node(1), Incarnation(1), 2})->record);

  device.receive();  // waits for the ack
  CHECK(device.frames().empty());
  device.ack(3);
  CHECK(device.sync.status().hwm == 3);
  const auto next = device.frames();
  REQUIRE(next.size() == 1);
  CHECK(next[0].header.base_seq == 4);
}

TEST_CASE("node sync: a frame that is not acknowledged is sent again", "[sync][node_sync]") {
  Device device;
  device.receive();
  device.go_live();
  CHECK(device.frames().size() == 1);
  device.run_for(milliseconds(999));
  CHECK(device.frames().empty());
  device.run_for(milliseconds(10));
  CHECK(device.frames().size() == 1);
}

TEST_CASE("node sync: the hub's watermark is remembered, lazily", "[sync][node_sync]") {
  Device device;
  device.receive();
  device.go_live();
  device.ack(1);
  CHECK(storage::own_incarnations(device.store.connection()).back().acked == 0);
  device.run_for(seconds(2));
  CHECK(storage::own_incarnations(device.store.connection()).back().acked == 1);
  device.run_for(seconds(14));
  const auto hellos = device.hellos();
  REQUIRE_FALSE(hellos.empty());
  CHECK(hellos.back().acked == 1);
  CHECK(hellos.back().h_acked == device.own().chain);
}

TEST_CASE("node sync: what is safe is remembered, lazily", "[sync][node_sync]") {
  Device device;
  device.receive();
  device.receive();
  device.go_live();
  wire::Ack ack;
  ack.inc = device.replica().identity().inc;
  ack.hub_gen = kGen;
  ack.hwm = 2;
  ack.h_hwm = device.own().chain;
  ack.safe = 1;
  ack.credit_events = 1000;
  device.bus.deliver(topics::ack(node(1)), encode(ack));
  device.run_for(milliseconds(10));
  CHECK(device.sync.status().safe == 1);
  CHECK(storage::safe_marks(device.store.connection()).empty());
  device.run_for(seconds(2));
  const EventRef mark{node(1), device.replica().identity().inc, 1};
  CHECK(storage::safe_marks(device.store.connection()) == std::vector<EventRef>{mark});
}

TEST_CASE("node sync: a hub whose copy of the log differs gets nothing", "[sync][node_sync]") {
  Device device;
  device.receive();
  device.bus.connect();
  device.run();
  device.hellos();
  wire::HelloReply reply = device.resume(1);
  reply.h_hwm = crypto::Hash128{1, 2, 3};
  device.answer(reply);
  CHECK(device.sync.status().link == LinkState::kRefused);
  CHECK_FALSE(device.sync.status().detail.empty());
  CHECK(device.frames().empty());

  Device longer;  // a hub that has more than there is
  longer.bus.connect();
  longer.run();
  longer.hellos();
  longer.answer(longer.resume(5));
  CHECK(longer.sync.status().link == LinkState::kRefused);
}

TEST_CASE("node sync: a log that parted from the hub's is compared, issued again and sent",
          "[sync][node_sync][repair]") {
  Device device;
  device.receive();
  device.receive();
  const Incarnation before = device.replica().identity().inc;
  const auto common = device.replica().log().chain_at(device.own(), 1);
  device.bus.connect();
  device.run();
  device.hellos();
  wire::HelloReply reply = device.resume(2);
  reply.verdict = wire::Verdict::kForked;
  device.answer(reply);
  const auto asked = device.compares();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].second == wire::Compare{before, {1, 2}});
  device.hear({asked[0].first, wire::CompareReply{{common, crypto::Hash128{9}}}});
  const Incarnation fresh = device.replica().identity().inc;
  REQUIRE(fresh != before);
  const auto hellos = device.hellos();
  REQUIRE_FALSE(hellos.empty());
  CHECK(hellos.back().inc == fresh);
  CHECK(hellos.back().head == 1);
  const auto again = device.replica().log().read({node(1), fresh, 1});
  REQUIRE(again);
  const auto record = wire::decode_record(again->record);
  REQUIRE(record);
  CHECK(record->reissue_of == EventRef{node(1), before, 2});
  CHECK(device.replica().log().find_author(node(1), before)->head == 1);
}

TEST_CASE("node sync: an answer to another comparison is not taken for one",
          "[sync][node_sync][repair]") {
  Device device;
  device.receive();
  const Incarnation before = device.replica().identity().inc;
  device.bus.connect();
  device.run();
  device.hellos();
  wire::HelloReply reply = device.resume(1);
  reply.verdict = wire::Verdict::kForked;
  device.answer(reply);
  const auto asked = device.compares();
  REQUIRE(asked.size() == 1);
  device.hear({asked[0].first, wire::CompareReply{}});
  CHECK(device.compares().empty());  // no storm of questions
  CHECK(device.replica().identity().inc == before);
}

TEST_CASE("node sync: a device that is behind goes on under a new incarnation",
          "[sync][node_sync][repair]") {
  Device device;
  device.receive();
  const Incarnation before = device.replica().identity().inc;
  device.bus.connect();
  device.run();
  device.hellos();
  wire::HelloReply reply = device.resume(5);
  reply.verdict = wire::Verdict::kBehind;
  device.answer(reply);
  const auto all = storage::own_incarnations(device.store.connection());
  REQUIRE(all.size() == 2);
  CHECK(all[0].settled);
  CHECK(all[0].inc == before);
  CHECK(all[1].why == storage::Beginning::kRestored);
  const auto hellos = device.hellos();
  REQUIRE_FALSE(hellos.empty());
  CHECK(hellos.back().inc == all[1].inc);
  CHECK(hellos.back().head == 0);
}

TEST_CASE("node sync: an ack for other records under the same number is not believed",
          "[sync][node_sync][repair]") {
  Device device;
  device.receive();
  device.go_live();
  device.hellos();
  wire::Ack ack;
  ack.inc = device.replica().identity().inc;
  ack.hwm = 1;
  ack.h_hwm = crypto::Hash128{9};
  ack.credit_events = 1000;
  device.bus.deliver(topics::ack(node(1)), encode(ack));
  device.run();
  CHECK(device.sync.status().hwm == 0);
  CHECK(device.hellos().size() == 1);
}

TEST_CASE("node sync: a pushed frame is applied", "[sync][node_sync]") {
  Device device;
  device.go_live();
  device.push(frame_at(1, {hub_item(1), hub_item(2)}));
  device.run();
  CHECK(device.cursor() == 2);
  CHECK(storage::site_on_hand_milli(device.store.connection(), site("store"),
                                    storage::test::sku("A1")) == pieces(5));
  CHECK(device.fetches().empty());
}

TEST_CASE("node sync: frames in one turn are applied one after the other", "[sync][node_sync]") {
  Device device;
  device.go_live();
  device.push(frame_at(1, {hub_item(1)}));
  device.push(frame_at(2, {hub_item(2)}));
  device.push(frame_at(2, {hub_item(2), hub_item(3)}));
  device.run();
  CHECK(device.cursor() == 3);
}

TEST_CASE("node sync: what a doorbell tells of and nobody pushes is fetched", "[sync][node_sync]") {
  Device device;
  device.go_live();
  device.doorbell(2);
  CHECK(device.fetches().empty());
  CHECK(device.sync.status().behind == 2);
  device.run_for(milliseconds(250));
  const auto asked = device.fetches();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].second.feed == kSiteFeed);
  CHECK(asked[0].second.after == 0);
  CHECK_FALSE(asked[0].second.verbatim);
  const auto payload = wire::encode_feed_frame(frame_at(1, {hub_item(1), hub_item(2)}));
  device.bus.deliver(
      topics::response(node(1)),
      encode(wire::Response{asked[0].first, wire::FetchReply{kSiteFeed, *payload, 2, 1}}));
  device.run();
  CHECK(device.cursor() == 2);
  CHECK(device.sync.status().behind == 0);
  device.run_for(seconds(5));
  CHECK(device.fetches().empty());
}

TEST_CASE("node sync: the own records that a run names and that are not here are fetched whole",
          "[sync][node_sync]") {
  Device device;
  device.go_live();
  device.push(frame_at(1, {hub_item(1), wire::AuthorRun{{node(2), Incarnation(1), 1}, 2}}));
  device.run();
  CHECK(device.cursor() == 1);
  const auto asked = device.fetches();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].second.verbatim);
  CHECK(asked[0].second.after == 1);
}

TEST_CASE("node sync: a feed that cannot be applied is shown, and tried again",
          "[sync][node_sync]") {
  Device device;
  device.go_live();
  device.push(frame_at(1, {wire::AuthorItem{{node(2), Incarnation(1), 7}, "x"}}));
  device.run();
  CHECK(device.cursor() == 0);
  CHECK(device.sync.status().detail.find("record 7") != std::string::npos);
  CHECK(device.fetches().empty());
  device.run_for(seconds(11));
  CHECK(device.fetches().size() == 1);
  device.push(frame_at(1, {hub_item(1)}));
  device.run();
  CHECK(device.cursor() == 1);
  CHECK(device.sync.status().detail.empty());
}

TEST_CASE("node sync: a frame behind one that could be applied only in part ends nothing",
          "[sync][node_sync]") {
  const std::string end = storage::test::in_child([] {
    Device device;
    device.go_live();
    device.push(frame_at(1, {hub_item(1), wire::AuthorRun{{node(2), Incarnation(1), 1}, 2}}));
    device.push(frame_at(4, {hub_item(4)}));
    device.run();
    if (device.cursor() != 1) _exit(3);
  });
  CHECK(end == "ok");
}

TEST_CASE("node sync: a frame behind one that could not be applied ends nothing",
          "[sync][node_sync]") {
  const std::string end = storage::test::in_child([] {
    Device device;
    device.go_live();
    device.push(frame_at(1, {wire::AuthorItem{{node(2), Incarnation(1), 7}, "x"}}));
    device.push(frame_at(2, {hub_item(2)}));
    device.run();
    if (device.cursor() != 0) _exit(3);
  });
  CHECK(end == "ok");
}

TEST_CASE("node sync: what cannot be read is dropped", "[sync][node_sync]") {
  Device device;
  device.receive();
  device.go_live();
  for (const std::string& topic :
       {topics::ack(node(1)), topics::response(node(1)), topics::site_feed(site("store"), "site"),
        topics::doorbell(site("store")), std::string("cairn/1/x/y"), std::string()}) {
    CAPTURE(topic);
    device.bus.deliver(topic, "\xff\xff\xff");
    device.bus.deliver(topic, "");
    device.run();
  }
  CHECK(device.sync.status().link == LinkState::kLive);
  CHECK(device.sync.status().hwm == 0);
  CHECK(device.cursor() == 0);
}

TEST_CASE("node sync: HELLO sets the clock to the hub's, half the way back counted in",
          "[sync][node_sync]") {
  Device device;
  device.bus.connect();
  device.run();
  REQUIRE(device.hellos().size() == 1);
  wire::HelloReply reply = device.resume();
  reply.wall = device.clock.utc_now();
  device.run_for(milliseconds(200));
  reply.hub_time = {device.clock.utc_now().us + 60'000'000};
  device.answer(reply);
  CHECK(device.sync.status().clock_offset == seconds(60) + milliseconds(100));
  CHECK(device.sync.status().hub_heard == reply.hub_time);
}

TEST_CASE("node sync: an answer to an old HELLO does not set the clock", "[sync][node_sync]") {
  Device device;
  device.go_live();
  const wire::HelloReply reply = device.resume();
  const Duration before = device.sync.status().clock_offset;
  device.run_for(seconds(10));
  device.answer(reply);  // the bus delivers at least once
  CHECK(device.sync.status().clock_offset == before);
}

TEST_CASE("node sync: offline it says nothing, back again it begins with HELLO",
          "[sync][node_sync]") {
  Device device;
  device.go_live();
  device.bus.disconnect();
  CHECK(device.sync.status().link == LinkState::kDown);
  device.bus.published.clear();
  device.receive();
  device.run_for(seconds(60));
  CHECK(device.bus.published.empty());
  device.bus.connect();
  device.run();
  const auto hellos = device.hellos();
  REQUIRE(hellos.size() == 1);
  CHECK(hellos[0].head == 1);
  CHECK(device.frames().empty());
}

TEST_CASE(
    "node sync: a hub of another generation is given back what it lacks, before anything goes up",
    "[sync][node_sync]") {
  Device device;
  device.go_live();
  device.push(frame_at(1, {hub_item(1), hub_item(2), hub_item(3)}));
  device.run();
  REQUIRE(device.cursor() == 3);
  device.bus.published.clear();
  device.receive();  // in flight when the hub is started again
  device.run();
  device.bus.published.clear();

  device.bus.deliver(topics::doorbell(site("store")),
                     encode(wire::Doorbell{HubGeneration(78), {{kSiteFeed, 2, 1}}}));
  device.run();
  REQUIRE(device.hellos().size() == 1);
  wire::HelloReply reply = device.resume();
  reply.hub_gen = HubGeneration(78);
  reply.feeds = {{"cat", 0, 1, 0, 0}, {kSiteFeed, 2, 1, 2, 0}};
  device.answer(reply);
  const auto requests = device.bus.take(topics::request(node(1)));
  REQUIRE(requests.size() == 1);
  const auto request = wire::decode_request(requests[0]);
  REQUIRE(request);
  const auto frame = wire::decode_feed_frame(std::get<wire::Give>(request->body).frame);
  REQUIRE(frame);
  CHECK(frame->hub_gen == kGen);
  CHECK(frame->base_fseq == 3);
  CHECK(frame->items.size() == 1);
  CHECK(device.frames().empty());
  CHECK(device.cursor() == 3);

  device.hear({request->correlation, wire::GiveReply{1, 0}});
  CHECK(device.cursor() == 2);
  const auto hellos = device.hellos();
  REQUIRE(hellos.size() == 1);
  std::vector<wire::FeedCursor> of_site;
  for (const wire::FeedCursor& cursor : hellos[0].cursors) {
    if (cursor.feed == kSiteFeed) of_site.push_back(cursor);
  }
  CHECK(of_site ==
        std::vector<wire::FeedCursor>{{kSiteFeed, kGen, 2}, {kSiteFeed, HubGeneration(78), 2}});
  device.answer(reply);
  CHECK(device.sync.status().link == LinkState::kLive);
  CHECK(device.sync.status().hub_gen == HubGeneration(78));
  CHECK(device.frames().size() == 1);
}

/// The device holds one record of the hub, and asks it again once it was started again. Answers
/// what the hub would answer, but for the feeds.
wire::HelloReply meets_another_generation(Device& device) {
  device.go_live();
  device.push(frame_at(1, {hub_item(1)}));
  device.run();
  device.bus.disconnect();
  device.bus.connect();
  device.run();
  REQUIRE(device.hellos().size() == 1);
  wire::HelloReply reply = device.resume();
  reply.hub_gen = HubGeneration(78);
  return reply;
}

TEST_CASE("node sync: a gift that is not answered is given again", "[sync][node_sync]") {
  Device device;
  wire::HelloReply reply = meets_another_generation(device);
  reply.feeds = {{kSiteFeed, 0, 1, 0, 0}};
  device.answer(reply);
  const auto gifts = [&device] {
    std::size_t count = 0;
    for (const Bytes& payload : device.bus.take(topics::request(node(1)))) {
      const auto request = wire::decode_request(payload);
      count += request && std::holds_alternative<wire::Give>(request->body) ? 1 : 0;
    }
    return count;
  };
  CHECK(gifts() == 1);
  device.run_for(seconds(7));
  CHECK(gifts() == 3);
  device.bus.disconnect();
  device.run_for(seconds(60));
  CHECK(gifts() == 0);
}

TEST_CASE("node sync: what the hub did not take back is given up", "[sync][node_sync]") {
  Device device;
  wire::HelloReply reply = meets_another_generation(device);
  reply.feeds = {{kSiteFeed, 0, 1, 0, 1}};  // others gave it: the hub has decided
  device.answer(reply);
  REQUIRE(device.hellos().size() == 1);
  CHECK(device.replica().holds_unknown());
  device.answer(reply);
  device.run();
  CHECK_FALSE(device.replica().holds_unknown());
  CHECK(device.replica().log().find_author(node(77), Incarnation(77)) != nullptr);
  CHECK_FALSE(device.replica().log().read({node(77), Incarnation(77), 1}));
}

TEST_CASE("node sync: what an earlier generation left unconfirmed is given back, too",
          "[sync][node_sync]") {
  Device device;
  wire::HelloReply reply = meets_another_generation(device);
  const auto given = [&device]() -> std::optional<std::pair<std::uint64_t, wire::FeedFrame>> {
    for (const Bytes& payload : device.bus.take(topics::request(node(1)))) {
      const auto request = wire::decode_request(payload);
      REQUIRE(request);
      if (const auto* const give = std::get_if<wire::Give>(&request->body)) {
        return std::pair(request->correlation, wire::decode_feed_frame(give->frame).value());
      }
    }
    return std::nullopt;
  };
  reply.feeds = {{kSiteFeed, 0, 1, 0, 0}};
  device.answer(reply);
  const auto first = given();
  REQUIRE(first);
  device.hear({first->first, wire::GiveReply{1, 0}});
  REQUIRE(device.hellos().size() == 1);  // it follows; nothing is confirmed again yet
  reply.hub_gen = HubGeneration(79);     // and the hub is put back once more
  device.answer(reply);
  const auto second = given();
  REQUIRE(second);
  REQUIRE(second->second.items.size() == 1);
  const auto item = std::get<wire::HubItem>(second->second.items[0]);
  CHECK(item.inc == Incarnation(77));
  CHECK(item.seq == 1);
}

TEST_CASE("node sync: a feed that the hub has only named is led on by a neighbour",
          "[sync][node_sync]") {
  Device device;
  device.bus.connect();
  device.run();
  REQUIRE(device.hellos().size() == 1);
  wire::HelloReply reply = device.resume();
  reply.feeds = {{kSiteFeed, 1, 1, 0, 0}};
  device.answer(reply);
  device.bus.disconnect();
  device.run();
  wire::FeedFrame frame = frame_at(1, {hub_item(1)});
  frame.hub_gen = HubGeneration(78);
  device.sync.follow_neighbour({kSiteFeed, kGen, 0}, frame);
  device.run();
  CHECK(device.replica().log().feed(kSiteFeed).head == 1);
  CHECK(device.replica().log().feed(kSiteFeed).hub_gen == HubGeneration(78));
}

TEST_CASE("node sync: another hub is refused", "[sync][node_sync]") {
  Device device;
  device.go_live();
  device.push(frame_at(1, {hub_item(1)}));
  device.run();
  device.receive();
  device.bus.disconnect();
  device.bus.published.clear();
  device.bus.connect();
  device.run();
  REQUIRE(device.hellos().size() == 1);
  wire::HelloReply reply = device.resume();
  reply.hub_node = node(78);
  device.answer(reply);
  CHECK(device.sync.status().link == LinkState::kRefused);
  CHECK(device.sync.status().detail.starts_with("unknown_hub"));
  CHECK(device.frames().empty());
}

}  // namespace
}  // namespace cairn::sync::node_sync_test
