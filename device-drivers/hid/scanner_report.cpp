#include "device-drivers/hid/scanner_report.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace cairn::devices::hid {
namespace {

constexpr std::uint16_t kScannerPage = 0x8C;
constexpr std::uint16_t kScannerVendorPage = 0xFF8C;
constexpr Usage kByteCount = usage(0x01, 0x3B);
constexpr std::uint16_t kAim1 = 0xFB;
constexpr std::uint16_t kAim3 = 0xFD;
constexpr std::uint16_t kDecodedData = 0xFE;
constexpr std::uint16_t kContinued = 0xFF;

/// Within the page of scanners; 0: of another.
std::uint16_t scanner_usage(std::optional<Usage> is) {
  if (!is) return 0;
  const auto page = static_cast<std::uint16_t>(*is >> 16U);
  return page == kScannerPage || page == kScannerVendorPage ? static_cast<std::uint16_t>(*is) : 0;
}

bool is_octets(const Field& field) {
  return field.bit_size == kBitsPerOctet && field.bit_offset % kBitsPerOctet == 0;
}

/// Of an array each place may have any of the usages; one that has a single usage means it.
std::uint16_t scanner_usage_at(const Field& field, std::size_t place) {
  return scanner_usage(field.variable ? field.usage_at(place) : field.usage_at(0));
}

bool carries_data(const Field& field) {
  if (field.type != ReportType::kInput || !is_octets(field)) return false;
  for (std::size_t place = 0; place < field.count; ++place) {
    if (scanner_usage_at(field, place) == kDecodedData) return true;
  }
  return false;
}

void add_octets(const Field& field, ScannerLayout& layout) {
  for (std::size_t place = 0; place < field.count; ++place) {
    const std::size_t at = field.bit_offset / kBitsPerOctet + place;
    const std::uint16_t is = scanner_usage_at(field, place);
    if (is >= kAim1 && is <= kAim3) {
      auto& aim = layout.aim_at.at(is - kAim1);
      if (!aim) aim = at;
    } else if (is == kDecodedData) {
      if (layout.data_most == 0) layout.data_at = at;
      if (layout.data_at + layout.data_most == at) ++layout.data_most;
    }
  }
}

std::size_t first_octet(const ScannerLayout& layout) {
  std::size_t first = layout.data_at;
  for (const auto& at : layout.aim_at) first = std::min(first, at.value_or(first));
  return first;
}

std::optional<std::size_t> find_length(const std::vector<const Field*>& fields,
                                       const ScannerLayout& layout) {
  std::optional<std::size_t> in_front;
  for (const Field* field : fields) {
    if (!is_octets(*field) || field->count != 1) continue;
    const std::size_t at = field->bit_offset / kBitsPerOctet;
    if (field->usage_at(0) == kByteCount) return at;
    if (at + 1 == first_octet(layout)) in_front = at;
  }
  return in_front;
}

bool is_aim(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return text.size() == 3 && text[0] == ']' && is_letter(text[1]) &&
         (is_letter(text[2]) || (text[2] >= '0' && text[2] <= '9'));
}

// Honeywell (Metrologic) answers on a page of its own until it is told that somebody listens.
const ScannerQuirk kQuirks[] = {
    {0x0C2E, 0x1007,
     ScannerLayout{.report_id = 2,
                   .size = 64,
                   .length_at = 1,
                   .aim_at = {2, 3, 4},
                   .data_at = 5,
                   .data_most = 56,
                   .continued_bit = 63 * kBitsPerOctet},
     "\xFE\x01"},
};

}  // namespace

Result<ScannerLayout> ScannerLayout::find(const ReportDescriptor& descriptor) {
  const auto data = std::ranges::find_if(descriptor.fields, &carries_data);
  if (data == descriptor.fields.end()) {
    return fail(ErrorCode::kInvalid, "no_scanner",
                "the device does not say that it sends codes: set the scanner to HID POS mode");
  }
  std::vector<const Field*> fields;
  for (const Field& field : descriptor.fields) {
    if (field.type == ReportType::kInput && field.report_id == data->report_id) {
      fields.push_back(&field);
    }
  }
  ScannerLayout layout;
  layout.report_id = data->report_id;
  for (const Field* field : fields) {
    if (is_octets(*field)) add_octets(*field, layout);
    if (field->bit_size == 1 && scanner_usage_at(*field, 0) == kContinued) {
      layout.continued_bit = field->bit_offset;
    }
  }
  layout.length_at = find_length(fields, layout);
  // What has to be there of a report: padding behind it may be left out.
  layout.size = layout.data_at + layout.data_most;
  for (const auto& at : layout.aim_at) layout.size = std::max(layout.size, at.value_or(0) + 1);
  if (layout.continued_bit) {
    layout.size = std::max(layout.size, *layout.continued_bit / kBitsPerOctet + 1);
  }
  return layout;
}

std::optional<ScanFragment> ScannerLayout::decode(BytesView report) const {
  if (report_id != 0 && (report.empty() || static_cast<std::uint8_t>(report[0]) != report_id)) {
    return std::nullopt;
  }
  ScanFragment fragment;
  if (report.size() < size) {
    fragment.damaged = true;
    fragment.end_is_known = false;
    return fragment;
  }
  if (continued_bit) {
    const auto octet = static_cast<std::uint8_t>(report[*continued_bit / kBitsPerOctet]);
    fragment.continued = (octet >> *continued_bit % kBitsPerOctet & 1U) != 0;
  }
  const BytesView room = report.substr(data_at, data_most);
  std::size_t length = room.find_last_not_of('\0') + 1;  // npos + 1: nothing but NULs
  if (length_at) length = static_cast<std::uint8_t>(report[*length_at]);
  if (length > room.size()) {
    fragment.damaged = true;
    return fragment;
  }
  fragment.data = room.substr(0, length);
  for (const auto& at : aim_at) {
    if (at) fragment.aim.push_back(report[*at]);
  }
  if (!is_aim(fragment.aim)) fragment.aim.clear();
  return fragment;
}

const ScannerQuirk* find_scanner_quirk(std::uint16_t vendor, std::uint16_t product) {
  const auto* const found = std::ranges::find_if(kQuirks, [&](const ScannerQuirk& quirk) {
    return quirk.vendor == vendor && (quirk.product == 0 || quirk.product == product);
  });
  return found != std::end(kQuirks) ? found : nullptr;
}

}  // namespace cairn::devices::hid
