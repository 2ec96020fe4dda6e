// The parts of cairn-sim fleet that need no broker: its MQTT packets and its nodes' logs.

#include "core/wire/frame.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/fleet/histogram.h"
#include "tools/cairn-sim/fleet/mqtt_packets.h"
#include "tools/cairn-sim/fleet/node_log.h"

#include <string>
#include <utility>

namespace cairn::simulator::fleet_test {
namespace {

using namespace fleet;

NodeLog store_log() {
  return {NodeId(*Uuid::parse("01920000-0000-7000-8000-00000000000a")), Incarnation(5),
          *SiteId::parse("store-1")};
}

TEST_CASE("fleet: a publish is read back as it was written", "[simulator][fleet]") {
  const Bytes payload(70'000, 'x');
  const Bytes octets = publish_packet(513, "cairn/1/up/3/n", payload, true);
  BytesView in = octets;
  const auto packet = take_packet(in);
  REQUIRE(packet);
  REQUIRE(*packet);
  CHECK(in.empty());
  CHECK((*packet)->type == PacketType::kPublish);
  const auto published = read_publish(**packet);
  REQUIRE(published);
  CHECK(published->topic == "cairn/1/up/3/n");
  CHECK(published->id == 513);
  CHECK(published->payload == payload);
}

TEST_CASE("fleet: a packet that is not all here waits, whatever is missing", "[simulator][fleet]") {
  const Bytes octets = publish_packet(1, "t", Bytes(300, 'x'), false) + puback_packet(1);
  for (std::size_t size = 0; size < octets.size() - 4; ++size) {
    BytesView in = BytesView(octets).substr(0, size);
    const auto packet = take_packet(in);
    REQUIRE(packet);
    REQUIRE_FALSE(*packet);
    REQUIRE(in.size() == size);
  }
  BytesView in = octets;
  REQUIRE(*take_packet(in));
  const auto second = take_packet(in);
  REQUIRE(second);
  REQUIRE(*second);
  CHECK((*second)->type == PacketType::kPubAck);
  CHECK(read_number(**second) == std::uint16_t{1});
}

TEST_CASE("fleet: what is no packet is an error, not a wait", "[simulator][fleet]") {
  BytesView endless("\x30\xff\xff\xff\xff\xff", 6);
  CHECK_FALSE(take_packet(endless));
  const Packet short_topic{PacketType::kPublish, 2, BytesView("\x00\x09q", 3)};
  CHECK_FALSE(read_publish(short_topic));
  CHECK_FALSE(read_number({PacketType::kPubAck, 0, BytesView("\x01", 1)}));
}

TEST_CASE("fleet: a node's frames chain, whatever was acknowledged between", "[simulator][fleet]") {
  NodeLog log = store_log();
  for (int i = 0; i < 5; ++i) log.write({1'790'000'000'000'000 + i}, {i});
  const auto first = wire::decode_frame(log.frame(1).octets);
  REQUIRE(first);
  CHECK(first->records.size() == 5);
  CHECK(first->header.chain_before == crypto::chain_start(log.node(), log.inc()));
  CHECK(log.forget(3).size() == 3);
  CHECK(log.acked() == 3);
  CHECK_FALSE(log.chain_at(2));
  const auto rest = log.frame(4);
  CHECK(rest.last == 5);
  const auto second = wire::decode_frame(rest.octets);
  REQUIRE(second);
  CHECK(second->header.base_seq == 4);
  CHECK(second->header.chain_after == first->header.chain_after);
  CHECK(log.oldest() == MonoTime{3});
  CHECK(log.forget(9).size() == 2);
  CHECK(log.head() == 5);
  CHECK_FALSE(log.oldest());
}

TEST_CASE("fleet: a percentile is at most a fiftieth too high", "[simulator][fleet]") {
  Histogram times;
  for (int ms = 1; ms <= 1000; ++ms) times.add(std::chrono::milliseconds(ms));
  CHECK(times.count() == 1000);
  CHECK(times.percentile_ms(50) >= 500);
  CHECK(times.percentile_ms(50) <= 511);
  CHECK(times.percentile_ms(99) >= 990);
  CHECK(times.percentile_ms(99) <= 1010);
  CHECK(Histogram{}.percentile_ms(99) == 0);
}

}  // namespace
}  // namespace cairn::simulator::fleet_test
