#include "device-drivers/escpos/printer_model.h"

#include <algorithm>
#include <array>

namespace cairn::devices {
namespace {

// The numbers are those of the makers' command manuals (ESC t n).
constexpr std::array<NumberedCodePage, 13> kEpsonPages{{{"cp437", 0},
                                                        {"cp858", 19},
                                                        {"cp850", 2},
                                                        {"cp852", 18},
                                                        {"cp857", 13},
                                                        {"cp866", 17},
                                                        {"cp737", 14},
                                                        {"windows1252", 16},
                                                        {"windows1250", 45},
                                                        {"windows1251", 46},
                                                        {"windows1253", 47},
                                                        {"windows1254", 48},
                                                        {"windows1257", 51}}};
constexpr std::array<NumberedCodePage, 6> kCitizenPages{
    {{"cp437", 0}, {"cp858", 2}, {"cp852", 6}, {"cp866", 7}, {"cp857", 8}, {"windows1252", 16}}};
constexpr std::array<NumberedCodePage, 10> kBixolonPages{{{"cp437", 0},
                                                          {"cp858", 19},
                                                          {"cp850", 2},
                                                          {"cp852", 18},
                                                          {"cp866", 17},
                                                          {"windows1252", 16},
                                                          {"windows1253", 24},
                                                          {"windows1254", 25},
                                                          {"windows1257", 26},
                                                          {"windows1251", 28}}};
constexpr std::array<NumberedCodePage, 6> kStarPages{
    {{"cp437", 0}, {"cp858", 19}, {"cp850", 2}, {"cp852", 18}, {"cp866", 17}, {"windows1252", 16}}};
/// Also of the many cheap printers for 58 mm that call themselves POS-58.
constexpr std::array<NumberedCodePage, 9> kXprinterPages{{{"cp437", 0},
                                                          {"cp858", 19},
                                                          {"cp850", 2},
                                                          {"cp852", 18},
                                                          {"cp866", 17},
                                                          {"cp737", 24},
                                                          {"windows1252", 16},
                                                          {"windows1251", 23},
                                                          {"windows1257", 25}}};

constexpr std::array<ReceiptPrinterModel, 6> kModels{{
    {"epson", 42, "\n\r", 4, true, true, kEpsonPages},
    {"citizen", 48, "\n\r", 3, true, true, kCitizenPages},
    {"bixolon", 42, "\n\r", 4, true, true, kBixolonPages},
    {"star", 48, "\n\r", 3, true, true, kStarPages},
    {"xprinter", 48, "\n\r", 4, true, true, kXprinterPages},
    // No knife: people tear it off, over an edge that is three lines above the head.
    {"pos-5890", 42, "\n\r", 3, false, true, kXprinterPages},
}};

}  // namespace

std::span<const ReceiptPrinterModel> receipt_printer_models() { return kModels; }

const ReceiptPrinterModel* find_receipt_printer(std::string_view name) {
  const auto* const found = std::ranges::find(kModels, name, &ReceiptPrinterModel::name);
  return found == kModels.end() ? nullptr : found;
}

}  // namespace cairn::devices
