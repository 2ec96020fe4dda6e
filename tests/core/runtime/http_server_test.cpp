#include "core/runtime/http_server.h"

#include "core/runtime/http_client.h"
#include "tests/core/runtime/support/test_server.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

namespace cairn::runtime::http_server_test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::echo_route;
using test::get;
using test::kPatience;
using test::post;
using test::RawPeer;
using test::TestServer;
using test::text_route;

const std::string kBearer = "Authorization: Bearer anna\r\n";
const std::string kCookie = "Cookie: cairn_session=anna\r\n";

bool says(const test::RawResponse& response, std::string_view reason) {
  return response.body.find(fmt::format("/problems/{}\"", reason)) != std::string::npos;
}

TEST_CASE("http server: hands parameters, query, headers, body and peer to the handler",
          "[runtime][http]") {
  HttpRequest seen;
  const Route route{"POST", "/orders/{id}/lines/{no}", "",
                    [&seen](const HttpRequest& request, const Principal&) -> Result<HttpResponse> {
                      seen = request;
                      return json_response(json::Value::object().set("ok", true), 201);
                    }};
  const TestServer server({route});
  const auto response = server.exchange(
      post("/orders/a%2Fb%20%C3%BC/lines/3?q=x+y&q=%26", "{\"a\":1}", "X-Thing: t\r\n"));
  CHECK(response.status == 201);
  CHECK(response.body == R"({"ok":true})");
  CHECK(response.header("Content-Type") == "application/json");
  CHECK(seen.method == "POST");
  CHECK(seen.path == "/orders/a%2Fb%20%C3%BC/lines/3");
  CHECK(seen.parameter("id") == "a/b ü");
  CHECK(seen.parameter("no") == "3");
  CHECK(seen.query == std::vector<std::pair<std::string, std::string>>{{"q", "x y"}, {"q", "&"}});
  CHECK(seen.header("x-thing") == "t");
  CHECK(seen.body == "{\"a\":1}");
  CHECK(seen.remote_address == "127.0.0.1");
  CHECK(seen.trace_id == response.header("X-Trace-Id"));
}

TEST_CASE("http server: every response carries the safe header fields", "[runtime][http]") {
  const Route cached{"GET", "/cached", "", [](const HttpRequest&, const Principal&) {
                       return HttpResponse{200, "text/css", "x", {{"cache-control", "max-age=9"}}};
                     }};
  const TestServer server({cached, text_route("/plain", [](const HttpRequest&) { return "x"; })});
  for (const char* path : {"/plain", "/nothing", "/cached"}) {
    const auto response = server.exchange(get(path));
    CAPTURE(path);
    CHECK(response.header("X-Content-Type-Options") == "nosniff");
    CHECK_FALSE(response.header("X-Trace-Id").empty());
    CHECK_FALSE(response.header("Date").empty());
    CHECK(response.headers.count("Cache-Control") == 1);
    CHECK(response.header("Cache-Control") ==
          (std::string_view(path) == "/cached" ? "max-age=9" : "no-store"));
  }
}

TEST_CASE("http server: unknown paths and methods are problems", "[runtime][http]") {
  const TestServer server({echo_route("POST", "/orders", ""), echo_route("PUT", "/orders", "")});
  const auto missing = server.exchange(get("/nothing/here"));
  CHECK(missing.status == 404);
  CHECK(missing.header("Content-Type") == "application/problem+json");
  CHECK(says(missing, "no_such_path"));
  CHECK(missing.body.find("\"trace_id\":\"" + missing.header("X-Trace-Id")) != std::string::npos);
  const auto method = server.exchange(get("/orders"));
  CHECK(method.status == 405);
  CHECK(method.header("Allow") == "POST, PUT");
}

TEST_CASE("http server: HEAD is GET without the body", "[runtime][http]") {
  const TestServer server({text_route("/a", [](const HttpRequest&) { return "hello"; })});
  auto peer = server.connect();
  peer.send("HEAD /a HTTP/1.1\r\nHost: t\r\n\r\n" + get("/a"));
  const auto head = peer.response(false);
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "5");
  const auto full = peer.response();  // nothing of a body came in between
  CHECK(full.status == 200);
  CHECK(full.body == "hello");
  peer.send("HEAD /nothing HTTP/1.1\r\nHost: t\r\n\r\n" + get("/a"));
  CHECK(peer.response(false).status == 404);
  CHECK(peer.response().status == 200);
}

TEST_CASE("http server: a handler's error is a problem; an internal one is logged",
          "[runtime][http]") {
  const auto failing = [](ErrorCode code, std::string reason) {
    return [code, reason](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
      return fail(code, reason, "because");
    };
  };
  const TestServer server({{"GET", "/rejected", "", failing(ErrorCode::kRejected, "over_pick")},
                           {"GET", "/broken", "", failing(ErrorCode::kInternal, "disk")}});
  const auto rejected = server.exchange(get("/rejected"));
  CHECK(rejected.status == 422);
  CHECK(says(rejected, "over_pick"));
  CHECK(server.exchange(get("/broken")).status == 500);
  CHECK(server.log.has("error http_request_failed route=/broken reason=disk"));
  CHECK_FALSE(server.log.has("over_pick"));
}

TEST_CASE("http server: a handler that throws is a 500, logged, and the server lives",
          "[runtime][http]") {
  const Route route{"GET", "/throw", "",
                    [](const HttpRequest&, const Principal&) -> Result<HttpResponse> {
                      throw std::runtime_error("secret detail");
                    }};
  const TestServer server({route});
  auto peer = server.connect();
  for (int i = 0; i < 2; ++i) {
    peer.send(get("/throw"));
    const auto response = peer.response();
    CHECK(response.status == 500);
    CHECK(says(response, "internal"));
    CHECK(response.body.find("secret") == std::string::npos);
    CHECK(server.log.has("error http_handler_threw route=/throw error=secret detail trace_id=" +
                         response.header("X-Trace-Id")));
  }
}

TEST_CASE("http server: what throws in the authenticator is a 500 as well",
          "[runtime][http][auth]") {
  const TestServer server({echo_route("POST", "/orders", "any")});
  const auto response = server.exchange(post("/orders", "x", "Authorization: Bearer throw\r\n"));
  CHECK(response.status == 500);
  CHECK(server.log.has("error http_handler_threw route=/orders"));
}

TEST_CASE("http server: a handler cannot break the framing", "[runtime][http]") {
  const auto field =
      GENERATE(values<std::pair<std::string, std::string>>({{"X-Name", "a\r\nX-Evil: b"},
                                                            {"X Name", "a"},
                                                            {"Content-Length", "0"},
                                                            {"Connection", "x"}}));
  const Route route{"GET", "/a", "", [field](const HttpRequest&, const Principal&) {
                      return HttpResponse{200, "text/plain", "x", {field}};
                    }};
  const TestServer server({route});
  const auto response = server.exchange(get("/a"));
  CHECK(response.status == 500);
  CHECK(response.header("X-Evil").empty());
  CHECK(server.log.has("error http_response_malformed route=/a"));
}

TEST_CASE("http server: answers without a body have none", "[runtime][http]") {
  const Route route{"GET", "/a", "", [](const HttpRequest&, const Principal&) {
                      return HttpResponse{304, "text/plain", "", {{"ETag", "\"1\""}}};
                    }};
  const TestServer server({route});
  auto peer = server.connect();
  for (int i = 0; i < 2; ++i) {
    peer.send(get("/a"));
    const auto response = peer.response();
    CHECK(response.status == 304);
    CHECK(response.headers.count("Content-Length") == 0);
    CHECK(response.headers.count("Content-Type") == 0);
    CHECK(response.header("ETag") == "\"1\"");
  }
}

TEST_CASE("http server: who may do what", "[runtime][http][auth]") {
  const Route whoami{"GET", "/me", "any", [](const HttpRequest&, const Principal& user) {
                       return HttpResponse{200, "text/plain", user.name, {}};
                     }};
  const Route open{"GET", "/open", "", [](const HttpRequest&, const Principal& user) {
                     return HttpResponse{200, "text/plain", "[" + user.name + "]", {}};
                   }};
  const TestServer server({whoami, open, echo_route("GET", "/orders", "order.read"),
                           echo_route("GET", "/till", "till.open")});
  CHECK(server.exchange(get("/open", kBearer)).body == "[]");
  CHECK(server.exchange(get("/me", kBearer)).body == "Anna");
  CHECK(server.exchange(get("/me", kCookie)).body == "Anna");
  CHECK(server.exchange(get("/orders", kBearer)).status == 200);

  const auto nobody = server.exchange(get("/me"));
  CHECK(nobody.status == 401);
  CHECK(nobody.header("WWW-Authenticate") == "Bearer");
  CHECK(says(nobody, "unauthenticated"));
  CHECK(server.exchange(get("/me", "Authorization: Bearer stale\r\n")).status == 401);
  CHECK(server.exchange(get("/me", "Authorization: Basic x\r\n" + kCookie)).status == 401);

  const auto forbidden = server.exchange(get("/till", kBearer));
  CHECK(forbidden.status == 403);
  CHECK(says(forbidden, "forbidden"));

  const auto busy = server.exchange(get("/me", "Authorization: Bearer busy\r\n"));
  CHECK(busy.status == 503);
  CHECK(busy.header("Retry-After") == "1");
}

TEST_CASE("http server: the cookie alone may read but not write", "[runtime][http][auth]") {
  const TestServer server({echo_route("POST", "/orders", "order.write"),
                           echo_route("GET", "/orders", "order.read"),
                           echo_route("POST", "/sign-in", "")});
  const auto forged = server.exchange(post("/orders", "x", kCookie));
  CHECK(forged.status == 403);
  CHECK(says(forged, "csrf"));
  CHECK(server.exchange(post("/orders", "x", kCookie + "X-Cairn-CSRF: 0\r\n")).status == 403);
  CHECK(server.exchange(post("/orders", "x", kCookie + "X-Cairn-CSRF: 1\r\n")).status == 200);
  CHECK(server.exchange(post("/orders", "x", kBearer)).status == 200);
  CHECK(server.exchange(get("/orders", kCookie)).status == 200);
  CHECK(server.exchange(post("/sign-in", "x", kCookie)).status == 200);
}

TEST_CASE("http server: a body in chunks is asked for with its length", "[runtime][http]") {
  const TestServer server({echo_route("POST", "/echo", "")});
  auto peer = server.connect();
  peer.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n0\r\n\r\n" +
      get("/nothing"));
  const auto response = peer.response();
  CHECK(response.status == 411);
  CHECK(says(response, "length_required"));
  CHECK(peer.read_to_end().empty());  // nothing of the body was taken for a request
}

TEST_CASE("http server: keeps connections, answers pipelined requests in order, closes on request",
          "[runtime][http]") {
  const TestServer server(
      {text_route("/{n}", [](const HttpRequest& request) { return request.parameter("n"); })});
  auto peer = server.connect();
  peer.send(get("/1") + get("/2") + get("/3", "Connection: close\r\n"));
  CHECK(peer.response().body == "1");
  const auto second = peer.response();
  CHECK(second.body == "2");
  CHECK(second.header("Connection") == "Keep-Alive");
  const auto third = peer.response();
  CHECK(third.body == "3");
  CHECK(third.header("Connection") == "Close");
  CHECK(peer.read_to_end().empty());
}

TEST_CASE("http server: tells a client that asks first to go on", "[runtime][http]") {
  const TestServer server({echo_route("POST", "/echo", "", 10)});
  auto peer = server.connect();
  peer.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  CHECK(peer.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("hello");
  CHECK(peer.response().body == "hello");
}

TEST_CASE("http server: counts and logs requests by pattern, never by path", "[runtime][http]") {
  TestServer server({text_route("/orders/{id}", [](const HttpRequest&) { return "x"; })});
  CHECK(server.exchange(get("/orders/jane-doe?phone=private")).status == 200);
  CHECK(server.exchange(get("/orders/john-roe")).status == 200);
  CHECK(server.exchange("MADE-UP /jane-doe HTTP/1.1\r\nHost: t\r\n\r\n").status == 404);
  server.server.stop();
  CHECK(server.metric("http_requests_total", R"(method="GET",route="/orders/{id}",status="200")") ==
        "2");
  CHECK(server.metric("http_requests_total", R"(method="other",route="none",status="404")") == "1");
  CHECK(server.metric("http_request_ms_count", R"(route="/orders/{id}")") == "2");
  CHECK(server.log.has("debug http_request method=GET route=/orders/{id} status=200 ms="));
  for (const char* part : {"jane-doe", "john-roe", "phone", "private", "MADE-UP"}) {
    CHECK_FALSE(server.log.has(part));
  }
}

TEST_CASE("http server: twenty clients at once, on fewer threads, all keeping their connections",
          "[runtime][http]") {
  HttpServer::Options options;
  options.max_threads = 4;
  const TestServer server(
      {text_route("/{n}", [](const HttpRequest& request) { return request.parameter("n"); })},
      options);
  std::vector<std::future<int>> clients;
  for (int c = 0; c < 20; ++c) {
    clients.push_back(std::async(std::launch::async, [&server, c] {
      int right = 0;
      for (int i = 0; i < 25; ++i) {
        RawPeer peer(server.server.port());
        const std::string text = fmt::format("{}-{}", c, i);
        peer.send(get("/" + text));
        if (peer.response().body == text) ++right;
      }
      return right;
    }));
  }
  for (auto& client : clients) CHECK(client.get() == 25);
}

TEST_CASE("http server: connections that idle make room for those that wait", "[runtime][http]") {
  HttpServer::Options options;
  options.max_threads = 2;
  options.idle_timeout = milliseconds(20);
  const TestServer server({text_route("/a", [](const HttpRequest&) { return "x"; })}, options);
  std::vector<RawPeer> kept;  // nobody leaves, yet everybody is served
  for (int i = 0; i < 10; ++i) {
    kept.push_back(server.connect());
    kept.back().send(get("/a"));
    CHECK(kept.back().response().status == 200);
  }
}

TEST_CASE("http server: an idle connection ends after its time", "[runtime][http]") {
  HttpServer::Options options;
  options.idle_timeout = milliseconds(30);
  const TestServer server({text_route("/a", [](const HttpRequest&) { return "x"; })}, options);
  auto peer = server.connect();
  CHECK(peer.read_to_end().empty());
}

TEST_CASE("http server: stop lets a running handler answer", "[runtime][http]") {
  std::promise<void> entered;
  std::promise<void> leave;
  const Route slow{"GET", "/slow", "", [&entered, &leave](const HttpRequest&, const Principal&) {
                     entered.set_value();
                     leave.get_future().wait();
                     return HttpResponse{200, "text/plain", "done", {}};
                   }};
  TestServer server({slow});
  auto peer = server.connect();
  peer.send(get("/slow"));
  REQUIRE(entered.get_future().wait_for(kPatience) == std::future_status::ready);
  auto stopped = std::async(std::launch::async, [&server] { server.server.stop(); });
  leave.set_value();
  const auto response = peer.response();
  CHECK(response.body == "done");
  CHECK(stopped.wait_for(kPatience) == std::future_status::ready);
  CHECK_THROWS(RawPeer(server.server.port()));
}

TEST_CASE("http server: stop ends idle connections at once, twice is fine", "[runtime][http]") {
  HttpServer::Options options;
  options.idle_timeout = hours(1);
  TestServer server({text_route("/a", [](const HttpRequest&) { return "x"; })}, options);
  auto peer = server.connect();
  peer.send(get("/a"));
  CHECK(peer.response().status == 200);
  server.server.stop();
  server.server.stop();
  CHECK(peer.read_to_end().empty());
}

TEST_CASE("http server: an address that cannot be listened at is named", "[runtime][http]") {
  const TestServer server({});
  test::OneUser users;
  test::RecordingLog log;
  Metrics metrics;
  const auto refusal = [&users, &log, &metrics](const std::string& host, std::uint16_t port) {
    HttpServer::Options options;
    options.host = host;
    options.port = port;
    HttpServer other(options, {}, {}, users, log, metrics);
    const auto started = other.start();
    REQUIRE_FALSE(started);
    return started.error();
  };
  const Error taken = refusal("127.0.0.1", server.server.port());
  CHECK(taken.code == ErrorCode::kUnavailable);
  CHECK(taken.reason == "address_in_use");
  CHECK(taken.message ==
        fmt::format("cannot listen at 127.0.0.1:{}: another program uses this address",
                    server.server.port()));
  CHECK(refusal("192.0.2.1", 0).reason == "bad_address");
  CHECK(refusal("not an address", 0).reason == "bad_address");
}

TEST_CASE("http server: cost of a request on a kept connection", "[.][bench]") {
  const TestServer server({echo_route("POST", "/orders/{id}/lines", "order.write")});
  auto peer = server.connect();
  const std::string request = post("/orders/7/lines", std::string(200, 'x'), kBearer);
  constexpr int kRequests = 20'000;
  const SystemClock clock;
  const MonoTime start = clock.mono_now();
  for (int i = 0; i < kRequests; ++i) {
    peer.send(request);
    REQUIRE(peer.response().status == 200);
  }
  const Duration took = clock.mono_now() - start;
  WARN("there and back: " << static_cast<double>(took.count()) / kRequests << " us a request");
}

TEST_CASE("http server: listens at IPv6 addresses", "[runtime][http]") {
  HttpServer::Options options;
  options.host = "::";  // all addresses, those of IPv4 included
  const TestServer server(
      {text_route("/peer", [](const HttpRequest& request) { return request.remote_address; })},
      options);
  CHECK(server.exchange(get("/peer")).body == "127.0.0.1");
  auto client = HttpClient::create(fmt::format("http://[::1]:{}", server.server.port()));
  REQUIRE(client);
  const auto response = client->send("GET", "/peer");
  REQUIRE(response);
  CHECK(response->body == "::1");
}

}  // namespace
}  // namespace cairn::runtime::http_server_test
