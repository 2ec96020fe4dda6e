#pragma once
// Driver of barcode scanners in HID POS mode.

#include "device-drivers/api/scanner.h"
#include "device-drivers/hid/hid_link.h"
#include "device-drivers/hid/scan_assembler.h"
#include "device-drivers/hid/scanner_report.h"

namespace cairn::devices::hid {

class HidScanner final : public Scanner, private HidSession {
 public:
  /// Starts the thread. The sink and the clock must outlive the scanner.
  HidScanner(HidLinkConfig config, ScannerSink& sink, const Clock& clock);

 private:
  Result<> opened(const ReportDescriptor& descriptor, const usb::Identity& device,
                  MonoTime now) override;
  std::string feature() override { return quirk_ != nullptr ? quirk_->feature : std::string(); }
  void received(BytesView report, MonoTime now) override;
  void damaged(MonoTime now) override;
  void quiet(MonoTime now) override;
  void lost(MonoTime now) override;
  [[nodiscard]] std::optional<MonoTime> deadline() const override { return assembler_.deadline(); }
  void take(const ScanFragment& fragment, MonoTime at);
  void give_up(std::optional<FailedRead::Reason> reason, MonoTime at);

  const std::string name_;
  ScannerSink& sink_;
  ScanAssembler assembler_;
  const ScannerQuirk* quirk_ = nullptr;
  ScannerLayout layout_;
  HidLink link_;  // last: its thread uses everything above
};

}  // namespace cairn::devices::hid
