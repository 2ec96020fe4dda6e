#include "central/returns/find_sales.h"

#include "core/storage/projections/returns.h"
#include "core/storage/projections/ship_groups.h"

#include <algorithm>

namespace cairn::central {
namespace {

constexpr std::size_t kSalesMost = 20;

std::vector<ShipGroupId> groups_behind(storage::UnitOfWork& work, const std::string& text) {
  const auto labelled = storage::group_of_label(work.connection(), domain::label_number(text));
  if (labelled) return {*labelled};
  storage::ShipGroupFilter filter;
  filter.reference = text;
  filter.limit = kSalesMost;
  std::vector<ShipGroupId> groups;
  for (const auto& row : storage::ship_groups(work.connection(), filter)) groups.push_back(row.id);
  return groups;
}

}  // namespace

std::vector<domain::Sale> find_sales(storage::UnitOfWork& work, const SiteId& asker,
                                     const std::string& text) {
  std::vector<domain::Sale> sales;
  for (const ShipGroupId group : groups_behind(work, text)) {
    domain::Sale sale = domain::sale_of(work.replica().ship_group(group));
    for (domain::SaleLine& line : sale.lines) {
      std::int64_t& milli = line.sold.sold.milli;
      milli =
          std::max<std::int64_t>(0, milli - storage::returned_elsewhere_milli(
                                                work.connection(), group, line.sold.line, asker));
    }
    if (sale.sold_milli() > 0) sales.push_back(std::move(sale));
  }
  return sales;
}

}  // namespace cairn::central
