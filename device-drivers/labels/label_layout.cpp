#include "device-drivers/labels/label_layout.h"

#include "core/base/gtin.h"
#include "core/base/utf8.h"
#include "core/gs1/application_identifier.h"
#include "core/gs1/value_rules.h"
#include "device-drivers/zpl/label_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace cairn::devices {
namespace {

constexpr std::size_t kTextMost = 120;
constexpr int kDotsPerMm = 8;
constexpr int kSideMargin = 24;

tl::unexpected<Error> bad_label(std::string what) {
  return fail(ErrorCode::kInvalid, "bad_label", std::move(what));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Result<> check_label_texts(std::initializer_list<const std::string*> texts) {
  for (const std::string* const text : texts) {
    if (text->size() > kTextMost || !is_utf8(*text)) {
      return bad_label("the texts of a label are UTF-8 of at most 120 octets");
    }
  }
  return {};
}

/// Common readers refuse a Code 128 of a single character.
Result<> check_label_code(std::string_view what, std::string_view code) {
  constexpr std::size_t kLeast = 2;
  constexpr std::size_t kMost = 20;
  const bool printable = std::ranges::all_of(code, [](char c) { return c > ' ' && c <= '~'; });
  if (code.size() >= kLeast && code.size() <= kMost && printable) return {};
  return bad_label(
      fmt::format("{} has 2 to 20 letters, digits and signs of ASCII, without blanks", what));
}

/// Start, check and stop beside the characters of code set B.
int code128_width(std::size_t characters, int module) {
  return module * (11 * (static_cast<int>(characters) + 2) + 13);
}

class LabelSheet {
 public:
  LabelSheet(int width_mm, int height_mm)
      : LabelSheet(LabelPage{width_mm * kDotsPerMm, height_mm * kDotsPerMm, 1, {}}, kSideMargin) {}
  LabelSheet(LabelPage page, int margin) : page_(std::move(page)), margin_(margin) {}

  [[nodiscard]] int inner_width() const { return page_.width - 2 * margin_; }

  void text(int y, std::string_view text, std::initializer_list<int> heights, int width = 0) {
    place(y, text, heights, width > 0 ? width : inner_width(), false);
  }
  void centred(int y, std::string_view text, std::initializer_list<int> heights) {
    place(y, text, heights, inner_width(), true);
  }
  void rule(int y) { page_.pieces.emplace_back(LabelBox{margin_, y, inner_width(), 3}); }

  /// In the middle, with the widest bars that leave quiet zones of ten modules.
  void code128(int y, int height, std::string_view data, int module_most = 3) {
    constexpr int kQuiet = 20;
    int module = module_most;
    while (module > 1 && code128_width(data.size(), module) + kQuiet * module > page_.width)
      --module;
    const int x = (page_.width - code128_width(data.size(), module)) / 2;
    bars({LabelBars::Kind::kCode128, x, y, height, module, std::string(data)});
  }
  void bars(LabelBars bars) { page_.pieces.emplace_back(std::move(bars)); }
  void matrix(LabelMatrix matrix) { page_.pieces.emplace_back(std::move(matrix)); }
  /// In the upper right corner: 21 modules hold 20 characters, 25 hold 38.
  void qr_at_right(int y, int module, std::string_view data, std::size_t held_by_smallest) {
    const int modules = data.size() <= held_by_smallest ? 21 : 25;
    const int x = page_.width - margin_ - module * modules;
    matrix({LabelMatrix::Kind::kQr, x, y, module, std::string(data), {}});
  }

  LabelPage take() && { return std::move(page_); }

 private:
  void place(int y, std::string_view text, std::initializer_list<int> heights, int width,
             bool centred) {
    if (text.empty()) return;
    FittedText fitted = fit(text, width, heights);
    page_.pieces.emplace_back(
        LabelText{margin_, y, fitted.height, std::move(fitted.text), width, centred});
  }

  LabelPage page_;
  const int margin_;
};

/// A QR code in code set "byte", error correction M: version 1 holds 14 characters, 2 holds 26.
constexpr std::size_t kQrSmallest = 14;

Result<LabelPage> lay_out_place(const LocationLabel& label, LabelSheet sheet, bool shelf) {
  if (auto ok = check_label_texts({&label.name, &label.sku}); !ok) return fail(ok.error());
  if (auto ok = check_label_code("a location", label.location); !ok) return fail(ok.error());
  constexpr int kModule = 6;
  const int beside = sheet.inner_width() - 25 * kModule - 20;
  sheet.qr_at_right(kSideMargin, kModule, label.location, kQrSmallest);
  sheet.text(kSideMargin, label.location, {110, 80, 56, 40, 28}, beside);
  if (shelf) sheet.text(140, label.name, {36, 28, 22}, beside);
  if (shelf) sheet.text(185, label.sku, {28, 22}, beside);
  sheet.code128(shelf ? 240 : 190, shelf ? 120 : 90, label.location);
  return std::move(sheet).take();
}

Result<> check_parcel(const ParcelLabel& label) {
  constexpr std::size_t kTrackingLeast = 2;
  constexpr std::size_t kTrackingMost = 30;
  constexpr std::size_t kSsccSize = 18;
  if (label.sscc.size() != kSsccSize || !std::ranges::all_of(label.sscc, is_digit)) {
    return bad_label("an SSCC has 18 digits");
  }
  const bool letters_and_digits = std::ranges::all_of(
      label.tracking, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); });
  if (label.tracking.size() < kTrackingLeast || label.tracking.size() > kTrackingMost ||
      !letters_and_digits) {
    return bad_label("a tracking number has 2 to 30 capital letters and digits");
  }
  return check_label_texts({&label.sender, &label.reference, &label.weight});
}

}  // namespace

Result<LabelPage> lay_out(const ParcelLabel& label) {
  if (auto ok = check_parcel(label); !ok) return fail(ok.error());
  constexpr int kWidth = 812;
  constexpr int kHeight = 1218;
  constexpr int kMargin = 40;
  constexpr int kBesideQr = 540;
  LabelSheet sheet(LabelPage{kWidth, kHeight, 1, {}}, kMargin);
  sheet.text(40, label.sender, {36, 28, 22}, kBesideQr);
  sheet.text(105, "ORDER", {26});
  sheet.text(137, label.reference, {64, 48, 36, 26}, kBesideQr);
  sheet.text(225, "WEIGHT", {26});
  sheet.text(257, label.weight, {48, 36}, kBesideQr);
  constexpr std::size_t kHeldAlphanumeric = 20;
  sheet.qr_at_right(30, 7, label.tracking, kHeldAlphanumeric);
  sheet.rule(330);
  sheet.text(352, "TRACKING", {26});
  sheet.code128(390, 180, label.tracking, label.tracking.size() <= 18 ? 3 : 2);
  sheet.centred(585, label.tracking, {44, 38, 28});
  sheet.rule(655);
  sheet.text(677, "SSCC", {26});
  // Bars of 0.5 mm and at least 32 mm high, as the GS1 General Specifications want them on
  // logistic units. Start, FNC1, ten pairs of digits, check.
  constexpr int kModule = 4;
  constexpr int kSsccWidth = kModule * (11 * 13 + 13);
  sheet.bars({LabelBars::Kind::kSscc, (kWidth - kSsccWidth) / 2, 715, 330, kModule, label.sscc});
  sheet.centred(1065, fmt::format("(00) {}", label.sscc), {44, 38, 28});
  return std::move(sheet).take();
}

Result<LabelPage> lay_out_shelf(const LocationLabel& label) {
  return lay_out_place(label, LabelSheet(100, 50), true);
}

Result<LabelPage> lay_out_bin(const LocationLabel& label) {
  return lay_out_place(label, LabelSheet(60, 40), false);
}

Result<LabelPage> lay_out(const ToteLabel& label) {
  if (auto ok = check_label_texts({&label.site}); !ok) return fail(ok.error());
  if (auto ok = check_label_code("a tote", label.tote); !ok) return fail(ok.error());
  LabelSheet sheet(100, 50);
  constexpr int kModule = 6;
  const int beside = sheet.inner_width() - 25 * kModule - 20;
  sheet.text(kSideMargin, label.tote, {110, 80, 56, 40, 28}, beside);
  sheet.text(150, label.site, {36, 28, 22}, beside);
  sheet.qr_at_right(kSideMargin, kModule, label.tote, kQrSmallest);
  sheet.code128(220, 140, label.tote);
  return std::move(sheet).take();
}

Result<LabelPage> lay_out(const PickupLabel& label) {
  constexpr int kBagsMost = 99;
  if (auto ok = check_label_texts({&label.name, &label.place}); !ok) return fail(ok.error());
  if (auto ok = check_label_code("an order", label.order); !ok) return fail(ok.error());
  if (label.bag < 1 || label.bag > label.bags || label.bags > kBagsMost) {
    return bad_label("a bag is one of 1 to 99");
  }
  LabelSheet sheet(100, 75);
  constexpr int kModule = 7;
  const int beside = sheet.inner_width() - 25 * kModule - 20;
  sheet.text(kSideMargin, label.name, {72, 56, 40, 28}, beside);
  sheet.text(110, label.place, {56, 40, 28}, beside);
  sheet.text(180, fmt::format("{} / {}", label.bag, label.bags), {48}, beside);
  sheet.qr_at_right(kSideMargin, kModule, label.order, kQrSmallest);
  sheet.rule(250);
  sheet.code128(280, 200, label.order);
  sheet.centred(500, label.order, {56, 40, 28});
  return std::move(sheet).take();
}

Result<LabelPage> lay_out(const ReturnLabel& label) {
  if (auto ok = check_label_texts({&label.order, &label.name, &label.condition}); !ok) {
    return fail(ok.error());
  }
  if (auto ok = check_label_code("a return", label.id); !ok) return fail(ok.error());
  LabelSheet sheet(100, 50);
  constexpr int kModule = 6;
  const int beside = sheet.inner_width() - 25 * kModule - 20;
  sheet.text(kSideMargin, label.name, {48, 36, 28}, beside);
  sheet.text(80, label.condition, {36, 28}, beside);
  sheet.text(125, label.order, {36, 28}, beside);
  sheet.qr_at_right(kSideMargin, kModule, label.id, kQrSmallest);
  sheet.code128(210, 110, label.id);
  sheet.centred(335, label.id, {40, 28});
  return std::move(sheet).take();
}

namespace {

Result<> check_product(const ProductLabel& label) {
  constexpr std::size_t kBatchMost = 20;
  if (auto ok = check_label_texts({&label.name}); !ok) return ok;
  const bool batch = std::ranges::all_of(label.batch, [](char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '/' || c == '.';
  });
  if (!batch || label.batch.size() > kBatchMost) {
    return bad_label("a batch has at most 20 letters, digits, \"-\", \"/\" and \".\"");
  }
  if (label.expiry.empty()) return {};
  if (!gs1::check_value(*gs1::find_identifier("17"), "17", label.expiry)) return {};
  return bad_label("an expiry is a day, YYMMDD, with 00 for the last day of a month");
}

}  // namespace

Result<LabelPage> lay_out(const ProductLabel& label) {
  if (auto ok = check_product(label); !ok) return fail(ok.error());
  const auto gtin = Gtin::parse(label.gtin);
  if (!gtin) return bad_label(gtin.error().message);
  const std::string digits = gtin->text();
  LabelSheet sheet(60, 40);
  sheet.text(kSideMargin, label.name, {40, 32, 26, 22});
  if (label.price) sheet.text(75, label.price->text(), {56, 40, 28});
  if (label.batch.empty() && label.expiry.empty() && digits.starts_with('0')) {
    constexpr int kModule = 3;
    constexpr int kEanWidth = 95 * kModule;
    sheet.bars({LabelBars::Kind::kEan13, (60 * kDotsPerMm - kEanWidth) / 2, 150, 110, kModule,
                digits.substr(1)});
    sheet.centred(275, digits.substr(1), {32});
    return std::move(sheet).take();
  }
  LabelMatrix matrix{
      LabelMatrix::Kind::kGs1DataMatrix, kSideMargin, 145, 6, "01" + digits, "(01)" + digits};
  const auto add = [&matrix](std::string_view identifier, const std::string& value) {
    if (value.empty()) return;
    matrix.data += fmt::format("{}{}", identifier, value);
    matrix.bracketed += fmt::format("({}){}", identifier, value);
  };
  add("17", label.expiry);
  add("10", label.batch);
  sheet.matrix(std::move(matrix));
  LabelSheet beside(LabelPage{60 * kDotsPerMm, 40 * kDotsPerMm, 1, {}}, 190);
  beside.text(150, fmt::format("(01) {}", digits), {24}, 280);
  if (!label.expiry.empty()) beside.text(185, fmt::format("(17) {}", label.expiry), {24}, 280);
  if (!label.batch.empty()) beside.text(220, fmt::format("(10) {}", label.batch), {24, 20}, 280);
  LabelPage page = std::move(sheet).take();
  for (LabelPiece& piece : std::move(beside).take().pieces) page.pieces.push_back(std::move(piece));
  return page;
}

}  // namespace cairn::devices
