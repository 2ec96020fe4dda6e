#include "central/notifications/notice.h"

#include "core/base/quantity.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/ship_groups.h"

#include <algorithm>
#include <map>
#include <utility>

namespace cairn::central {
namespace {

using domain::NotificationKind;
using storage::Connection;
using storage::Notification;

using Units = std::map<LineNo, std::int64_t>;

Units ordered_units(const std::vector<storage::OrderLineRow>& lines) {
  Units units;
  for (const storage::OrderLineRow& row : lines) {
    if (!row.progress.service) units[row.progress.line] = row.progress.ordered_milli;
  }
  return units;
}

/// Of those that wait at the counter.
void add_units_of(Connection& connection, ShipGroupId group, Units& units) {
  for (const storage::ShipGroupLineRow& row : storage::ship_group_lines(connection, group)) {
    const std::int64_t there = row.in.picked_milli + row.in.packed_milli;
    if (there > 0) units[row.line] += there;
  }
}

std::string site_name(Connection& connection, ShipGroupId group) {
  const auto row = storage::ship_group_row(connection, group);
  if (!row) return "";
  const auto facility = storage::find_facility(connection, row->site);
  return facility ? facility->name : row->site.text();
}

/// Adds what one notification tells to the part of its kind.
void add_to(Connection& connection, const Notification& told, NoticePart& part, Units& units,
            std::optional<Money>& amount) {
  if (told.line) units[*told.line] += told.milli;
  if (told.group) part.site = site_name(connection, *told.group);
  if (told.kind == NotificationKind::kReady && told.group) {
    add_units_of(connection, *told.group, units);
  }
  if (!told.amount) return;
  const auto sum = amount ? amount->plus(*told.amount) : Result<Money>(*told.amount);
  if (sum) amount = *sum;
}

NoticePart part_of(Connection& connection, NotificationKind kind,
                   const std::vector<Notification>& told,
                   const std::vector<storage::OrderLineRow>& lines) {
  NoticePart part{kind, {}, "", ""};
  Units units;
  std::optional<Money> amount;
  if (kind == NotificationKind::kConfirmed) units = ordered_units(lines);
  for (const Notification& each : told) {
    if (each.kind == kind) add_to(connection, each, part, units, amount);
  }
  for (const storage::OrderLineRow& row : lines) {
    const auto found = units.find(row.progress.line);
    if (found == units.end()) continue;
    part.lines.push_back({row.line.name, milli_text(found->second)});
  }
  if (amount) part.amount = amount->text();
  return part;
}

}  // namespace

std::optional<Notice> notice_of(Connection& connection, const std::vector<Notification>& told) {
  if (told.empty()) return std::nullopt;
  const auto order = storage::find_order(connection, told.front().order);
  if (!order) return std::nullopt;
  const auto lines = storage::order_lines(connection, order->id);
  Notice notice{order->id, order->channel, order->external_id, {}};
  for (const Notification& each : told) {
    const auto has = [&each](const NoticePart& part) { return part.kind == each.kind; };
    if (std::ranges::any_of(notice.parts, has)) continue;
    notice.parts.push_back(part_of(connection, each.kind, told, lines));
  }
  return notice;
}

Notice sample_notice(NotificationKind kind) {
  return {OrderId(),
          "web",
          "1001",
          {{kind, {{"Tea & \"Co\" <large>", "2"}, {"Ribbon", "0.25"}}, "Shop York", "12.50 GBP"}}};
}

}  // namespace cairn::central
