#include "device-drivers/escpos/receipt.h"
#include "device-drivers/escpos/receipt_text.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::devices::receipt_layout_test {
namespace {

Receipt sale() {
  Receipt receipt;
  receipt.title = "Markt";
  receipt.currency = *Currency::parse("EUR");
  receipt.items = {{"Äpfel", 1250, "kg", 299, 374, "A"}, {"Bag", 1000, "", 25, 25, "B"}};
  receipt.total_minor = 399;
  return receipt;
}

std::vector<std::string> lines_of(const ReceiptPage& page) {
  std::vector<std::string> lines;
  for (const ReceiptPiece& piece : page.pieces) {
    if (const auto* line = std::get_if<ReceiptLine>(&piece)) lines.push_back(line->text);
  }
  return lines;
}

TEST_CASE("receipt: amounts are below each other", "[devices][receipt]") {
  const auto page = lay_out(sale(), 32);
  REQUIRE(page);
  const auto lines = lines_of(*page);
  CHECK(lines.at(0) == "Markt");
  CHECK(lines.at(2) == "Äpfel                     3.74 A");
  CHECK(lines.at(3) == "  1.25 kg x 2.99");
  CHECK(lines.at(4) == "Bag                       0.25 B");
  CHECK(lines.at(6) == "TOTAL EUR                   3.99");
  CHECK(std::holds_alternative<ReceiptCut>(page->pieces.back()));
}

TEST_CASE("receipt: nothing is wider than the paper", "[devices][receipt]") {
  Receipt receipt = sale();
  receipt.title = std::string(300, 'W');
  receipt.header = {std::string(500, 'x')};
  receipt.facts = {"a " + std::string(200, 'y')};
  receipt.items.front().name = std::string(400, 'n');
  receipt.items.front().unit = std::string(100, 'u');
  receipt.payments = {{"Card", -kMaxMinor}};
  receipt.taxes = {{std::string(100, 't'), kMaxMinor, kMaxMinor}};
  for (const int columns : {32, 42, 48}) {
    const auto page = lay_out(receipt, columns);
    REQUIRE(page);
    for (const ReceiptPiece& piece : page->pieces) {
      const auto* line = std::get_if<ReceiptLine>(&piece);
      if (line == nullptr) continue;
      CAPTURE(columns, line->text);
      CHECK(width_of_text(line->text) * line->scale <= columns);
    }
  }
}

TEST_CASE("receipt: what cannot be printed is refused with why", "[devices][receipt]") {
  struct Row {
    std::function<void(Receipt&)> change;
    std::string says;
  };
  using Symbology = ReceiptBarcode::Symbology;
  const std::vector<Row> rows{
      {[](Receipt& r) { r.title = "\xff"; }, "UTF-8"},
      {[](Receipt& r) { r.header.assign(501, ""); }, "at most 500"},
      {[](Receipt& r) { r.items.front().name = std::string(501, 'a'); }, "500 octets"},
      {[](Receipt& r) { r.qr = "a\nb"; }, "one line"},
      {[](Receipt& r) { r.qr = std::string(501, 'a'); }, "at most 500"},
      {[](Receipt& r) { r.barcode = {Symbology::kEan13, "4006381333930"}; }, "no EAN-13"},
      {[](Receipt& r) { r.barcode = {Symbology::kEan13, "40063813"}; }, "no EAN-13"},
      {[](Receipt& r) { r.barcode = {Symbology::kCode128, "ä"}; }, "printable ASCII"},
      {[](Receipt& r) { r.barcode = {Symbology::kCode128, ""}; }, "printable ASCII"},
      {[](Receipt& r) { r.barcode = {Symbology::kCode128, std::string(60, '1')}; }, "wider"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    Receipt receipt = sale();
    row.change(receipt);
    const auto page = lay_out(receipt, 42);
    REQUIRE_FALSE(page);
    CHECK(page.error().reason == "bad_receipt");
    CHECK_THAT(page.error().message, Catch::Contains(row.says));
  }
  CHECK_FALSE(lay_out(sale(), 40));
}

TEST_CASE("receipt: a bar code has the widest bars that fit", "[devices][receipt]") {
  Receipt receipt = sale();
  receipt.barcode = {ReceiptBarcode::Symbology::kCode128, "ORD-17/A"};
  const auto module_at = [&receipt](int columns) {
    const auto page = lay_out(receipt, columns);
    for (const ReceiptPiece& piece : page->pieces) {
      if (const auto* code = std::get_if<ReceiptBarcode>(&piece)) return code->module;
    }
    return 0;
  };
  CHECK(module_at(48) == 2);
  CHECK(module_at(32) == 1);
}

}  // namespace
}  // namespace cairn::devices::receipt_layout_test
