#include "central/routing/open_groups.h"

#include "core/base/assert.h"
#include "core/storage/projections/reference_data.h"

#include <algorithm>
#include <utility>

namespace cairn::central {
namespace {

/// The group's lines with everything a site needs to know about the articles.
std::vector<domain::ShipGroupLine> snapshot(storage::Connection& connection,
                                            const std::vector<storage::OrderLineRow>& lines,
                                            const domain::RoutedGroup& group) {
  std::vector<domain::ShipGroupLine> snapshot;
  for (const domain::RoutingShare& share : group.shares) {
    const auto row = std::ranges::find(
        lines, share.line, [](const storage::OrderLineRow& line) { return line.progress.line; });
    CAIRN_ASSERT(row != lines.end(), "routing shares out the order's own lines");
    domain::ShipGroupLine line{share.line,
                               share.sku,
                               row->line.name,
                               {},
                               0,
                               row->line.unit_price,
                               {share.milli, row->line.ordered.uom}};
    if (const auto product = storage::find_product(connection, share.sku)) {
      line.name = product->name;
      line.gtins = product->gtins;
      line.unit_weight_mg = product->unit_weight_mg;
    }
    snapshot.push_back(std::move(line));
  }
  return snapshot;
}

}  // namespace

Result<> open_groups(storage::UnitOfWork& work, IdSource& ids, const storage::OrderRow& order,
                     const std::vector<storage::OrderLineRow>& lines,
                     const std::vector<domain::RoutedGroup>& groups,
                     domain::FulfilmentMethod method, UserId actor) {
  for (const domain::RoutedGroup& group : groups) {
    domain::ShipGroupAllocated allocated;
    allocated.group = ShipGroupId(ids.next());
    allocated.order = order.id;
    allocated.order_reference = order.external_id;
    allocated.method = method;
    allocated.lines = snapshot(work.connection(), lines, group);
    const auto written = work.record({domain::ShipGroupEvent(allocated),
                                      domain::ship_group_key(allocated.group),
                                      group.site,
                                      actor,
                                      {},
                                      {}});
    if (!written) return fail(written.error());
    // The next order must see what this one took.
    work.replica().save_views();
  }
  return {};
}

}  // namespace cairn::central
