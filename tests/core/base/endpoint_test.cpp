#include "core/base/endpoint.h"

#include "tests/support/catch.h"

namespace cairn::endpoint_test {
namespace {

TEST_CASE("endpoint: names, IPv4 and IPv6 in brackets", "[base][endpoint]") {
  CHECK(Endpoint::parse("shop-hub.local:8080") == Endpoint{"shop-hub.local", 8080});
  CHECK(Endpoint::parse("127.0.0.1:0") == Endpoint{"127.0.0.1", 0});
  CHECK(Endpoint::parse("[::1]:65535") == Endpoint{"::1", 65535});
  CHECK(Endpoint::parse("[fe80::1%eth0]:1")->text() == "[fe80::1%eth0]:1");
  CHECK(Endpoint{"a", 1}.text() == "a:1");
}

TEST_CASE("endpoint: everything else is refused", "[base][endpoint]") {
  for (const char* text :
       {"", ":", ":80", "a", "a:", "a:65536", "a:-1", "a:+1", "a: 1", "a b:1", "::1:80", "[::1]",
        "[]:1", "[a]:1", "[::1:1", "::1]:1", "http://a:1", "a:1/b"}) {
    CAPTURE(text);
    const auto endpoint = Endpoint::parse(text);
    REQUIRE_FALSE(endpoint);
    CHECK(endpoint.error().reason == "bad_endpoint");
  }
}

}  // namespace
}  // namespace cairn::endpoint_test
