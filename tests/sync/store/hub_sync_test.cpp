// The hub in conversation with its devices: HELLO, frames, presence.

#include "tests/core/storage/support/temp_folder.h"
#include "tests/sync/support/hub.h"

namespace cairn::sync::hub_sync_test {
namespace {

using namespace test;

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

TEST_CASE("hub sync: a frame under another's name is dropped, a damaged one asked for again",
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
  const auto acks = hub.acks(one.name);
  REQUIRE(acks.size() == 2);
  for (const wire::Ack& ack : acks) CHECK((ack.hwm == 0 && ack.gap_from == 1));
  CHECK(hub.acks(two.name).empty());
  CHECK(hub.held(one) == 0);
}

TEST_CASE("hub sync: acks name the records that were set aside, also after a restart",
          "[sync][hub_sync]") {
  const storage::test::TempFolder folder;
  Device device(1);
  device.write_octets("no record");
  device.write();
  device.write_octets("nor this");
  const auto parked = [](const wire::Ack& ack) {
    std::vector<std::uint64_t> numbers;
    for (const wire::ParkedRecord& record : ack.parked) numbers.push_back(record.seq);
    return numbers;
  };
  {
    Hub hub(1, folder.file("hub.sqlite"));
    hub.hello(device);
    hub.uplink(device, {device.frame(1, 3)});
    const auto acks = hub.acks(device.name);
    REQUIRE(acks.size() == 1);
    CHECK(acks[0].hwm == 3);
    CHECK(parked(acks[0]) == std::vector<std::uint64_t>{1, 3});
    CHECK_FALSE(acks[0].parked[0].reason.empty());
  }
  Hub hub(1, folder.file("hub.sqlite"));
  hub.hello(device, 3);
  hub.uplink(device, {device.frame(1, 3)});
  const auto acks = hub.acks(device.name);
  REQUIRE(acks.size() == 1);
  CHECK(parked(acks[0]) == std::vector<std::uint64_t>{1, 3});
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

// ---- who is there ----

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

TEST_CASE(
    "hub sync: a device of another generation is told how much is common, and sends nothing yet",
    "[sync][hub_sync]") {
  Hub hub;
  hub.write([](UnitOfWork& work) -> Result<EventRef> {
    work.replica().begin_generation(HubGeneration(50), storage::Noticed::kNot);
    return EventRef{};
  });
  hub.count(1);
  hub.write([](UnitOfWork& work) -> Result<EventRef> {
    work.replica().begin_generation(HubGeneration(51), storage::Noticed::kNot);
    return EventRef{};
  });
  hub.bus.published.clear();
  Device device(1);
  device.write();
  wire::Hello hello = device.hello();
  hello.cursors = {{kSiteFeed, HubGeneration(50), 4}};  // the database of this one ended at 1
  hub.say(device.name, wire::Request{5, hello});
  const auto replies = hub.responses<wire::HelloReply>(device.name);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].second.hub_gen == HubGeneration(51));
  for (const wire::FeedHead& feed : replies[0].second.feeds) {
    if (feed.feed == kSiteFeed) CHECK(feed.common == 1);
  }
  hub.uplink(device, {device.frame(1, 1)});
  CHECK(hub.held(device) == 0);
  const auto acks = hub.acks(device.name);
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].hello);
  CHECK(storage::generations(hub.replica().connection()).back().noticed ==
        storage::Noticed::kByNode);

  // What it gives is taken, answered once for each time it is given, and then it may send.
  const wire::HubItem own{
      9,
      storage::test::octets(StockEvent(storage::test::counted("A1", "B-1", pieces(7))), {},
                            site("store"), at_ms(5)),
      Incarnation(50),
      {}};
  const auto gift = wire::encode_feed_frame({kSiteFeed, node(77), HubGeneration(50), 2, {own}});
  REQUIRE(gift);
  const HubGeneration now(hub.replica().identity().inc.value());
  // Meant for another generation, which lacked something else.
  hub.say(device.name, wire::Request{5, wire::Give{*gift, HubGeneration(50)}});
  CHECK(hub.responses<wire::GiveReply>(device.name).empty());
  hub.say(device.name, wire::Request{6, wire::Give{*gift, now}});
  const auto answers = hub.responses<wire::GiveReply>(device.name);
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].second == wire::GiveReply{0, 1});  // it bears no seal
  hello = device.hello();
  hello.cursors = {{kSiteFeed, HubGeneration(51), 1}};
  hub.say(device.name, wire::Request{7, hello});
  hub.uplink(device, {device.frame(1, 1)});
  CHECK(hub.held(device) == 1);
}

TEST_CASE("hub sync: nobody gives what is not its to follow", "[sync][hub_sync]") {
  Hub hub;
  const std::uint64_t held = storage::records_held(hub.replica().connection());
  const HubGeneration now(hub.replica().identity().inc.value());
  for (const std::string& feed : {std::string("site:depot"), "n:" + node(2).value().text()}) {
    const auto gift = wire::encode_feed_frame(
        {feed, node(77), HubGeneration(50), 1, {wire::HubItem{1, "x", Incarnation(50), {}}}});
    REQUIRE(gift);
    // Refused as a whole, and told so: a device whose site has changed does not ask for ever.
    hub.say(node(1), wire::Request{6, wire::Give{*gift, now}});
    const auto answers = hub.responses<wire::GiveReply>(node(1));
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].second == wire::GiveReply{0, 1});
    CHECK(storage::records_held(hub.replica().connection()) == held);
    hub.say(node(99), wire::Request{6, wire::Give{*gift, now}});  // nobody knows it
    CHECK(hub.responses<wire::GiveReply>(node(99)).empty());
  }
  hub.say(node(1), wire::Request{6, wire::Give{"garbage", now}});
  CHECK(hub.responses<wire::GiveReply>(node(1)).empty());
}

}  // namespace
}  // namespace cairn::sync::hub_sync_test
