#include "core/wire/event_codec.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/fixture.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>

namespace cairn::wire::order_codec_test {
namespace {

using namespace test;

bool has_field(const ProtoFields& fields, std::uint32_t number) {
  return std::ranges::any_of(fields.fields(),
                             [number](const auto& field) { return field.number == number; });
}

constexpr std::uint64_t kTooMuch = static_cast<std::uint64_t>(kMaxMilli) + 1;

TEST_CASE(
    "order codec: the greatest amounts, the ends of the earth and instants before 1970 come back",
    "[wire][codec]") {
  auto placed =
      std::get<domain::OrderPlaced>(std::get<domain::OrderEvent>(sample("OrderPlaced").event));
  placed.placed_at = UtcTime{-1};
  placed.destination = {-90'000'000, -180'000'000};
  placed.lines[0].unit_price = {INT64_MAX, cairn::test::currency("BHD")};
  placed.lines[0].ordered = {kMaxMilli, Uom::kMetre};
  placed.lines[1].unit_price = {0, cairn::test::currency("BHD")};
  const domain::Event event{domain::OrderEvent(placed)};
  CHECK(decode_event(domain::OrderPlaced::kTypeId, 1, encode_payload(event)) == event);
}

TEST_CASE("order codec: every reason comes back", "[wire][codec]") {
  for (const auto reason : {domain::CancelReason::kCustomer, domain::CancelReason::kHeadOffice,
                            domain::CancelReason::kAutoCancel}) {
    const domain::Event event{
        domain::OrderEvent(domain::OrderUnitsCancelled{LineNo(1), 1'000, reason, ""})};
    CHECK(decode_event(domain::OrderUnitsCancelled::kTypeId, 1, encode_payload(event)) == event);
  }
}

TEST_CASE("order codec: an order with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("OrderPlaced",
                {{"no order", without(1)},
                 {"order too short", octets(1, Bytes(15, 'x'))},
                 {"order too long", octets(1, Bytes(17, 'x'))},
                 {"channel not UTF-8", octets(2, "\xc0\x80")},
                 {"number not UTF-8", octets(3, "\xff")},
                 {"customer not UTF-8", octets(5, "\xf4\x90\x80\x80")},
                 {"destination off the map", inside(6, number(1, zigzag(90'000'001)))},
                 {"line no message", octets(7, "\xff")},
                 {"line without SKU", inside(7, without(2))},
                 {"line with a malformed SKU", inside(7, octets(2, "A\n"))},
                 {"line's name not UTF-8", inside(7, octets(3, "\xff"))},
                 {"line's quantity out of range", inside(7, number(4, kTooMuch))},
                 {"line's unit unknown", inside(7, number(5, 4))},
                 {"line without price", inside(7, without(6))},
                 {"line's price without currency", inside(7, inside(6, without(2)))},
                 {"line's currency malformed", inside(7, inside(6, octets(2, "POUNDS")))}});
  check_optional("OrderPlaced", {4, 5});
}

TEST_CASE("order codec: a cancellation with a wrong field is refused", "[wire][codec]") {
  check_refused("OrderUnitsCancelled", {{"quantity out of range", number(2, kTooMuch)},
                                        {"no reason", without(3)},
                                        {"unknown reason", number(3, 4)},
                                        {"unknown reason, 256 more", number(3, 257)},
                                        {"source not UTF-8", octets(4, "\xff")}});
  check_optional("OrderUnitsCancelled", {4});
  check_refused("CancellationUnmatched", {{"SKU malformed", octets(2, "")},
                                          {"no quantity", without(3)},
                                          {"quantity out of range", number(3, kTooMuch)},
                                          {"customer too long", octets(1, std::string(65, 'x'))},
                                          {"source not UTF-8", octets(4, "\xff")}});
  check_optional("CancellationUnmatched", {1, 4});
}

TEST_CASE("order codec: an order without a destination is not at 0, 0", "[wire][codec]") {
  check_refused("OrderPlaced", {{"no destination", without(6)}});
}

TEST_CASE("order codec: an order or cancellation that lacks its point is refused",
          "[wire][codec]") {
  check_refused("OrderPlaced", {{"no channel", without(2)},
                                {"no number", without(3)},
                                {"no lines", without(7)},
                                {"line without number", inside(7, without(1))},
                                {"line without quantity", inside(7, without(4))}});
  check_refused("OrderUnitsCancelled", {{"no line", without(1)}, {"no quantity", without(2)}});
}

// ---- pickups ----

domain::OrderPlaced pickup_order() {
  auto placed =
      std::get<domain::OrderPlaced>(std::get<domain::OrderEvent>(sample("OrderPlaced").event));
  placed.method = domain::FulfilmentMethod::kPickup;
  placed.pickup_site = cairn::test::site("store-1");
  return placed;
}

TEST_CASE("order codec: an order from before there were pickups is shipped", "[wire][codec]") {
  const auto record = decode_record(fixture("events/OrderPlaced.v1.hex"));
  REQUIRE(record);
  CHECK_THROWS(ProtoFields(record->payload).at(8));
  const auto event = decode_event(record->type, record->sv, record->payload);
  REQUIRE(event);
  const auto& placed = std::get<domain::OrderPlaced>(std::get<domain::OrderEvent>(*event));
  CHECK(placed.method == domain::FulfilmentMethod::kShip);
  CHECK(placed.pickup_site.empty());
  // And one of today is written as it was then.
  CHECK(encode_payload(*event) == record->payload);
}

TEST_CASE("order codec: the committed pickup is read and written as ever",
          "[wire][codec][golden]") {
  Sample pickup = sample("OrderPlaced");
  pickup.event = domain::OrderEvent(pickup_order());
  const auto written = encode_record(record_of(pickup));
  REQUIRE(written);
  INFO("tests/fixtures/events/OrderPlaced.pickup.v1.hex should hold\n" << as_fixture(*written));
  const Bytes golden = fixture("events/OrderPlaced.pickup.v1.hex");
  REQUIRE_FALSE(golden.empty());
  CHECK(to_hex(*written) == to_hex(golden));
  const auto record = decode_record(golden);
  REQUIRE(record);
  const auto event = decode_event(record->type, record->sv, record->payload);
  REQUIRE(event);
  CHECK(*event == pickup.event);
}

TEST_CASE("order codec: method and site of an order fit each other", "[wire][codec]") {
  const ProtoFields payload(encode_payload(domain::OrderEvent(pickup_order())));
  const auto decodes = [](const ProtoFields& fields) {
    return decode_event(domain::OrderPlaced::kTypeId, 1, fields.bytes()).has_value();
  };
  CHECK(decodes(payload));
  CHECK(decodes(payload.with_varint(8, 1).without(9)));
  CHECK_FALSE(decodes(payload.without(9)));
  CHECK_FALSE(decodes(payload.without(8)));
  CHECK_FALSE(decodes(payload.with_varint(8, 1)));
  CHECK_FALSE(decodes(payload.with_varint(8, 3)));
  CHECK_FALSE(decodes(payload.with_varint(8, 258)));
  CHECK_FALSE(decodes(payload.with_octets(9, "STORE")));
}

// ---- what it costs ----

domain::OrderPlaced priced_order() {
  auto placed =
      std::get<domain::OrderPlaced>(std::get<domain::OrderEvent>(sample("OrderPlaced").event));
  placed.sale = domain::SaleKind::kMarketplace;
  placed.tax_added = true;
  placed.discounts = {{"SPRING", 100}, {"COUPON-7", 1}};
  placed.lines[0].discount_minor = 5;
  placed.lines[0].order_discount_minor = 101;
  placed.lines[0].tax_minor = kMaxMinor;
  return placed;
}

TEST_CASE("order codec: the committed order with its prices is read and written as ever",
          "[wire][codec][golden]") {
  Sample priced = sample("OrderPlaced");
  priced.event = domain::OrderEvent(priced_order());
  const auto written = encode_record(record_of(priced));
  REQUIRE(written);
  INFO("tests/fixtures/events/OrderPlaced.priced.v1.hex should hold\n" << as_fixture(*written));
  const Bytes golden = fixture("events/OrderPlaced.priced.v1.hex");
  REQUIRE_FALSE(golden.empty());
  CHECK(to_hex(*written) == to_hex(golden));
  const auto record = decode_record(golden);
  REQUIRE(record);
  const auto event = decode_event(record->type, record->sv, record->payload);
  REQUIRE(event);
  CHECK(*event == priced.event);
}

domain::OrderPlaced promoted_order() {
  domain::OrderPlaced placed = priced_order();
  placed.discounts.push_back({"cups", 150, "cups", "Cups are cheap", "FRIDAY", {{LineNo(1), 150}}});
  placed.lines[0].order_discount_minor += 150;
  return placed;
}

TEST_CASE("order codec: the committed order with its promotions is read and written as ever",
          "[wire][codec][golden]") {
  Sample promoted = sample("OrderPlaced");
  promoted.event = domain::OrderEvent(promoted_order());
  const auto written = encode_record(record_of(promoted));
  REQUIRE(written);
  INFO("tests/fixtures/events/OrderPlaced.promoted.v1.hex should hold\n" << as_fixture(*written));
  const Bytes golden = fixture("events/OrderPlaced.promoted.v1.hex");
  REQUIRE_FALSE(golden.empty());
  CHECK(to_hex(*written) == to_hex(golden));
  const auto record = decode_record(golden);
  REQUIRE(record);
  const auto event = decode_event(record->type, record->sv, record->payload);
  REQUIRE(event);
  CHECK(*event == promoted.event);
}

TEST_CASE("order codec: a promotion whose shares are not its amount is refused", "[wire][codec]") {
  for (const std::int64_t wrong : {149, 151}) {
    auto placed = promoted_order();
    placed.discounts.back().shares.front().minor = wrong;
    const Bytes payload = encode_payload(domain::OrderEvent(placed));
    CHECK_FALSE(decode_event(domain::OrderPlaced::kTypeId, 1, payload));
  }
}

TEST_CASE("order codec: a change with a wrong field is refused", "[wire][codec]") {
  check_refused("OrderLineAdded", {{"no line", without(1)},
                                   {"line without number", inside(1, without(1))},
                                   {"line orders nothing", inside(1, without(4))},
                                   {"line orders part of a piece", inside(1, number(4, 1'500))},
                                   {"line has a share of discounts", inside(1, number(9, 1))},
                                   {"note not UTF-8", octets(3, "\xff")},
                                   {"note too long", octets(3, std::string(201, 'x'))}});
  check_optional("OrderLineAdded", {2, 3});
  check_refused("OrderDeliveryChanged", {{"no delivery before", without(1)},
                                         {"no delivery after", without(2)},
                                         {"unknown method", inside(2, number(1, 3))},
                                         {"no method", inside(1, without(1))},
                                         {"a pickup without site", inside(2, without(2))},
                                         {"no destination", inside(2, without(3))},
                                         {"note too long", octets(3, std::string(201, 'x'))}});
  check_optional("OrderDeliveryChanged", {3});
}

TEST_CASE("promotion codec: every kind comes back, and a wrong field is refused", "[wire][codec]") {
  auto promotion = std::get<domain::PromotionDefined>(
                       std::get<domain::PromotionEvent>(sample("PromotionDefined").event))
                       .promotion;
  promotion.kind = domain::PromotionKind::kAmount;
  promotion.basis_points = promotion.buy_units = promotion.get_units = 0;
  promotion.get_skus.clear();
  promotion.amount = cairn::test::gbp(250);
  const domain::Event event{domain::PromotionEvent(domain::PromotionDefined{promotion})};
  CHECK(decode_event(domain::PromotionDefined::kTypeId, 1, encode_payload(event)) == event);
  check_refused("PromotionDefined",
                {{"no name", without(1)},
                 {"no title", without(2)},
                 {"no kind", without(3)},
                 {"unknown kind", number(3, 4)},
                 {"unknown kind, 256 more", number(3, 259)},
                 {"no basis points", without(4)},
                 {"too many basis points", number(4, 10'001)},
                 {"no units to buy", without(6)},
                 {"no units to get", without(7)},
                 {"malformed SKU", octets(8, "A\n")},
                 {"the same to get", octets(9, "CUP")},
                 {"channel not UTF-8", octets(10, "\xff")},
                 {"ends before it begins", number(12, 1)},
                 {"minimum without currency", inside(13, without(2))},
                 {"priority out of range", number(14, 1'001)},
                 {"coupon without code", inside(17, without(1))},
                 {"coupon used too often", inside(17, number(2, 1'000'000'001))}});
  check_optional("PromotionDefined", {9, 10, 11, 12, 13, 14, 15, 16, 17});
}

TEST_CASE("order codec: an order from before there were prices has none", "[wire][codec]") {
  const auto record = decode_record(fixture("events/OrderPlaced.v1.hex"));
  REQUIRE(record);
  const auto event = decode_event(record->type, record->sv, record->payload);
  REQUIRE(event);
  const auto& placed = std::get<domain::OrderPlaced>(std::get<domain::OrderEvent>(*event));
  CHECK_FALSE(placed.sale);
  CHECK_FALSE(placed.tax_added);
  CHECK(placed.discounts.empty());
  CHECK(placed.lines[0].tax_minor == 0);
}

TEST_CASE("order codec: prices that contradict themselves are refused", "[wire][codec]") {
  const ProtoFields payload(encode_payload(domain::OrderEvent(priced_order())));
  const auto decodes = [](const ProtoFields& fields) {
    return decode_event(domain::OrderPlaced::kTypeId, 1, fields.bytes()).has_value();
  };
  CHECK(decodes(payload));
  CHECK(decodes(payload.without(10)));
  CHECK(decodes(payload.without(11)));
  CHECK_FALSE(decodes(payload.without(12)));
  CHECK_FALSE(decodes(payload.with_varint(10, 6)));
  CHECK_FALSE(decodes(payload.with_varint(10, 257)));
  CHECK_FALSE(decodes(payload.with_octets(12, "\xff")));
}

TEST_CASE("order codec: a delivery and lines that go together come back, and are checked",
          "[wire][codec]") {
  auto placed =
      std::get<domain::OrderPlaced>(std::get<domain::OrderEvent>(sample("OrderPlaced").event));
  placed.lines[0].together = UINT32_MAX;
  placed.delivery = {1000,
                     "EXPRESS",
                     365,
                     cairn::test::utc("2026-11-24T08:00:00Z"),
                     cairn::test::utc("2026-11-25T08:00:00Z"),
                     cairn::test::utc("2026-11-26T08:00:00Z"),
                     "GB"};
  const domain::Event event{domain::OrderEvent(placed)};
  CHECK(decode_event(domain::OrderPlaced::kTypeId, 1, encode_payload(event)) == event);
  const ProtoFields payload(encode_payload(event));
  CHECK(has_field(payload, 13));
  const auto decodes = [&payload](const ProtoFields& delivery) {
    return decode_event(domain::OrderPlaced::kTypeId, 1,
                        payload.with_octets(13, delivery.bytes()).bytes())
        .has_value();
  };
  const ProtoFields delivery = payload.nested(13);
  CHECK(decodes(delivery));
  CHECK_FALSE(decodes(delivery.with_varint(1, 1001)));
  CHECK_FALSE(decodes(delivery.with_octets(2, "two words")));
  CHECK_FALSE(decodes(delivery.with_varint(3, 366)));
  CHECK_FALSE(decodes(delivery.with_varint(5, 2)));
  CHECK_FALSE(decodes(delivery.with_varint(6, UINT64_MAX)));
  CHECK_FALSE(decodes(delivery.with_octets(7, "gb")));
  // Nobody told any of it: as in records from before it could be told.
  placed.delivery = {};
  CHECK_FALSE(has_field(ProtoFields(encode_payload(domain::OrderEvent(placed))), 13));
}

TEST_CASE("order codec: the kit that a line is part of comes back, and is checked",
          "[wire][codec]") {
  auto placed =
      std::get<domain::OrderPlaced>(std::get<domain::OrderEvent>(sample("OrderPlaced").event));
  placed.lines.resize(1);
  placed.lines[0].kit = domain::SoldKit{
      LineNo(7), cairn::test::sku("SET"), "A set", 3'000, cairn::test::gbp(500), 20, 30};
  const domain::Event event{domain::OrderEvent(placed)};
  CHECK(decode_event(domain::OrderPlaced::kTypeId, 1, encode_payload(event)) == event);
  const ProtoFields payload(encode_payload(event));
  const ProtoFields line = payload.nested(7);
  const auto decodes = [&](const ProtoFields& kit) {
    const ProtoFields changed = line.with_octets(12, kit.bytes());
    return decode_event(domain::OrderPlaced::kTypeId, 1,
                        payload.with_octets(7, changed.bytes()).bytes())
        .has_value();
  };
  const ProtoFields kit = line.nested(12);
  CHECK(decodes(kit));
  CHECK_FALSE(decodes(kit.with_varint(1, 0)));
  CHECK_FALSE(decodes(kit.with_varint(1, placed.lines[0].line.value())));
  CHECK_FALSE(decodes(kit.with_octets(2, "")));
  CHECK_FALSE(decodes(kit.with_octets(3, std::string(201, 'n'))));
  CHECK_FALSE(decodes(kit.with_varint(4, 0)));
  CHECK_FALSE(decodes(kit.with_varint(4, 1'500)));
  CHECK_FALSE(decodes(kit.with_octets(5, "\xff")));
  CHECK_FALSE(decodes(kit.with_varint(6, UINT64_MAX)));
  CHECK_FALSE(decodes(kit.with_varint(7, UINT64_MAX)));
  placed.lines[0].kit.reset();
  CHECK_FALSE(has_field(ProtoFields(encode_payload(domain::OrderEvent(placed))).nested(7), 12));
}

TEST_CASE("order codec: a hold, release or rejection with a wrong field is refused",
          "[wire][codec]") {
  check_refused("OrderHeld", {{"no reason", without(1)},
                              {"unknown reason", number(1, 4)},
                              {"unknown reason, 256 more", number(1, 257)},
                              {"note not UTF-8", octets(2, "\xff")},
                              {"note too long", octets(2, std::string(201, 'x'))}});
  check_optional("OrderHeld", {2});
  for (const char* const name : {"OrderHoldReleased", "OrderRejected"}) {
    check_refused(name, {{"note not UTF-8", octets(1, "\xff")},
                         {"note too long", octets(1, std::string(201, 'x'))}});
    check_optional(name, {1});
  }
}

TEST_CASE("order codec: a conversion with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("PickupConverted",
                {{"no line", without(1)},
                 {"no quantity", without(2)},
                 {"quantity out of range", number(2, kTooMuch)},
                 {"quantity negative", number(2, static_cast<std::uint64_t>(-1'000))}});
}

}  // namespace
}  // namespace cairn::wire::order_codec_test
