#include "central/returns/refund_policy.h"

#include "core/storage/generations.h"
#include "core/storage/projections/returns.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

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

std::int64_t brought_milli(const ReturnTaken& taken, LineNo line) {
  std::int64_t brought = 0;
  for (const domain::ReturnedLine& one : taken.lines) {
    if (one.line == line) brought += one.quantity.milli;
  }
  return brought;
}

/// Units of the line that came back at the site up to this return: later ones of the same frame are
/// in the ledger already, and answer for themselves.
std::int64_t counted_up_to(const domain::ReturnLedger& ledger, const EventRef& last, LineNo line) {
  std::int64_t sum = 0;
  for (const domain::TakenReturn& taken : ledger.taken) {
    sum += counted_here(ledger, taken.ref, line, brought_milli(taken.what, line));
    if (taken.ref == last) break;
  }
  return sum;
}

std::int64_t undone_milli(const domain::ShipGroup& group, LineNo line) {
  std::int64_t undone = 0;
  for (const domain::HandOver& hand_over : group.hand_overs) {
    if (!hand_over.undone) continue;
    for (const domain::LineUnits& units : hand_over.lines) {
      if (units.line == line) undone += units.milli;
    }
  }
  return undone;
}

/// What was sold of the line by the word of another site, which the hub told it at the time. It is
/// more than the hub knows if the hub was put back since and the site that filled the group has not
/// given back what it did; what is less by now for a reason, a cancellation or a hand-over that was
/// a mistake, stays less.
std::int64_t told_milli(const domain::ShipGroup& group, const domain::ShipGroupLineState& state,
                        const domain::ReturnedLine& line) {
  const std::int64_t could_leave = state.line.ordered.milli - state.in.cancelled_milli;
  return std::min(line.sold_milli, could_leave) - undone_milli(group, line.line);
}

/// Where the hub takes a site's word for more than it knows itself.
struct Trust {
  bool more_at_site =
      false;              ///< at the group's own site: a device's records are still on their way
  bool put_back = false;  ///< at others: the hub has forgotten what it told them
};

/// What was sold of the line, as the hub sees it: a site may have been told less, because others
/// took some back before it asked; or it believes more, because it has not heard yet that units
/// were cancelled before they left, or that a hand-over was a mistake. Only where the site knows
/// more its word counts: of a group that the hub has not heard of, or by `trust`.
std::int64_t sold_milli(const domain::ShipGroup& group, const SiteId& site,
                        const domain::ReturnedLine& line, const Trust& trust) {
  const domain::ShipGroupLineState* const state = group.find(line.line);
  if (state == nullptr) return line.sold_milli;
  const std::int64_t sold = domain::sold_line(*state).sold.milli;
  if (group.site == site) return trust.more_at_site ? std::max(sold, line.sold_milli) : sold;
  return trust.put_back ? std::max(sold, told_milli(group, *state, line)) : sold;
}

/// The greatest word of all returns of the site.
std::int64_t sold_milli(const domain::ShipGroup& group, const domain::ShipGroupLineState& state,
                        const domain::ReturnLedger& ledger, const Trust& trust) {
  std::int64_t sold = domain::sold_line(state).sold.milli;
  for (const domain::TakenReturn& taken : ledger.taken) {
    for (const domain::ReturnedLine& line : taken.what.lines) {
      if (line.line != state.line.line) continue;
      sold = std::max(sold, sold_milli(group, ledger.site, line, trust));
    }
  }
  return sold;
}

Result<> contest(storage::UnitOfWork& work, ShipGroupId group, const SiteId& site,
                 const domain::RefundContested& event, const Bytes& biz_key = {}) {
  const auto written = work.record({domain::ReturnEvent(event),
                                    domain::return_ledger_key(group, site),
                                    site,
                                    UserId{},
                                    {},
                                    biz_key});
  if (!written) return fail(written.error());
  return {};
}

/// What follows from a return follows once, also when a hub that was put back takes it again and is
/// given back what it made of it the first time.
Bytes once(const char* what, const EventRef& taken, LineNo line) {
  return fmt::format("{} {} {}", what, taken.text(), line.value());
}

}  // namespace

Result<> contest_excess(storage::UnitOfWork& work, ShipGroupId group_id, const SiteId& site) {
  storage::Replica& replica = work.replica();
  replica.save_views();
  const domain::ReturnLedger ledger = replica.return_ledger(group_id, site);
  const domain::ShipGroup group = replica.ship_group(group_id);
  // Others of the site have still to be heard, perhaps whoever let the units go: then it is time.
  if (group.site == site && replica.knows_more_at_site(group_id)) return {};
  const Trust trust{false, storage::was_put_back(work.connection())};
  for (const domain::ShipGroupLineState& state : group.lines) {
    const LineNo line = state.line.line;
    std::int64_t excess =
        storage::returned_elsewhere_milli(work.connection(), group_id, line, site) -
        sold_milli(group, state, ledger, trust);
    for (const domain::TakenReturn& taken : ledger.taken) {
      excess += counted_here(ledger, taken.ref, line, brought_milli(taken.what, line));
    }
    // The last ones are too much.
    for (auto taken = ledger.taken.rbegin(); taken != ledger.taken.rend() && excess > 0; ++taken) {
      const std::int64_t counted =
          counted_here(ledger, taken->ref, line, brought_milli(taken->what, line));
      const std::int64_t contested = std::min(counted, excess);
      if (contested <= 0) continue;
      if (auto ok = contest(work, group_id, site, {taken->ref, line, contested}); !ok) return ok;
      excess -= contested;
    }
  }
  return {};
}

Result<> on_return_taken(storage::UnitOfWork& work, const Recorded<ReturnTaken>& taken) {
  storage::Replica& replica = work.replica();
  replica.save_views();
  const SiteId site = taken.meta.site;
  const ShipGroupId group_id = taken.event.group;
  const domain::ReturnLedger ledger = replica.return_ledger(group_id, site);
  const domain::ShipGroup group = replica.ship_group(group_id);
  const SiteId filled_at = group.site;
  const Trust trust{filled_at == site && replica.knows_more_at_site(group_id),
                    storage::was_put_back(work.connection())};
  std::map<LineNo, std::pair<std::int64_t, std::int64_t>> lines;  // brought, sold
  for (const domain::ReturnedLine& line : taken.event.lines) {
    lines[line.line].first += line.quantity.milli;
    lines[line.line].second =
        std::max(lines[line.line].second, sold_milli(group, site, line, trust));
  }
  for (const auto& [line, figures] : lines) {
    const auto& [brought, sold] = figures;
    const std::int64_t counted = counted_here(ledger, taken.meta.ref, line, brought);
    const std::int64_t elsewhere =
        storage::returned_elsewhere_milli(work.connection(), group_id, line, site);
    const std::int64_t here = counted_up_to(ledger, taken.meta.ref, line);
    // One that follows another device's return, which is still on its way, is compared then.
    const bool waits = std::ranges::find(ledger.taken, taken.meta.ref, &domain::TakenReturn::ref) ==
                       ledger.taken.end();
    const std::int64_t contested =
        waits ? 0 : std::clamp<std::int64_t>(here + elsewhere - sold, 0, counted);
    const Bytes contested_key = once("contested", taken.meta.ref, line);
    if (contested > 0 && !replica.has_effect(contested_key)) {
      const domain::RefundContested event{taken.meta.ref, line, contested};
      if (auto ok = contest(work, group_id, site, event, contested_key); !ok) return ok;
    }
    const bool told = filled_at == site && !taken.event.group_untold;
    if (told || filled_at.empty() || counted == contested) continue;
    // What has not left yet cannot be back: the group is told when the hub hears that it has.
    const domain::ShipGroupLineState* const state = group.find(line);
    const std::int64_t left = state == nullptr ? sold : domain::sold_line(*state).sold.milli;
    if (here + elsewhere - contested > left) continue;
    const Bytes returned_key = once("returned", taken.meta.ref, line);
    if (replica.has_effect(returned_key)) continue;
    const domain::UnitsReturned returned{line, counted - contested, taken.meta.ref};
    const auto written = work.record({domain::ShipGroupEvent(returned),
                                      domain::ship_group_key(group_id),
                                      filled_at,
                                      UserId{},
                                      {},
                                      returned_key});
    if (!written) return fail(written.error());
  }
  return {};
}

Result<> on_units_left(storage::UnitOfWork& work, ShipGroupId group) {
  for (const SiteId& site : storage::sites_with_returns(work.connection(), group)) {
    const domain::ReturnLedger ledger = work.replica().return_ledger(group, site);
    for (const domain::TakenReturn& taken : ledger.taken) {
      domain::Envelope meta;
      meta.ref = taken.ref;
      meta.site = site;
      if (auto ok = on_return_taken(work, {meta, taken.what}); !ok) return ok;
    }
  }
  return {};
}

Result<> on_hand_over_undone(storage::UnitOfWork& work, const EventRef& undone) {
  storage::Replica& replica = work.replica();
  replica.save_views();
  const ShipGroupId group = replica.group_of(undone);
  const SiteId filled_at = replica.ship_group(group).site;
  std::vector<SiteId> sites = storage::sites_with_returns(work.connection(), group);
  std::ranges::stable_partition(sites,
                                [&filled_at](const SiteId& site) { return site != filled_at; });
  for (const SiteId& site : sites) {
    if (auto ok = contest_excess(work, group, site); !ok) return ok;
  }
  return {};
}

}  // namespace cairn::central
