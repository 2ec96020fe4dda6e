// cairn receipt: a receipt as octets for a printer or as a picture, without a printer.

#include "core/json/reader.h"
#include "device-drivers/escpos/encoder.h"
#include "device-drivers/escpos/receipt.h"
#include "device-drivers/picture/receipt_picture.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/data_file.h"
#include "tools/cairn/printing.h"

#include <fmt/format.h>

namespace cairn::tool {
namespace {

constexpr std::size_t kReceiptLinesMost = 500;
constexpr json::Reader::Length kReceiptText{0, 500};
constexpr std::int64_t kMilliMost = 1'000'000'000;

std::vector<devices::Receipt::Item> read_items(json::Reader& in) {
  std::vector<devices::Receipt::Item> items;
  for (json::Reader& one : in.objects("items", kReceiptLinesMost)) {
    devices::Receipt::Item item;
    item.name = one.text("name", kReceiptText);
    item.quantity_milli =
        one.optional_integer("quantity_milli", -kMilliMost, kMilliMost).value_or(1000);
    item.unit = one.optional_text("unit", kReceiptText).value_or("");
    item.unit_price_minor =
        one.optional_integer("unit_price_minor", -kMaxMinor, kMaxMinor).value_or(0);
    item.total_minor = one.integer("total_minor", -kMaxMinor, kMaxMinor);
    item.tax = one.optional_text("tax", kReceiptText).value_or("");
    items.push_back(std::move(item));
  }
  return items;
}

void read_amounts(json::Reader& in, devices::Receipt& receipt) {
  receipt.total_minor = in.integer("total_minor", -kMaxMinor, kMaxMinor);
  if (in.has("taxes")) {
    for (json::Reader& one : in.objects("taxes", kReceiptLinesMost)) {
      receipt.taxes.push_back({one.text("name", kReceiptText),
                               one.integer("net_minor", -kMaxMinor, kMaxMinor),
                               one.integer("tax_minor", -kMaxMinor, kMaxMinor)});
    }
  }
  if (in.has("payments")) {
    for (json::Reader& one : in.objects("payments", kReceiptLinesMost)) {
      receipt.payments.push_back(
          {one.text("name", kReceiptText), one.integer("amount_minor", -kMaxMinor, kMaxMinor)});
    }
  }
}

void read_codes(json::Reader& in, devices::Receipt& receipt) {
  receipt.qr = in.optional_text("qr", kReceiptText).value_or("");
  if (!in.has("barcode")) return;
  json::Reader barcode = in.object("barcode");
  const auto symbology = barcode.text("symbology", {1, 40});
  if (symbology != "ean13" && symbology != "code128") {
    barcode.problem("symbology", "must be ean13 or code128");
  }
  using Symbology = devices::ReceiptBarcode::Symbology;
  receipt.barcode = devices::ReceiptBarcode{};
  receipt.barcode->symbology = symbology == "ean13" ? Symbology::kEan13 : Symbology::kCode128;
  receipt.barcode->data = barcode.text("data", {1, 500});
}

devices::Receipt read_receipt(json::Reader& in) {
  devices::Receipt receipt;
  receipt.title = in.optional_text("title", kReceiptText).value_or("");
  receipt.header = texts_of(in, "header", kReceiptLinesMost, kReceiptText);
  receipt.facts = texts_of(in, "facts", kReceiptLinesMost, kReceiptText);
  const auto currency = Currency::parse(in.text("currency", {3, 3}));
  if (!currency) in.problem("currency", currency.error().message);
  receipt.currency = currency.value_or(Currency());
  receipt.items = read_items(in);
  read_amounts(in, receipt);
  receipt.footer = texts_of(in, "footer", kReceiptLinesMost, kReceiptText);
  read_codes(in, receipt);
  const auto cut = in.optional_text("cut", {1, 40}).value_or("partial");
  if (cut != "none" && cut != "partial" && cut != "full") {
    in.problem("cut", "must be none, partial or full");
  }
  using Cut = devices::Receipt::Cut;
  receipt.cut = cut == "none" ? Cut::kNone : cut == "full" ? Cut::kFull : Cut::kPartial;
  return receipt;
}

/// By the paper, if the columns are not said.
std::int64_t columns_of(json::Reader& in, const devices::ReceiptPrinterModel* model) {
  constexpr std::int64_t kNarrowPaperMm = 58;
  constexpr std::int64_t kWidePaperMm = 80;
  constexpr std::int64_t kNarrowColumns = 32;
  const auto paper = in.optional_integer("paper_mm", 1, 1000).value_or(kWidePaperMm);
  if (paper != kNarrowPaperMm && paper != kWidePaperMm) in.problem("paper_mm", "must be 58 or 80");
  const auto usual = paper == kNarrowPaperMm ? kNarrowColumns
                     : model != nullptr      ? std::int64_t{model->columns_80mm}
                                             : std::int64_t{0};
  return in.optional_integer("columns", 1, 1000).value_or(usual);
}

}  // namespace

Result<int> receipt_command(const RenderArguments& arguments) {
  const auto document = read_json_file(arguments.data);
  if (!document) return fail(document.error());
  json::Reader in(*document);
  const auto name = in.optional_text("printer", {1, 40}).value_or("epson");
  const auto* const model = devices::find_receipt_printer(name);
  if (model == nullptr) {
    in.problem("printer", "must be epson, citizen, bixolon, star, xprinter or pos-5890");
  }
  const auto columns = columns_of(in, model);
  const devices::Receipt receipt = read_receipt(in);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto page = devices::lay_out(receipt, static_cast<int>(columns));
  if (!page) return fail(page.error());
  if (!arguments.png) {
    print_text(devices::escpos_of(*page, *model));
    return kDone;
  }
  const auto picture = devices::picture::png_of(*page);
  if (!picture) return fail(picture.error());
  print_text(*picture);
  return kDone;
}

}  // namespace cairn::tool
