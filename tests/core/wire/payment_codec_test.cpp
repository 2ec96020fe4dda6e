#include "core/wire/event_codec.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::wire::payment_codec_test {
namespace {

using namespace test;

const std::uint64_t kTooMuch = zigzag(kMaxMinor + 1);

TEST_CASE("payment codec: a payment with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("PaymentOpened", {{"no payment", without(1)},
                                  {"order too short", octets(2, Bytes(15, 'x'))},
                                  {"no tender", without(3)},
                                  {"tender unknown", number(3, 5)},
                                  {"no amount", without(4)},
                                  {"amount out of range", inside(4, number(1, kTooMuch))},
                                  {"no token", without(5)},
                                  {"a card's number", octets(5, "4111111111111111")},
                                  {"offline, and no card", number(6, 1)}});
  check_refused("PaymentAsked", {{"no number", without(1)},
                                 {"action unknown", number(2, 5)},
                                 {"amount negative", inside(3, number(1, zigzag(-1)))},
                                 {"group too short", octets(4, "x")},
                                 {"reason not UTF-8", octets(6, "\xff")},
                                 {"rest too much", number(9, kMaxMinor + 1)}});
  check_optional("PaymentAsked", {4, 5, 6, 7, 8, 9});
  check_refused("PaymentAnswered", {{"no number", without(1)},
                                    {"outcome unknown", number(2, 6)},
                                    {"reference not UTF-8", octets(3, "\xff")},
                                    {"beyond all calendars", number(5, zigzag(INT64_MAX))}});
  check_optional("PaymentAnswered", {3, 4, 5});
}

TEST_CASE("payment codec: the beginning of time is not never", "[wire][codec]") {
  const domain::PaymentAnswered answered{1, domain::PaymentOutcome::kDone, "r", "", UtcTime{0}};
  const domain::Event event = domain::PaymentEvent(answered);
  CHECK(decode_event(type_of(event), 1, encode_payload(event)) == event);
}

TEST_CASE("payment codec: a gift card with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("StoredValueOpened", {{"no id", without(1)},
                                      {"kind unknown", number(2, 3)},
                                      {"no currency", without(3)},
                                      {"store credit of nobody", without(4)},
                                      {"hint too long", octets(5, "12345")}});
  check_optional("StoredValueOpened", {5});
  check_refused("StoredValueCredited", {{"nothing", inside(1, number(1, 0))},
                                        {"too much", inside(1, number(1, kTooMuch))},
                                        {"reason unknown", number(2, 5)},
                                        {"payment too short", octets(3, "x")}});
  check_optional("StoredValueCredited", {3, 4});
  check_refused("StoredValueDebited",
                {{"no amount", without(1)}, {"no payment", without(2)}, {"no number", without(3)}});
  check_refused("EscrowGranted",
                {{"no number", without(1)}, {"no site", without(2)}, {"no amount", without(3)}});
  check_refused("EscrowClosed", {{"no number", without(1)},
                                 {"less than nothing", inside(2, number(1, zigzag(-1)))}});
}

}  // namespace
}  // namespace cairn::wire::payment_codec_test
