#include "core/runtime/endpoint.h"

#include "core/runtime/detail/nearest_word.h"
#include "tests/support/catch.h"

namespace cairn::runtime {
namespace {

TEST_CASE("endpoint: names, IPv4 and IPv6 in brackets", "[runtime][endpoint]") {
  CHECK(Endpoint::parse("shop-hub.local:8080") == Endpoint{"shop-hub.local", 8080});
  CHECK(Endpoint::parse("127.0.0.1:0") == Endpoint{"127.0.0.1", 0});
  CHECK(Endpoint::parse("[::1]:65535") == Endpoint{"::1", 65535});
  CHECK(Endpoint::parse("[fe80::1%eth0]:1")->text() == "[fe80::1%eth0]:1");
  CHECK(Endpoint{"a", 1}.text() == "a:1");
}

TEST_CASE("endpoint: everything else is refused", "[runtime][endpoint]") {
  for (const char* text :
       {"", ":", ":80", "a", "a:", "a:65536", "a:-1", "a:+1", "a: 1", "a b:1", "::1:80", "[::1]",
        "[]:1", "[a]:1", "[::1:1", "::1]:1", "http://a:1", "a:1/b"}) {
    CAPTURE(text);
    const auto endpoint = Endpoint::parse(text);
    REQUIRE_FALSE(endpoint);
    CHECK(endpoint.error().reason == "bad_endpoint");
  }
}

TEST_CASE("nearest word: finds what was meant, within two typing errors", "[runtime][config]") {
  const std::set<std::string> words = {"device", "listen", "data_dir", "url"};
  CHECK(nearest_word("devce", words) == "device");
  CHECK(nearest_word("dveice", words) == "device");
  CHECK(nearest_word("listenn", words) == "listen");
  CHECK(nearest_word("date_dri", words) == "data_dir");
  CHECK(nearest_word("uri", words) == "url");
  CHECK(nearest_word("printer", words) == std::nullopt);
  CHECK(nearest_word("u", words) == std::nullopt);
  CHECK(nearest_word("", words) == std::nullopt);
  CHECK(nearest_word(std::string(1000, 'x'), words) == std::nullopt);
}

}  // namespace
}  // namespace cairn::runtime
