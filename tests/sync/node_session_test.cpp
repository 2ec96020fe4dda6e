#include "sync/node_session.h"

#include "tests/support/catch.h"

namespace cairn::sync::node_session_test {
namespace {

using std::chrono::seconds;

constexpr MonoTime ms(std::int64_t value) { return {(1'000'000 + value) * 1000}; }

constexpr Incarnation kInc{5};
constexpr HubGeneration kGen{7};

NodeSession session(std::uint64_t head = 0) {
  return {SessionLimits{}, kInc, Uplink({}, head, 0, 1),
          Downlink({}, {{"cat", {}, 0}, {"site:store", {}, 0}})};
}

wire::HelloReply resume(std::uint64_t hwm = 0) {
  wire::HelloReply reply;
  reply.verdict = wire::Verdict::kResume;
  reply.hub_gen = kGen;
  reply.hwm = hwm;
  reply.credit_events = 1000;
  reply.feeds = {{"cat", 0, 1}, {"site:store", 0, 1}};
  return reply;
}

wire::HelloReply refusal(wire::Verdict verdict, const std::string& detail) {
  wire::HelloReply reply;
  reply.verdict = verdict;
  reply.detail = detail;
  reply.hub_gen = kGen;
  return reply;
}

/// Sends the HELLO that is wanted now, which must be there.
std::uint64_t say_hello(NodeSession& node, MonoTime now) {
  const auto correlation = node.hello_wanted(now);
  REQUIRE(correlation);
  node.hello_sent(*correlation, now);
  return *correlation;
}

/// In conversation since `now`.
NodeSession live(std::uint64_t head = 0, MonoTime now = ms(0)) {
  NodeSession node = session(head);
  node.connected(now);
  node.hello_answered(say_hello(node, now), resume(), true, now);
  REQUIRE(node.state() == LinkState::kLive);
  return node;
}

wire::Ack ack(std::uint64_t hwm) {
  wire::Ack ack;
  ack.inc = kInc;
  ack.hub_gen = kGen;
  ack.hwm = hwm;
  ack.credit_events = 1000;
  return ack;
}

TEST_CASE("session: what is safe does not fall within a generation of the hub", "[sync][session]") {
  NodeSession node = session(100);
  CHECK_FALSE(node.safe());
  node.connected(ms(0));
  wire::HelloReply reply = resume(50);
  reply.safe = 20;
  node.hello_answered(say_hello(node, ms(0)), reply, true, ms(0));
  CHECK(node.safe() == 20U);
  wire::Ack heard = ack(60);
  heard.safe = 40;
  node.acked(heard, ms(1));
  CHECK(node.safe() == 40U);
  heard.safe = 30;  // overtaken by the one before
  node.acked(heard, ms(2));
  CHECK(node.safe() == 40U);
  heard.safe = 99;  // more than is there at all
  node.acked(heard, ms(3));
  CHECK(node.safe() == 60U);
  heard.inc = Incarnation(6);  // about another log
  heard.hwm = heard.safe = 90;
  node.acked(heard, ms(4));
  CHECK(node.safe() == 60U);

  node.disconnected();
  node.connected(ms(10));
  reply.hub_gen = HubGeneration(8);  // a hub that was restored, and whose copies are others
  node.hello_answered(say_hello(node, ms(10)), reply, true, ms(10));
  CHECK(node.safe() == 20U);
}

TEST_CASE("session: states have names", "[sync][session]") {
  CHECK(name_of(LinkState::kDown) == "down");
  CHECK(name_of(LinkState::kHello) == "hello");
  CHECK(name_of(LinkState::kLive) == "live");
  CHECK(name_of(LinkState::kRefused) == "refused");
}

TEST_CASE("session: without a connection it says and waits for nothing", "[sync][session]") {
  NodeSession node = session(10);
  CHECK(node.state() == LinkState::kDown);
  CHECK_FALSE(node.hello_wanted(ms(60'000)));
  CHECK_FALSE(node.deadline());
  node.hello_answered(1, resume(), true, ms(0));
  CHECK(node.state() == LinkState::kDown);
  CHECK_FALSE(node.uplink().next_frame());
}

TEST_CASE("session: connected, it says HELLO at once", "[sync][session]") {
  NodeSession node = session();
  node.connected(ms(0));
  CHECK(node.state() == LinkState::kHello);
  CHECK(node.hello_wanted(ms(0)));
  CHECK(node.deadline() == ms(0));
}

TEST_CASE("session: HELLO is repeated until it is answered, less and less often",
          "[sync][session]") {
  NodeSession node = session();
  node.connected(ms(0));
  MonoTime now = ms(0);
  std::uint64_t last = 0;
  for (const Duration wait :
       {seconds(2), seconds(4), seconds(8), seconds(16), seconds(30), seconds(30)}) {
    const std::uint64_t correlation = say_hello(node, now);
    CHECK(correlation > last);
    last = correlation;
    CHECK_FALSE(node.hello_wanted(now + wait + Duration(-1)));
    CHECK(node.deadline() == now + wait);
    now = now + wait;
  }
  CHECK(node.state() == LinkState::kHello);
}

TEST_CASE("session: answered, uplink and downlink begin and HELLO is due in a while",
          "[sync][session]") {
  NodeSession node = session(10);
  node.connected(ms(0));
  wire::HelloReply reply = resume(4);
  reply.feeds = {{"site:store", 3, 1}};
  node.hello_answered(say_hello(node, ms(0)), reply, true, ms(100));
  CHECK(node.state() == LinkState::kLive);
  CHECK(node.detail().empty());
  CHECK(node.uplink().next_frame() == 5);
  CHECK(node.uplink().hwm() == 4);
  CHECK(node.downlink().wanted(ms(100)).size() == 1);
  CHECK_FALSE(node.hello_wanted(ms(100) + seconds(15) + Duration(-1)));
  CHECK(node.hello_wanted(ms(100) + seconds(15)));
}

TEST_CASE("session: only the answer to the open HELLO counts", "[sync][session]") {
  NodeSession node = session();
  node.connected(ms(0));
  const std::uint64_t first = say_hello(node, ms(0));
  const std::uint64_t second = say_hello(node, ms(2000));
  node.hello_answered(first, resume(), true, ms(2100));
  CHECK(node.state() == LinkState::kHello);
  node.hello_answered(second + 1, resume(), true, ms(2100));
  CHECK(node.state() == LinkState::kHello);
  node.hello_answered(second, resume(), true, ms(2200));
  CHECK(node.state() == LinkState::kLive);
  node.hello_answered(second, refusal(wire::Verdict::kForked, "again"), true, ms(2300));
  CHECK(node.state() == LinkState::kLive);
}

TEST_CASE("session: a refusal is shown, stops everything and is asked about again",
          "[sync][session]") {
  for (const wire::Verdict verdict :
       {wire::Verdict::kRefused, wire::Verdict::kForked, wire::Verdict::kBehind}) {
    NodeSession node = live(10);
    const std::uint64_t again = say_hello(node, ms(15'000));
    node.hello_answered(again, refusal(verdict, "because"), true, ms(15'100));
    CHECK(node.state() == LinkState::kRefused);
    CHECK(node.detail() == "because");
    CHECK_FALSE(node.uplink().next_frame());
    CHECK(node.downlink().wanted(ms(15'100)).empty());
    CHECK_FALSE(node.hello_wanted(ms(15'100) + seconds(30) + Duration(-1)));
    const std::uint64_t later = say_hello(node, ms(15'100) + seconds(30));
    node.hello_answered(later, resume(), true, ms(46'000));
    CHECK(node.state() == LinkState::kLive);
    CHECK(node.detail().empty());
    CHECK(node.uplink().next_frame() == 1);
  }
}

TEST_CASE("session: a hub whose copy differs is refused by the node itself", "[sync][session]") {
  NodeSession node = session(10);
  node.connected(ms(0));
  node.hello_answered(say_hello(node, ms(0)), resume(4), false, ms(10));
  CHECK(node.state() == LinkState::kRefused);
  CHECK(node.detail().find("differs") != std::string::npos);
  CHECK_FALSE(node.uplink().next_frame());
}

TEST_CASE("session: while live, an unanswered HELLO does not end the conversation",
          "[sync][session]") {
  NodeSession node = live(10);
  say_hello(node, ms(15'000));
  CHECK(node.state() == LinkState::kLive);
  CHECK(node.uplink().next_frame());
  CHECK(node.hello_wanted(ms(17'000)));
}

TEST_CASE("session: a broken connection ends it, a new one begins anew", "[sync][session]") {
  NodeSession node = live(10);
  node.uplink().frame_sent(1, 10, ms(0));
  node.disconnected();
  CHECK(node.state() == LinkState::kDown);
  CHECK_FALSE(node.deadline());
  CHECK_FALSE(node.hello_wanted(ms(99'000)));
  node.connected(ms(5000));
  CHECK(node.state() == LinkState::kHello);
  CHECK_FALSE(node.uplink().next_frame());
  node.hello_answered(say_hello(node, ms(5000)), resume(10), true, ms(5100));
  CHECK(node.uplink().hwm() == 10);
}

TEST_CASE("session: an answer from before the break is no answer", "[sync][session]") {
  NodeSession node = session();
  node.connected(ms(0));
  const std::uint64_t before = say_hello(node, ms(0));
  node.disconnected();
  node.connected(ms(100));
  node.hello_answered(before, resume(), true, ms(110));
  CHECK(node.state() == LinkState::kHello);
  CHECK(say_hello(node, ms(110)) != before);
}

TEST_CASE("session: acks of another incarnation, or outside a conversation, move nothing",
          "[sync][session]") {
  NodeSession node = live(10);
  node.uplink().frame_sent(1, 10, ms(0));
  wire::Ack other = ack(10);
  other.inc = Incarnation(6);
  node.acked(other, ms(10));
  CHECK(node.uplink().hwm() == 0);
  node.acked(ack(10), ms(10));
  CHECK(node.uplink().hwm() == 10);

  NodeSession asking = session(10);
  asking.connected(ms(0));
  asking.acked(ack(10), ms(0));
  CHECK(asking.uplink().hwm() == 0);
}

TEST_CASE("session: an ack of more than was written asks for HELLO", "[sync][session]") {
  NodeSession node = live(10);
  node.acked(ack(11), ms(1000));
  CHECK(node.hello_wanted(ms(1000)));
  CHECK(node.uplink().hwm() == 0);
}

TEST_CASE("session: told to say HELLO, it does at once", "[sync][session]") {
  NodeSession node = live(10);
  CHECK_FALSE(node.hello_wanted(ms(1000)));
  wire::Ack hello = ack(0);
  hello.hello = true;
  node.acked(hello, ms(1000));
  CHECK(node.hello_wanted(ms(1000)));
  CHECK(node.uplink().hwm() == 0);
}

TEST_CASE("session: what was under way when it was told to say HELLO goes again with the answer",
          "[sync][session]") {
  NodeSession node = live(10);
  node.uplink().frame_sent(1, 10, ms(500));
  wire::Ack hello = ack(0);
  hello.hello = true;
  node.acked(hello, ms(510));
  CHECK_FALSE(node.uplink().next_frame());
  node.hello_answered(say_hello(node, ms(510)), resume(), true, ms(520));
  CHECK(node.uplink().next_frame() == 1);
}

TEST_CASE("session: told to say HELLO by a hub that does not know it, it does at once",
          "[sync][session]") {
  NodeSession node = live(10);
  wire::Ack hello;
  hello.hub_gen = kGen;
  hello.hello = true;
  node.acked(hello, ms(1000));
  CHECK(node.hello_wanted(ms(1000)));
}

TEST_CASE("session: it has to be woken for whatever comes first", "[sync][session]") {
  NodeSession node = live(10);
  CHECK(node.deadline() == ms(0) + seconds(15));
  node.uplink().frame_sent(1, 10, ms(100));
  CHECK(node.deadline() == ms(1100));
  node.downlink().heads(kGen, {{"site:store", 1, 1}}, ms(100));
  CHECK(node.deadline() == ms(300));
  node.on_time(ms(1100));
  CHECK(node.uplink().next_frame() == 1);
}

TEST_CASE("session: an ack of another generation of the hub moves nothing, and asks for HELLO",
          "[sync][session]") {
  NodeSession node = live(10);
  node.uplink().frame_sent(1, 10, ms(1));
  wire::Ack late = ack(10);
  late.hub_gen = HubGeneration(6);
  node.acked(late, ms(10));
  CHECK(node.uplink().hwm() == 0);
  CHECK(node.hello_wanted(ms(10)));
}

TEST_CASE("session: a hub of another generation that has less gets it again", "[sync][session]") {
  NodeSession node = live(10);
  node.uplink().frame_sent(1, 10, ms(1));
  node.acked(ack(10), ms(10));
  CHECK_FALSE(node.uplink().next_frame());
  node.say_hello(ms(20));
  wire::HelloReply reply = resume(4);
  reply.hub_gen = HubGeneration(8);
  node.hello_answered(say_hello(node, ms(20)), reply, true, ms(30));
  CHECK(node.hub_gen() == HubGeneration(8));
  CHECK(node.uplink().next_frame() == 5);
}

TEST_CASE("session: while the hub is given something first nothing goes up", "[sync][session]") {
  NodeSession node = live(10);
  node.hold_back();
  CHECK(node.state() == LinkState::kHello);
  CHECK_FALSE(node.uplink().next_frame());
}

}  // namespace
}  // namespace cairn::sync::node_session_test
