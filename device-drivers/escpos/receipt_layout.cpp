#include "core/base/gtin.h"
#include "core/base/numbers.h"
#include "core/base/utf8.h"
#include "device-drivers/escpos/receipt.h"
#include "device-drivers/escpos/receipt_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kReceiptTextMost = 500;
constexpr std::size_t kItemsMost = 500;
constexpr int kMilli = 3;

tl::unexpected<Error> bad_receipt(std::string what) {
  return fail(ErrorCode::kInvalid, "bad_receipt", std::move(what));
}

Result<> check_texts(const Receipt& receipt) {
  bool fine = receipt.items.size() <= kItemsMost && receipt.taxes.size() <= kItemsMost &&
              receipt.payments.size() <= kItemsMost;
  const auto look = [&fine](const std::string& text) {
    fine = fine && text.size() <= kReceiptTextMost && is_utf8(text);
  };
  look(receipt.title);
  for (const auto* const lines : {&receipt.header, &receipt.facts, &receipt.footer}) {
    fine = fine && lines->size() <= kItemsMost;
    std::ranges::for_each(*lines, look);
  }
  for (const auto& item : receipt.items) {
    look(item.name);
    look(item.unit);
    look(item.tax);
  }
  for (const auto& tax : receipt.taxes) look(tax.name);
  for (const auto& payment : receipt.payments) look(payment.name);
  if (fine) return {};
  return bad_receipt(
      "the texts of a receipt are UTF-8 of at most 500 octets, and it has at most 500 of each kind "
      "of line");
}

/// Modules of a Code 128 in code set B: start, check and stop beside the characters, and quiet
/// zones of ten modules.
int code128_modules(std::string_view data) {
  return 11 * (static_cast<int>(data.size()) + 2) + 13 + 20;
}

/// With the widest bars that the paper has room for.
Result<ReceiptBarcode> fitted(ReceiptBarcode barcode, int columns) {
  constexpr std::size_t kEan13Size = 13;
  constexpr int kDotsPerColumn = 12;  // of font A
  if (barcode.symbology == ReceiptBarcode::Symbology::kEan13) {
    if (barcode.data.size() == kEan13Size && Gtin::parse(barcode.data)) return barcode;
    return bad_receipt(fmt::format("\"{}\" is no EAN-13", excerpt(barcode.data)));
  }
  const bool printable =
      std::ranges::all_of(barcode.data, [](char c) { return c >= ' ' && c <= '~'; });
  if (barcode.data.empty() || barcode.data.size() > kReceiptTextMost || !printable) {
    return bad_receipt("a Code 128 on a receipt has printable ASCII characters only");
  }
  for (; barcode.module >= 1; --barcode.module) {
    if (code128_modules(barcode.data) * (barcode.module + 1) <= columns * kDotsPerColumn) {
      return barcode;
    }
  }
  return bad_receipt(fmt::format("the Code 128 \"{}\" is wider than the paper: use a QR code",
                                 excerpt(barcode.data)));
}

Result<> check_qr(std::string_view data) {
  const bool plain = std::ranges::all_of(
      data, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
  if (data.size() <= kReceiptTextMost && is_utf8(data) && plain) return {};
  return bad_receipt("a QR code on a receipt has at most 500 octets of UTF-8 in one line");
}

class Layout {
 public:
  Layout(const Receipt& receipt, std::optional<ReceiptBarcode> barcode, int columns)
      : receipt_(receipt), barcode_(std::move(barcode)), columns_(columns) {
    page_.columns = columns;
  }

  ReceiptPage make() && {
    head();
    items();
    total();
    taxes();
    payments();
    foot();
    return std::move(page_);
  }

 private:
  void add(std::string text, ReceiptAlign align = ReceiptAlign::kLeft, bool bold = false,
           int scale = 1) {
    page_.pieces.emplace_back(ReceiptLine{std::move(text), align, bold, scale});
  }
  void add_wrapped(std::string_view text, ReceiptAlign align, bool bold = false, int scale = 1) {
    for (std::string& line : wrapped(one_line(text), columns_ / scale)) {
      add(std::move(line), align, bold, scale);
    }
  }
  void add_indented(std::string_view text) {
    constexpr std::string_view kIndent = "  ";
    const int columns = columns_ - static_cast<int>(kIndent.size());
    for (const std::string& line : wrapped(one_line(text), columns)) {
      add(std::string(kIndent) + line);
    }
  }
  void blank() { add(""); }
  void rule() {
    std::string line;
    for (int i = 0; i < columns_; ++i) line += "─";
    add(std::move(line));
  }
  [[nodiscard]] std::string money(std::int64_t minor) const {
    const int places = receipt_.currency.places();
    return format_decimal(minor, places, places);
  }
  /// A name that may take several lines, and an amount beside the last of them.
  void add_amount(std::string_view name, const std::string& amount, bool bold = false) {
    auto lines = wrapped(one_line(name), std::max(columns_ - width_of_text(amount) - 1, 1));
    const std::string last = at_both_ends(lines.back(), amount, columns_);
    lines.pop_back();
    for (std::string& line : lines) add(std::move(line), ReceiptAlign::kLeft, bold);
    add(last, ReceiptAlign::kLeft, bold);
  }

  void head() {
    constexpr int kLarge = 2;
    if (!receipt_.title.empty()) add_wrapped(receipt_.title, ReceiptAlign::kCentre, true, kLarge);
    for (const std::string& line : receipt_.header) add_wrapped(line, ReceiptAlign::kCentre);
    if (!receipt_.facts.empty()) blank();
    for (const std::string& line : receipt_.facts) add_wrapped(line, ReceiptAlign::kLeft);
  }

  void items() {
    if (receipt_.items.empty()) return;
    rule();
    // The totals are below each other, with or without a letter behind them.
    int letters = 0;
    for (const auto& item : receipt_.items)
      letters = std::max(letters, width_of_text(one_line(item.tax)));
    for (const auto& item : receipt_.items) {
      std::string amount = money(item.total_minor);
      if (letters > 0) {
        std::string letter = one_line(item.tax);
        letter.append(static_cast<std::size_t>(letters - width_of_text(letter)), ' ');
        amount += " " + letter;
      }
      add_amount(item.name, amount);
      if (item.quantity_milli == 1000 && item.unit.empty()) continue;
      add_indented(fmt::format("{}{}{} x {}", format_decimal(item.quantity_milli, kMilli, 0),
                               item.unit.empty() ? "" : " ", item.unit,
                               money(item.unit_price_minor)));
    }
  }

  void total() {
    rule();
    add_amount(fmt::format("TOTAL {}", receipt_.currency.text()), money(receipt_.total_minor),
               true);
  }

  void taxes() {
    if (receipt_.taxes.empty()) return;
    blank();
    for (const auto& tax : receipt_.taxes) {
      add_amount(tax.name, fmt::format("{} + {}", money(tax.net_minor), money(tax.tax_minor)));
    }
  }

  void payments() {
    if (receipt_.payments.empty()) return;
    blank();
    for (const auto& payment : receipt_.payments) add_amount(payment.name, money(payment.minor));
  }

  void foot() {
    if (!receipt_.footer.empty()) blank();
    for (const std::string& line : receipt_.footer) add_wrapped(line, ReceiptAlign::kCentre);
    if (barcode_) {
      blank();
      page_.pieces.emplace_back(*barcode_);
    }
    if (!receipt_.qr.empty()) {
      blank();
      page_.pieces.emplace_back(ReceiptQr{receipt_.qr});
    }
    if (receipt_.cut != Receipt::Cut::kNone) {
      page_.pieces.emplace_back(ReceiptCut{receipt_.cut == Receipt::Cut::kPartial});
    }
  }

  const Receipt& receipt_;
  const std::optional<ReceiptBarcode> barcode_;
  const int columns_;
  ReceiptPage page_;
};

}  // namespace

Result<ReceiptPage> lay_out(const Receipt& receipt, int columns) {
  constexpr int kPaper58mm = 32;
  constexpr int kPaper80mm = 42;
  constexpr int kPaper80mmNarrow = 48;
  if (columns != kPaper58mm && columns != kPaper80mm && columns != kPaper80mmNarrow) {
    return bad_receipt("a receipt has 32, 42 or 48 columns");
  }
  if (auto ok = check_texts(receipt); !ok) return fail(ok.error());
  if (auto ok = check_qr(receipt.qr); !ok) return fail(ok.error());
  std::optional<ReceiptBarcode> barcode;
  if (receipt.barcode) {
    auto fits = fitted(*receipt.barcode, columns);
    if (!fits) return fail(fits.error());
    barcode = *std::move(fits);
  }
  return Layout(receipt, std::move(barcode), columns).make();
}

}  // namespace cairn::devices
