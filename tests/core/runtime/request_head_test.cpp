#include "core/runtime/detail/request_head.h"

#include "core/runtime/detail/credentials.h"
#include "tests/support/catch.h"

namespace cairn::runtime {
namespace {

/// The reason of the refusal of a head made of `lines`, or "read".
std::string refusal(const std::string& lines) {
  const auto head = parse_request_head(lines + "\r\n");
  return head ? "read" : head.error().reason;
}

RequestHead read(const std::string& lines) {
  const auto head = parse_request_head(lines + "\r\n");
  INFO((head ? "" : head.error().message));
  REQUIRE(head);
  return *head;
}

const std::string kHost = "Host: a\r\n";

TEST_CASE("request head: takes apart a sound one", "[runtime][head]") {
  const auto head =
      read("POST /a/b%20c?x=1?2 HTTP/1.1\r\nHost: a\r\nContent-length: 12\r\nX: \t y \r\n");
  CHECK(head.method == "POST");
  CHECK(head.path == "/a/b%20c");
  CHECK(head.query == "x=1?2");
  CHECK(head.content_length == 12);
  CHECK_FALSE(head.chunked);
  CHECK(head.keep_alive);
  CHECK(head.headers.find("x")->second == "y");
  CHECK(read("GET http://a.b:1/c?d HTTP/1.1\r\n" + kHost).path == "/c");
  CHECK(read("GET http://a.b HTTP/1.1\r\n" + kHost).path == "/");
}

TEST_CASE("request head: knows who wants to keep the connection", "[runtime][head]") {
  CHECK_FALSE(read("GET / HTTP/1.0\r\n").keep_alive);
  CHECK(read("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n").keep_alive);
  CHECK_FALSE(read("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n").keep_alive);
}

TEST_CASE("request head: refuses what is malformed or ambiguous", "[runtime][head]") {
  const std::string get = "GET / HTTP/1.1\r\n" + kHost;
  const auto lines = GENERATE_COPY(values<std::string>({
      "\r\n",
      "GET\r\n",
      "GET / HTTP/1.1\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
      "GET a HTTP/1.1\r\n" + kHost,
      "GET * HTTP/1.1\r\n" + kHost,
      "CONNECT a:1 HTTP/1.1\r\n" + kHost,
      "GET /a\xc3\xbc HTTP/1.1\r\n" + kHost,
      "GET /a#b HTTP/1.1\r\n" + kHost,
      "G@T / HTTP/1.1\r\n" + kHost,
      get + "no colon\r\n",
      get + ": empty\r\n",
      get + "Na me: x\r\n",
      get + "Name : x\r\n",
      get + " folded: x\r\n",
      get + "X: a\r\n b\r\n",
      get + "X: a\nY: b\r\n",
      get + "X: a\rY: b\r\n",
      get + std::string("X: a\0b\r\n", 8),
      get + "Content-Length: -1\r\n",
      get + "Content-Length: 1 \x01\r\n",
      get + "Content-Length: 0x10\r\n",
      get + "Content-Length: 1,1\r\n",
      get + "Content-Length: 99999999999999999999\r\n",
      get + "Content-Length: 1\r\nContent-Length: 1\r\n",
      get + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
      get + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
      "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n",
      get + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
  }));
  CAPTURE(lines);
  CHECK(refusal(lines) == "bad_request");
}

TEST_CASE("request head: what is sound but not for us has a reason of its own", "[runtime][head]") {
  const std::string get = "GET / HTTP/1.1\r\n" + kHost;
  CHECK(refusal("GET / HTTP/2.0\r\n" + kHost) == "unsupported_version");
  CHECK(refusal("GET /\r\n" + kHost) == "unsupported_version");
  CHECK(refusal(get + "Transfer-Encoding: gzip, chunked\r\n") == "unsupported_encoding");
  CHECK(refusal(get + "Expect: tea\r\n") == "expectation_failed");
  CHECK(refusal("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + kHost) == "uri_too_long");
  CHECK(refusal(get + "X: " + std::string(9000, 'a') + "\r\n") == "headers_too_large");
  std::string flood = get;
  for (int i = 0; i < 64; ++i) flood += "X: a\r\n";
  CHECK(refusal(flood) == "headers_too_large");
}

TEST_CASE("credentials: a bearer token wins over the cookie", "[runtime][head]") {
  HeaderFields headers{{"Cookie", "a=b; cairn_session=abc;c=d"}};
  auto found = find_credentials(headers);
  REQUIRE(found);
  CHECK(found->token == "abc");
  CHECK(found->from_cookie);
  headers.emplace("authorization", "bearer  xyz ");
  found = find_credentials(headers);
  REQUIRE(found);
  CHECK(found->token == "xyz");
  CHECK_FALSE(found->from_cookie);
}

TEST_CASE("credentials: what is not a token is none", "[runtime][head]") {
  CHECK_FALSE(find_credentials({}));
  CHECK_FALSE(find_credentials({{"Authorization", "Basic YTpi"}, {"Cookie", "cairn_session=a"}}));
  CHECK_FALSE(find_credentials({{"Authorization", "Bearer"}}));
  CHECK_FALSE(find_credentials({{"Authorization", "Bearer "}}));
  CHECK_FALSE(find_credentials({{"Cookie", "xcairn_session=a; cairn_session="}}));
}

}  // namespace
}  // namespace cairn::runtime
