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

/// Room in a record (wire::kMaxRecordSize, 448 KiB) for the lines of one group, in octets, and what
/// a line takes beside its texts, at most.
constexpr std::size_t kLinesRoom = 300U << 10U;
constexpr std::size_t kLineFrame = 80;

std::size_t size_of(const domain::ShipGroupLine& line) {
  std::size_t size = kLineFrame + line.sku.text().size() + line.name.size();
  for (const auto& gtin : line.gtins) size += gtin.text().size() + 2;
  return size;
}

/// In the same order, each part small enough for one record.
std::vector<std::vector<domain::ShipGroupLine>> parts_of(std::vector<domain::ShipGroupLine> lines) {
  std::vector<std::vector<domain::ShipGroupLine>> parts(1);
  std::size_t size = 0;
  for (domain::ShipGroupLine& line : lines) {
    size += size_of(line);
    if (size > kLinesRoom && !parts.back().empty()) {
      parts.emplace_back();
      size = size_of(line);
    }
    parts.back().push_back(std::move(line));
  }
  return parts;
}

Result<> open_group(storage::UnitOfWork& work, const domain::ShipGroupAllocated& allocated,
                    const SiteId& site, UserId actor) {
  const auto written = work.record({domain::ShipGroupEvent(allocated),
                                    domain::ship_group_key(allocated.group),
                                    site,
                                    actor,
                                    {},
                                    {}});
  if (!written) return fail(written.error());
  // The next order must see what this one took.
  work.replica().save_views();
  return {};
}

}  // namespace

Result<> open_groups(storage::UnitOfWork& work, IdSource& ids, const storage::OrderRow& order,
                     const std::vector<storage::OrderLineRow>& lines,
                     const std::vector<domain::RoutedGroup>& groups,
                     domain::FulfilmentMethod method, UserId actor) {
  for (const domain::RoutedGroup& group : groups) {
    for (auto& part : parts_of(snapshot(work.connection(), lines, group))) {
      domain::ShipGroupAllocated allocated;
      allocated.group = ShipGroupId(ids.next());
      allocated.order = order.id;
      allocated.order_reference = order.external_id;
      allocated.method = method;
      allocated.lines = std::move(part);
      if (auto ok = open_group(work, allocated, group.site, actor); !ok) return ok;
    }
  }
  return {};
}

}  // namespace cairn::central
