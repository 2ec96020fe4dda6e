#include "sync/store/hub_sync.h"

#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"
#include "sync/topics.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <fmt/format.h>

namespace cairn::sync {
namespace {

using domain::StockEvent;
using std::chrono::milliseconds;
using std::chrono::seconds;
using storage::UnitOfWork;
using storage::test::at_ms;
using storage::test::node;
using storage::test::pieces;
using storage::test::site;
using wire::Verdict;

const std::string kSiteFeed = "site:store";

/// A device as the hub sees it: its log, and what it says.
class Device {
 public:
  explicit Device(std::uint64_t number, std::uint64_t inc = 1)
      : name(node(number)), inc_(inc), chains_{crypto::chain_start(name, Incarnation(inc))} {}

  /// Writes one more record: a receipt of stock.
  void write(std::string_view to = "B-1") {
    records_.push_back(
        storage::test::octets(StockEvent(storage::test::moved("A1", "", to, pieces(1))), {},
                              site("store"), at_ms(records_.size())));
    chains_.push_back(crypto::chain_next(chains_.back(), records_.back()));
  }
  [[nodiscard]] std::uint64_t head() const { return records_.size(); }
  [[nodiscard]] crypto::Hash128 chain(std::uint64_t seq) const { return chains_.at(seq); }
  [[nodiscard]] Bytes frame(std::uint64_t first, std::uint64_t last) const {
    wire::FrameHeader header;
    header.node = name;
    header.inc = Incarnation(inc_);
    header.base_seq = first;
    header.chain_before = chains_.at(first - 1);
    const auto begin = records_.begin();
    const auto payload = wire::encode_frame(header, {begin + static_cast<std::ptrdiff_t>(first - 1),
                                                     begin + static_cast<std::ptrdiff_t>(last)});
    REQUIRE(payload);
    return *payload;
  }
  [[nodiscard]] wire::Hello hello(std::uint64_t acked = 0) const {
    wire::Hello hello;
    hello.inc = Incarnation(inc_);
    hello.head = head();
    hello.h_head = chains_.back();
    hello.acked = acked;
    hello.h_acked = chains_.at(acked);
    hello.boot_nonce = boot_;
    hello.mono = {++said_};
    return hello;
  }

  NodeId name;

 private:
  std::uint64_t inc_;
  static inline std::uint64_t boots_ = 0;
  std::uint64_t boot_ = ++boots_;
  mutable std::int64_t said_ = 0;  ///< HELLOs, each later than the one before
  std::vector<Bytes> records_;
  std::vector<crypto::Hash128> chains_;
};

/// A hub that knows nodes 1 (and 2, if asked for) of site "store".
struct Hub : test::Machine {
  explicit Hub(std::uint64_t nodes = 1, const std::string& path = ":memory:")
      : Machine(storage::test::hub_identity(node(77)), path) {
    for (std::uint64_t i = 1; i <= nodes; ++i) register_node(i);
    REQUIRE(sync.start());
    bus.connect();
    run_for(seconds(1));
    bus.published.clear();
  }
  HubSync sync{env(), writer, replica(), bus};

  void register_node(std::uint64_t number, bool active = true) {
    write([number, active](UnitOfWork& work) {
      return work.record({domain::ReferenceEvent(domain::NodeRegistered{
                              {node(number), site("store"), "agent", active}}),
                          domain::node_key(node(number)),
                          site("store"),
                          {},
                          {},
                          {}});
    });
  }
  void count(std::int64_t units) {
    write([units](UnitOfWork& work) {
      return work.record({StockEvent(storage::test::counted("A1", "B-1", pieces(units))),
                          {},
                          site("store"),
                          {},
                          {},
                          {}});
    });
  }
  template <class Body>
  std::vector<std::pair<std::uint64_t, Body>> responses(NodeId to) {
    std::vector<std::pair<std::uint64_t, Body>> found;
    for (const Bytes& payload : bus.take(topics::response(to))) {
      const auto response = wire::decode_response(payload);
      REQUIRE(response);
      if (const auto* const body = std::get_if<Body>(&response->body)) {
        found.emplace_back(response->correlation, *body);
      }
    }
    return found;
  }
  /// Says HELLO and returns the answer.
  wire::HelloReply hello(const Device& device, std::uint64_t acked = 0,
                         std::uint64_t correlation = 5) {
    say(device.name, wire::Request{correlation, device.hello(acked)});
    const auto replies = responses<wire::HelloReply>(device.name);
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].first == correlation);
    return replies[0].second;
  }
  void say(NodeId from, const wire::Request& request) {
    bus.deliver(topics::request(from), encode(request));
    run();
  }
  /// Frames of one turn: they reach one transaction.
  void uplink(const Device& device, const std::vector<Bytes>& frames) {
    for (const Bytes& frame : frames) bus.deliver(topics::uplink(device.name), frame);
    run();
  }
  std::vector<wire::Ack> acks(NodeId to) {
    std::vector<wire::Ack> found;
    for (const Bytes& payload : bus.take(topics::ack(to))) {
      const auto ack = wire::decode_ack(payload);
      REQUIRE(ack);
      found.push_back(*ack);
    }
    return found;
  }
  std::optional<wire::FetchReply> fetch(NodeId from, const wire::Fetch& question) {
    say(from, wire::Request{9, question});
    const auto replies = responses<wire::FetchReply>(from);
    if (replies.empty()) return std::nullopt;
    CHECK(replies[0].first == 9);
    return replies[0].second;
  }
  std::uint64_t held(const Device& device, std::uint64_t inc = 1) {
    return replica().log().author(device.name, Incarnation(inc)).head;
  }
};

wire::Fetch question(const std::string& feed, std::uint64_t after = 0, bool verbatim = false) {
  return {feed, after, 1U << 20U, verbatim};
}

// ---- HELLO ----

TEST_CASE("hub sync: a device that is not registered is refused, and told why",
          "[sync][hub_sync]") {
  Hub hub;
  const Device stranger(9);
  const auto reply = hub.hello(stranger);
  CHECK(reply.verdict == Verdict::kRefused);
  CHECK(reply.detail.find("not registered") != std::string::npos);
  CHECK_FALSE(hub.sync.status(stranger.name).problem.empty());
  hub.register_node(9, false);
  CHECK(hub.hello(stranger).verdict == Verdict::kRefused);
  hub.register_node(9, true);
  CHECK(hub.hello(stranger).verdict == Verdict::kResume);
  CHECK(hub.sync.status(stranger.name).problem.empty());
}

TEST_CASE("hub sync: a registered device is told what is here and where the feeds are",
          "[sync][hub_sync]") {
  Hub hub;
  hub.count(5);
  Device device(1);
  device.write();
  device.write();
  hub.hello(device);
  hub.uplink(device, {device.frame(1, 2)});
  const auto reply = hub.hello(device, 1);
  CHECK(reply.verdict == Verdict::kResume);
  CHECK(reply.hub_gen == HubGeneration(77));
  CHECK(reply.hub_node == node(77));
  CHECK(reply.hwm == 2);
  CHECK(reply.h_hwm == device.chain(2));
  CHECK(reply.credit_events > 0);
  REQUIRE(reply.feeds.size() == 3);
  CHECK(reply.feeds[0] == wire::FeedHead{"cat", 0, 1});
  CHECK(reply.feeds[1] == wire::FeedHead{kSiteFeed, 3, 1});
  CHECK(reply.feeds[2] == wire::FeedHead{wire::node_feed(node(1)), 1, 1});
}

TEST_CASE("hub sync: a device whose log is shorter than before is told so", "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  for (int i = 0; i < 3; ++i) device.write();
  hub.hello(device);
  hub.uplink(device, {device.frame(1, 3)});
  Device restored(1);
  restored.write();
  const auto reply = hub.hello(restored);
  CHECK(reply.verdict == Verdict::kBehind);
  CHECK_FALSE(hub.sync.status(device.name).problem.empty());
  hub.uplink(device, {device.frame(3, 3)});  // nothing is taken until it is clear who is who
  CHECK(hub.held(device) == 3);
}

TEST_CASE("hub sync: a device whose log is another one is told so", "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  device.write();
  hub.hello(device);
  hub.uplink(device, {device.frame(1, 1)});
  Device clone(1);
  clone.write("B-2");
  clone.write("B-2");
  CHECK(hub.hello(clone, 1).verdict == Verdict::kForked);
}

TEST_CASE("hub sync: a new incarnation begins a log of its own", "[sync][hub_sync]") {
  Hub hub;
  Device before(1, 1);
  before.write();
  hub.hello(before);
  hub.uplink(before, {before.frame(1, 1)});
  Device after(1, 2);
  after.write("B-2");
  const auto reply = hub.hello(after);
  CHECK(reply.verdict == Verdict::kResume);
  CHECK(reply.hwm == 0);
  hub.uplink(after, {after.frame(1, 1)});
  CHECK(hub.held(before, 1) == 1);
  CHECK(hub.held(after, 2) == 1);
}

TEST_CASE("hub sync: a HELLO that the bus delivers again does no harm", "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  device.write();
  const Bytes first = encode(wire::Request{5, device.hello()});
  hub.hello(device);
  device.write();
  hub.uplink(device, {device.frame(1, 2)});
  hub.acks(device.name);
  hub.bus.deliver(topics::request(device.name), first);
  hub.run();
  CHECK(hub.sync.status(device.name).problem.empty());
  device.write();
  hub.uplink(device, {device.frame(3, 3)});
  CHECK(hub.held(device) == 3);
}

// ---- uplink ----

TEST_CASE("hub sync: a frame is acknowledged after its commit, with the chain",
          "[sync][hub_sync]") {
  const storage::test::TempFolder folder;
  Hub hub(1, folder.file("db"));
  Device device(1);
  device.write();
  device.write();
  hub.hello(device);
  hub.bus.deliver(topics::uplink(device.name), device.frame(1, 2));
  // Step by step: whenever an ack is out, another connection sees what it promises.
  int acks = 0;
  while (hub.timeline.run_one(hub.timeline.now())) {
    for (const wire::Ack& ack : hub.acks(device.name)) {
      ++acks;
      CHECK(ack.inc == Incarnation(1));
      CHECK(ack.hwm == 2);
      CHECK(ack.h_hwm == device.chain(2));
      CHECK(ack.gap_from == 0);
      CHECK_FALSE(ack.hello);
      auto reader = storage::Connection::open_reader(folder.file("db"));
      REQUIRE(reader);
      CHECK(storage::test::rows_of(
                *reader, "SELECT count(*) FROM event_log WHERE feed IS NOT NULL AND type = 50",
                1) == "2\n");
    }
  }
  CHECK(acks == 1);
  CHECK(hub.sync.status(device.name).hwm == 2);
  CHECK(hub.sync.status(device.name).last_heard);
}

TEST_CASE("hub sync: a frame again is acknowledged again and taken once", "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  device.write();
  hub.hello(device);
  for (int i = 0; i < 3; ++i) hub.uplink(device, {device.frame(1, 1)});
  const auto acks = hub.acks(device.name);
  REQUIRE(acks.size() == 3);
  for (const wire::Ack& ack : acks) CHECK(ack.hwm == 1);
  CHECK(hub.store.number("SELECT on_hand_milli FROM stock_cell") == pieces(1));
}

TEST_CASE("hub sync: frames of one turn are one transaction and keep their order",
          "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  for (int i = 0; i < 6; ++i) device.write();
  hub.hello(device);
  hub.uplink(device, {device.frame(1, 2), device.frame(2, 4), device.frame(5, 6)});
  const auto acks = hub.acks(device.name);
  REQUIRE_FALSE(acks.empty());
  CHECK(acks.back().hwm == 6);
  CHECK(hub.replica().log().author(device.name, Incarnation(1)).chain == device.chain(6));
  CHECK(hub.store.number("SELECT on_hand_milli FROM stock_cell") == pieces(6));
}

TEST_CASE("hub sync: a gap is reported, and what came behind it is used once it is closed",
          "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  for (int i = 0; i < 6; ++i) device.write();
  hub.hello(device);
  hub.uplink(device, {device.frame(5, 6)});
  auto acks = hub.acks(device.name);
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].gap_from == 1);
  CHECK(acks[0].hwm == 0);
  hub.uplink(device, {device.frame(1, 4)});
  acks = hub.acks(device.name);
  REQUIRE_FALSE(acks.empty());
  CHECK(acks.back().hwm == 6);
  CHECK(acks.back().gap_from == 0);
}

TEST_CASE(
    "hub sync: a frame without a HELLO, or of another incarnation, is answered with: say HELLO",
    "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  device.write();
  hub.uplink(device, {device.frame(1, 1)});
  auto acks = hub.acks(device.name);
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].hello);
  CHECK(hub.held(device) == 0);
  hub.hello(device);
  Device other(1, 2);
  other.write();
  hub.uplink(other, {other.frame(1, 1)});
  acks = hub.acks(device.name);
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].hello);
  CHECK(hub.held(other, 2) == 0);
}

TEST_CASE("hub sync: a frame under another's name, or one that is damaged, is dropped",
          "[sync][hub_sync]") {
  Hub hub(2);
  Device one(1);
  Device two(2);
  one.write();
  two.write();
  hub.hello(one);
  hub.hello(two);
  hub.bus.deliver(topics::uplink(two.name), one.frame(1, 1));
  Bytes damaged = one.frame(1, 1);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  hub.bus.deliver(topics::uplink(one.name), damaged);
  hub.bus.deliver(topics::uplink(one.name), "");
  hub.run();
  CHECK(hub.acks(one.name).empty());
  CHECK(hub.acks(two.name).empty());
  CHECK(hub.held(one) == 0);
}

TEST_CASE("hub sync: two devices under one name close the lane and are shown", "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  Device clone(1);
  device.write("B-1");
  clone.write("B-2");
  clone.write("B-2");
  hub.hello(device);
  hub.uplink(device, {device.frame(1, 1)});
  hub.acks(device.name);
  hub.uplink(clone, {clone.frame(1, 2)});
  CHECK(hub.held(device) == 1);
  CHECK_FALSE(hub.sync.status(device.name).problem.empty());
  const auto acks = hub.acks(device.name);
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].hello);
  CHECK(acks[0].hwm == 1);
  device.write("B-1");
  hub.uplink(device, {device.frame(2, 2)});
  CHECK(hub.held(device) == 1);
}

TEST_CASE("hub sync: a frame whose job failed is not acknowledged and is taken when it comes again",
          "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  device.write();
  hub.hello(device);
  hub.store.connection().execute(
      "CREATE TEMP TRIGGER planted BEFORE INSERT ON event_log WHEN NEW.type = 50"
      " BEGIN SELECT RAISE(ABORT, 'planted'); END");
  hub.uplink(device, {device.frame(1, 1)});
  CHECK(hub.acks(device.name).empty());
  CHECK(hub.held(device) == 0);
  CHECK(hub.fatal.empty());
  hub.store.connection().execute("DROP TRIGGER planted");
  hub.uplink(device, {device.frame(1, 1)});
  const auto acks = hub.acks(device.name);
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].hwm == 1);
}

TEST_CASE("hub sync: a frame behind one whose job failed does not take its numbers",
          "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  device.write("B-1");
  device.write("B-2");
  hub.hello(device);
  hub.store.connection().execute(
      "CREATE TEMP TRIGGER planted BEFORE INSERT ON event_log WHEN instr(NEW.record, CAST('B-1' AS "
      "BLOB))"
      " BEGIN SELECT RAISE(ABORT, 'planted'); END");
  hub.uplink(device, {device.frame(1, 1), device.frame(2, 2)});
  for (const wire::Ack& ack : hub.acks(device.name)) CHECK(ack.hwm == 0);
  CHECK(hub.held(device) == 0);
  const auto stored = hub.replica().log().read({device.name, Incarnation(1), 1});
  CHECK_FALSE(stored);
}

// ---- feeds ----

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
  CHECK(hub.bus.take(topics::doorbell(site("store"))).empty());
  hub.run_for(milliseconds(150));
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
      CHECK(frame->items ==
            std::vector<wire::FeedItem>{wire::AuthorRun{{device.name, Incarnation(1), 1}, 2}});
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
  CHECK(frame->items ==
        std::vector<wire::FeedItem>{wire::AuthorRun{{device.name, Incarnation(1), 1}, 2}});

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

TEST_CASE("hub sync: a changed registration ends the conversation", "[sync][hub_sync]") {
  Hub hub;
  Device device(1);
  device.write();
  hub.hello(device);
  hub.register_node(1, false);
  hub.uplink(device, {device.frame(1, 1)});
  CHECK(hub.held(device) == 0);
  CHECK(hub.acks(device.name).at(0).hello);
  CHECK(hub.hello(device).verdict == Verdict::kRefused);
}

TEST_CASE("hub sync: presence is what the latest connection says", "[sync][hub_sync]") {
  Hub hub;
  const auto says = [&hub](bool online, std::uint64_t session) {
    hub.bus.deliver(topics::presence(node(1)),
                    encode(wire::Presence{online, Incarnation(1), session, {}}));
  };
  CHECK_FALSE(hub.sync.status(node(1)).online);
  says(true, 10);
  CHECK(hub.sync.status(node(1)).online);
  says(true, 11);
  says(false, 10);  // the will of the connection before
  CHECK(hub.sync.status(node(1)).online);
  says(false, 11);
  CHECK_FALSE(hub.sync.status(node(1)).online);
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

TEST_CASE("hub sync: what cannot be read is dropped", "[sync][hub_sync]") {
  Hub hub;
  for (const std::string& topic : {topics::uplink(node(1)), topics::request(node(1)),
                                   topics::presence(node(1)), std::string("cairn/1/x")}) {
    hub.bus.deliver(topic, "\xff\xff\xff");
    hub.bus.deliver(topic, "");
  }
  hub.run_for(seconds(1));
  CHECK(hub.fatal.empty());
  CHECK(hub.sync.status(node(1)).problem.empty());
}

}  // namespace
}  // namespace cairn::sync
