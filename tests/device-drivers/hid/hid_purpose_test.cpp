#include "device-drivers/hid/hid_purpose.h"

#include "tests/support/catch.h"
#include "tools/cairn-sim/usb/hid_reports.h"

#include <string>

namespace cairn::devices::hid::hid_purpose_test {
namespace {

/// An application collection of a usage, with one input of eight values of eight bits in it.
std::string application(char page, char usage) {
  return std::string{'\x05', page,   '\x09', usage,  '\xA1', '\x01', '\x15', '\x00', '\x26',
                     '\xFF', '\x00', '\x75', '\x08', '\x95', '\x08', '\x81', '\x02', '\xC0'};
}

TEST_CASE("hid purpose: a keyboard is one, even if its maker makes scanners", "[devices][hid]") {
  const usb::Identity honeywell{0x0c2e, 0x0b61, {}, "1-1"};
  CHECK(purpose_of(application('\x01', '\x06'), honeywell) == Purpose::kKeyboard);
}

TEST_CASE("hid purpose: scanners and scales in POS mode are told by their usages",
          "[devices][hid]") {
  const usb::Identity other{0x1234, 0x5678, {}, "1-1"};
  CHECK(purpose_of(simulator::scanner_report_descriptor(), other) == Purpose::kScanner);
  CHECK(purpose_of(simulator::scale_report_descriptor(), other) == Purpose::kScale);
}

TEST_CASE("hid purpose: a mouse, nothing and garbage are for nothing", "[devices][hid]") {
  const usb::Identity other{0x046d, 0xc077, {}, "1-1"};
  CHECK(purpose_of(application('\x01', '\x02'), other) == Purpose::kNone);
  CHECK(purpose_of("", other) == Purpose::kNone);
  CHECK(purpose_of("\x05", other) == Purpose::kNone);
}

}  // namespace
}  // namespace cairn::devices::hid::hid_purpose_test
