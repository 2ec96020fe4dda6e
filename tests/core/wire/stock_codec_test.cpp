#include "core/wire/event_codec.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::wire::stock_codec_test {
namespace {

using namespace test;

constexpr std::uint64_t kTooMuch = static_cast<std::uint64_t>(kMaxMilli) + 1;

domain::StockEvent round_trip(const domain::StockEvent& event) {
  const auto decoded = decode_event(type_of(event), 1, encode_payload(event));
  REQUIRE(decoded);
  return std::get<domain::StockEvent>(*decoded);
}

TEST_CASE("stock codec: movements in and out of the site come back", "[wire][codec]") {
  const domain::StockMoved in{cairn::test::sku("A"),
                              LocationCode{},
                              cairn::test::location("A-01"),
                              Quantity::pieces(1),
                              domain::MovementReason::kReceipt,
                              ShipGroupId{}};
  const domain::StockMoved out{
      cairn::test::sku("A"),    cairn::test::location("A-01"),  LocationCode{},
      {kMaxMilli, Uom::kMetre}, domain::MovementReason::kIssue, ShipGroupId{}};
  CHECK(round_trip(in) == domain::StockEvent(in));
  CHECK(round_trip(out) == domain::StockEvent(out));
}

TEST_CASE("stock codec: every reason, source and unit comes back", "[wire][codec]") {
  domain::StockMoved moved =
      std::get<domain::StockMoved>(std::get<domain::StockEvent>(sample("StockMoved").event));
  for (std::uint8_t reason = 1; reason <= 13; ++reason) {
    moved.reason = static_cast<domain::MovementReason>(reason);
    CHECK(round_trip(moved) == domain::StockEvent(moved));
  }
  domain::StockCounted counted =
      std::get<domain::StockCounted>(std::get<domain::StockEvent>(sample("StockCounted").event));
  for (std::uint8_t uom = 0; uom <= 3; ++uom) {
    counted.quantity.uom = static_cast<Uom>(uom);
    counted.source = static_cast<domain::CountSource>(1 + uom % 3);
    CHECK(round_trip(counted) == domain::StockEvent(counted));
  }
}

TEST_CASE("stock codec: a count of zero, and the extremes", "[wire][codec]") {
  domain::StockCounted counted =
      std::get<domain::StockCounted>(std::get<domain::StockEvent>(sample("StockCounted").event));
  for (const std::int64_t milli : {std::int64_t{0}, kMaxMilli, -kMaxMilli}) {
    counted.quantity.milli = milli;
    CHECK(round_trip(counted) == domain::StockEvent(counted));
  }
}

TEST_CASE("stock codec: a movement with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("StockMoved", {{"no SKU", without(1)},
                               {"SKU malformed", octets(1, "A ")},
                               {"from malformed", octets(2, " A")},
                               {"to malformed", octets(3, Bytes(65, 'A'))},
                               {"from where it goes to", octets(3, "A-01-03")},
                               {"no quantity", without(4)},
                               {"quantity out of range", number(4, kTooMuch)},
                               {"quantity negative", number(4, static_cast<std::uint64_t>(-1'000))},
                               {"unknown unit", number(5, 4)},
                               {"no reason", without(6)},
                               {"unknown reason", number(6, 20)},
                               {"ship group too short", octets(7, Bytes(15, 'x'))},
                               {"ship group too long", octets(7, Bytes(17, 'x'))}});
  check_optional("StockMoved", {2, 3, 5, 7});
}

TEST_CASE("stock codec: a movement from nowhere to nowhere is refused", "[wire][codec]") {
  const Change both = [](const ProtoFields& fields) { return fields.without(2).without(3); };
  check_refused("StockMoved", {{"neither from nor to", both}});
}

TEST_CASE("stock codec: a count with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("StockCounted", {{"quantity out of range", number(3, 2 * kTooMuch)},
                                 {"no SKU", without(1)},
                                 {"SKU malformed", octets(1, "\x01")},
                                 {"no location", without(2)},
                                 {"location malformed", octets(2, "A\x7f")},
                                 {"unknown unit", number(4, 4)},
                                 {"no source", without(5)},
                                 {"unknown source", number(5, 4)},
                                 {"unknown source, 256 more", number(5, 257)}});
  check_optional("StockCounted", {3, 4});
}

TEST_CASE("stock codec: an unknown reason does not turn into a known one", "[wire][codec]") {
  check_refused("StockMoved", {{"reason 258", number(6, 258)}});
}

}  // namespace
}  // namespace cairn::wire::stock_codec_test
