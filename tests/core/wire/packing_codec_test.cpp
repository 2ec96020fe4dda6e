// Shorts, packages, labels, cancellations and put-backs on the wire.

#include "core/wire/event_codec.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::wire::packing_codec_test {
namespace {

using namespace test;

constexpr std::uint64_t kTooMuch = static_cast<std::uint64_t>(kMaxMilli) + 1;
constexpr std::uint64_t kNegative = static_cast<std::uint64_t>(-1'000);

/// Decodes what `event` is encoded to.
template <class E>
Result<domain::Event> again(const E& event) {
  return decode_event(E::kTypeId, 1, encode_payload(domain::ShipGroupEvent(event)));
}

template <class E>
bool comes_back(const E& event) {
  return again(event) == domain::Event(domain::ShipGroupEvent(event));
}

/// What may be wrong with the event that another one names.
std::vector<Wrong> wrong_reference(std::uint32_t field) {
  return {{"no reference", without(field)},
          {"reference empty", octets(field, "")},
          {"reference without node", inside(field, without(1))},
          {"its node too short", inside(field, octets(1, Bytes(15, 'x')))},
          {"its number zero", inside(field, without(3))},
          {"its number out of range", inside(field, number(3, UINT64_MAX))},
          {"reference no message", octets(field, "\xff")}};
}

const EventRef kPackage{cairn::test::node(0xA), Incarnation(UINT64_MAX), 50};

TEST_CASE("packing codec: every enumerator comes back", "[wire][codec]") {
  for (const domain::ShortReason reason : domain::short_reasons()) {
    CHECK(comes_back(domain::LineShorted{LineNo(1), 1'000, reason, {}}));
  }
  for (const auto check : {domain::WeightCheck::kMatched, domain::WeightCheck::kOverridden,
                           domain::WeightCheck::kNotChecked}) {
    CHECK(comes_back(domain::PackageClosed{{{LineNo(1), 1'000}}, 1, 0, check, {}, ""}));
  }
  for (const auto outcome : {domain::PrintOutcome::kDone, domain::PrintOutcome::kFailed,
                             domain::PrintOutcome::kUnknown}) {
    CHECK(comes_back(domain::LabelPrintEnded{kPackage, outcome, ""}));
  }
  for (const bool came_out : {true, false}) {
    CHECK(comes_back(domain::LabelChecked{kPackage, came_out}));
  }
  for (const auto reason : {domain::CancelReason::kCustomer, domain::CancelReason::kHeadOffice}) {
    CHECK(comes_back(domain::GroupUnitsCancelled{LineNo(1), 1'000, reason, ""}));
  }
}

TEST_CASE("packing codec: the greatest figures come back", "[wire][codec]") {
  CHECK(comes_back(domain::PackageClosed{{{LineNo(UINT32_MAX), kMaxMilli}},
                                         kMaxMilli,
                                         kMaxMilli,
                                         domain::WeightCheck::kMatched,
                                         {},
                                         ""}));
  CHECK(comes_back(domain::UnitsReturned{
      LineNo(UINT32_MAX), kMaxMilli, {cairn::test::node(1), Incarnation(0), INT64_MAX}}));
}

TEST_CASE("packing codec: a short with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("LineShorted", {{"no line", without(1)},
                                {"no quantity", without(2)},
                                {"quantity out of range", number(2, kTooMuch)},
                                {"quantity negative", number(2, kNegative)},
                                {"no reason", without(3)},
                                {"unknown reason", number(3, 10)},
                                {"unknown reason, 256 more", number(3, 257)},
                                {"bin malformed", octets(4, " A-01")}});
  check_optional("LineShorted", {4});
}

TEST_CASE("packing codec: a package with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("PackageClosed", {{"no lines", without(1)},
                                  {"line empty", octets(1, "")},
                                  {"line without number", inside(1, without(1))},
                                  {"line without quantity", inside(1, without(2))},
                                  {"line's quantity out of range", inside(1, number(2, kTooMuch))},
                                  {"no weight", without(2)},
                                  {"weight out of range", number(2, kTooMuch)},
                                  {"expected weight out of range", number(3, kTooMuch)},
                                  {"no check", without(4)},
                                  {"unknown check", number(4, 4)},
                                  {"unknown check, 256 more", number(4, 258)},
                                  {"approver too short", octets(5, Bytes(15, 'x'))},
                                  {"approver too long", octets(5, Bytes(17, 'x'))},
                                  {"reason not UTF-8", octets(6, "\xff")}});
  check_optional("PackageClosed", {3, 5, 6});
}

TEST_CASE("packing codec: a label with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("LabelAssigned", wrong_reference(1));
  check_refused("LabelAssigned",
                {{"no SSCC", without(2)},
                 {"SSCC with a wrong check digit", octets(2, "095212340000200001")},
                 {"SSCC too short", octets(2, "09521234000020000")},
                 {"SSCC no digits", octets(2, "09521234000020000x")},
                 {"no tracking number", without(3)},
                 {"tracking number too long", octets(3, Bytes(41, '1'))},
                 {"tracking number not UTF-8", octets(3, "\xff")}});
  // Other carriers have numbers of other forms.
  CHECK(comes_back(domain::LabelAssigned{kPackage, "095212340000200000", "1Z 999"}));
  CHECK(comes_back(domain::LabelAssigned{kPackage, "095212340000200000", std::string(40, '1')}));
}

TEST_CASE("packing codec: prints with a missing or wrong field are refused", "[wire][codec]") {
  check_refused("LabelPrintStarted", wrong_reference(1));
  check_refused("LabelPrintStarted", {{"printer not UTF-8", octets(2, "\xff")}});
  check_refused("LabelPrintEnded", wrong_reference(1));
  check_refused("LabelPrintEnded", {{"no outcome", without(2)},
                                    {"unknown outcome", number(2, 4)},
                                    {"unknown outcome, 256 more", number(2, 257)},
                                    {"detail not UTF-8", octets(3, "\xff")}});
  check_refused("LabelChecked", wrong_reference(1));
  check_optional("LabelPrintEnded", {3});
  check_optional("LabelPrintStarted", {3});
  check_optional("LabelChecked", {2, 3});
}

TEST_CASE("packing codec: cancellations with a missing or wrong field are refused",
          "[wire][codec]") {
  check_refused("GroupUnitsCancelled", {{"no line", without(1)},
                                        {"no quantity", without(2)},
                                        {"quantity out of range", number(2, kTooMuch)},
                                        {"quantity negative", number(2, kNegative)},
                                        {"no reason", without(3)},
                                        {"unknown reason", number(3, 4)},
                                        {"unknown reason, 256 more", number(3, 257)},
                                        {"source not UTF-8", octets(4, "\xff")}});
  check_optional("GroupUnitsCancelled", {4});
}

TEST_CASE("packing codec: put-backs and returned units with a wrong field are refused",
          "[wire][codec]") {
  check_refused("PutBackDone", wrong_reference(1));
  check_refused("PutBackDone", {{"no line", without(2)},
                                {"no quantity", without(3)},
                                {"quantity out of range", number(3, kTooMuch)},
                                {"no bin", without(4)},
                                {"bin malformed", octets(4, "A-01\n")}});
  check_refused("UnitsReturned", wrong_reference(3));
  check_refused("UnitsReturned", {{"no line", without(1)},
                                  {"no quantity", without(2)},
                                  {"quantity negative", number(2, kNegative)}});
}

}  // namespace
}  // namespace cairn::wire::packing_codec_test
