#pragma once
// What is on a receipt, in plain values, and how it is laid out on paper. Pure.

#include "core/base/money.h"
#include "core/base/result.h"
#include "device-drivers/escpos/receipt_page.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::devices {

struct Receipt {
  struct Item {
    std::string name;
    std::int64_t quantity_milli = 1000;
    std::string unit;  ///< behind the quantity: "kg"; empty: pieces
    std::int64_t unit_price_minor = 0;
    std::int64_t total_minor = 0;
    std::string tax;  ///< the letter of its rate, behind the total
  };
  struct Tax {
    std::string name;  ///< "A 19 %"
    std::int64_t net_minor = 0;
    std::int64_t tax_minor = 0;
  };
  struct Amount {
    std::string name;
    std::int64_t minor = 0;
  };
  std::string title;                ///< large, on top: the shop
  std::vector<std::string> header;  ///< its address and the like, centred
  std::vector<std::string> facts;   ///< number, time, till, one below the other
  Currency currency;
  std::vector<Item> items;
  std::int64_t total_minor = 0;
  std::vector<Tax> taxes;
  std::vector<Amount> payments;     ///< with the change as an amount below zero
  std::vector<std::string> footer;  ///< centred
  std::optional<ReceiptBarcode> barcode;
  std::string qr;  ///< empty: none
  enum class Cut : std::uint8_t { kNone, kPartial, kFull };
  Cut cut = Cut::kPartial;
};

/// For paper of so many columns in font A: 32 (58 mm), 42 or 48 (80 mm). Every text becomes a line
/// without control characters; names are wrapped, amounts are right-aligned and never cut. Errors:
/// kInvalid "bad_receipt" (other columns; texts that are not UTF-8 or have more than 500 octets,
/// more than 500 items; codes that cannot be printed: an EAN-13 that is none, Code 128 with other
/// characters than printable ASCII or too wide for the paper, a QR code of more than 500 octets or
/// with control characters).
Result<ReceiptPage> lay_out(const Receipt& receipt, int columns);

}  // namespace cairn::devices
