#include "core/wire/event_codec.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/fixture.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::wire::lease_codec_test {
namespace {

using namespace test;

domain::StockMoved counter_sale() {
  domain::StockMoved moved =
      std::get<domain::StockMoved>(std::get<domain::StockEvent>(sample("StockMoved").event));
  moved.to = LocationCode{};
  moved.reason = domain::MovementReason::kSale;
  moved.ship_group = ShipGroupId{};
  moved.lease = StockLeaseId(cairn::test::uuid(0x90));
  moved.approved_by = cairn::test::user(0x52);
  return moved;
}

TEST_CASE("lease codec: the committed sale under a lease is read and written as ever",
          "[wire][codec][golden]") {
  Sample sale = sample("StockMoved");
  sale.event = domain::StockEvent(counter_sale());
  const auto written = encode_record(record_of(sale));
  REQUIRE(written);
  INFO("tests/fixtures/events/StockMoved.sale.v1.hex should hold\n" << as_fixture(*written));
  const Bytes golden = fixture("events/StockMoved.sale.v1.hex");
  REQUIRE_FALSE(golden.empty());
  CHECK(to_hex(*written) == to_hex(golden));
  const auto record = decode_record(golden);
  REQUIRE(record);
  const auto event = decode_event(record->type, record->sv, record->payload);
  REQUIRE(event);
  CHECK(*event == sale.event);
}

TEST_CASE("lease codec: only a sale is made under a lease, or let pass by somebody",
          "[wire][codec]") {
  const auto decodes = [](const ProtoFields& fields) {
    return decode_event(domain::StockMoved::kTypeId, 1, fields.bytes()).has_value();
  };
  const ProtoFields sale(encode_payload(domain::StockEvent(counter_sale())));
  CHECK(decodes(sale));
  CHECK(decodes(sale.without(8)));
  CHECK(decodes(sale.without(9)));
  CHECK(decodes(sale.without(8).without(9)));
  CHECK_FALSE(decodes(sale.without(9).with_varint(6, 2)));
  CHECK_FALSE(decodes(sale.without(8).with_varint(6, 2)));
  CHECK_FALSE(decodes(sale.with_octets(3, "B-2")));
  CHECK_FALSE(decodes(sale.with_octets(8, Bytes(15, 'x'))));
  CHECK_FALSE(decodes(sale.with_octets(9, Bytes(17, 'x'))));
}

TEST_CASE("lease codec: a lease with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("StockLeased",
                {{"no lease", without(1)},
                 {"lease too short", octets(1, Bytes(15, 'x'))},
                 {"no device", without(2)},
                 {"device of zeros", octets(2, Bytes(16, '\0'))},
                 {"incarnation out of range", number(3, std::uint64_t{1} << 63U)},
                 {"no SKU", without(4)},
                 {"SKU malformed", octets(4, " A")},
                 {"no quantity", without(5)},
                 {"quantity out of range", number(5, static_cast<std::uint64_t>(kMaxMilli) + 1)},
                 {"end beyond all calendars", number(6, static_cast<std::uint64_t>(INT64_MAX))},
                 {"no grace", without(7)},
                 {"grace too short", number(7, 59)},
                 {"grace too long", number(7, 30 * 24 * 3600 + 1)}});
  check_optional("StockLeased", {3, 6});
}

TEST_CASE("lease codec: what is said of a lease, missing or wrong, is refused", "[wire][codec]") {
  check_refused("LeaseReturned",
                {{"quantity out of range", number(1, static_cast<std::uint64_t>(kMaxMilli) + 1)}});
  check_optional("LeaseReturned", {1});
  check_refused("LeaseClosed", {{"no reason", without(1)},
                                {"unknown reason", number(1, 3)},
                                {"unknown reason, 256 more", number(1, 257)}});
  check_refused("LeasePolicyDefined", {{"no name", without(1)},
                                       {"name too long", octets(1, Bytes(65, 'n'))},
                                       {"no articles", without(2)},
                                       {"SKU malformed", octets(2, "A ")},
                                       {"no word", without(3)},
                                       {"unknown word", number(3, 4)}});
  check_optional("LeasePolicyDefined", {4});
}

}  // namespace
}  // namespace cairn::wire::lease_codec_test
