#include "edge-agent/devices/counter_receipt.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace cairn::agent {
namespace {

std::string unit_of(Uom uom) { return uom == Uom::kPiece ? "" : std::string(name_of(uom)); }

/// "2026-11-27 10:31 UTC"
std::string minute_of(UtcTime at) {
  constexpr std::size_t kDay = 10;
  constexpr std::size_t kMinute = 5;
  const std::string text = at.text();
  return fmt::format("{} {} UTC", text.substr(0, kDay), text.substr(kDay + 1, kMinute));
}

/// To the nearest minor unit. The products stay in range: 10^12 minor units, 10^3 milli.
std::int64_t price_of_one(std::int64_t total_minor, std::int64_t milli) {
  if (milli == 0) return 0;
  const std::int64_t thousandfold = std::abs(total_minor) * kMilliPerUnit;
  const std::int64_t one = (thousandfold + milli / 2) / milli;
  return total_minor < 0 ? -one : one;
}

devices::Receipt begun(const CounterAct& act, std::string_view what, const std::string& order,
                       std::string_view by) {
  devices::Receipt receipt;
  receipt.title = act.site_name;
  if (act.copy) receipt.header.emplace_back("COPY");
  receipt.facts.emplace_back(what);
  receipt.facts.push_back(fmt::format("Order {}", order));
  if (act.at.us != 0) receipt.facts.push_back(minute_of(act.at));
  if (!act.person.empty()) receipt.facts.push_back(fmt::format("{} {}", by, act.person));
  return receipt;
}

}  // namespace

devices::Receipt hand_over_receipt(const CounterAct& act, const domain::Sale& sale) {
  devices::Receipt receipt = begun(act, "Handed over", sale.order_reference, "Served by");
  for (const domain::SaleLine& line : sale.lines) {
    const domain::SoldLine& sold = line.sold;
    if (sold.sold.milli == 0) continue;
    // Worth what a refund of all of it would be; what nobody can add up is left out as nothing.
    const auto worth = domain::refund_of(sold, 0, sold.sold.milli);
    receipt.currency = sold.unit_price.currency;
    receipt.items.push_back({sold.name,
                             sold.sold.milli,
                             unit_of(sold.sold.uom),
                             sold.unit_price.minor,
                             worth ? worth->minor : 0,
                             {}});
    receipt.total_minor += receipt.items.back().total_minor;
  }
  receipt.footer.emplace_back("Please bring this receipt for returns");
  return receipt;
}

devices::Receipt return_receipt(const CounterAct& act, const storage::ReturnRow& row,
                                const std::string& approved_by) {
  devices::Receipt receipt = begun(act, "Return", row.order_reference, "Taken by");
  if (!approved_by.empty()) receipt.facts.push_back(fmt::format("Approved by {}", approved_by));
  receipt.currency = row.refund.currency;
  for (const storage::ReturnLineRow& line : row.lines) {
    receipt.items.push_back({line.name,
                             line.quantity.milli,
                             unit_of(line.quantity.uom),
                             price_of_one(-line.refund_minor, line.quantity.milli),
                             -line.refund_minor,
                             {}});
  }
  receipt.total_minor = -row.refund.minor;
  receipt.footer.emplace_back("Refund");
  return receipt;
}

Result<devices::ReceiptPage> lay_out_with_code(devices::Receipt receipt, const std::string& code,
                                               int columns) {
  receipt.barcode = devices::ReceiptBarcode{};
  receipt.barcode->data = code;
  if (auto page = devices::lay_out(receipt, columns)) return page;
  receipt.barcode.reset();
  receipt.qr = code;
  if (auto page = devices::lay_out(receipt, columns)) return page;
  receipt.qr.clear();
  return devices::lay_out(receipt, columns);
}

}  // namespace cairn::agent
