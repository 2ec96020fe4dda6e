// Pickup codes, hand-overs and returns on the wire.

#include "core/wire/event_codec.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/payloads.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::wire::pickup_codec_test {
namespace {

using namespace test;

constexpr std::uint64_t kTooMuch = static_cast<std::uint64_t>(kMaxMilli) + 1;

TEST_CASE("pickup codec: a code is a salt and a hash of 16 octets each", "[wire][codec]") {
  check_refused("PickupCodeMinted", {{"no salt", without(1)},
                                     {"salt too short", octets(1, Bytes(15, 's'))},
                                     {"salt too long", octets(1, Bytes(17, 's'))},
                                     {"no hash", without(2)},
                                     {"hash too short", octets(2, Bytes(15, 'h'))},
                                     {"hash too long", octets(2, Bytes(32, 'h'))}});
}

TEST_CASE("pickup codec: a wrong code says nothing but that it was wrong", "[wire][codec]") {
  const domain::Event refused{domain::ShipGroupEvent(domain::PickupCodeRefused{})};
  CHECK(encode_payload(refused).empty());
  CHECK(decode_event(domain::PickupCodeRefused::kTypeId, 1, "") == refused);
  CHECK_FALSE(decode_event(domain::PickupCodeRefused::kTypeId, 1, "\xff"));
}

TEST_CASE("pickup codec: both proofs come back", "[wire][codec]") {
  for (const auto proof : {domain::HandOverProof::kCode, domain::HandOverProof::kApproved}) {
    const domain::Event event{
        domain::ShipGroupEvent(domain::HandedOver{{{LineNo(1), 1'000}}, proof, UserId{}, ""})};
    CHECK(decode_event(domain::HandedOver::kTypeId, 1, encode_payload(event)) == event);
  }
}

TEST_CASE("pickup codec: hand-overs with a missing or wrong field are refused", "[wire][codec]") {
  check_refused("HandedOver", {{"no lines", without(1)},
                               {"line without number", inside(1, without(1))},
                               {"line without quantity", inside(1, without(2))},
                               {"line's quantity out of range", inside(1, number(2, kTooMuch))},
                               {"no proof", without(2)},
                               {"unknown proof", number(2, 3)},
                               {"unknown proof, 256 more", number(2, 257)},
                               {"approver too short", octets(3, Bytes(15, 'x'))},
                               {"reason not UTF-8", octets(4, "\xff")}});
  check_optional("HandedOver", {3, 4});
  check_refused("HandOverUndone", {{"no hand-over", without(1)},
                                   {"hand-over without node", inside(1, without(1))},
                                   {"its number zero", inside(1, without(3))},
                                   {"its number out of range", inside(1, number(3, UINT64_MAX))}});
}

// ---- returns ----

TEST_CASE("return codec: every condition comes back", "[wire][codec]") {
  auto taken =
      std::get<domain::ReturnTaken>(std::get<domain::ReturnEvent>(sample("ReturnTaken").event));
  for (const auto condition : {domain::ReturnCondition::kRestock, domain::ReturnCondition::kQcHold,
                               domain::ReturnCondition::kDamaged}) {
    taken.lines.front().condition = condition;
    const domain::Event event{domain::ReturnEvent(taken)};
    CHECK(decode_event(domain::ReturnTaken::kTypeId, 1, encode_payload(event)) == event);
  }
}

TEST_CASE("return codec: a return of a gift, approved by nobody, comes back", "[wire][codec]") {
  auto taken =
      std::get<domain::ReturnTaken>(std::get<domain::ReturnEvent>(sample("ReturnTaken").event));
  taken.approved_by = UserId{};
  taken.reason.clear();
  taken.refund = cairn::test::gbp(0);
  for (auto& line : taken.lines) line.refund = line.unit_price = cairn::test::gbp(0);
  const domain::Event event{domain::ReturnEvent(taken)};
  CHECK(decode_event(domain::ReturnTaken::kTypeId, 1, encode_payload(event)) == event);
}

TEST_CASE("return codec: a refund beyond all reason is refused: sums of many must not overflow",
          "[wire][codec]") {
  auto taken =
      std::get<domain::ReturnTaken>(std::get<domain::ReturnEvent>(sample("ReturnTaken").event));
  taken.lines.resize(1);
  for (const auto& [minor, good] : {std::pair{kMaxMinor, true}, std::pair{kMaxMinor + 1, false}}) {
    taken.refund = taken.lines.front().refund = cairn::test::gbp(minor);
    const Bytes payload = encode_payload(domain::ReturnEvent(taken));
    CHECK(decode_event(domain::ReturnTaken::kTypeId, 1, payload).has_value() == good);
  }
}

TEST_CASE("return codec: a return with a missing or wrong field is refused", "[wire][codec]") {
  check_refused("ReturnTaken", {{"no id", without(1)},
                                {"id too short", octets(1, Bytes(15, 'x'))},
                                {"no group", without(2)},
                                {"group too long", octets(2, Bytes(17, 'x'))},
                                {"no order", without(3)},
                                {"reference not UTF-8", octets(4, "\xff")},
                                {"no lines", without(5)},
                                {"no refund", without(6)},
                                {"refund without currency", inside(6, without(2))},
                                {"approver too short", octets(7, Bytes(15, 'x'))},
                                {"reason not UTF-8", octets(8, "\xff")}});
  check_optional("ReturnTaken", {4, 7, 8});
}

TEST_CASE("return codec: a line of a return with a missing or wrong field is refused",
          "[wire][codec]") {
  const auto line = [](const Change& change) { return inside(5, change); };
  check_refused("ReturnTaken", {{"line empty", octets(5, "")},
                                {"line without number", line(without(1))},
                                {"line without SKU", line(without(2))},
                                {"SKU malformed", line(octets(2, " A"))},
                                {"name not UTF-8", line(octets(3, "\xff"))},
                                {"nothing came back", line(without(4))},
                                {"quantity out of range", line(number(4, kTooMuch))},
                                {"unknown unit", line(number(5, 4))},
                                {"nothing was sold", line(without(6))},
                                {"sold out of range", line(number(6, kTooMuch))},
                                {"no price", line(without(7))},
                                {"no refund", line(without(8))},
                                {"refund negative", line(inside(8, number(1, zigzag(-1))))},
                                {"no condition", line(without(9))},
                                {"unknown condition", line(number(9, 4))},
                                {"unknown condition, 256 more", line(number(9, 257))},
                                {"no place", line(without(10))},
                                {"place malformed", line(octets(10, "A\x7f"))}});
}

// As strict as the command (decision 0006).
TEST_CASE("return codec: the refund is the sum of the lines'", "[wire][codec]") {
  check_refused("ReturnTaken", {{"refund negative", inside(6, number(1, zigzag(-451)))},
                                {"refund too high", inside(6, number(1, zigzag(452)))},
                                {"another currency", inside(6, octets(2, "EUR"))}});
}

TEST_CASE("return codec: a contested refund with a missing or wrong field is refused",
          "[wire][codec]") {
  check_refused("RefundContested", {{"no return", without(1)},
                                    {"return without node", inside(1, without(1))},
                                    {"its number zero", inside(1, without(3))},
                                    {"no line", without(2)},
                                    {"no quantity", without(3)},
                                    {"quantity out of range", number(3, kTooMuch)}});
}

}  // namespace
}  // namespace cairn::wire::pickup_codec_test
