#include "tools/cairn-sim/device_spec.h"

#include "tests/support/catch.h"
#include "tools/cairn-sim/printer_fault.h"

#include <chrono>
#include <utility>
#include <vector>

namespace cairn::simulator::device_spec_test {
namespace {

using Catch::Matchers::Contains;
using std::chrono::milliseconds;
using Rows = std::vector<std::pair<std::string, std::string>>;

template <class Parse>
void check_refused(const Rows& rows, std::string_view reason, Parse parse) {
  for (const auto& [text, says] : rows) {
    CAPTURE(text);
    const auto parsed = parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::kInvalid);
    CHECK(parsed.error().reason == reason);
    CHECK_THAT(parsed.error().message, Contains(says));
  }
}

TEST_CASE("device spec: a scanner", "[simulator]") {
  const auto plain = parse_scanner("till=/run/till");
  REQUIRE(plain);
  CHECK(plain->name == "till");
  CHECK(plain->link == "/run/till");
  CHECK(plain->suffix == "\r");
  CHECK_FALSE(plain->aim);
  CHECK_FALSE(plain->baud);
  const auto all = parse_scanner("dock-1=/run/x/../dock,suffix=crlf,aim,baud=9600");
  REQUIRE(all);
  CHECK(all->link == "/run/dock");
  CHECK(all->suffix == "\r\n");
  CHECK(all->aim);
  CHECK(all->baud == 9600);
  check_refused({{"till", "looks like"},
                 {"", "looks like"},
                 {"=/run/till", "needs a name"},
                 {"a b=/run/till", "letters"},
                 {"till=", "needs a link"},
                 {"till=/run/till,suffix=tab", "suffix"},
                 {"till=/run/till,baud=300", "baud"},
                 {"till=/run/till,baud=x", "baud"},
                 {"till=/run/till,aim=yes", "none of"},
                 {"till=/run/till,settle=3", "none of"}},
                "bad_scanner", &parse_scanner);
}

TEST_CASE("device spec: a scale", "[simulator]") {
  const auto plain = parse_scale("scale-1=/run/scale-1");
  REQUIRE(plain);
  CHECK(plain->settle == milliseconds(300));
  CHECK_FALSE(plain->parity);
  const auto all = parse_scale("scale-1=/run/scale-1,protocol=nci,settle=0,parity");
  REQUIRE(all);
  CHECK(all->settle == Duration::zero());
  CHECK(all->parity);
  CHECK(plain->protocol == "toledo");
  CHECK(all->protocol == "nci");
  check_refused({{"scale-1=/run/x,protocol", "none of toledo"},
                 {"scale-1=/run/x,protocol=morse", "none of toledo"},
                 {"scale-1=/run/x,settle", "settle"},
                 {"scale-1=/run/x,settle=60001", "settle"},
                 {"scale-1=/run/x,settle=-1", "settle"},
                 {"scale-1=/run/x,parity=even", "none of"},
                 {"scale-1=/run/x,", "none of"}},
                "bad_scale", &parse_scale);
}

TEST_CASE("device spec: a printer listens to this machine only", "[simulator]") {
  const auto plain = parse_printer("printer-1=127.0.0.1:9100");
  REQUIRE(plain);
  CHECK(plain->address.text() == "127.0.0.1:9100");
  CHECK(plain->print_time == milliseconds(300));
  const auto all = parse_printer("printer-1=localhost:0,print_ms=2000");
  REQUIRE(all);
  CHECK(all->address.text() == "127.0.0.1:0");
  CHECK(all->print_time == milliseconds(2000));
  check_refused({{"printer-1=0.0.0.0:9100", "this machine only"},
                 {"printer-1=192.0.2.7:9100", "this machine only"},
                 {"printer-1=127.evil.example:9100", "this machine only"},
                 {"printer-1=127.0.0.1", ""},
                 {"printer-1=127.0.0.1:99999", ""},
                 {"printer-1=127.0.0.1:9100,print_ms=x", "print_ms"},
                 {"printer-1=127.0.0.1:9100,language=pcl", "zpl, epl or escpos"},
                 {"printer-1=127.0.0.1:9100,fault=deaf", "none of"}},
                "bad_printer", &parse_printer);
}

TEST_CASE("device spec: a printer on a serial line", "[simulator]") {
  CHECK(is_path("labels=/run/labels"));
  CHECK(is_path("labels=here/labels,language=epl"));
  CHECK_FALSE(is_path("labels=127.0.0.1:9100,language=x/y"));
  CHECK_FALSE(is_path("/run/labels"));
  const auto plain = parse_serial_printer("labels=/run/labels");
  REQUIRE(plain);
  CHECK(plain->link == "/run/labels");
  CHECK(plain->language == PrinterLanguage::kZpl);
  const auto all = parse_serial_printer("labels=/run/labels,language=epl,print_ms=0");
  REQUIRE(all);
  CHECK(all->name == "labels");
  CHECK(all->language == PrinterLanguage::kEpl);
  CHECK(all->print_time == Duration::zero());
  check_refused({{"labels=", "needs a link"},
                 {"labels=/run/x,language", "zpl, epl or escpos"},
                 {"labels=/run/x,print_ms=60001", "print_ms"},
                 {"labels=/run/x,commands=ZPL", "none of"}},
                "bad_printer", &parse_serial_printer);
}

TEST_CASE("device spec: faults have names", "[simulator]") {
  for (const std::string text :
       {"none", "mute", "deaf", "close", "slow", "reset_after=0", "reset_after=1000000"}) {
    const auto fault = PrinterFault::parse(text);
    REQUIRE(fault);
    CHECK(fault->text() == text);
  }
  check_refused({{"", "known: mute"},
                 {"Deaf", "known: mute"},
                 {"reset_after", "known: mute"},
                 {"reset_after=", "known: mute"},
                 {"reset_after=1000001", "known: mute"},
                 {"reset_after=-1", "known: mute"}},
                "bad_fault", &PrinterFault::parse);
}

TEST_CASE("device spec: devices on the USB", "[cairn-sim]") {
  CHECK(is_usb("s=usb:0c2e:0b61"));
  CHECK_FALSE(is_usb("s=/tmp/usb:x"));
  CHECK_FALSE(is_usb("usb:0c2e:0b61"));
  const auto scanner = parse_usb_scanner("s=usb:0c2e:0B61:SN:1,port=1-3,aim");
  REQUIRE(scanner);
  CHECK(scanner->place.name == "s");
  CHECK(scanner->place.vendor == 0x0C2E);
  CHECK(scanner->place.product == 0x0B61);
  CHECK(scanner->place.serial == "SN:1");
  CHECK(scanner->place.port == "1-3");
  CHECK(scanner->aim);
  const auto scale = parse_usb_scale("w=usb:0922:8003,settle=0");
  REQUIRE(scale);
  CHECK(scale->settle == Duration::zero());
  const auto printer = parse_usb_printer("p=usb:0a5f:0166,print_ms=7");
  REQUIRE(printer);
  CHECK(printer->print_time == std::chrono::milliseconds(7));
  CHECK(printer->place.port.empty());
  CHECK(printer->language == PrinterLanguage::kZpl);
  CHECK(printer->command_set.empty());
  const auto receipts = parse_usb_printer("p=usb:04b8:0e15,language=escpos,commands=ESC/POS");
  REQUIRE(receipts);
  CHECK(receipts->language == PrinterLanguage::kEscPos);
  CHECK(receipts->command_set == "ESC/POS");
  for (const std::string text :
       {"s=usb:", "s=usb:0c2e", "s=usb:0c2e:0b6", "s=usb:0c2e:0b61:", "s=usb:0c2e:0b61x",
        "s=usb:0c2g:0b61", "s=usb:0c2e:0b61,port=2-1", "s=usb:0c2e:0b61,port=1-1.2",
        "s=usb:0c2e:0b61,port", "s=usb:0c2e:0b61,suffix=cr", "s=usb:0c2e:0b61,aim=1",
        "=usb:0c2e:0b61"}) {
    CAPTURE(text);
    const auto parsed = parse_usb_scanner(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason == "bad_scanner");
  }
  CHECK_FALSE(parse_usb_scale("w=usb:0922:8003,settle=x"));
  check_refused({{"p=usb:0a5f:0166,aim", "none of"},
                 {"p=usb:0a5f:0166,language=pcl", "zpl, epl or escpos"},
                 {"p=usb:0a5f:0166,commands", "commands"},
                 {"p=usb:0a5f:0166,commands=Z;P", "commands"}},
                "bad_printer", &parse_usb_printer);
}

TEST_CASE("device spec: what the wire of a USB device can do", "[cairn-sim]") {
  for (const std::string text :
       {"none", "nak", "stall", "stall_reset", "stall_reopen", "overflow", "short", "garbage",
        "stale", "slow=80", "nak_after=9", "unplug_after=0"}) {
    const auto fault = UsbFault::parse(text);
    REQUIRE(fault);
    CHECK(fault->text() == text);
  }
  for (const std::string text :
       {"", "slow", "slow=", "slow=x", "nak_after", "unplug_after=1000001", "stall=1"}) {
    CAPTURE(text);
    const auto fault = UsbFault::parse(text);
    REQUIRE_FALSE(fault);
    CHECK(fault.error().reason == "bad_fault");
  }
}

}  // namespace
}  // namespace cairn::simulator::device_spec_test
