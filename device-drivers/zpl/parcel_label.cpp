#include "device-drivers/zpl/parcel_label.h"

#include "core/base/utf8.h"
#include "device-drivers/zpl/label_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace cairn::devices {
namespace {

constexpr std::size_t kTextMost = 120;
/// Common readers refuse a Code 128 of a single character.
constexpr std::size_t kTrackingLeast = 2;
constexpr std::size_t kTrackingMost = 30;
constexpr std::size_t kSsccSize = 18;

// All in dots, eight to the millimetre.
constexpr int kLabelWidth = 812;
constexpr int kMargin = 40;
/// Beside the QR code.
constexpr int kTextWidth = 540;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Result<> check(const ParcelLabel& label) {
  const auto bad = [](const char* what) { return fail(ErrorCode::kInvalid, "bad_label", what); };
  if (label.sscc.size() != kSsccSize || !std::ranges::all_of(label.sscc, is_digit)) {
    return bad("an SSCC has 18 digits");
  }
  const bool letters_and_digits = std::ranges::all_of(
      label.tracking, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); });
  if (label.tracking.size() < kTrackingLeast || label.tracking.size() > kTrackingMost ||
      !letters_and_digits) {
    return bad("a tracking number has 2 to 30 capital letters and digits");
  }
  for (const std::string* const text : {&label.sender, &label.reference, &label.weight}) {
    if (text->size() > kTextMost || !is_utf8(*text)) {
      return bad("the texts of a label are UTF-8 of at most 120 octets");
    }
  }
  return {};
}

std::string text_line(int y, std::string_view text, std::initializer_list<int> heights) {
  const FittedText fitted = fit(text, kTextWidth, heights);
  return fmt::format("^FO{},{}^A0N,{},{}^FH_^FD{}^FS\n", kMargin, y, fitted.height, fitted.height,
                     escaped(fitted.text));
}

std::string caption(int y, std::string_view text) {
  return fmt::format("^FO{},{}^A0N,26,26^FD{}^FS\n", kMargin, y, text);
}

std::string rule(int y) {
  return fmt::format("^FO{},{}^GB{},3,3^FS\n", kMargin, y, kLabelWidth - 2 * kMargin);
}

/// What people read below a bar code: letters, digits and brackets only.
std::string interpretation(int y, std::string_view text) {
  const int width = kLabelWidth - 2 * kMargin;
  const FittedText fitted = fit(text, width, {44, 38, 28});
  return fmt::format("^FO{},{}^A0N,{},{}^FB{},1,0,C^FD{}^FS\n", kMargin, y, fitted.height,
                     fitted.height, width, fitted.text);
}

/// Code 128 in the middle of the label's width: so many characters with start and check, and a
/// stop of thirteen modules; in mode N, so that the data alone chooses the code sets.
std::string code128(int y, int height, int module, int characters, std::string_view data) {
  const int width = module * (11 * characters + 13);
  return fmt::format("^BY{},3,{}^FO{},{}^BCN,{},N,N,N^FD{}^FS\n", module, height,
                     (kLabelWidth - width) / 2, y, height, data);
}

/// Code set B, one character for each. The widest bars that leave the quiet zones of ten modules.
std::string tracking_code(int y, int height, std::string_view tracking) {
  const int characters = static_cast<int>(tracking.size()) + 2;
  constexpr int kFewest = 20;
  return code128(y, height, characters <= kFewest ? 3 : 2, characters, tracking);
}

/// ">;" starts with code set C, ">8" is FNC1, so that a reader says GS1 (]C1). Bars of 0.5 mm and
/// at least 32 mm high, as the GS1 General Specifications want them on logistic units.
std::string sscc_code(int y, std::string_view sscc) {
  constexpr int kHeight = 330;
  constexpr int kCharacters = 13;  // start, FNC1, ten pairs of digits, check
  return code128(y, kHeight, 4, kCharacters, fmt::format(">;>800{}", sscc));
}

/// In the upper right corner: 21 modules hold 20 characters, 25 hold the longest. ^BY before ^BQ: a
/// QR code is moved down by the height of the bar code before it.
std::string qr_code(std::string_view tracking) {
  constexpr int kModule = 7;
  constexpr int kHeldBySmallest = 20;
  const int width = kModule * (tracking.size() <= kHeldBySmallest ? 21 : 25);
  return fmt::format("^BY2,3,10^FO{},30^BQN,2,{}^FDMA,{}^FS\n", kLabelWidth - kMargin - width,
                     kModule, tracking);
}

}  // namespace

Result<std::string> zpl_of(const ParcelLabel& label) {
  if (auto ok = check(label); !ok) return fail(ok.error());
  std::string zpl = fmt::format("^XA\n^CI28^PW{}^LL1218^LH0,0\n", kLabelWidth);  // ^CI28: UTF-8
  zpl += text_line(40, label.sender, {36, 28, 22});
  zpl += caption(105, "ORDER");
  zpl += text_line(137, label.reference, {64, 48, 36, 26});
  zpl += caption(225, "WEIGHT");
  zpl += text_line(257, label.weight, {48, 36});
  zpl += qr_code(label.tracking);
  zpl += rule(330);
  zpl += caption(352, "TRACKING");
  zpl += tracking_code(390, 180, label.tracking);
  zpl += interpretation(585, label.tracking);
  zpl += rule(655);
  zpl += caption(677, "SSCC");
  zpl += sscc_code(715, label.sscc);
  zpl += interpretation(1065, fmt::format("(00) {}", label.sscc));
  zpl += "^PQ1,0,0,N\n^XZ\n";
  return zpl;
}

}  // namespace cairn::devices
