#include "core/runtime/http_client.h"

#include "tests/core/runtime/support/canned_server.h"
#include "tests/core/runtime/support/test_server.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>

namespace cairn::runtime::http_client_test {
namespace {

using std::chrono::milliseconds;
using test::CannedServer;
using test::echo_route;
using test::TestServer;
using test::text_route;

HttpClient client_of(const TestServer& server) {
  auto client = HttpClient::create(fmt::format("http://127.0.0.1:{}", server.server.port()));
  REQUIRE(client);
  return std::move(*client);
}

TEST_CASE("http client: sends and receives, over one connection", "[runtime][client]") {
  const TestServer server(
      {echo_route("POST", "/echo", ""), text_route("/q", [](const HttpRequest& request) {
         return request.query_value("a").value_or("") + request.header("X-One").value_or("");
       })});
  auto client = client_of(server);
  for (int i = 0; i < 3; ++i) {
    const auto echoed = client.send("POST", "/echo", {}, "hello");
    REQUIRE(echoed);
    CHECK(echoed->status == 200);
    CHECK(echoed->content_type == "text/plain");
    CHECK(echoed->body == "hello");
  }
  const auto queried = client.send("GET", "/q?a=x%20y", {{"X-One", "1"}});
  REQUIRE(queried);
  CHECK(queried->body == "x y1");
  const auto missing = client.send("GET", "/nothing");
  REQUIRE(missing);
  CHECK(missing->status == 404);
  CHECK(missing->header("x-content-type-options") == "nosniff");
  const auto head = client.send("HEAD", "/q");
  REQUIRE(head);
  CHECK(head->body.empty());
  CHECK(client.send("POST", "/echo", {}, "")->status == 200);
}

TEST_CASE("http client: follows a stream line by line until it is enough", "[runtime][client]") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
  const auto followed = [&head](const std::string& text, std::size_t enough) {
    const CannedServer server({head + text});
    auto client = HttpClient::create(server.url());
    REQUIRE(client);
    std::vector<std::string> lines;
    const auto end = client->follow(
        "/stream", {},
        [&](std::string_view line) {
          lines.emplace_back(line);
          return lines.size() < enough;
        },
        std::chrono::seconds(20));
    if (!end) lines.push_back(end.error().reason);
    return lines;
  };
  CHECK(followed("event: a\r\ndata: 1\n\nhalf", 9) ==
        std::vector<std::string>{"event: a", "data: 1", ""});
  CHECK(followed("event: a\ndata: 1\n", 1) == std::vector<std::string>{"event: a"});
  CHECK(followed(std::string((1U << 20U) + 1, 'x'), 9) == std::vector<std::string>{"bad_response"});
  const CannedServer refusing({"HTTP/1.1 503 Full\r\nContent-Length: 4\r\n\r\nfull"});
  auto client = HttpClient::create(refusing.url());
  const auto refused = client->follow(
      "/stream", {}, [](std::string_view) { return true; }, std::chrono::seconds(20));
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(refused->body == "full");
}

TEST_CASE("http client: carries bodies of megabytes", "[runtime][client]") {
  const TestServer server({echo_route("POST", "/echo", "", 10U << 20U)});
  auto client = client_of(server);
  std::string big(5U << 20U, 'x');
  for (std::size_t i = 0; i < big.size(); i += 1000)
    big[i] = static_cast<char>('a' + i / 1000 % 26);
  const auto echoed = client.send("POST", "/echo", {}, big);
  REQUIRE(echoed);
  CHECK((echoed->body == big));
}

TEST_CASE("http client: hears why a body was not taken to its end", "[runtime][client]") {
  const TestServer server({echo_route("POST", "/echo", "", 1U << 20U)});
  auto client = client_of(server);
  const std::string big(32U << 20U, 'x');  // more than any buffer on the way holds
  for (int i = 0; i < 3; ++i) {
    const auto refused = client.send("POST", "/echo", {}, big);
    REQUIRE(refused);
    CHECK(refused->status == 413);
    CHECK(refused->body.find("body_too_large") != std::string::npos);
    CHECK(client.send("POST", "/echo", {}, "small")->body == "small");
  }
}

TEST_CASE("http client: a request may be given more time than others", "[runtime][client]") {
  HttpClient::Options options;
  options.response_timeout = milliseconds(50);
  std::promise<void> leave;
  const Route slow{"GET", "/slow", "",
                   [gate = leave.get_future().share()](const HttpRequest&, const Principal&) {
                     gate.wait_for(milliseconds(200));
                     return HttpResponse{200, "text/plain", "done", {}};
                   }};
  TestServer server({slow, text_route("/a", [](const HttpRequest&) { return "x"; })});
  auto client =
      HttpClient::create(fmt::format("http://127.0.0.1:{}", server.server.port()), options);
  REQUIRE(client->send("GET", "/a"));
  const auto patient = client->send("GET", "/slow", {}, "", std::chrono::seconds(30));
  REQUIRE(patient);
  CHECK(patient->body == "done");
  const auto hasty = client->send("GET", "/slow");  // over the same connection
  leave.set_value();
  REQUIRE_FALSE(hasty);
  CHECK(hasty.error().message.find("took too long") != std::string::npos);
  server.server.stop();
}

TEST_CASE("http client: a hub that does not run is named in plain words", "[runtime][client]") {
  const std::string url = CannedServer({}).url();  // gone again
  auto client = HttpClient::create(url);
  REQUIRE(client);
  const auto response = client->send("GET", "/");
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::kUnavailable);
  CHECK(response.error().reason == "unreachable");
  CHECK(response.error().message == "nothing listens at " + url + ": is the hub running?");
  auto nowhere = HttpClient::create("http://no-such-host.invalid:1");
  REQUIRE(nowhere);
  CHECK(nowhere->send("GET", "/").error().reason == "unreachable");
}

TEST_CASE("http client: a kept connection that the server closed is opened again when that is safe",
          "[runtime][client]") {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  SECTION("GET") {
    const CannedServer canned({answer, answer});
    auto client = HttpClient::create(canned.url());
    CHECK(client->send("GET", "/a")->body == "ok");
    CHECK(client->send("GET", "/a")->body == "ok");
  }
  SECTION("POST with an Idempotency-Key") {
    const CannedServer canned({answer, answer});
    auto client = HttpClient::create(canned.url());
    CHECK(client->send("POST", "/a", {{"Idempotency-Key", "1"}}, "x")->body == "ok");
    CHECK(client->send("POST", "/a", {{"Idempotency-Key", "2"}}, "x")->body == "ok");
  }
  SECTION("POST without one says that the outcome is unknown") {
    const CannedServer canned({answer});
    auto client = HttpClient::create(canned.url());
    CHECK(client->send("POST", "/a", {}, "x")->body == "ok");
    const auto second = client->send("POST", "/a", {}, "x");
    REQUIRE_FALSE(second);
    CHECK(second.error().reason == "no_response");
    CHECK(second.error().message.find("unknown") != std::string::npos);
  }
}

TEST_CASE("http client: tells a server that stopped from one that is slow", "[runtime][client]") {
  HttpClient::Options options;
  options.response_timeout = milliseconds(50);
  options.peer = "agent";
  auto server = std::make_unique<TestServer>(
      std::vector{text_route("/a", [](const HttpRequest&) { return "x"; })});
  const auto url = fmt::format("http://127.0.0.1:{}", server->server.port());
  auto client = HttpClient::create(url, options);
  REQUIRE(client->send("GET", "/a"));
  server.reset();
  CHECK(client->send("GET", "/a").error().message ==
        "nothing listens at " + url + ": is the agent running?");

  std::promise<void> leave;
  std::atomic<int> calls = 0;
  const Route slow{
      "GET", "/slow", "",
      [&calls, gate = leave.get_future().share()](const HttpRequest&, const Principal&) {
        ++calls;
        gate.wait();
        return HttpResponse{};
      }};
  TestServer again({slow, text_route("/a", [](const HttpRequest&) { return "x"; })});
  auto patient =
      HttpClient::create(fmt::format("http://127.0.0.1:{}", again.server.port()), options);
  REQUIRE(patient->send("GET", "/a"));
  const auto late = patient->send("GET", "/slow");  // over the kept connection
  leave.set_value();
  REQUIRE_FALSE(late);
  CHECK(late.error().message.find("took too long") != std::string::npos);
  again.server.stop();
  CHECK(calls == 1);
}

TEST_CASE("http client: answers that are late, cut off, too long or nonsense are errors",
          "[runtime][client]") {
  HttpClient::Options options;
  options.response_timeout = milliseconds(50);
  options.max_body = 10;
  const auto outcome = [&options](const std::string& answer) {
    const CannedServer canned({answer});
    auto client = HttpClient::create(canned.url(), options);
    const auto response = client->send("POST", "/a", {}, "x");
    return response ? "answered" : response.error().reason;
  };
  CHECK(outcome("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") == "answered");
  CHECK(outcome("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel") == "bad_response");
  CHECK(outcome("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world") == "bad_response");
  CHECK(outcome("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n") == "answered");
  CHECK(outcome("") == "no_response");
  CHECK(outcome("nonsense\r\n\r\n") == "no_response");

  const CannedServer silent({});
  auto client = HttpClient::create(silent.url(), options);
  const auto late = client->send("GET", "/");
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::kUnavailable);
  CHECK(late.error().message.find("took too long") != std::string::npos);
}

TEST_CASE("http client: refuses what cannot be sent", "[runtime][client]") {
  for (const char* url : {"", "127.0.0.1:80", "https://a", "http://", "http://a/b", "http://u:p@a",
                          "ftp://a", "http://a:99999"}) {
    CAPTURE(url);
    const auto client = HttpClient::create(url);
    REQUIRE_FALSE(client);
    CHECK(client.error().reason == "bad_url");
  }
  auto client = HttpClient::create("http://127.0.0.1:1/");
  REQUIRE(client);
  CHECK(client->send("GET", "no-slash").error().reason == "bad_request");
  CHECK(client->send("GET", "/a b").error().reason == "bad_request");
  CHECK(client->send("GET", "/a\r\nX: y").error().reason == "bad_request");
  CHECK(client->send("G T", "/a").error().reason == "bad_request");
  CHECK(client->send("GET", "/a", {{"X", "a\r\nb"}}).error().reason == "bad_request");
}

}  // namespace
}  // namespace cairn::runtime::http_client_test
