#pragma once
// What differs from one receipt printer to another, as data. Pure.

#include <cstdint>
#include <span>
#include <string_view>

namespace cairn::devices {

/// A code page and its number in ESC t, which every maker counts differently.
struct NumberedCodePage {
  std::string_view name;
  std::uint8_t number = 0;
};

struct ReceiptPrinterModel {
  std::string_view name;
  int columns_80mm = 48;  ///< of font A; 58 mm paper has 32 on all of them
  std::string_view newline = "\n\r";
  int feed_before_cut = 0;  ///< lines between the head and the knife
  bool cuts = true;
  bool has_qr = true;
  /// Those that are used, the preferred first.
  std::span<const NumberedCodePage> code_pages;
};

/// "epson", "citizen", "bixolon", "star", "xprinter", "pos-5890".
std::span<const ReceiptPrinterModel> receipt_printer_models();

/// Null: there is none of that name.
const ReceiptPrinterModel* find_receipt_printer(std::string_view name);

}  // namespace cairn::devices
