// What USB devices say of themselves and in their reports: whatever a descriptor declares, no value
// is read from beyond a report, no code is longer than one can be, and no weight is below nothing.

#include "core/base/barcode.h"
#include "device-drivers/hid/report_descriptor.h"
#include "device-drivers/hid/scale_report.h"
#include "device-drivers/hid/scan_assembler.h"
#include "device-drivers/hid/scanner_report.h"
#include "device-drivers/usb/device_id.h"
#include "tests/fuzzing/target.h"

#include <algorithm>
#include <chrono>

namespace cairn::fuzz {
namespace {

using devices::hid::ReportDescriptor;

constexpr std::size_t kReportOctets = 64;

void read_values(const ReportDescriptor& descriptor, BytesView report) {
  for (const auto& field : descriptor.fields) {
    hold(field.count > 0 && field.bit_size > 0 && field.bit_size <= 32, "a field has values");
    for (const std::size_t place : {std::size_t{0}, std::size_t{field.count - 1}}) {
      const std::size_t end = field.bit_offset + (place + 1) * field.bit_size;
      const bool there = value_at(report, field, place).has_value();
      hold(there == (end <= report.size() * 8), "a value is read where it is, and only there");
      (void)field.usage_at(place);
    }
  }
}

void read_codes(const devices::hid::ScannerLayout& layout, BytesView reports) {
  devices::hid::ScanAssembler assembler(std::chrono::milliseconds(50));
  for (std::int64_t now = 1; !reports.empty(); ++now) {
    const BytesView report = reports.substr(0, kReportOctets);
    reports.remove_prefix(report.size());
    const auto fragment = layout.decode(report);
    if (!fragment) continue;
    hold(fragment->data.size() <= report.size(), "a piece is no longer than its report");
    const auto read = assembler.feed(*fragment, {now});
    if (!read || !*read) continue;
    hold(!(*read)->sent.empty() && (*read)->sent.size() <= Barcode::kMaxSize,
         "a read has 1 to 256 octets");
    hold((*read)->sent.find('\0') == std::string::npos, "a read has no hole in it");
  }
}

void read_weights(const devices::hid::ScaleLayout& layout, BytesView report) {
  using State = devices::WeightReading::State;
  const auto data = layout.decode(report);
  if (!data) return;
  const auto answer = read_scale(*data);
  hold(answer.reading.has_value() == answer.problem.empty(), "a reading, or why there is none");
  if (!answer.reading) return;
  hold(answer.reading->weight_mg >= 0, "no weight is below zero");
  hold((answer.reading->state == State::kStable) == !answer.reading->shown.empty(),
       "only what is stable is shown");
}

}  // namespace

void hid_reports(BytesView input) {
  if (input.size() < 2) return;
  const auto size = static_cast<std::size_t>(static_cast<std::uint8_t>(input[0]) |
                                             static_cast<std::uint8_t>(input[1]) << 8U);
  input.remove_prefix(2);
  const BytesView reports = input.substr(std::min(size, input.size()));
  const auto descriptor = ReportDescriptor::parse(input.substr(0, size));
  if (!descriptor) return;
  read_values(*descriptor, reports.substr(0, kReportOctets));
  if (const auto scanner = devices::hid::ScannerLayout::find(*descriptor)) {
    read_codes(*scanner, reports);
  }
  if (const auto scale = devices::hid::ScaleLayout::find(*descriptor)) {
    read_weights(*scale, reports.substr(0, kReportOctets));
  }
}

void device_id(BytesView input) {
  const auto id = devices::usb::DeviceId::parse(input);
  if (!id) return;
  for (const std::string* text : {&id->manufacturer, &id->model, &id->commands, &id->serial}) {
    hold(text->size() <= 128, "what a printer says of itself is short");
    hold(std::ranges::all_of(*text, [](char c) { return c >= ' ' && c <= '~'; }), "and plain text");
  }
}

}  // namespace cairn::fuzz
