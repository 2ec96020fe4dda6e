#include "central/returns/refund_policy.h"

#include "core/storage/projections/returns.h"

#include <algorithm>
#include <map>

namespace cairn::central {
namespace {

using domain::Recorded;
using domain::ReturnTaken;

/// Units of the line that `taken` brought, less what the site's own ledger knows to be twice.
std::int64_t counted_here(const domain::ReturnLedger& ledger, const EventRef& taken, LineNo line,
                          std::int64_t brought_milli) {
  std::int64_t twice = 0;
  for (const domain::RefundException& exception : ledger.exceptions) {
    if (exception.cause == taken && exception.line == line) twice += exception.milli;
  }
  return std::max<std::int64_t>(0, brought_milli - twice);
}

/// Units of the line that came back at the site up to this return: later ones of the same frame are
/// in the ledger already, and answer for themselves.
std::int64_t counted_up_to(const domain::ReturnLedger& ledger, const EventRef& last, LineNo line) {
  std::int64_t sum = 0;
  for (const domain::TakenReturn& taken : ledger.taken) {
    std::int64_t brought = 0;
    for (const domain::ReturnedLine& one : taken.what.lines) {
      if (one.line == line) brought += one.quantity.milli;
    }
    sum += counted_here(ledger, taken.ref, line, brought);
    if (taken.ref == last) break;
  }
  return sum;
}

/// What was sold of the line, as the hub sees it: a site may have been told less, because others
/// took some back before it asked; or it believes more, because it has not heard yet that units
/// were cancelled before they left, or that a hand-over was a mistake. Only a group that the hub
/// has not heard of leaves the site's word.
std::int64_t sold_milli(const domain::ShipGroup& group, const domain::ReturnedLine& line) {
  const domain::ShipGroupLineState* const state = group.find(line.line);
  return state == nullptr ? line.sold_milli : domain::sold_line(*state).sold.milli;
}

}  // namespace

Result<> on_return_taken(storage::UnitOfWork& work, const Recorded<ReturnTaken>& taken) {
  storage::Replica& replica = work.replica();
  replica.save_views();
  const SiteId site = taken.meta.site;
  const ShipGroupId group_id = taken.event.group;
  const domain::ReturnLedger ledger = replica.return_ledger(group_id, site);
  const domain::ShipGroup group = replica.ship_group(group_id);
  const SiteId filled_at = group.site;
  std::map<LineNo, std::pair<std::int64_t, std::int64_t>> lines;  // brought, sold
  for (const domain::ReturnedLine& line : taken.event.lines) {
    lines[line.line].first += line.quantity.milli;
    lines[line.line].second = std::max(lines[line.line].second, sold_milli(group, line));
  }
  for (const auto& [line, figures] : lines) {
    const auto& [brought, sold] = figures;
    const std::int64_t counted = counted_here(ledger, taken.meta.ref, line, brought);
    const std::int64_t elsewhere =
        storage::returned_elsewhere_milli(work.connection(), group_id, line, site);
    const std::int64_t here = counted_up_to(ledger, taken.meta.ref, line);
    const std::int64_t contested = std::clamp<std::int64_t>(here + elsewhere - sold, 0, counted);
    if (contested > 0) {
      const domain::RefundContested event{taken.meta.ref, line, contested};
      const auto written = work.record({domain::ReturnEvent(event),
                                        domain::return_ledger_key(group_id, site),
                                        site,
                                        UserId{},
                                        {},
                                        {}});
      if (!written) return fail(written.error());
    }
    if (filled_at == site || filled_at.empty() || counted == contested) continue;
    const domain::UnitsReturned returned{line, counted - contested, taken.meta.ref};
    const auto written = work.record({domain::ShipGroupEvent(returned),
                                      domain::ship_group_key(group_id),
                                      filled_at,
                                      UserId{},
                                      {},
                                      {}});
    if (!written) return fail(written.error());
  }
  return {};
}

}  // namespace cairn::central
