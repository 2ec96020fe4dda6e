#include "edge-agent/devices/counter_receipt.h"

#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"

#include <string>
#include <variant>

namespace cairn::agent::counter_receipt_test {
namespace {

using storage::test::pieces;
using storage::test::pounds;
using storage::test::sku;

constexpr int kColumns = 42;

/// The lines of text on it, one below the other.
std::string text_of(const devices::ReceiptPage& page) {
  std::string text;
  for (const auto& piece : page.pieces) {
    if (const auto* const line = std::get_if<devices::ReceiptLine>(&piece)) {
      text += line->text + "\n";
    }
  }
  return text;
}

template <class Code>
const Code* code_on(const devices::ReceiptPage& page) {
  for (const auto& piece : page.pieces) {
    if (const auto* const code = std::get_if<Code>(&piece)) return code;
  }
  return nullptr;
}

CounterAct act(bool copy = false) {
  return {"Store York", UtcTime::parse("2026-11-27T10:31:05.250Z").value(), "ana", copy};
}

domain::Sale sale() {
  domain::Sale sale;
  sale.order_reference = "ORD-7";
  sale.lines.push_back(
      {{LineNo(1), sku("CUP-1"), "Cup", {pieces(2), Uom::kPiece}, pounds(199)}, {}});
  sale.lines.push_back({{LineNo(2), sku("TEA-1"), "Tea", {250, Uom::kKilogram}, pounds(1999)}, {}});
  sale.lines.push_back({{LineNo(3), sku("MUG-1"), "Mug", {0, Uom::kPiece}, pounds(500)}, {}});
  return sale;
}

TEST_CASE("counter receipt: a hand-over says what, when, by whom and how much",
          "[agent][devices]") {
  const auto page = lay_out_with_code(hand_over_receipt(act(), sale()), "ORD-7", kColumns);
  REQUIRE(page);
  const std::string text = text_of(*page);
  for (const std::string said :
       {"Store York\n", "Handed over\n", "Order ORD-7\n", "2026-11-27 10:31 UTC\n",
        "Served by ana\n", "2 x 1.99\n", "0.25 kg x 19.99\n", "TOTAL GBP", "8.98\n"}) {
    CAPTURE(text);
    CHECK_THAT(text, Catch::Contains(said));
  }
  CHECK_THAT(text, !Catch::Contains("Mug"));
  CHECK_THAT(text, !Catch::Contains("COPY"));
  REQUIRE(code_on<devices::ReceiptBarcode>(*page) != nullptr);
  CHECK(code_on<devices::ReceiptBarcode>(*page)->data == "ORD-7");
}

TEST_CASE("counter receipt: one printed again says that it is a copy", "[agent][devices]") {
  const auto page = lay_out_with_code(hand_over_receipt(act(true), sale()), "ORD-7", kColumns);
  REQUIRE(page);
  CHECK_THAT(text_of(*page), Catch::Contains("\nCOPY\n") || Catch::StartsWith("COPY\n"));
}

TEST_CASE("counter receipt: a return says what is owed, below zero", "[agent][devices]") {
  storage::ReturnRow row;
  row.order_reference = "ORD-7";
  row.refund = pounds(398);
  row.lines.push_back(
      {LineNo(1), sku("CUP-1"), "Cup", {pieces(2), Uom::kPiece}, 398, "RESTOCK", {}});
  const auto page = lay_out_with_code(return_receipt(act(), row, "lead"), "ORD-7", kColumns);
  REQUIRE(page);
  const std::string text = text_of(*page);
  CAPTURE(text);
  for (const std::string said : {"Return\n", "Taken by ana\n", "Approved by lead\n", "2 x -1.99\n",
                                 "TOTAL GBP", "-3.98\n"}) {
    CHECK_THAT(text, Catch::Contains(said));
  }
}

TEST_CASE("counter receipt: what is not known any more is left out", "[agent][devices]") {
  const CounterAct forgotten{"Store York", {}, {}, true};
  const auto page = lay_out_with_code(hand_over_receipt(forgotten, sale()), "ORD-7", kColumns);
  REQUIRE(page);
  const std::string text = text_of(*page);
  CHECK_THAT(text, !Catch::Contains("1970"));
  CHECK_THAT(text, !Catch::Contains("Served by"));
}

TEST_CASE("counter receipt: a number that is no bar code is a QR code, or only text",
          "[agent][devices]") {
  const auto receipt = hand_over_receipt(act(), sale());
  const std::string wide(60, 'W');
  const auto page = lay_out_with_code(receipt, wide, 32);
  REQUIRE(page);
  CHECK(code_on<devices::ReceiptBarcode>(*page) == nullptr);
  REQUIRE(code_on<devices::ReceiptQr>(*page) != nullptr);
  CHECK(code_on<devices::ReceiptQr>(*page)->data == wide);
  const auto accents = lay_out_with_code(receipt, "BESTELLUNG-Ä", kColumns);
  REQUIRE(accents);
  CHECK(code_on<devices::ReceiptQr>(*accents) != nullptr);
  const auto neither = lay_out_with_code(receipt, std::string(600, 'x'), kColumns);
  REQUIRE(neither);
  CHECK(code_on<devices::ReceiptQr>(*neither) == nullptr);
}

}  // namespace
}  // namespace cairn::agent::counter_receipt_test
