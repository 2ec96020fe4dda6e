#include "core/wire/message.h"

#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/proto_fields.h"
#include "tests/support/catch.h"

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace cairn::wire::message_test {
namespace {

using cairn::test::node;
using test::ProtoFields;

crypto::Hash128 hash(std::uint8_t first) {
  crypto::Hash128 octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::uint8_t>(first + i);
  return octets;
}

Hello hello() {
  return {.inc = Incarnation(0x0123'4567'89ab'cdef),
          .head = 900,
          .h_head = hash(1),
          .acked = 800,
          .h_acked = hash(2),
          .boot_nonce = UINT64_MAX,
          .protocol = 3,
          .vv = {{node(1), Incarnation(5), 7}, {node(2), Incarnation(6), UINT64_MAX}},
          .cursors = {{"cat", HubGeneration(9), 10}, {"site:store-1", HubGeneration(9), 11}},
          .wall = UtcTime{-1},
          .mono = MonoTime{INT64_MAX},
          .writing_inc = Incarnation(7)};
}

HelloReply hello_reply() {
  return {.verdict = Verdict::kForked,
          .detail = "the chain differs",
          .hub_gen = HubGeneration(9),
          .hub_node = node(0xF0),
          .hub_time = UtcTime{1'795'507'200'123'456},
          .hwm = 800,
          .h_hwm = hash(3),
          .safe = 700,
          .credit_bytes = 65'536,
          .credit_events = 512,
          .feeds = {{"cat", 10, 2}, {"site:store-1", 11, 3}},
          .wall = UtcTime{-7},
          .snapshot = true,
          .hub_hlc = Hlc{0x1234'5678'9ABC'0002}};
}

Ack ack() {
  return {.inc = Incarnation(5),
          .hwm = 800,
          .h_hwm = hash(4),
          .safe = 700,
          .credit_bytes = 65'536,
          .credit_events = 512,
          .hub_gen = HubGeneration(9),
          .hub_time = UtcTime{-3},
          .parked = {{41, "unknown_event_type"}, {42, "bad_payload"}},
          .gap_from = 801,
          .hello = true};
}

template <class T>
void check_bad(const Result<T>& message) {
  REQUIRE_FALSE(message);
  CHECK(message.error().code == ErrorCode::kCorrupt);
  CHECK(message.error().reason == "bad_message");
}

TEST_CASE("message: requests come back with every field", "[wire][message]") {
  const Request greeting{UINT64_MAX, hello()};
  CHECK(decode_request(encode(greeting)) == greeting);
  const Request fetch{7, Fetch{"site:store-1", 1'000, 65'536, true}};
  CHECK(decode_request(encode(fetch)) == fetch);
  const Request least{0, Hello{}};
  CHECK(decode_request(encode(least)) == least);
  const Request nothing{0, Fetch{}};
  CHECK(decode_request(encode(nothing)) == nothing);
  const Request compare{7, Compare{Incarnation(5), {1, 900, UINT64_MAX}}};
  CHECK(decode_request(encode(compare)) == compare);
  Request too_many{7, Compare{Incarnation(5), std::vector<std::uint64_t>(Compare::kMost + 1, 1)}};
  check_bad(decode_request(encode(too_many)));
  const Request give{7, Give{"a frame", HubGeneration(9)}};
  CHECK(decode_request(encode(give)) == give);
  const Request check{7, Check{{{"cat", HubGeneration(9), 12}, {"site:a", HubGeneration(9), 0}},
                               {{"stock_cell", 3, UINT64_MAX}, {"staff", 0, 0}}}};
  CHECK(decode_request(encode(check)) == check);
  const Request wide{7, Check{{}, std::vector<TableSum>(Check::kMostTables + 1)}};
  check_bad(decode_request(encode(wide)));
}

TEST_CASE("message: responses come back with every field", "[wire][message]") {
  const Response reply{7, hello_reply()};
  CHECK(decode_response(encode(reply)) == reply);
  const Response compared{7, CompareReply{{hash(1), std::nullopt}}};
  CHECK(decode_response(encode(compared)) == compared);
  const Response checked{7, CheckReply{true, {"stock_cell", "staff"}}};
  CHECK(decode_response(encode(checked)) == checked);
  const Response wide{7, CheckReply{false, std::vector<std::string>(Check::kMostTables + 1)}};
  check_bad(decode_response(encode(wide)));
  const Response fetched{0, FetchReply{"cat", Bytes("\x00\xff frame", 8), 12, 3}};
  CHECK(decode_response(encode(fetched)) == fetched);
  const Response empty{8, FetchReply{"cat", "", 0, 0}};
  CHECK(decode_response(encode(empty)) == empty);
}

TEST_CASE("message: every verdict comes back", "[wire][message]") {
  for (const auto verdict :
       {Verdict::kResume, Verdict::kRefused, Verdict::kForked, Verdict::kBehind}) {
    HelloReply reply = hello_reply();
    reply.verdict = verdict;
    const Response response{1, reply};
    CHECK(decode_response(encode(response)) == response);
  }
}

TEST_CASE("message: acks, doorbells and presence come back with every field", "[wire][message]") {
  CHECK(decode_ack(encode(ack())) == ack());
  CHECK(decode_ack(encode(Ack{})) == Ack{});
  const Doorbell doorbell{HubGeneration(9), {{"cat", 10, 2}, {"site:store-1", UINT64_MAX, 3}}};
  CHECK(decode_doorbell(encode(doorbell)) == doorbell);
  CHECK(decode_doorbell(encode(Doorbell{})) == Doorbell{});
  const Presence presence{true, Incarnation(5), 77, UtcTime{1'795'507'200'123'456}};
  CHECK(decode_presence(encode(presence)) == presence);
  CHECK(decode_presence(encode(Presence{})) == Presence{});
}

TEST_CASE("message: they are written by the numbers of sync.proto", "[wire][message]") {
  const ProtoFields request(encode(Request{7, hello()}));
  CHECK(request.at(1).content == test::varint(7));
  const ProtoFields greeting = request.nested(2);
  CHECK(greeting.at(1).content == Bytes("\xef\xcd\xab\x89\x67\x45\x23\x01", 8));
  CHECK(greeting.at(3).content == crypto::to_bytes(hash(1)));
  CHECK(greeting.at(7).content == test::varint(3));
  CHECK(greeting.nested(8).at(1).content == node(1).value().bytes());
  CHECK(greeting.nested(9).at(1).content == "cat");
  CHECK(greeting.at(10).content == test::varint(test::zigzag(-1)));
  const ProtoFields fields(encode(ack()));
  CHECK(fields.at(3).content == crypto::to_bytes(hash(4)));
  CHECK(fields.nested(9).at(2).content == "unknown_event_type");
  CHECK(fields.at(10).content == test::varint(801));
}

TEST_CASE("message: fields of a later program are passed over", "[wire][message]") {
  const auto later = [](const Bytes& message) {
    return ProtoFields(message).plus_octets(100, "later").with_varint(101, 7).bytes();
  };
  const Request fetch{7, Fetch{"cat", 1, 2, true}};
  CHECK(decode_request(later(encode(fetch))) == fetch);
  const Response reply{7, hello_reply()};
  CHECK(decode_response(later(encode(reply))) == reply);
  CHECK(decode_ack(later(encode(ack()))) == ack());
  const Doorbell doorbell{HubGeneration(9), {{"cat", 10, 2}}};
  const ProtoFields with_snapshot = ProtoFields(encode(doorbell)).plus_octets(3, "snap-1");
  CHECK(decode_doorbell(later(with_snapshot.bytes())) == doorbell);
  CHECK(decode_presence(later(encode(Presence{}))) == Presence{});
}

TEST_CASE("message: a question or answer of no known kind is refused", "[wire][message]") {
  check_bad(decode_request(""));
  check_bad(decode_request(ProtoFields().with_varint(1, 7).bytes()));
  check_bad(decode_request(ProtoFields().with_octets(9, "").bytes()));
  check_bad(decode_response(""));
  check_bad(decode_response(ProtoFields().with_octets(9, "").bytes()));
}

TEST_CASE("message: a HELLO with a malformed field is refused", "[wire][message]") {
  const ProtoFields good = ProtoFields(encode(Request{7, hello()})).nested(2);
  const auto request = [](const ProtoFields& greeting) {
    return decode_request(ProtoFields().with_octets(2, greeting.bytes()).bytes());
  };
  REQUIRE(request(good));
  check_bad(request(good.without(3)));
  check_bad(request(good.with_octets(3, Bytes(15, 'x'))));
  check_bad(request(good.without(5)));
  check_bad(request(good.with_octets(5, Bytes(17, 'x'))));
  check_bad(request(good.with_octets(8, "")));
  check_bad(request(good.with_octets(8, good.nested(8).with_octets(1, "short").bytes())));
  check_bad(request(good.with_octets(8, "\xff")));
  check_bad(request(good.with_octets(9, good.nested(9).with_octets(1, "\xff").bytes())));
}

TEST_CASE("message: an answer to HELLO with a malformed field is refused", "[wire][message]") {
  const ProtoFields good = ProtoFields(encode(Response{7, hello_reply()})).nested(2);
  const auto response = [](const ProtoFields& reply) {
    return decode_response(ProtoFields().with_octets(2, reply.bytes()).bytes());
  };
  REQUIRE(response(good));
  for (const std::uint64_t verdict :
       {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{257}, static_cast<std::uint64_t>(-1)}) {
    CAPTURE(verdict);
    check_bad(response(good.with_varint(1, verdict)));
  }
  check_bad(response(good.without(1)));
  check_bad(response(good.with_octets(2, "\xff")));
  check_bad(response(good.without(4)));
  check_bad(response(good.with_octets(4, Bytes(15, 'x'))));
  check_bad(response(good.without(7)));
  check_bad(response(good.with_octets(7, Bytes(17, 'x'))));
  check_bad(response(good.with_octets(11, "\xff")));
}

TEST_CASE("message: an ack with a malformed field is refused", "[wire][message]") {
  const ProtoFields good(encode(ack()));
  check_bad(decode_ack(good.without(3).bytes()));
  check_bad(decode_ack(good.with_octets(3, Bytes(15, 'x')).bytes()));
  check_bad(decode_ack(good.with_octets(9, "\xff").bytes()));
  check_bad(decode_ack(good.with_octets(9, good.nested(9).with_octets(2, "\xff").bytes()).bytes()));
  check_bad(decode_ack(""));
}

TEST_CASE("message: feeds and their names are well-formed", "[wire][message]") {
  const ProtoFields good(encode(Doorbell{HubGeneration(9), {{"cat", 10, 2}}}));
  check_bad(decode_doorbell(good.with_octets(2, "\xff").bytes()));
  check_bad(
      decode_doorbell(good.with_octets(2, good.nested(2).with_octets(1, "\xff").bytes()).bytes()));
  check_bad(decode_doorbell("\xff"));
  check_bad(decode_presence("\xff"));
  const ProtoFields fetch = ProtoFields().with_octets(1, "\xc0\x80");
  check_bad(decode_request(ProtoFields().with_octets(3, fetch.bytes()).bytes()));
  check_bad(decode_response(ProtoFields().with_octets(3, fetch.bytes()).bytes()));
}

TEST_CASE("message: a list has at most 10,000 entries", "[wire][message]") {
  constexpr std::size_t kMost = 10'000;
  const auto entries = [](std::size_t count) {
    Hello most = hello();
    most.vv.assign(count, most.vv.front());
    HelloReply reply = hello_reply();
    reply.feeds.assign(count, reply.feeds.front());
    Ack answer = ack();
    answer.parked.assign(count, answer.parked.front());
    Hello cursors = hello();
    cursors.cursors.assign(count, cursors.cursors.front());
    return std::vector<bool>{
        decode_request(encode(Request{1, most})).has_value(),
        decode_request(encode(Request{1, cursors})).has_value(),
        decode_response(encode(Response{1, reply})).has_value(),
        decode_ack(encode(answer)).has_value(),
        decode_doorbell(encode(Doorbell{HubGeneration(1), reply.feeds})).has_value()};
  };
  CHECK(entries(kMost) == std::vector<bool>(5, true));
  CHECK(entries(kMost + 1) == std::vector<bool>(5, false));
}

/// All decoders, one after the other: true where one could read it.
int read_by(BytesView bytes) {
  int read = 0;
  const auto look = [&read](const auto& message) {
    if (message) ++read;
    if (!message) REQUIRE(message.error().reason == "bad_message");
  };
  look(decode_request(bytes));
  look(decode_response(bytes));
  look(decode_ack(bytes));
  look(decode_doorbell(bytes));
  look(decode_presence(bytes));
  return read;
}

TEST_CASE("message: cut off, flipped or taken for another, it is read or refused",
          "[wire][message]") {
  for (const Bytes& message :
       {encode(Request{7, hello()}), encode(Request{7, Fetch{"cat", 1, 2, true}}),
        encode(Request{7, Find{"WEB-1001"}}), encode(Response{7, hello_reply()}),
        encode(Response{7, FetchReply{"cat", "frame", 1, 2}}), encode(ack()),
        encode(Doorbell{HubGeneration(9), {{"cat", 10, 2}}}),
        encode(Presence{true, Incarnation(5), 77, UtcTime{1}})}) {
    CHECK(read_by(message) >= 1);
    for (std::size_t size = 0; size < message.size(); ++size) {
      CAPTURE(to_hex(message), size);
      REQUIRE_NOTHROW(read_by(BytesView(message).substr(0, size)));
    }
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
      Bytes flipped = message;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      CAPTURE(bit);
      REQUIRE_NOTHROW(read_by(flipped));
    }
  }
}

TEST_CASE("message: a time that no stamp could hold is refused, whoever tells it",
          "[wire][message]") {
  // The clock of a device is anchored to what the hub tells.
  constexpr std::int64_t kYear6430 = 140'737'488'355'328'000;
  for (const std::int64_t us : {INT64_MIN, INT64_MAX, kYear6430}) {
    CAPTURE(us);
    Ack answer = ack();
    answer.hub_time = UtcTime{us};
    check_bad(decode_ack(encode(answer)));
    HelloReply reply = hello_reply();
    reply.hub_time = UtcTime{us};
    check_bad(decode_response(encode(Response{1, reply})));
    reply = hello_reply();
    reply.wall = UtcTime{us};
    check_bad(decode_response(encode(Response{1, reply})));
    Hello greeting = hello();
    greeting.wall = UtcTime{us};
    check_bad(decode_request(encode(Request{1, greeting})));
    check_bad(decode_presence(encode(Presence{true, Incarnation(5), 77, UtcTime{us}})));
  }
  Ack latest = ack();
  latest.hub_time = UtcTime{kYear6430 - 1};
  CHECK(decode_ack(encode(latest)) == latest);
}

}  // namespace
}  // namespace cairn::wire::message_test
