#include "core/wire/event_codec.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::wire::device_codec_test {
namespace {

using namespace test;

TEST_CASE("device codec: a command with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("NodeCommandIssued", {{"no command", without(1)},
                                      {"command too short", octets(1, Bytes(15, 'x'))},
                                      {"no verb", without(2)},
                                      {"unknown verb", number(2, 7)},
                                      {"verb 257", number(2, 257)},
                                      {"argument not UTF-8", octets(3, "\xff")},
                                      {"argument too long", octets(3, Bytes(81, 'x'))},
                                      {"no expiry", without(5)},
                                      {"expires before it may run", number(5, 2)},
                                      {"out of all time", number(5, UINT64_MAX - 1)}});
  check_optional("NodeCommandIssued", {3, 4, 6, 7});
}

TEST_CASE("device codec: an answer with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("NodeCommandEnded", {{"no command", without(1)},
                                     {"no outcome", without(2)},
                                     {"unknown outcome", number(2, 5)},
                                     {"detail not UTF-8", octets(3, "\xff")},
                                     {"detail too long", octets(3, Bytes(16'385, 'x'))}});
  check_optional("NodeCommandEnded", {3});
}

TEST_CASE("device codec: a configuration with a missing or wrong field is refused",
          "[wire][codec]") {
  check_refused("NodeConfigDesired", {{"no version", without(1)},
                                      {"version out of range", number(1, UINT64_MAX)},
                                      {"no values", without(2)},
                                      {"too many values", octets(2, Bytes(16'385, 'x'))}});
  check_refused("NodeConfigReported", {{"no version", without(1)},
                                       {"no outcome", without(2)},
                                       {"unknown outcome", number(2, 4)},
                                       {"error too long", octets(3, Bytes(2001, 'x'))},
                                       {"version in force out of range", number(4, UINT64_MAX)},
                                       {"no hash", without(5)},
                                       {"hash too short", octets(5, Bytes(15, 'x'))}});
  check_optional("NodeConfigReported", {3, 4});
}

TEST_CASE("device codec: a command for any configuration is not one for version 0",
          "[wire][codec]") {
  domain::NodeCommand command;
  command.expires = {1};
  for (const auto version : {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{0}}) {
    command.if_config = version;
    const domain::Event event{domain::DeviceEvent(domain::NodeCommandIssued{command})};
    const auto decoded = decode_event(domain::NodeCommandIssued::kTypeId, 1, encode_payload(event));
    REQUIRE(decoded);
    CHECK(*decoded == event);
  }
}

}  // namespace
}  // namespace cairn::wire::device_codec_test
