// Peers that are broken, slow or mean. What the server owes them is a clear refusal; what it owes
// the others is to stay up and quick.

#include "core/runtime/http_server.h"
#include "tests/core/runtime/support/test_server.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <thread>

namespace cairn::runtime::http_hostile_test {
namespace {

using std::chrono::milliseconds;
using test::echo_route;
using test::get;
using test::kPatience;
using test::post;
using test::RawPeer;
using test::TestServer;
using test::text_route;

std::vector<Route> routes() {
  return {echo_route("POST", "/echo", "", 100),
          text_route("/items/{id}", [](const HttpRequest& r) { return r.parameter("id"); })};
}

HttpServer::Options impatient() {
  HttpServer::Options options;
  options.idle_timeout = milliseconds(100);
  options.header_timeout = milliseconds(100);
  options.transfer_timeout = milliseconds(100);
  return options;
}

TEST_CASE("hostile: a body that is too long is refused unread", "[runtime][hostile]") {
  const TestServer server(routes());
  CHECK(server.exchange(post("/echo", std::string(100, 'x'))).status == 200);
  const auto announced = server.exchange(post("/echo", std::string(101, 'x')));
  CHECK(announced.status == 413);
  CHECK(announced.header("Connection") == "Close");
  RawPeer peer(server.server.port());
  peer.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 18446744073709551615\r\n\r\n");
  CHECK(peer.read_to_end().find(" 200 ") == std::string::npos);
}

TEST_CASE("hostile: what two programs could read in two ways is refused", "[runtime][hostile]") {
  const TestServer server(routes());
  const std::string start = "POST /echo HTTP/1.1\r\nHost: t\r\n";
  for (const std::string& request :
       {start + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
        start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        start + "Host: other\r\nContent-Length: 0\r\n\r\n",
        std::string("POST /echo HTTP/1.1\r\nContent-Length: 0\r\n\r\n"),
        std::string("GET http/items/7 HTTP/1.1\r\nHost: t\r\n\r\n"),
        std::string("GET /items/7 HTTP/2.0\r\nHost: t\r\n\r\n")}) {
    CAPTURE(request);
    RawPeer peer(server.server.port());
    peer.send(request + get("/items/8"));
    const auto response = peer.response();
    CHECK(response.status >= 400);
    CHECK(response.body.find("8") != 0);
  }
}

TEST_CASE("hostile: a refused sender is not cut off while it still sends", "[runtime][hostile]") {
  const TestServer server(routes());
  RawPeer peer(server.server.port());
  peer.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 200000\r\n\r\n");
  REQUIRE(peer.readable(kPatience));
  for (int i = 0; i < 20; ++i) CHECK(peer.send(std::string(10'000, 'x')));
  CHECK(peer.response().status == 413);
}

TEST_CASE("hostile: a body that is cut off never reaches the handler", "[runtime][hostile]") {
  std::atomic<int> handled = 0;
  const Route route{"POST", "/echo", "", [&handled](const HttpRequest&, const Principal&) {
                      ++handled;
                      return HttpResponse{};
                    }};
  const TestServer server({route});
  RawPeer peer(server.server.port());
  peer.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhello");
  peer.finish_sending();
  const auto response = peer.response();
  CHECK(response.status == 400);
  CHECK(response.body.find("incomplete_body") != std::string::npos);
  CHECK(peer.read_to_end().empty());
  CHECK(handled == 0);
}

TEST_CASE("hostile: a half-closed client still gets its answer", "[runtime][hostile]") {
  const TestServer server(routes());
  RawPeer peer(server.server.port());
  peer.send(get("/items/7"));
  peer.finish_sending();
  CHECK(peer.response().body == "7");
  CHECK(peer.read_to_end().empty());
}

TEST_CASE("hostile: bad escapes in path and query are refused", "[runtime][hostile]") {
  const TestServer server(routes());
  for (const char* path : {"/items/%", "/items/%zz", "/items/%00", "/items/%ff", "/items/%c0%af",
                           "/items/..", "/items/%2e%2e", "/items/7?q=%", "/items/7?%ff"}) {
    CAPTURE(path);
    CHECK(server.exchange(get(path)).status == 400);
  }
  CHECK(server.exchange(get("/items/%E2%82%AC")).body == "€");
}

TEST_CASE("hostile: a flood of header fields, a giant one, a giant address", "[runtime][hostile]") {
  const TestServer server(routes());
  std::string flood;
  for (int i = 0; i < 200; ++i) flood += fmt::format("X-{}: y\r\n", i);
  CHECK(server.exchange(get("/items/7", flood)).status == 400);
  CHECK(server.exchange(get("/items/7", "X: " + std::string(9'000, 'y') + "\r\n")).status == 400);
  CHECK(server.exchange(get("/items/" + std::string(20'000, 'y'))).status == 400);
}

TEST_CASE("hostile: a head without end is refused by size", "[runtime][hostile]") {
  const TestServer server(routes());
  RawPeer peer(server.server.port());
  peer.send("GET / HTTP/1.1\r\n");
  const std::string field = "X: " + std::string(1000, 'y') + "\r\n";
  while (!peer.readable(milliseconds(0)) && peer.send(field)) continue;
  CHECK(peer.read_to_end().find("HTTP/1.1 200") == std::string::npos);
}

TEST_CASE("hostile: a head that drips in is ended by time, however often it drips",
          "[runtime][hostile]") {
  const TestServer server(routes(), impatient());
  RawPeer peer(server.server.port());
  peer.send("GET / HTTP/1.1\r\nX: ");
  while (!peer.readable(milliseconds(5)) && peer.send("y")) continue;
  CHECK(peer.read_to_end().find("HTTP/1.1 200") == std::string::npos);
}

TEST_CASE("hostile: a body that drips in is ended by time", "[runtime][hostile]") {
  std::atomic<int> handled = 0;
  const Route route{"POST", "/echo", "", [&handled](const HttpRequest&, const Principal&) {
                      ++handled;
                      return HttpResponse{};
                    }};
  const TestServer server({route}, impatient());
  RawPeer peer(server.server.port());
  peer.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 9999\r\n\r\n");
  while (!peer.readable(milliseconds(5)) && peer.send("y")) continue;
  CHECK(peer.read_to_end().find("HTTP/1.1 200") == std::string::npos);
  CHECK(handled == 0);
}

TEST_CASE("hostile: a client that does not read its answer cannot hold a thread for long",
          "[runtime][hostile]") {
  auto options = impatient();
  options.max_threads = 1;
  options.transfer_rate = 1U << 30U;
  const std::string big(32U << 20U, 'x');
  auto all = routes();
  all.push_back(text_route("/big", [&big](const HttpRequest&) { return big; }));
  const TestServer server(std::move(all), options);
  RawPeer stuck(server.server.port(), 4096);
  stuck.send(get("/big"));
  (void)stuck.readable(kPatience);
  RawPeer other(server.server.port());
  other.send(get("/nothing"));
  CHECK(other.response().status == 404);
  CHECK(stuck.read_to_end().size() < big.size());
}

TEST_CASE("hostile: garbage and silence leave the server as it was", "[runtime][hostile]") {
  const TestServer server(routes(), impatient());
  for (const char* text :
       {"\x16\x03\x01\x02", "hello\r\n\r\n", "\r\n\r\n\r\n\r\n", "GET / HTTP/0.9\r\n\r\n",
        "GET /\xff HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}) {
    RawPeer peer(server.server.port());
    peer.send(text);
    peer.finish_sending();
    (void)peer.read_to_end();
  }
  std::vector<RawPeer> silent;
  for (int i = 0; i < 10; ++i) silent.push_back(server.connect());
  silent.clear();
  CHECK(server.exchange(get("/items/7")).body == "7");
}

TEST_CASE("hostile: more connections than can wait are turned away", "[runtime][hostile]") {
  std::promise<void> entered;
  std::promise<void> leave;
  const Route slow{"GET", "/slow", "", [&entered, &leave](const HttpRequest&, const Principal&) {
                     entered.set_value();
                     leave.get_future().wait();
                     return HttpResponse{200, "text/plain", "done", {}};
                   }};
  HttpServer::Options options;
  options.max_threads = 1;
  options.max_waiting = 1;
  const TestServer server({slow}, options);
  auto working = server.connect();
  working.send(get("/slow"));
  REQUIRE(entered.get_future().wait_for(kPatience) == std::future_status::ready);
  auto waiting = server.connect();
  auto refused = server.connect();
  CHECK(refused.read_to_end().empty());
  leave.set_value();
  CHECK(working.response().body == "done");
}

}  // namespace
}  // namespace cairn::runtime::http_hostile_test
