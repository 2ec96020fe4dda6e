#include "core/runtime/sse_hub.h"

#include "core/runtime/detail/event_ring.h"
#include "tests/core/runtime/support/test_server.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <thread>

namespace cairn::runtime::sse_hub_test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::get;
using test::kPatience;
using test::RawPeer;
using test::TestServer;

const std::string kBearer = "Authorization: Bearer anna\r\n";

SseHub::Options quiet() {
  SseHub::Options options;
  options.heartbeat = hours(1);
  return options;
}

/// A server with one stream, /events.
struct Stream {
  explicit Stream(SseHub::Options options = quiet(), std::string permission = "",
                  HttpServer::Options server_options = {})
      : hub(clock, hub_metrics, std::move(options)),
        server({}, std::move(server_options), {{"/events", std::move(permission), &hub}}) {}

  /// Connects and reads up to the first event, which is included in what `first` gets.
  [[nodiscard]] RawPeer open(std::string_view fields = {}, std::string* first = nullptr,
                             std::string_view path = "/events", int receive_buffer = 0) const {
    RawPeer peer(server.server.port(), receive_buffer);
    peer.send(get(path, fields));
    std::string text = peer.read_until("retry: 2000\n\n");
    text += peer.read_until("\n\n");
    if (first != nullptr) *first = text;
    return peer;
  }

  SystemClock clock;
  Metrics hub_metrics;
  SseHub hub;
  TestServer server;
};

TEST_CASE("event ring: resumes what it still has, and nothing else", "[runtime][sse]") {
  EventRing ring("0a0b0c0d", 3);
  CHECK(ring.start("0a0b0c0d-0").resumed);
  for (int i = 0; i < 5; ++i) ring.append("n", fmt::format("{}", i));
  CHECK(ring.start("0a0b0c0d-5").resumed);
  CHECK(ring.start("0a0b0c0d-2").resumed);
  CHECK(ring.start("0a0b0c0d-2").after == 2);
  for (const char* id : {"0a0b0c0d-1", "0a0b0c0d-6", "ffffffff-3", "0a0b0c0d-", "0a0b0c0d-x",
                         "0a0b0c0d--1", "3", "", "0a0b0c0d-99999999999999999999"}) {
    CAPTURE(id);
    CHECK_FALSE(ring.start(id).resumed);
    CHECK(ring.start(id).after == 5);
  }
  CHECK_FALSE(ring.start(std::nullopt).resumed);

  std::uint64_t after = 2;
  std::string frames;
  CHECK(ring.read(after, frames, 1));
  CHECK(frames == "id: 0a0b0c0d-3\nevent: n\ndata: 2\n\n");
  CHECK(ring.read(after, frames, 1000));
  CHECK(after == 5);
  after = 1;
  CHECK_FALSE(ring.read(after, frames, 1000));
}

TEST_CASE("sse: a new client starts at now with hello", "[runtime][sse]") {
  auto options = quiet();
  options.build = "1.2.3";
  Stream stream(options);
  stream.hub.publish("before", "{}");
  std::string first;
  auto peer = stream.open({}, &first);
  const std::string& boot = stream.hub.boot();
  CHECK(boot.size() == 8);
  CHECK(first.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(first.find("Content-Type: text/event-stream\r\n") != std::string::npos);
  CHECK(first.find("Cache-Control: no-store\r\n") != std::string::npos);
  CHECK(first.find("X-Content-Type-Options: nosniff\r\n") != std::string::npos);
  CHECK(first.ends_with(
      fmt::format("id: {0}-1\nevent: hello\n"
                  "data: {{\"boot\":\"{0}\",\"missed\":false,\"build\":\"1.2.3\"}}\n\n",
                  boot)));
  stream.hub.publish("scan", R"({"gtin":"1"})");
  CHECK(peer.read_until("\n\n") ==
        fmt::format("id: {}-2\nevent: scan\ndata: {{\"gtin\":\"1\"}}\n\n", boot));
}

TEST_CASE("sse: a client resumes by header or query, without gap or double", "[runtime][sse]") {
  Stream stream;
  const std::string& boot = stream.hub.boot();
  for (int i = 1; i <= 10; ++i) stream.hub.publish("n", fmt::format("{}", i));
  std::string first;
  const auto last = fmt::format("{}-7", boot);
  const bool by_query = GENERATE(true, false);
  auto peer = by_query ? stream.open({}, &first, "/events?last_event_id=" + last)
                       : stream.open("Last-Event-ID: " + last + "\r\n", &first);
  CHECK(first.ends_with(fmt::format("retry: 2000\n\nid: {}-8\nevent: n\ndata: 8\n\n", boot)));
  stream.hub.publish("n", "11");
  for (int i = 9; i <= 11; ++i) {
    CHECK(peer.read_until("\n\n") == fmt::format("id: {}-{}\nevent: n\ndata: {}\n\n", boot, i, i));
  }
}

TEST_CASE("sse: who cannot resume is told that something was missed", "[runtime][sse]") {
  auto options = quiet();
  options.kept_events = 3;
  Stream stream(options);
  for (int i = 0; i < 10; ++i) stream.hub.publish("n", "0");
  const auto id = GENERATE(values<std::string>({"ffffffff-3", "BOOT-2", "BOOT-11", "nonsense"}));
  std::string named = id;
  if (named.starts_with("BOOT")) named.replace(0, 4, stream.hub.boot());
  std::string first;
  (void)stream.open("Last-Event-ID: " + named + "\r\n", &first);
  CHECK(first.find("\"missed\":true") != std::string::npos);
  CHECK(first.find(fmt::format("id: {}-10\n", stream.hub.boot())) != std::string::npos);
}

TEST_CASE("sse: reconnecting again and again while events flow loses and repeats nothing",
          "[runtime][sse]") {
  constexpr int kEvents = 2000;
  auto options = quiet();
  options.kept_events = kEvents;
  options.lag_max = kEvents;
  Stream stream(options);
  auto peer = std::make_unique<RawPeer>(stream.open());
  std::thread publisher([&stream] {
    for (int i = 1; i <= kEvents; ++i) stream.hub.publish("n", fmt::format("{}", i));
  });
  int expected = 1;
  bool ordered = true;
  while (expected <= kEvents && ordered) {
    const std::string frame = peer->read_until("\n\n");
    ordered = frame == fmt::format("id: {}-{}\nevent: n\ndata: {}\n\n", stream.hub.boot(), expected,
                                   expected);
    if (expected++ % 100 != 0) continue;
    peer = std::make_unique<RawPeer>(stream.server.server.port());
    peer->send(
        get("/events", fmt::format("Last-Event-ID: {}-{}\r\n", stream.hub.boot(), expected - 1)));
    (void)peer->read_until("retry: 2000\n\n");
  }
  publisher.join();
  CHECK(ordered);
  CHECK(expected == kEvents + 1);
}

TEST_CASE("sse: a heartbeat tells the time and has no id", "[runtime][sse]") {
  SseHub::Options options;
  options.heartbeat = milliseconds(20);
  const Stream stream(options);
  auto peer = stream.open();
  for (int i = 0; i < 3; ++i) {
    const std::string frame = peer.read_until("\n\n");
    const std::string_view start = "event: heartbeat\ndata: {\"time\":\"";
    REQUIRE(frame.starts_with(start));
    CHECK(UtcTime::parse(frame.substr(start.size(), 24)).has_value());
  }
}

TEST_CASE("sse: a client that does not read is disconnected and resumes without gap",
          "[runtime][sse]") {
  auto options = quiet();
  options.lag_max = 50;
  Stream stream(options);
  auto slow = stream.open({}, nullptr, "/events", 4096);
  auto quick = stream.open();
  const std::string filler = "\"" + std::string(4000, 'x') + "\"";
  int published = 0;
  while (stream.hub.clients() == 2 && published < 1000) {
    stream.hub.publish("n", filler);
    (void)quick.read_until(fmt::format("id: {}-{}\n", stream.hub.boot(), ++published));
  }
  CHECK(stream.hub.clients() == 1);
  const std::string got = slow.read_to_end();
  const auto id = got.rfind("\n\nid: ");  // the last whole frame ends where the next one starts
  const int next = std::stoi(got.substr(id + 6 + 9));
  CHECK(next < published);
  std::string first;
  (void)stream.open(fmt::format("Last-Event-ID: {}-{}\r\n", stream.hub.boot(), next - 1), &first);
  CHECK(first.find(fmt::format("\n\nid: {}-{}\n", stream.hub.boot(), next)) != std::string::npos);
  std::string slow_clients;
  for (const auto& sample : stream.hub_metrics.samples()) {
    if (sample.name == "sse_slow_clients_total") slow_clients = sample.value;
  }
  CHECK(slow_clients == "1");
}

TEST_CASE("sse: a client that resumes far behind is not taken for a slow one", "[runtime][sse]") {
  auto options = quiet();
  options.lag_max = 10;
  Stream stream(options);
  const std::string filler = "\"" + std::string(4000, 'x') + "\"";
  for (int i = 1; i <= 1000; ++i) stream.hub.publish("n", filler);
  const auto id = fmt::format("Last-Event-ID: {}-1\r\n", stream.hub.boot());
  auto peer = stream.open(id, nullptr, "/events", 4096);
  for (int i = 3; i <= 1000; ++i) {
    CHECK(peer.read_until("\n\n").starts_with(fmt::format("id: {}-{}\n", stream.hub.boot(), i)));
  }
}

TEST_CASE("sse: publishing does not wait for clients, nor need any", "[runtime][sse]") {
  Stream stream;
  auto stuck = stream.open({}, nullptr, "/events", 4096);
  const std::string filler = "\"" + std::string(10'000, 'x') + "\"";
  for (int i = 0; i < 5000; ++i) stream.hub.publish("n", filler);
  (void)stuck.read_to_end();
  CHECK(stream.hub.clients() == 0);
}

TEST_CASE("sse: too many clients are turned away until one leaves", "[runtime][sse]") {
  HttpServer::Options options;
  options.sse_clients_max = 2;
  const Stream stream(quiet(), "", options);
  auto one = std::make_unique<RawPeer>(stream.open());
  auto two = stream.open();
  auto third = stream.server.connect();
  third.send(get("/events"));
  const auto refused = third.response();
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After") == "1");
  CHECK(refused.body.find("too_many_streams") != std::string::npos);
  one.reset();
  // The hub notices as soon as the kernel tells it; until then the place is taken.
  int status = 503;
  for (int attempt = 0; attempt < 10'000 && status == 503; ++attempt) {
    RawPeer again(stream.server.server.port());
    again.send(get("/events"));
    status = again.response(false).status;
  }
  CHECK(status == 200);
}

TEST_CASE("sse: a stream needs its permission", "[runtime][sse]") {
  const Stream stream(quiet(), "order.read");
  CHECK(stream.server.exchange(get("/events")).status == 401);
  CHECK(stream.server.exchange("POST /events HTTP/1.1\r\nHost: t\r\n" + kBearer + "\r\n").status ==
        405);
  CHECK(stream.server.exchange("HEAD /events HTTP/1.1\r\nHost: t\r\n" + kBearer + "\r\n", false)
            .status == 200);
  (void)stream.open(kBearer);
  (void)stream.open("Cookie: cairn_session=anna\r\n");
}

TEST_CASE("sse: streams take no thread, and stop does not wait for them", "[runtime][sse]") {
  HttpServer::Options options;
  options.max_threads = 1;
  options.sse_clients_max = 20;
  Stream stream(quiet(), "", options);
  std::vector<RawPeer> peers;
  for (int i = 0; i < 20; ++i) peers.push_back(stream.open());
  CHECK(stream.server.exchange(get("/nothing")).status == 404);
  auto stopped = std::async(std::launch::async, [&stream] { stream.server.server.stop(); });
  CHECK(stopped.wait_for(kPatience) == std::future_status::ready);
  for (auto& peer : peers) CHECK(peer.read_to_end().empty());
  CHECK(stream.hub.clients() == 0);
}

TEST_CASE("sse: what a client sends is read over", "[runtime][sse]") {
  Stream stream;
  auto peer = stream.open();
  CHECK(peer.send(std::string(100'000, 'x')));
  stream.hub.publish("n", "1");
  CHECK(peer.read_until("\n\n").ends_with("data: 1\n\n"));
}

}  // namespace
}  // namespace cairn::runtime::sse_hub_test
