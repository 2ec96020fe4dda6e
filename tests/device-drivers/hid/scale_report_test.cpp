#include "device-drivers/hid/scale_report.h"

#include "tests/support/catch.h"
#include "tools/cairn-sim/usb/hid_reports.h"

#include <algorithm>

namespace cairn::devices::hid::scale_report_test {
namespace {

using State = WeightReading::State;
using Status = ScaleData::Status;

ScaleLayout layout_of(BytesView octets) {
  const auto descriptor = ReportDescriptor::parse(octets);
  REQUIRE(descriptor);
  const auto layout = ScaleLayout::find(*descriptor);
  REQUIRE(layout);
  return *layout;
}

ScaleAnswer read(const std::string& hex) {
  const auto octets = from_hex(hex);
  REQUIRE(octets);
  const auto data = layout_of(simulator::scale_report_descriptor()).decode(*octets);
  REQUIRE(data);
  return read_scale(*data);
}

TEST_CASE("scale report: weights as real scales send them", "[devices][hid]") {
  struct Row {
    std::string hex;
    std::string shown;
    std::int64_t weight_mg;
  };
  const std::vector<Row> rows{
      {"03040BFF6F04", "113.5 oz", 3'217'671},  // DYMO
      {"03040CFE1103", "7.85 lb", 3'560'700},   // Stamps.com
      {"03020BFF0000", "0.0 oz", 0},            // stable at zero
      {"03040200"
       "1400",
       "20 g", 20'000},                         //
      {"030403FDE204", "1.250 kg", 1'250'000},  //
      {"030403"
       "00"
       "0200",
       "2 kg", 2'000'000},
      {"03040202"
       "0300",
       "300 g", 300'000},  // the exponent may be above zero
      {"03040201"
       "0000",
       "0 g", 0},
      {"030401"
       "00"
       "FFFF",
       "65535 mg", 65'535},
      {"030404FF0500", "0.5 ct", 100},
      {"030408FD0200", "0.002 t", 2'000'000},
      {"03040AFE6400", "1.00 ozt", 31'103},
      {"030403FBFFFF", "0.65535 kg", 655'350},
      {"030402FC0500", "0.0005 g", 1},  // half a milligram, rounded
  };
  for (const Row& row : rows) {
    CAPTURE(row.hex);
    const ScaleAnswer answer = read(row.hex);
    REQUIRE(answer.reading);
    CHECK(answer.reading->state == State::kStable);
    CHECK(answer.reading->shown == row.shown);
    CHECK(answer.reading->weight_mg == row.weight_mg);
  }
}

TEST_CASE("scale report: each status is a state or a problem, only two are weights",
          "[devices][hid]") {
  const auto answer = [](int status) {
    return read_scale({static_cast<Status>(status), 2, 0, 20});
  };
  CHECK_FALSE(answer(1).reading);
  CHECK(answer(1).problem.find("fault") != std::string::npos);
  CHECK(answer(2).reading->state == State::kStable);
  CHECK(answer(2).reading->weight_mg == 0);
  CHECK(answer(3).reading->state == State::kUnstable);
  CHECK(answer(4).reading->state == State::kStable);
  CHECK(answer(4).reading->weight_mg == 20'000);
  CHECK(answer(5).reading->state == State::kUnder);
  CHECK(answer(6).reading->state == State::kOver);
  CHECK_FALSE(answer(7).reading);
  CHECK(answer(7).problem.find("calibrated") != std::string::npos);
  CHECK_FALSE(answer(8).reading);
  CHECK(answer(8).problem.find("zeroed") != std::string::npos);
  for (const int status : {3, 5, 6}) {
    CHECK(answer(status).reading->weight_mg == 0);
    CHECK(answer(status).reading->shown.empty());
  }
}

TEST_CASE("scale report: what cannot be is no weight", "[devices][hid]") {
  CHECK_FALSE(read_scale({Status::kStable, 5, 0, 1}).reading);  // tael: there are several
  CHECK_FALSE(read_scale({Status::kStable, 9, 0, 1}).reading);  // ton: there are two
  CHECK_FALSE(read_scale({Status::kStable, 0, 0, 1}).reading);
  CHECK_FALSE(read_scale({Status::kStable, 99, 0, 1}).reading);
  CHECK_FALSE(read_scale({Status::kStable, 3, 10, 1}).reading);
  CHECK_FALSE(read_scale({Status::kStable, 3, -128, 1}).reading);
  CHECK_FALSE(read_scale({Status::kStable, 8, 0, 6}).reading);  // six tonnes
  CHECK_FALSE(read_scale({Status::kStable, 3, 9, 0xFFFFFFFF}).reading);
  CHECK_FALSE(read_scale({Status::kStable, 8, 9, 0xFFFFFFFF}).problem.empty());
}

TEST_CASE("scale report: other reports and cut off ones are none", "[devices][hid]") {
  const ScaleLayout layout = layout_of(simulator::scale_report_descriptor());
  CHECK(layout.report_id() == 3);
  CHECK(layout.decode(std::string("\x03\x04\x02\x00\x14\x00", 6)));
  CHECK_FALSE(layout.decode(std::string("\x04\x04\x02\x00\x14\x00", 6)));
  CHECK_FALSE(layout.decode(std::string("\x03\x04\x02\x00\x14", 5)));
  CHECK_FALSE(layout.decode(std::string("\x03\x00\x02\x00\x14\x00", 6)));
  CHECK_FALSE(layout.decode(std::string("\x03\x09\x02\x00\x14\x00", 6)));
  CHECK_FALSE(layout.decode(std::string("\x03\x04\x0D\x00\x14\x00", 6)));
  CHECK_FALSE(layout.decode({}));
}

TEST_CASE("scale report: the report may have another id, order and form", "[devices][hid]") {
  // Report 9; exponent; weight of four octets; status and unit as numbers instead of choices.
  const auto octets = from_hex(
      "058D0920A101850975089501094181027520094081027508"
      "0970810209508102C0");
  REQUIRE(octets);
  const ScaleLayout layout = layout_of(*octets);
  const auto data = layout.decode(std::string("\x09\xFF\xD2\x04\x00\x00\x04\x03", 8));
  REQUIRE(data);
  CHECK(read_scale(*data).reading->shown == "123.4 kg");
}

TEST_CASE("scale report: a number below zero is no weight", "[devices][hid]") {
  // The same with a weight of two octets, -32768 to 32767.
  const auto octets = from_hex(
      "058D0920A101850975089501094181027520094081027508"
      "0970810209508102C0");
  REQUIRE(octets);
  std::string signed_one = *octets;
  const auto at = signed_one.find(std::string("\x75\x20\x09\x40", 4));
  REQUIRE(at != std::string::npos);
  signed_one.replace(at, 4, std::string("\x16\x00\x80\x75\x10\x09\x40", 7));
  const ScaleLayout layout = layout_of(signed_one);
  const auto below = layout.decode(std::string("\x09\x00\xFB\xFF\x04\x02", 6));
  REQUIRE(below);
  CHECK(below->number == 5);
  CHECK(read_scale(*below).reading->state == WeightReading::State::kUnder);
  const auto above = layout.decode(std::string("\x09\x00\x05\x00\x04\x02", 6));
  REQUIRE(above);
  CHECK(read_scale(*above).reading->shown == "5 g");
}

TEST_CASE("scale report: pounds and ounces are right to the milligram", "[devices][hid]") {
  CHECK(read("03040CFB0D03").reading->weight_mg == 3'543);  // 0.00781 lb
  CHECK(read("03040BFB0F27").reading->weight_mg == 2'835);  // 0.09999 oz: 2834.7 mg
  CHECK(read("03040CFA0100").reading->weight_mg == 0);      // 0.000001 lb
}

TEST_CASE("scale report: a scanner is no scale", "[devices][hid]") {
  const auto descriptor = ReportDescriptor::parse(simulator::scanner_report_descriptor());
  REQUIRE(descriptor);
  CHECK(ScaleLayout::find(*descriptor).error().reason == "no_scale");
}

}  // namespace
}  // namespace cairn::devices::hid::scale_report_test
