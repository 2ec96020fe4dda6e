#pragma once
// ESC/POS for receipt printers (Epson's command reference, "ESC/POS Commands"; devices.md). Pure.
//
// The octets are those of the npm package @point-of-sale/receipt-printer-encoder 4 for the same
// calls (tests/receipts/run compares them), but for two things that it leaves to its caller: text
// never holds a control character, and "{" in Code 128 is doubled as the printer wants it.

#include "core/base/result.h"
#include "device-drivers/escpos/printer_model.h"
#include "device-drivers/escpos/receipt_page.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

/// An impulse on one of the two lines to a cash drawer.
struct DrawerPulse {
  int connector = 0;  ///< 0: pin 2, 1: pin 5
  int on_ms = 100;    ///< 2 to 510, in steps of 2
  int off_ms = 500;   ///< on_ms to 510: the drawer's coil cools down
};

/// Errors: kInvalid "bad_pulse".
Result<> check_pulse(const DrawerPulse& pulse);

class EscPosEncoder {
 public:
  /// columns: of the paper in font A.
  EscPosEncoder(const ReceiptPrinterModel& model, int columns) : model_(model), columns_(columns) {}

  void initialize();
  /// Characters that no page of the printer has become "?".
  void line(const ReceiptLine& line);
  void barcode(const ReceiptBarcode& barcode);
  void qr(const ReceiptQr& qr);
  /// With the feed that the model needs; that alone where it cannot cut.
  void cut(const ReceiptCut& cut);
  /// Must have been checked.
  void pulse(const DrawerPulse& pulse);

  [[nodiscard]] const std::string& octets() const { return out_; }

 private:
  void command(std::initializer_list<int> octets);
  void text(std::string_view utf8);
  void use_page(const NumberedCodePage& page);
  void end_line() { out_ += model_.newline; }

  const ReceiptPrinterModel& model_;
  const int columns_;
  std::string out_;
  std::optional<int> page_;  // that the printer is set to
};

/// The whole page, from ESC @ on.
std::string escpos_of(const ReceiptPage& page, const ReceiptPrinterModel& model);

}  // namespace cairn::devices
