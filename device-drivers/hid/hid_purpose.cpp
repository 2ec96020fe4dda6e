#include "device-drivers/hid/hid_purpose.h"

#include "device-drivers/hid/report_descriptor.h"
#include "device-drivers/hid/scale_report.h"
#include "device-drivers/hid/scanner_report.h"

namespace cairn::devices::hid {

Purpose purpose_of(BytesView report_descriptor, const usb::Identity& device) {
  constexpr Usage kKeyboardUsage = usage(1, 6);
  const auto descriptor = ReportDescriptor::parse(report_descriptor);
  if (!descriptor) return Purpose::kNone;
  if (descriptor->has_application(kKeyboardUsage)) return Purpose::kKeyboard;
  if (ScaleLayout::find(*descriptor)) return Purpose::kScale;
  const ScannerQuirk* const quirk = find_scanner_quirk(device.vendor, device.product);
  const bool known = quirk != nullptr && quirk->layout.has_value();
  return known || ScannerLayout::find(*descriptor) ? Purpose::kScanner : Purpose::kNone;
}

}  // namespace cairn::devices::hid
