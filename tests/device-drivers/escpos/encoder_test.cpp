#include "device-drivers/escpos/encoder.h"

#include "core/base/bytes.h"
#include "device-drivers/escpos/code_page.h"
#include "device-drivers/escpos/receipt_text.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::devices::encoder_test {
namespace {

const ReceiptPrinterModel& epson() { return *find_receipt_printer("epson"); }

std::string line_of(const ReceiptLine& line, const ReceiptPrinterModel& model = epson()) {
  EscPosEncoder encoder(model, 20);
  encoder.line(line);
  return to_hex(encoder.octets());
}

TEST_CASE("escpos: text is in the printer's code pages", "[devices][escpos]") {
  CHECK(line_of({"abc"}) == "1b74006162630a0d");
  CHECK(line_of({"Grüße €"}) == "1b7400477281e165201b7413d50a0d");
  CHECK(line_of({"Чай"}) ==
        "1b7411"
        "97a0a9"
        "0a0d");
  CHECK(line_of({"注"}) == "1b74003f0a0d");
  CHECK(line_of({"€"}, *find_receipt_printer("citizen")) == "1b7402d50a0d");
  CHECK(line_of({""}) == "0a0d");
  EscPosEncoder twice(epson(), 20);
  twice.line({"a"});
  twice.line({"b"});
  CHECK(to_hex(twice.octets()) == "1b7400610a0d620a0d");  // the page is set once
}

TEST_CASE("escpos: no text becomes a command", "[devices][escpos]") {
  for (const std::string text : {"\x1b@", "\x10\x04\x01", "☺♥♦", "\x7f", "\xc2\x85"}) {
    CAPTURE(to_hex(text));
    EscPosEncoder encoder(epson(), 20);
    encoder.line({text});
    // Behind the choice of the code page, in front of LF CR.
    const std::string inside = encoder.octets().substr(3, encoder.octets().size() - 5);
    for (const char c : inside) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
  }
  for (const ReceiptPrinterModel& model : receipt_printer_models()) {
    for (const NumberedCodePage& page : model.code_pages) {
      CAPTURE(model.name, page.name);
      CHECK(is_code_page(page.name));
      for (char32_t c = 0; c < 0x20; ++c) CHECK_FALSE(octet_in(page.name, c));
    }
  }
  CHECK_FALSE(octet_in("cp0", U'ü'));
  CHECK_FALSE(octet_in("cp437", 0xFFFD));
}

TEST_CASE("escpos: lines are aligned with blanks, and styles end with them", "[devices][escpos]") {
  CHECK(line_of({"ab", ReceiptAlign::kCentre}) ==
        "1b7400" + to_hex(std::string(9, ' ')) + "61620a0d");
  CHECK(line_of({"ab", ReceiptAlign::kRight}) ==
        "1b7400" + to_hex(std::string(18, ' ')) + "61620a0d");
  CHECK(line_of({"ab", ReceiptAlign::kCentre, true, 2}) == to_hex(std::string(8, ' ')) +
                                                               "1b4501"
                                                               "1d2111"
                                                               "1b74006162"
                                                               "1d2100"
                                                               "1b4500"
                                                               "0a0d");
}

TEST_CASE("escpos: codes are centred", "[devices][escpos]") {
  EscPosEncoder encoder(epson(), 42);
  encoder.qr({"HI"});
  CHECK(to_hex(encoder.octets()) ==
        "1b6101"
        "1d286b0400314132001d286b03003143061d286b0300314531"
        "1d286b0500315030"
        "4849"
        "1d286b0300315130"
        "0a0d"
        "1b6100");
  EscPosEncoder bars(epson(), 42);
  bars.barcode({ReceiptBarcode::Symbology::kEan13, "4006381333931"});
  CHECK(to_hex(bars.octets()) ==
        "1b6101"
        "1d683c"
        "1d7703"
        "1d4802"
        "1d6b02" +
            to_hex("4006381333931") +
            "00"
            "0a0d"
            "1b6100");
  EscPosEncoder brace(epson(), 42);
  brace.barcode({ReceiptBarcode::Symbology::kCode128, "A{1"});
  CHECK(to_hex(brace.octets()).find("1d6b4906" + to_hex("{BA{{1")) != std::string::npos);
}

TEST_CASE("escpos: cuts as the printer can, and opens the drawer", "[devices][escpos]") {
  EscPosEncoder epson_cut(epson(), 42);
  epson_cut.cut({true});
  CHECK(to_hex(epson_cut.octets()) ==
        "0a0d0a0d0a0d0a0d"
        "1d5601"
        "0a0d");
  EscPosEncoder torn(*find_receipt_printer("pos-5890"), 32);
  torn.cut({false});
  CHECK(to_hex(torn.octets()) == "0a0d0a0d0a0d");
  EscPosEncoder drawer(epson(), 42);
  drawer.pulse({});
  CHECK(to_hex(drawer.octets()) == "1b700032fa");
  CHECK(check_pulse({}));
  for (const DrawerPulse& pulse : {DrawerPulse{2, 100, 500}, DrawerPulse{0, 0, 500},
                                   DrawerPulse{0, 300, 200}, DrawerPulse{1, 100, 512}}) {
    const auto refused = check_pulse(pulse);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_pulse");
  }
}

TEST_CASE("receipt text: is broken between words and counted in columns", "[devices][escpos]") {
  using Lines = std::vector<std::string>;
  CHECK(wrapped("one two three", 7) == Lines{"one two", "three"});
  CHECK(wrapped("Käsekuchen", 4) == Lines{"Käse", "kuch", "en"});
  CHECK(wrapped("", 4) == Lines{""});
  CHECK(wrapped("  a   b  ", 9) == Lines{"a b"});
  CHECK(width_of_text("Łódź €") == 6);
  CHECK(one_line("a\nb\x1b"
                 "c\xe2\x80\xae"
                 "d") == "a b c d");
  CHECK(at_both_ends("Äpfel", "1.00", 12) == "Äpfel   1.00");
  CHECK(at_both_ends("Äpfel", "1.00", 8) == "Äpf 1.00");
}

}  // namespace
}  // namespace cairn::devices::encoder_test
