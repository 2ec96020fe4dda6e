#include "central/capture/catalogue_lines.h"

#include "core/domain/order/kit.h"
#include "core/storage/projections/reference_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace cairn::central {
namespace {

using domain::OrderLine;

/// Parts hide the number of their kit: it is looked at before.
Result<> check_numbers(const std::vector<OrderLine>& lines, const std::vector<OrderLine>& others) {
  std::set<LineNo> seen;
  for (const OrderLine& other : others) {
    seen.insert(other.line);
    if (other.kit) seen.insert(other.kit->line);
  }
  for (const OrderLine& line : lines) {
    if (line.line == LineNo() || seen.insert(line.line).second) continue;
    return fail(ErrorCode::kInvalid, "bad_order",
                fmt::format("line {} appears twice", line.line.value()));
  }
  return {};
}

/// Numbers that neither a line nor a kit of the order has.
class FreeNumbers {
 public:
  void taken(const std::vector<OrderLine>& lines) {
    for (const OrderLine& line : lines) {
      last_ = std::max({last_, line.line.value(), line.kit ? line.kit->line.value() : 0});
      together_ = std::max(together_, line.together);
    }
  }
  Result<LineNo> line() {
    if (last_ == UINT32_MAX) return none_left();
    return LineNo(++last_);
  }
  Result<std::uint32_t> together() {
    if (together_ == UINT32_MAX) return none_left();
    return ++together_;
  }

 private:
  static tl::unexpected<Error> none_left() {
    return fail(ErrorCode::kInvalid, "bad_order",
                "no number is left for the parts of a kit; nothing was changed");
  }

  std::uint32_t last_ = 0;
  std::uint32_t together_ = 0;
};

Result<std::vector<domain::OfferedPart>> offered_parts(storage::Connection& connection,
                                                       const domain::Product& kit,
                                                       const std::string& where) {
  std::vector<domain::OfferedPart> parts;
  for (const domain::KitPart& part : kit.parts) {
    const auto product = storage::find_product(connection, part.sku);
    if (!product || !product->active || !product->parts.empty()) {
      return fail(ErrorCode::kInvalid, "unknown_sku",
                  fmt::format("{}: kit {} has a part {}, which is {}; nothing was changed", where,
                              kit.sku.text(), part.sku.text(),
                              product && product->active ? "a kit itself" : "no article any more"));
    }
    parts.push_back({part.sku, product->name, product->uom, part.units, product->price});
  }
  return parts;
}

Result<std::vector<OrderLine>> resolve(storage::Connection& connection, OrderLine line,
                                       const domain::Product& kit, FreeNumbers& numbers,
                                       const std::string& where) {
  const auto parts = offered_parts(connection, kit, where);
  if (!parts) return fail(parts.error());
  if (line.line == LineNo()) {
    const auto number = numbers.line();
    if (!number) return fail(number.error());
    line.line = *number;
  }
  // Of several, not all need to be at one site.
  if (line.together == 0 && line.ordered.milli == kMilliPerUnit) {
    const auto together = numbers.together();
    if (!together) return fail(together.error());
    line.together = *together;
  }
  auto lines = domain::parts_of(line, *parts);
  if (!lines) return lines;
  for (OrderLine& part : *lines) {
    const auto number = numbers.line();
    if (!number) return fail(number.error());
    part.line = *number;
  }
  return lines;
}

/// Does it sell a kit, as it was sold then?
bool sells(const OrderLine& line, const OrderLine& part) {
  if (!part.kit || part.kit->line != line.line || line.kit) return false;
  OrderLine then = domain::line_of(part);
  then.ordered.uom = line.ordered.uom;
  if (line.name.empty()) then.name.clear();
  // The parts of a single kit go together, whether its channel says so or not.
  if (line.together == 0) then.together = 0;
  return then == line;
}

}  // namespace

Result<> fill_from_catalogue(storage::Connection& connection, std::vector<OrderLine>& lines,
                             std::string_view member, const std::vector<OrderLine>& others) {
  if (auto ok = check_numbers(lines, others); !ok) return ok;
  FreeNumbers numbers;
  numbers.taken(others);
  numbers.taken(lines);
  std::vector<OrderLine> filled;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    OrderLine& line = lines[i];
    const auto product = storage::find_product(connection, line.sku);
    if (!line.service && (!product || !product->active)) {
      return fail(ErrorCode::kInvalid, "unknown_sku",
                  fmt::format("/{}/{}/sku: there is no article {}; nothing was changed", member, i,
                              line.sku.text()));
    }
    if (product) line.ordered.uom = product->uom;
    if (line.name.empty()) line.name = product ? product->name : line.sku.text();
    if (line.service || product->parts.empty()) {
      filled.push_back(std::move(line));
      continue;
    }
    auto parts = resolve(connection, std::move(line), *product, numbers,
                         fmt::format("/{}/{}/sku", member, i));
    if (!parts) return fail(parts.error());
    std::ranges::move(*parts, std::back_inserter(filled));
    if (filled.size() > domain::kMaxOrderLines) {
      return fail(ErrorCode::kInvalid, "bad_order",
                  fmt::format("an order has at most {} lines, with the parts of its kits",
                              domain::kMaxOrderLines));
    }
  }
  lines = std::move(filled);
  return {};
}

void resolve_kits_as(const std::vector<OrderLine>& before, std::vector<OrderLine>& lines) {
  std::vector<OrderLine> resolved;
  for (OrderLine& line : lines) {
    const auto is_part = [&line](const OrderLine& part) { return sells(line, part); };
    const std::size_t so_far = resolved.size();
    std::ranges::copy_if(before, std::back_inserter(resolved), is_part);
    if (resolved.size() == so_far) resolved.push_back(std::move(line));
  }
  lines = std::move(resolved);
}

}  // namespace cairn::central
