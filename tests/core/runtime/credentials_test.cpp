#include "core/runtime/detail/credentials.h"

#include "tests/support/catch.h"

namespace cairn::runtime::credentials_test {
namespace {

TEST_CASE("credentials: a bearer token wins over the cookie", "[runtime][credentials]") {
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

TEST_CASE("credentials: what is not a token is none", "[runtime][credentials]") {
  CHECK_FALSE(find_credentials({}));
  CHECK_FALSE(find_credentials({{"Authorization", "Basic YTpi"}, {"Cookie", "cairn_session=a"}}));
  CHECK_FALSE(find_credentials({{"Authorization", "Bearer"}}));
  CHECK_FALSE(find_credentials({{"Authorization", "Bearer "}}));
  CHECK_FALSE(find_credentials({{"Cookie", "xcairn_session=a; cairn_session="}}));
}

}  // namespace
}  // namespace cairn::runtime::credentials_test
