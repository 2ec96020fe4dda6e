#include "tools/cairn-sim/usb/hid_reports.h"

#include <algorithm>

namespace cairn::simulator {
namespace {

constexpr char kScannerReport = 2;
constexpr char kScaleReport = 3;
constexpr std::size_t kReportOctets = 64;
constexpr std::size_t kDataMost = 56;
constexpr std::size_t kDataAt = 5;
constexpr std::size_t kVendorSymbologyAt = 61;
constexpr std::size_t kFlagsAt = 63;

// clang-format off
constexpr char kScannerDescriptor[] = {
    '\x05', '\x8C',                  // usage page: bar code scanner
    '\x09', '\x02',                  // usage: bar code scanner
    '\xA1', '\x01',                  // collection: application
    '\x09', '\x12',                  //   usage: scanned data report
    '\xA1', '\x02',                  //   collection: logical
    '\x85', '\x02',                  //     report id 2
    '\x15', '\x00',                  //     logical minimum 0
    '\x26', '\xFF', '\x00',          //     logical maximum 255
    '\x75', '\x08',                  //     report size 8
    '\x95', '\x01',                  //     report count 1
    '\x05', '\x01', '\x09', '\x3B',  //     generic desktop: byte count
    '\x81', '\x02',                  //     input: variable
    '\x05', '\x8C',                  //     bar code scanner
    '\x95', '\x03',                  //     report count 3
    '\x09', '\xFB', '\x09', '\xFC', '\x09', '\xFD',  // symbology identifier 1 to 3
    '\x81', '\x02',                  //     input: variable
    '\x95', '\x38',                  //     report count 56
    '\x09', '\xFE',                  //     decoded data
    '\x82', '\x02', '\x01',          //     input: variable, buffered bytes
    '\x95', '\x02',                  //     report count 2
    '\x06', '\x66', '\xFF',          //     a page of the vendor's
    '\x09', '\x04', '\x09', '\x00',
    '\x81', '\x02',                  //     input: variable
    '\x05', '\x8C',                  //     bar code scanner
    '\x25', '\x01',                  //     logical maximum 1
    '\x75', '\x01', '\x95', '\x01',  //     one bit
    '\x09', '\xFF',                  //     decode data continued
    '\x81', '\x02',                  //     input: variable
    '\x95', '\x07',                  //     seven bits
    '\x81', '\x03',                  //     of padding
    '\xC0', '\xC0',
};
constexpr char kScaleDescriptor[] = {
    '\x05', '\x8D',                  // usage page: weighing device
    '\x09', '\x20',                  // usage: weighing device
    '\xA1', '\x01',                  // collection: application
    '\x85', '\x03',                  //   report id 3
    '\x09', '\x32',                  //   usage: scale data report
    '\xA1', '\x02',                  //   collection: logical
    '\x75', '\x08', '\x95', '\x01',  //     one octet
    '\x15', '\x01', '\x25', '\x08',  //     1 to 8
    '\x09', '\x70',                  //     scale status
    '\xA1', '\x02',                  //     collection: logical
    '\x19', '\x71', '\x29', '\x78',  //       the eight of them
    '\x81', '\x00',                  //       input: array
    '\xC0',
    '\x25', '\x0C',                  //     1 to 12
    '\x09', '\x50',                  //     weight unit
    '\xA1', '\x02',                  //     collection: logical
    '\x19', '\x51', '\x29', '\x5C',  //       the twelve of them
    '\x81', '\x00',                  //       input: array
    '\xC0',
    '\x15', '\x81', '\x25', '\x7F',  //     -127 to 127
    '\x09', '\x41',                  //     weight scaling
    '\x81', '\x02',                  //     input: variable
    '\x15', '\x00', '\x27', '\xFF', '\xFF', '\x00', '\x00',  // 0 to 65535
    '\x75', '\x10',                  //     two octets
    '\x09', '\x40',                  //     scale weight
    '\x81', '\x02',                  //     input: variable
    '\xC0', '\xC0',
};
// clang-format on

}  // namespace

BytesView scanner_report_descriptor() { return {kScannerDescriptor, sizeof kScannerDescriptor}; }

std::vector<Bytes> scanner_reports(std::string_view aim, BytesView code) {
  std::vector<Bytes> reports;
  do {
    const BytesView piece = code.substr(0, kDataMost);
    code.remove_prefix(piece.size());
    Bytes report(kReportOctets, '\0');
    report[0] = kScannerReport;
    report[1] = static_cast<char>(piece.size());
    std::ranges::copy(aim.substr(0, 3), report.begin() + 2);
    std::ranges::copy(piece, report.begin() + kDataAt);
    report[kVendorSymbologyAt] = 's';
    report[kFlagsAt] = code.empty() ? '\0' : '\1';
    reports.push_back(std::move(report));
  } while (!code.empty());
  return reports;
}

BytesView scale_report_descriptor() { return {kScaleDescriptor, sizeof kScaleDescriptor}; }

Bytes scale_report(const ScaleReport& report) {
  return {kScaleReport,
          static_cast<char>(report.status),
          static_cast<char>(report.unit),
          static_cast<char>(report.exponent),
          static_cast<char>(report.number & 0xFFU),
          static_cast<char>(report.number >> 8U)};
}

}  // namespace cairn::simulator
