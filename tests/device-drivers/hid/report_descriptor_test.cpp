#include "device-drivers/hid/report_descriptor.h"

#include "tests/support/catch.h"
#include "tools/cairn-sim/usb/hid_reports.h"

namespace cairn::devices::hid::report_descriptor_test {
namespace {

Result<ReportDescriptor> parse(const std::string& hex) {
  const auto octets = from_hex(hex);
  REQUIRE(octets);
  return ReportDescriptor::parse(*octets);
}

TEST_CASE("report descriptor: fields lie one behind the other", "[devices][hid]") {
  const auto parsed = ReportDescriptor::parse(simulator::scanner_report_descriptor());
  REQUIRE(parsed);
  CHECK(parsed->has_report_ids);
  CHECK(parsed->input_octets == 64);
  CHECK(parsed->has_application(usage(0x8C, 0x02)));
  REQUIRE(parsed->fields.size() == 5);  // padding is none
  CHECK(parsed->fields[0].usage_at(0) == usage(0x01, 0x3B));
  CHECK(parsed->fields[0].bit_offset == 8);
  CHECK(parsed->fields[1].usage_at(2) == usage(0x8C, 0xFD));
  CHECK(parsed->fields[1].bit_offset == 16);
  CHECK(parsed->fields[2].count == 56);
  CHECK(parsed->fields[2].usage_at(55) == usage(0x8C, 0xFE));
  CHECK(parsed->fields[2].collections == std::vector<Usage>{usage(0x8C, 0x02), usage(0x8C, 0x12)});
  CHECK(parsed->fields[4].bit_size == 1);
  CHECK(parsed->fields[4].bit_offset == 63 * 8);
}

TEST_CASE("report descriptor: Push and Pop, long items, usages of four octets", "[devices][hid]") {
  // Page 8D; 8 bits, 1; push; page 8C, 16 bits; pop; a long item; usage 8C:0040 as four octets.
  const auto parsed = parse("058D75089501A4058C7510B4FE02AABBCC0B40008C008102");
  REQUIRE(parsed);
  REQUIRE(parsed->fields.size() == 1);
  CHECK(parsed->fields[0].bit_size == 8);
  CHECK(parsed->fields[0].usage_at(0) == usage(0x8C, 0x40));
  CHECK_FALSE(parsed->has_report_ids);
}

TEST_CASE("report descriptor: an array has no usage behind its last", "[devices][hid]") {
  const auto parsed = parse("058D19712978750895018100");
  REQUIRE(parsed);
  CHECK(parsed->fields[0].usage_at(7) == usage(0x8D, 0x78));
  CHECK_FALSE(parsed->fields[0].usage_at(8));
}

TEST_CASE("report descriptor: nonsense is refused", "[devices][hid]") {
  const std::string hex = GENERATE("05",                       // cut off
                                   "FE05",                     // a long item, cut off
                                   "FE05AA01",                 // the same
                                   "C0",                       // an end without a beginning
                                   "A101",                     // a beginning without an end
                                   "B4",                       // Pop without Push
                                   "8500",                     // report id 0
                                   "2978",                     // a maximum without a minimum
                                   "7521950181C0",             // 33 bits
                                   "750897FFFFFFFF8102",       // a report longer than memory
                                   "7520960010810281028102");  // three times 16 KiB
  CAPTURE(hex);
  const auto parsed = parse(hex);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().reason == "bad_descriptor");
}

TEST_CASE("report descriptor: depth, usages and fields have limits", "[devices][hid]") {
  const auto repeated = [](std::string_view octets, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += octets;
    return ReportDescriptor::parse(all);
  };
  CHECK_FALSE(repeated(std::string_view("\xA1\x00", 2), 20));
  CHECK_FALSE(repeated("\xA4", 20));
  CHECK_FALSE(repeated("\x09\x01", 300));
  CHECK_FALSE(repeated("\x75\x01\x95\x01\x81\x02", 513));
  CHECK_FALSE(repeated(std::string_view("\x09\x00", 2), 2049));
}

TEST_CASE("report descriptor: values are read bit by bit, never behind the end", "[devices][hid]") {
  Field field;
  field.bit_offset = 4;
  field.bit_size = 12;
  field.count = 2;
  const std::string report("\xA5\xBC\xDE", 3);
  CHECK(value_at(report, field, 0) == 0xBCAU);
  CHECK_FALSE(value_at(report, field, 1));
  CHECK_FALSE(value_at(report, field, 2));
  CHECK_FALSE(value_at({}, field, 0));
  field.bit_offset = 0;
  field.bit_size = 32;
  CHECK(value_at(std::string("\x01\x02\x03\x84", 4), field, 0) == 0x84030201U);
}

}  // namespace
}  // namespace cairn::devices::hid::report_descriptor_test
