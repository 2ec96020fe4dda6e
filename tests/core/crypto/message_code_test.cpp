#include "core/crypto/message_code.h"

#include "tests/support/catch.h"

#include <string>

namespace cairn::crypto::message_code_test {
namespace {

// RFC 4231, test cases 1, 2 and 6, in base64.
TEST_CASE("message code: HMAC-SHA256 as in RFC 4231", "[crypto]") {
  CHECK(message_code("Hi There", std::string(20, '\x0b')) ==
        "sDRMYdjbOFNcqK/OrwvxK4gdwgDJgz2nJuk3bC4yz/c=");
  CHECK(message_code("what do ya want for nothing?", "Jefe") ==
        "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
  CHECK(message_code("Test Using Larger Than Block-Size Key - Hash Key First",
                     std::string(131, '\xaa')) == "YOQxWR7gtn8Niiaqy/W3f44LxiE3KMUUBUYEDw7jf1Q=");
}

TEST_CASE("message code: only the right one matches", "[crypto]") {
  const std::string code = message_code("body", "secret");
  CHECK(message_code_matches("body", "secret", code));
  CHECK_FALSE(message_code_matches("body ", "secret", code));
  CHECK_FALSE(message_code_matches("body", "Secret", code));
  CHECK_FALSE(message_code_matches("body", "secret", ""));
  CHECK_FALSE(message_code_matches("body", "secret", code.substr(1)));
  CHECK_FALSE(message_code_matches("body", "secret", code + "="));
  CHECK(message_code_matches("", "s", message_code("", "s")));
}

}  // namespace
}  // namespace cairn::crypto::message_code_test
