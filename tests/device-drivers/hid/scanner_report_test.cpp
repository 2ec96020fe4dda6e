#include "device-drivers/hid/scanner_report.h"

#include "tests/support/catch.h"
#include "tools/cairn-sim/usb/hid_reports.h"

namespace cairn::devices::hid::scanner_report_test {
namespace {

ScannerLayout layout_of(BytesView octets) {
  const auto descriptor = ReportDescriptor::parse(octets);
  REQUIRE(descriptor);
  const auto layout = ScannerLayout::find(*descriptor);
  REQUIRE(layout);
  return *layout;
}

ScannerLayout layout_of_hex(const std::string& hex) {
  const auto octets = from_hex(hex);
  REQUIRE(octets);
  return layout_of(*octets);
}

TEST_CASE("scanner report: identifier, code and whether more follows", "[devices][hid]") {
  const ScannerLayout layout = layout_of(simulator::scanner_report_descriptor());
  CHECK(layout.report_id == 2);
  CHECK(layout.length_at == 1);
  CHECK(layout.data_at == 5);
  CHECK(layout.data_most == 56);
  const auto reports = simulator::scanner_reports("]Q1", std::string(60, 'x'));
  REQUIRE(reports.size() == 2);
  const auto first = layout.decode(reports[0]);
  REQUIRE(first);
  CHECK(first->aim == "]Q1");
  CHECK(first->data == std::string(56, 'x'));
  CHECK(first->continued);
  CHECK_FALSE(first->damaged);
  const auto second = layout.decode(reports[1]);
  REQUIRE(second);
  CHECK(second->data == "xxxx");
  CHECK_FALSE(second->continued);
}

TEST_CASE("scanner report: the octets of a real one", "[devices][hid]") {
  const ScannerLayout layout = layout_of(simulator::scanner_report_descriptor());
  std::string report("\x02\x0D]E04006381333931", 18);
  report.resize(64, '\0');
  const auto fragment = layout.decode(report);
  REQUIRE(fragment);
  CHECK(fragment->aim == "]E0");
  CHECK(fragment->data == "4006381333931");
}

TEST_CASE("scanner report: one without ids, identifiers and a length ends at its last octet",
          "[devices][hid]") {
  // Page 8C, scanner; 8 octets of decoded data; one bit "continued", seven of padding.
  const ScannerLayout layout =
      layout_of_hex("058C0902A101150026FF007508950809FE81027501950109FF810295078103C0");
  CHECK(layout.report_id == 0);
  CHECK_FALSE(layout.length_at);
  const auto fragment = layout.decode(std::string("1234\0\0\0\0\x01", 9));
  REQUIRE(fragment);
  CHECK(fragment->data == "1234");
  CHECK(fragment->aim.empty());
  CHECK(fragment->continued);
}

TEST_CASE("scanner report: one field may have all of it, on the vendor's page", "[devices][hid]") {
  // Page FF8C, report 3: an octet of its own (length), then FB, FC, FD and FE for all that follow.
  const ScannerLayout layout = layout_of_hex(
      "068CFF0902A1018503150026FF0075089501090181029509"
      "09FB09FC09FD09FE8102C0");
  CHECK(layout.report_id == 3);
  CHECK(layout.length_at == 1);
  CHECK(layout.aim_at[2] == 4);
  CHECK(layout.data_at == 5);
  CHECK(layout.data_most == 6);
  const auto fragment = layout.decode(std::string("\x03\x02]C1ab\0\0\0\0", 11));
  REQUIRE(fragment);
  CHECK(fragment->aim == "]C1");
  CHECK(fragment->data == "ab");
  CHECK_FALSE(fragment->continued);
}

TEST_CASE("scanner report: other reports are none, damaged ones say so", "[devices][hid]") {
  const ScannerLayout layout = layout_of(simulator::scanner_report_descriptor());
  std::string report = simulator::scanner_reports("", "abc").front();
  CHECK_FALSE(layout.decode({}));
  const auto cut = layout.decode(report.substr(0, 30));
  REQUIRE(cut);
  CHECK(cut->damaged);
  CHECK_FALSE(cut->end_is_known);
  report[1] = 57;  // more than there is room for
  const auto lying = layout.decode(report);
  REQUIRE(lying);
  CHECK(lying->damaged);
  CHECK(lying->end_is_known);
  report[0] = 3;
  CHECK_FALSE(layout.decode(report));
}

TEST_CASE("scanner report: what is no identifier is none", "[devices][hid]") {
  const ScannerLayout layout = layout_of(simulator::scanner_report_descriptor());
  for (const std::string aim : {"", "C1\x01", "]1C", "]C\x01", "xC1"}) {
    const auto fragment = layout.decode(simulator::scanner_reports(aim, "abc").front());
    REQUIRE(fragment);
    CHECK(fragment->aim.empty());
    CHECK(fragment->data == "abc");
  }
}

TEST_CASE("scanner report: a device without decoded data is no scanner", "[devices][hid]") {
  const auto descriptor = ReportDescriptor::parse(simulator::scale_report_descriptor());
  REQUIRE(descriptor);
  const auto layout = ScannerLayout::find(*descriptor);
  REQUIRE_FALSE(layout);
  CHECK(layout.error().reason == "no_scanner");
}

TEST_CASE("scanner report: what a model does otherwise is in a table", "[devices][hid]") {
  const auto* const quirk = find_scanner_quirk(0x0C2E, 0x1007);
  REQUIRE(quirk != nullptr);
  REQUIRE(quirk->layout);
  CHECK(quirk->feature == "\xFE\x01");
  const auto fragment = quirk->layout->decode(simulator::scanner_reports("]C1", "abc").front());
  REQUIRE(fragment);
  CHECK(fragment->data == "abc");
  CHECK(find_scanner_quirk(0x0C2E, 0x0B61) == nullptr);
}

}  // namespace
}  // namespace cairn::devices::hid::scanner_report_test
