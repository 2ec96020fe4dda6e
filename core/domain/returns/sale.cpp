#include "core/domain/returns/sale.h"

#include <algorithm>

namespace cairn::domain {

const SaleLine* Sale::find(LineNo line) const {
  const auto found =
      std::ranges::find(lines, line, [](const SaleLine& one) { return one.sold.line; });
  return found == lines.end() ? nullptr : &*found;
}

std::int64_t Sale::sold_milli() const {
  std::int64_t sum = 0;
  for (const SaleLine& line : lines) sum += line.sold.sold.milli;
  return sum;
}

Sale sale_of(const ShipGroup& group) {
  Sale sale{group.id, group.order, group.order_reference, {}};
  for (const ShipGroupLineState& line : group.lines) {
    sale.lines.push_back({sold_line(line), line.line.gtins});
  }
  return sale;
}

std::string label_number(std::string_view text) {
  constexpr std::size_t kWithIdentifier = 20;
  if (text.size() == kWithIdentifier && text.starts_with("00")) text.remove_prefix(2);
  return std::string(text);
}

}  // namespace cairn::domain
