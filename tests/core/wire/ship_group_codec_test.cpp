#include "core/wire/event_codec.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::wire::ship_group_codec_test {
namespace {

using namespace test;

constexpr std::uint64_t kTooMuch = static_cast<std::uint64_t>(kMaxMilli) + 1;

TEST_CASE("ship group codec: a pick without a bin comes back", "[wire][codec]") {
  const domain::ShipGroupEvent picked = domain::LinePicked{LineNo(1), 1'000, LocationCode{}};
  const auto event = decode_event(domain::LinePicked::kTypeId, 1, encode_payload(picked));
  REQUIRE(event);
  CHECK(*event == domain::Event(picked));
}

TEST_CASE("ship group codec: both methods come back", "[wire][codec]") {
  auto allocated = std::get<domain::ShipGroupAllocated>(
      std::get<domain::ShipGroupEvent>(sample("ShipGroupAllocated").event));
  for (const auto method : {domain::FulfilmentMethod::kShip, domain::FulfilmentMethod::kPickup}) {
    allocated.method = method;
    const domain::ShipGroupEvent event = allocated;
    CHECK(decode_event(domain::ShipGroupAllocated::kTypeId, 1, encode_payload(event)) ==
          domain::Event(event));
  }
}

TEST_CASE("ship group codec: an allocation with a missing or wrong field is refused",
          "[wire][codec]") {
  check_refused("ShipGroupAllocated", {{"line twice", [](const ProtoFields& fields) {
                                          return fields.plus_octets(5, fields.at(5).content);
                                        }}});
  check_refused("ShipGroupAllocated",
                {{"no group", without(1)},
                 {"group too short", octets(1, Bytes(15, 'x'))},
                 {"no order", without(2)},
                 {"order too long", octets(2, Bytes(17, 'x'))},
                 {"reference not UTF-8", octets(3, "\xff")},
                 {"no method", without(4)},
                 {"unknown method", number(4, 3)},
                 {"unknown method, 256 more", number(4, 257)},
                 {"no lines", without(5)},
                 {"line empty", octets(5, "")},
                 {"line without SKU", inside(5, without(2))},
                 {"line with a malformed SKU", inside(5, octets(2, " "))},
                 {"line's name not UTF-8", inside(5, octets(3, "\xff"))},
                 {"line's GTIN wrong", inside(5, octets(4, varint(96'385'075)))},
                 {"line's weight out of range", inside(5, number(5, kTooMuch))},
                 {"line without price", inside(5, without(6))},
                 {"line's currency malformed", inside(5, inside(6, octets(2, "")))},
                 {"line's quantity out of range", inside(5, number(7, kTooMuch))},
                 {"line's unit unknown", inside(5, number(8, 4))}});
  check_optional("ShipGroupAllocated", {3});
}

TEST_CASE("ship group codec: claims and releases with a wrong field are refused", "[wire][codec]") {
  check_refused("TaskClaimed", {{"station not UTF-8", octets(1, "\xff")}});
  check_refused("TaskReleased", {{"no claim", without(1)},
                                 {"claim empty", octets(1, "")},
                                 {"claim without node", inside(1, without(1))},
                                 {"claim's node too short", inside(1, octets(1, Bytes(15, 'x')))},
                                 {"claim no message", octets(1, "\xff")}});
}

TEST_CASE("ship group codec: picks and shipments with a wrong field are refused", "[wire][codec]") {
  check_refused("LinePicked", {{"quantity out of range", number(2, kTooMuch)},
                               {"quantity negative", number(2, static_cast<std::uint64_t>(-1))},
                               {"bin malformed", octets(3, " A-01")}});
  check_optional("LinePicked", {3});
  check_refused("PickUndone", {{"no pick", without(1)},
                               {"pick without node", inside(1, without(1))},
                               {"its number zero", inside(1, without(3))},
                               {"no line", without(2)},
                               {"no quantity", without(3)},
                               {"quantity out of range", number(3, kTooMuch)}});
  check_refused("ShipGroupShipped", {{"quantity out of range", inside(1, number(2, kTooMuch))},
                                     {"line no message", octets(1, "\xff")}});
}

TEST_CASE("ship group codec: events that lack their point are refused", "[wire][codec]") {
  check_refused("ShipGroupAllocated", {{"line without number", inside(5, without(1))},
                                       {"line without quantity", inside(5, without(7))}});
  check_refused("TaskClaimed", {{"no station", without(1)}});
  check_refused("LinePicked", {{"no line", without(1)}, {"no quantity", without(2)}});
  check_refused("ShipGroupShipped", {{"no lines", without(1)}});
}

}  // namespace
}  // namespace cairn::wire::ship_group_codec_test
