#include "device-drivers/escpos/encoder.h"

#include "device-drivers/escpos/code_page.h"
#include "device-drivers/escpos/receipt_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::devices {
namespace {

constexpr int kEsc = 0x1B;
constexpr int kFs = 0x1C;
constexpr int kGs = 0x1D;

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace

Result<> check_pulse(const DrawerPulse& pulse) {
  constexpr int kLongest = 510;
  const bool fits = (pulse.connector == 0 || pulse.connector == 1) && pulse.on_ms >= 2 &&
                    pulse.off_ms >= pulse.on_ms && pulse.off_ms <= kLongest;
  if (fits) return {};
  return fail(ErrorCode::kInvalid, "bad_pulse",
              "a drawer's impulse is on connector 0 or 1, on for 2 to 510 ms, and then off for at "
              "least as long and at most 510 ms: longer ones burn its coil");
}

void EscPosEncoder::command(std::initializer_list<int> octets) {
  for (const int octet : octets) out_.push_back(static_cast<char>(octet));
}

void EscPosEncoder::initialize() {
  command({kEsc, '@'});
  command({kFs, '.'});      // one octet to a character
  command({kEsc, 'M', 0});  // font A
  page_.reset();
}

void EscPosEncoder::use_page(const NumberedCodePage& page) {
  if (page_ == page.number) return;
  page_ = page.number;
  command({kEsc, 't', page.number});
}

/// A page is kept as long as it has the next character; else the first one that has it is taken.
void EscPosEncoder::text(std::string_view utf8) {
  const NumberedCodePage* page = nullptr;
  for (const char32_t character : characters_of(utf8)) {
    std::optional<char> octet = page != nullptr ? octet_in(page->name, character) : std::nullopt;
    for (auto next = model_.code_pages.begin(); !octet && next != model_.code_pages.end(); ++next) {
      octet = octet_in(next->name, character);
      if (octet) page = &*next;
    }
    if (page == nullptr) page = &model_.code_pages.front();
    use_page(*page);
    out_.push_back(octet.value_or('?'));
  }
}

/// Aligned with blanks: ESC a would move codes and text by different rules on some printers.
void EscPosEncoder::line(const ReceiptLine& line) {
  if (line.text.empty()) return end_line();
  const int left = std::max(columns_ - width_of_text(line.text) * line.scale, 0);
  const int blanks = line.align == ReceiptAlign::kLeft     ? 0
                     : line.align == ReceiptAlign::kCentre ? left / 2
                                                           : left;
  std::string padding(static_cast<std::size_t>(blanks), ' ');
  const bool large = line.scale > 1;
  if (line.bold || large) {
    out_ += padding;
    padding.clear();
  }
  if (line.bold) command({kEsc, 'E', 1});
  if (large) command({kGs, '!', (line.scale - 1) | (line.scale - 1) << 4});
  text(padding + line.text);
  if (large) command({kGs, '!', 0});
  if (line.bold) command({kEsc, 'E', 0});
  end_line();
}

void EscPosEncoder::barcode(const ReceiptBarcode& barcode) {
  constexpr int kBelow = 2;
  constexpr int kEan13 = 0x02;    // function A, ended by NUL
  constexpr int kCode128 = 0x49;  // function B, with its length
  command({kEsc, 'a', 1});
  command({kGs, 'h', barcode.height});
  command({kGs, 'w', barcode.module + 1});
  command({kGs, 'H', kBelow});
  if (barcode.symbology == ReceiptBarcode::Symbology::kEan13) {
    command({kGs, 'k', kEan13});
    out_ += barcode.data;
    command({0});
  } else {
    std::string data = "{B";  // code set B
    for (const char c : barcode.data) data += c == '{' ? std::string("{{") : std::string(1, c);
    command({kGs, 'k', kCode128, static_cast<int>(data.size())});
    out_ += data;
  }
  end_line();
  command({kEsc, 'a', 0});
}

void EscPosEncoder::qr(const ReceiptQr& qr) {
  constexpr int kModel2 = 0x32;
  constexpr int kMediumCorrection = 0x31;
  const auto size = static_cast<int>(qr.data.size()) + 3;
  command({kEsc, 'a', 1});
  command({kGs, '(', 'k', 4, 0, 0x31, 0x41, kModel2, 0});
  command({kGs, '(', 'k', 3, 0, 0x31, 0x43, qr.module});
  command({kGs, '(', 'k', 3, 0, 0x31, 0x45, kMediumCorrection});
  command({kGs, '(', 'k', size & 0xFF, size >> 8, 0x31, 0x50, 0x30});
  out_ += qr.data;
  command({kGs, '(', 'k', 3, 0, 0x31, 0x51, 0x30});
  end_line();
  command({kEsc, 'a', 0});
}

void EscPosEncoder::cut(const ReceiptCut& cut) {
  for (int i = 0; i < model_.feed_before_cut; ++i) end_line();
  if (!model_.cuts) return;
  command({kGs, 'V', cut.partial ? 1 : 0});
  end_line();
}

void EscPosEncoder::pulse(const DrawerPulse& pulse) {
  command({kEsc, 'p', pulse.connector, pulse.on_ms / 2, pulse.off_ms / 2});
}

std::string escpos_of(const ReceiptPage& page, const ReceiptPrinterModel& model) {
  EscPosEncoder encoder(model, page.columns);
  encoder.initialize();
  for (const ReceiptPiece& piece : page.pieces) {
    std::visit(Overloaded{
                   [&encoder](const ReceiptLine& line) { encoder.line(line); },
                   [&encoder](const ReceiptBarcode& barcode) { encoder.barcode(barcode); },
                   [&encoder](const ReceiptQr& qr) { encoder.qr(qr); },
                   [&encoder](const ReceiptCut& cut) { encoder.cut(cut); },
               },
               piece);
  }
  return encoder.octets();
}

}  // namespace cairn::devices
