#include "core/wire/event_codec.h"

#include "core/domain/registry.h"
#include "tests/core/wire/support/fixture.h"
#include "tests/core/wire/support/proto_fields.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace cairn::wire::event_codec_test {
namespace {

using test::ProtoFields;
using test::Sample;
using test::samples;

/// True if the payload was decoded, false if it was refused as it has to be.
bool decodes(std::uint32_t type, BytesView payload) {
  const auto event = decode_event(type, 1, payload);
  if (event) return true;
  REQUIRE(event.error().code == ErrorCode::kCorrupt);
  REQUIRE(event.error().reason == "bad_payload");
  return false;
}

std::set<std::uint32_t> numbers_in(const ProtoFields& fields) {
  std::set<std::uint32_t> numbers;
  for (const auto& field : fields.fields()) numbers.insert(field.number);
  return numbers;
}

std::set<std::uint32_t> one_to(std::uint32_t last) {
  std::set<std::uint32_t> numbers;
  for (std::uint32_t number = 1; number <= last; ++number) numbers.insert(number);
  return numbers;
}

TEST_CASE("event codec: there is a sample of every event type", "[wire][codec]") {
  std::set<std::string> names;
  for (const Sample& sample : samples()) {
    CAPTURE(sample.name);
    const auto type = domain::find_event_type(type_of(sample.event));
    REQUIRE(type);
    CHECK(type->name == sample.name);
    CHECK(type->aggregate == sample.key.kind);
    names.insert(sample.name);
  }
  CHECK(names.size() == domain::event_types().size());
}

TEST_CASE("event codec: the samples leave no field at its default", "[wire][codec]") {
  // Field numbers of core/wire/proto: an absent field would prove nothing about its codec.
  const std::map<std::string, std::uint32_t> fields{
      {"ProductDefined", 7},
      {"FacilityDefined", 5},
      {"LocationDefined", 3},
      {"StaffAssigned", 5},
      {"NodeRegistered", 4},
      {"LabelBlockGranted", 5},
      {"StockMoved", 7},
      {"StockCounted", 5},
      {"OrderPlaced", 7},
      {"OrderUnitsCancelled", 4},
      {"PickupConverted", 2},
      {"CancellationUnmatched", 4},
      {"OrderHeld", 2},
      {"OrderHoldReleased", 1},
      {"OrderRejected", 1},
      {"CouponsGivenBack", 0},
      {"OrderLineAdded", 3},
      {"OrderDeliveryChanged", 3},
      {"PromotionDefined", 17},
      {"TaskClaimed", 1},
      {"ShipGroupAllocated", 5},
      {"TaskReleased", 1},
      {"LinePicked", 3},
      {"ShipGroupShipped", 1},
      {"LineShorted", 4},
      {"GroupUnitsCancelled", 4},
      {"PutBackDone", 4},
      {"UnitsReturned", 3},
      {"PackageClosed", 6},
      {"LabelAssigned", 3},
      {"LabelPrintStarted", 3},
      {"LabelPrintEnded", 3},
      {"LabelChecked", 3},
      {"PickupCodeMinted", 2},
      {"PickupCodeRefused", 0},
      {"HandedOver", 4},
      {"HandOverUndone", 1},
      {"PickUndone", 3},
      {"ReturnTaken", 8},
      {"RefundContested", 3},
      {"NodeCommandIssued", 7},
      {"NodeCommandEnded", 3},
      {"NodeConfigDesired", 2},
      {"NodeConfigReported", 5},
      {"OrderParked", 2},
      {"RoutingRulesDefined", 4},
      {"PaymentOpened", 5},
      {"PaymentAsked", 9},
      {"PaymentAnswered", 5},
      {"AuthorizationExpired", 0},
      {"StoredValueOpened", 5},
      {"StoredValueCredited", 4},
      {"StoredValueDebited", 3},
      {"EscrowGranted", 3},
      {"EscrowClosed", 2},
      {"SafetyStockRuleDefined", 7},
      {"SellingChannelDefined", 8},
      {"StockReserved", 7},
      {"ReservationEnded", 1},
      {"SupplyExpected", 6},
      {"StockLeased", 7},
      {"LeaseRecalled", 0},
      {"LeaseReturned", 1},
      {"LeaseClosed", 1},
      {"LeasePolicyDefined", 4},
  };
  for (const Sample& sample : samples()) {
    CAPTURE(sample.name);
    std::set<std::uint32_t> expected = one_to(fields.at(sample.name));
    if (sample.name == "PromotionDefined") expected.erase(5);  // the amount of another kind
    CHECK(numbers_in(ProtoFields(encode_payload(sample.event))) == expected);
  }
  const ProtoFields placed(encode_payload(test::sample("OrderPlaced").event));
  CHECK(numbers_in(ProtoFields(placed.fields().back().content)) == one_to(7));
  const ProtoFields allocated(encode_payload(test::sample("ShipGroupAllocated").event));
  CHECK(numbers_in(allocated.nested(5)).contains(4));
  CHECK(numbers_in(ProtoFields(allocated.fields().back().content)).contains(8));
  // A piece's unit is number 0: the second line is by weight.
  const ProtoFields taken(encode_payload(test::sample("ReturnTaken").event));
  CHECK(numbers_in(ProtoFields(taken.fields()[5].content)) == one_to(10));
}

TEST_CASE("event codec: the samples are what a program would really write", "[wire][codec]") {
  const auto& product = std::get<domain::ReferenceEvent>(test::sample("ProductDefined").event);
  CHECK(validate(std::get<domain::ProductDefined>(product).product));
  const auto& facility = std::get<domain::ReferenceEvent>(test::sample("FacilityDefined").event);
  CHECK(validate(std::get<domain::FacilityDefined>(facility).facility));
  const auto& moved = std::get<domain::StockEvent>(test::sample("StockMoved").event);
  CHECK(validate(std::get<domain::StockMoved>(moved)));
  const auto& placed = std::get<domain::OrderEvent>(test::sample("OrderPlaced").event);
  CHECK(decide(domain::PlaceOrder{std::get<domain::OrderPlaced>(placed)}));
  const auto& group = std::get<domain::ShipGroupEvent>(test::sample("LabelAssigned").event);
  const auto& label = std::get<domain::LabelAssigned>(group);
  CHECK(domain::is_sscc(label.sscc));
  CHECK(domain::is_tracking_number(label.tracking));
  const auto& returned = std::get<domain::ReturnEvent>(test::sample("ReturnTaken").event);
  const auto& taken = std::get<domain::ReturnTaken>(returned);
  CHECK(taken.lines[0].refund.plus(taken.lines[1].refund) == taken.refund);
}

TEST_CASE("event codec: every event comes back with every field", "[wire][codec]") {
  for (const Sample& sample : samples()) {
    CAPTURE(sample.name);
    const auto event = decode_event(type_of(sample.event), 1, encode_payload(sample.event));
    REQUIRE(event);
    CHECK(*event == sample.event);
  }
}

TEST_CASE("event codec: the committed records are read and written as ever",
          "[wire][codec][golden]") {
  for (const Sample& sample : samples()) {
    const std::string name = "events/" + sample.name + ".v1.hex";
    const Record expected = test::record_of(sample);
    const auto written = encode_record(expected);
    REQUIRE(written);
    INFO("tests/fixtures/" << name << " should hold\n" << test::as_fixture(*written));
    const Bytes golden = test::fixture(name);
    REQUIRE_FALSE(golden.empty());
    const auto record = decode_record(golden);
    REQUIRE(record);
    CHECK(*record == expected);
    const auto event = decode_event(record->type, record->sv, record->payload);
    REQUIRE(event);
    CHECK(*event == sample.event);
    CHECK(to_hex(*written) == to_hex(golden));
  }
}

TEST_CASE("event codec: records of older programs, with fields missing, are read",
          "[wire][codec][golden]") {
  const auto read = [](const std::string& name) {
    const auto record = decode_record(test::fixture("events/older/" + name + ".v1.hex"));
    REQUIRE(record);
    const auto event = decode_event(record->type, record->sv, record->payload);
    REQUIRE(event);
    return *event;
  };
  auto started = std::get<domain::LabelPrintStarted>(
      std::get<domain::ShipGroupEvent>(test::sample("LabelPrintStarted").event));
  started.after = {};
  CHECK(read("LabelPrintStarted") == domain::Event(domain::ShipGroupEvent(started)));
  auto checked = std::get<domain::LabelChecked>(
      std::get<domain::ShipGroupEvent>(test::sample("LabelChecked").event));
  checked.print = {};
  CHECK(read("LabelChecked") == domain::Event(domain::ShipGroupEvent(checked)));
  auto defined = std::get<domain::SellingChannelDefined>(
      std::get<domain::PromiseEvent>(test::sample("SellingChannelDefined").event));
  defined.channel.sells_ahead = false;
  CHECK(read("SellingChannelDefined") == domain::Event(domain::PromiseEvent(defined)));
}

TEST_CASE("event codec: an unknown type is not found, so that it can be parked", "[wire][codec]") {
  for (const std::uint32_t type : {0U, 1U, 70U, 99U, 119U, 219U, 302U, UINT32_MAX}) {
    CAPTURE(type);
    const auto event = decode_event(type, 1, "");
    REQUIRE_FALSE(event);
    CHECK(event.error().code == ErrorCode::kNotFound);
    CHECK(event.error().reason == "unknown_event_type");
    CHECK_THAT(event.error().message, Catch::Contains(std::to_string(type)));
  }
}

TEST_CASE("event codec: a version from the future, or none, is not found", "[wire][codec]") {
  for (const Sample& sample : samples()) {
    for (const std::uint32_t version : {0U, 2U, UINT32_MAX}) {
      CAPTURE(sample.name, version);
      const auto event = decode_event(type_of(sample.event), version, encode_payload(sample.event));
      REQUIRE_FALSE(event);
      CHECK(event.error().code == ErrorCode::kNotFound);
      CHECK(event.error().reason == "unknown_event_version");
      CHECK_THAT(event.error().message, Catch::Contains(sample.name));
    }
  }
}

TEST_CASE("event codec: unknown fields of a payload are passed over", "[wire][codec]") {
  for (const Sample& sample : samples()) {
    CAPTURE(sample.name);
    const ProtoFields more = ProtoFields(encode_payload(sample.event))
                                 .plus_octets(1'000, "from the future")
                                 .with_varint(1'001, UINT64_MAX);
    const auto event = decode_event(type_of(sample.event), 1, more.bytes());
    REQUIRE(event);
    CHECK(*event == sample.event);
  }
}

TEST_CASE("event codec: whatever is cut off a payload, it is read or refused", "[wire][codec]") {
  for (const Sample& sample : samples()) {
    const Bytes payload = encode_payload(sample.event);
    for (std::size_t size = 0; size < payload.size(); ++size) {
      CAPTURE(sample.name, size);
      REQUIRE_NOTHROW(decodes(type_of(sample.event), BytesView(payload).substr(0, size)));
    }
    if (payload.empty()) continue;  // says all by its type
    CHECK_FALSE(decodes(type_of(sample.event), payload.substr(0, payload.size() - 1)));
  }
}

TEST_CASE("event codec: whatever bit of a payload flips, it is read or refused", "[wire][codec]") {
  std::size_t refused = 0;
  for (const Sample& sample : samples()) {
    const Bytes payload = encode_payload(sample.event);
    for (std::size_t bit = 0; bit < payload.size() * 8; ++bit) {
      Bytes flipped = payload;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      CAPTURE(sample.name, bit);
      REQUIRE_NOTHROW(refused += decodes(type_of(sample.event), flipped) ? 0U : 1U);
    }
  }
  CHECK(refused > 1'000);
}

TEST_CASE("event codec: any octets at all are read or refused", "[wire][codec]") {
  std::mt19937_64 engine(20261124);
  for (int i = 0; i < 5'000; ++i) {
    Bytes payload;
    for (auto size = engine() % 40; size > 0; --size) {
      // Small numbers make likely tags and lengths.
      payload.push_back(static_cast<char>(engine() % 3 == 0 ? engine() % 256 : engine() % 32));
    }
    for (const auto& type : domain::event_types()) {
      CAPTURE(i, type.name, to_hex(payload));
      REQUIRE_NOTHROW(decodes(type.id, payload));
    }
  }
}

}  // namespace
}  // namespace cairn::wire::event_codec_test
