#include "core/wire/event_codec.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::wire::reference_codec_test {
namespace {

using namespace test;

constexpr std::uint64_t kTooMuch = static_cast<std::uint64_t>(kMaxMilli) + 1;

template <class Defined>
Defined round_trip(const Defined& defined) {
  const domain::Event event{domain::ReferenceEvent(defined)};
  const auto decoded = decode_event(Defined::kTypeId, 1, encode_payload(event));
  REQUIRE(decoded);
  return std::get<Defined>(std::get<domain::ReferenceEvent>(*decoded));
}

TEST_CASE("reference codec: a definition of the least comes back", "[wire][codec]") {
  using cairn::test::location;
  using cairn::test::node;
  using cairn::test::site;
  using cairn::test::sku;
  using cairn::test::user;
  domain::Product product;
  product.sku = sku("A");
  product.name = "A";
  CHECK(round_trip(domain::ProductDefined{product}) == domain::ProductDefined{product});
  product.hazmat = true;
  CHECK(round_trip(domain::ProductDefined{product}) == domain::ProductDefined{product});
  product.category = "solvents";
  CHECK(round_trip(domain::ProductDefined{product}) == domain::ProductDefined{product});
  product.parts = {{sku("B"), 1}, {sku("C"), domain::KitPart::kMaxUnits}};
  CHECK(round_trip(domain::ProductDefined{product}) == domain::ProductDefined{product});
  const domain::FacilityDefined facility{{site("a"), "A", domain::FacilityKind::kStore, {}, true}};
  CHECK(round_trip(facility) == facility);
  const domain::LocationDefined bin{{location("A"), domain::LocationType::kPick, 0}};
  CHECK(round_trip(bin) == bin);
  const domain::StaffAssigned staff{{user(1), "A", domain::Role::kPicker, "$", true}};
  CHECK(round_trip(staff) == staff);
  const domain::NodeRegistered agent{{node(1), site("a"), "A", true}};
  CHECK(round_trip(agent) == agent);
}

TEST_CASE("reference codec: every kind, type and role comes back", "[wire][codec]") {
  for (std::uint8_t kind = 1; kind <= 2; ++kind) {
    const domain::FacilityDefined facility{
        {cairn::test::site("a"), "A", static_cast<domain::FacilityKind>(kind), {}, true}};
    CHECK(round_trip(facility) == facility);
  }
  for (std::uint8_t type = 1; type <= 5; ++type) {
    const domain::LocationDefined bin{
        {cairn::test::location("A"), static_cast<domain::LocationType>(type), 1}};
    CHECK(round_trip(bin) == bin);
  }
  for (std::uint8_t role = 1; role <= 6; ++role) {
    const domain::StaffAssigned staff{
        {cairn::test::user(1), "A", static_cast<domain::Role>(role), "$", true}};
    CHECK(round_trip(staff) == staff);
  }
}

TEST_CASE("reference codec: a price of nothing is not the same as none", "[wire][codec]") {
  domain::Product product;
  product.sku = cairn::test::sku("A");
  product.name = "A";
  product.price = cairn::test::gbp(0);
  CHECK(round_trip(domain::ProductDefined{product}).product.price == cairn::test::gbp(0));
  product.price.reset();
  CHECK_FALSE(round_trip(domain::ProductDefined{product}).product.price);
}

TEST_CASE("reference codec: a product with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("ProductDefined",
                {{"no SKU", without(1)},
                 {"SKU with a blank in front", octets(1, " A")},
                 {"SKU too long", octets(1, Bytes(65, 'A'))},
                 {"name not UTF-8", octets(2, "\xff")},
                 {"GTIN with a wrong check digit", octets(3, varint(4'006'381'333'932))},
                 {"GTIN of 15 digits", octets(3, varint(100'000'000'000'007))},
                 {"GTINs cut off", octets(3, "\x80")},
                 {"unknown unit", number(4, 4)},
                 {"unknown unit, 256 more", number(4, 256)},
                 {"weight out of range", number(5, kTooMuch)},
                 {"price without currency", inside(6, without(2))},
                 {"price in no currency", inside(6, octets(2, "gbp"))},
                 {"price empty", octets(6, "")},
                 {"price no message", octets(6, "\xff")}});
  check_optional("ProductDefined", {3, 4, 5, 6, 7});
}

TEST_CASE("reference codec: a facility with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("FacilityDefined",
                {{"no site", without(1)},
                 {"site in upper case", octets(1, "STORE")},
                 {"no kind", without(3)},
                 {"unknown kind", number(3, 3)},
                 {"latitude out of range", inside(4, number(1, zigzag(90'000'001)))},
                 {"latitude below range", inside(4, number(1, zigzag(-90'000'001)))},
                 {"longitude out of range", inside(4, number(2, zigzag(180'000'001)))},
                 {"longitude below range", inside(4, number(2, zigzag(-180'000'001)))}});
  check_optional("FacilityDefined", {5});
}

TEST_CASE("reference codec: a location with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("LocationDefined", {{"no code", without(1)},
                                    {"code with a line end", octets(1, "A\n")},
                                    {"no type", without(2)},
                                    {"unknown type", number(2, 6)}});
  check_optional("LocationDefined", {3});
}

TEST_CASE("reference codec: a staff member with a missing or wrong field is refused",
          "[wire][codec]") {
  check_refused("StaffAssigned", {{"no user", without(1)},
                                  {"user too short", octets(1, Bytes(15, 'x'))},
                                  {"user too long", octets(1, Bytes(17, 'x'))},
                                  {"name not UTF-8", octets(2, "\xed\xa0\x80")},
                                  {"no role", without(3)},
                                  {"unknown role", number(3, 14)}});
  check_optional("StaffAssigned", {5});
}

TEST_CASE("reference codec: a node with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("NodeRegistered", {{"no node", without(1)},
                                   {"node too short", octets(1, Bytes(15, 'x'))},
                                   {"no site", without(2)},
                                   {"site malformed", octets(2, "a/b")}});
  check_optional("NodeRegistered", {4});
}

domain::LabelBlockGranted block(std::string_view prefix, std::uint64_t first, std::uint64_t count) {
  return {cairn::test::node(1),
          Incarnation(UINT64_MAX),
          domain::Gs1Prefix::parse(prefix).value(),
          {first, count}};
}

TEST_CASE("reference codec: a block of serials comes back", "[wire][codec]") {
  for (const auto& granted : {block("9521234", 0, 1), block("9521234", 0, 100'000'000),
                              block("9521234567", 999'999, 1)}) {
    CHECK(round_trip(granted) == granted);
  }
}

TEST_CASE("reference codec: a block with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("LabelBlockGranted", {{"no node", without(1)},
                                      {"node too short", octets(1, Bytes(15, 'x'))},
                                      {"no prefix", without(3)},
                                      {"prefix too short", octets(3, "952123")},
                                      {"prefix too long", octets(3, "95212345678")},
                                      {"prefix no digits", octets(3, "952123x")},
                                      {"no serials", without(5)},
                                      {"serials beyond the prefix", number(5, 99'980'001)},
                                      {"first beyond the prefix", number(4, 99'990'001)},
                                      {"first out of range", number(4, UINT64_MAX)},
                                      {"count out of range", number(5, UINT64_MAX)}});
  // The first block of all begins with serial 0.
  check_optional("LabelBlockGranted", {2, 4});
}

TEST_CASE("reference codec: an unknown kind, type or role does not turn into a known one",
          "[wire][codec]") {
  check_refused("FacilityDefined", {{"kind 257", number(3, 257)}});
  check_refused("LocationDefined", {{"type 257", number(2, 257)}});
  check_refused("StaffAssigned", {{"role 262", number(3, 262)}});
}

TEST_CASE("reference codec: a facility without a position is not at 0, 0", "[wire][codec]") {
  check_refused("FacilityDefined", {{"no position", without(4)}});
}

TEST_CASE("reference codec: definitions without a name are refused", "[wire][codec]") {
  check_refused("ProductDefined", {{"no name", without(2)}});
  check_refused("FacilityDefined", {{"no name", without(2)}});
  check_refused("StaffAssigned", {{"no name", without(2)}, {"no PIN hash", without(4)}});
  check_refused("NodeRegistered", {{"no name", without(3)}});
}

}  // namespace
}  // namespace cairn::wire::reference_codec_test
