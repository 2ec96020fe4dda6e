#include "central/promise/stock_leases.h"

#include "core/storage/projections/promises.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/stock_on_hand.h"

#include <algorithm>
#include <map>

namespace cairn::central {
namespace {

Result<> need_article(storage::Connection& connection, const Sku& sku) {
  if (storage::find_product(connection, sku)) return {};
  return fail(ErrorCode::kNotFound, "no_such_product",
              "there is no article " + sku.text() + "; nothing was changed");
}

Result<> record_lease(storage::UnitOfWork& work, const domain::LeaseEvent& event,
                      const domain::StockLease& lease, UserId actor) {
  const auto written =
      work.record({event, domain::stock_lease_key(lease.granted.lease), lease.site, actor, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

Result<domain::StockLease> need_lease(storage::Connection& connection, StockLeaseId id) {
  auto lease = storage::find_lease(connection, id);
  if (lease) return *std::move(lease);
  return fail(ErrorCode::kNotFound, "no_such_lease", "there is no such lease; nothing was changed");
}

std::int64_t wanted_at(const std::vector<storage::SoftReserved>& rows, const SiteId& site) {
  const auto row = std::ranges::find(rows, site, &storage::SoftReserved::pickup_site);
  return row == rows.end() ? 0 : row->milli;
}

}  // namespace

Result<domain::LeasePolicy> define_lease_policy(storage::UnitOfWork& work,
                                                domain::LeasePolicy policy, UserId actor) {
  std::ranges::sort(policy.skus);
  if (auto ok = validate(policy); !ok) return fail(ok.error());
  for (const Sku& sku : policy.skus) {
    if (auto ok = need_article(work.connection(), sku); !ok) return fail(ok.error());
  }
  if (storage::find_lease_policy(work.connection(), policy.name) == policy) return policy;
  const auto written = work.record({domain::LeaseEvent(domain::LeasePolicyDefined{policy}),
                                    domain::lease_policy_key(policy.name),
                                    SiteId{},
                                    actor,
                                    {},
                                    {}});
  if (!written) return fail(written.error());
  return policy;
}

std::int64_t can_be_leased_milli(storage::Connection& connection, const SiteId& site,
                                 const Sku& sku, UtcTime now) {
  std::int64_t here = 0;
  std::int64_t everywhere = 0;
  for (const storage::SiteStock& row : storage::stock_by_site(connection, sku)) {
    // What a closed site has fills no order.
    const auto facility = storage::find_facility(connection, row.site);
    if (!facility || !facility->active) continue;
    everywhere += std::max<std::int64_t>(0, row.stock.atp_milli());
    if (row.site == site) here = row.stock.atp_milli();
  }
  const auto soft = storage::soft_reserved(connection, sku, now);
  for (const storage::SoftReserved& basket : soft) everywhere -= basket.milli;
  const storage::Unbrokered queue = storage::unbrokered(connection, sku);
  everywhere -= queue.milli;
  const auto pickups = queue.pickup_milli.find(site);
  here -= wanted_at(soft, site) + (pickups == queue.pickup_milli.end() ? 0 : pickups->second);
  return std::min(here, everywhere);
}

Result<NodeId> lease_node(storage::Connection& connection, const SiteId& site,
                          const std::optional<NodeId>& wanted) {
  std::vector<NodeId> at_work;
  for (const domain::Node& node : storage::nodes(connection)) {
    if (node.active && node.site == site) at_work.push_back(node.id);
  }
  if (wanted) {
    if (std::ranges::find(at_work, *wanted) != at_work.end()) return *wanted;
    return fail(ErrorCode::kNotFound, "no_such_node",
                "no such device works at " + site.text() + "; nothing was leased");
  }
  if (at_work.size() == 1) return at_work.front();
  return fail(ErrorCode::kInvalid, "which_node",
              at_work.empty() ? "no device works at " + site.text() + "; nothing was leased"
                              : "several devices work at " + site.text() +
                                    ": say which one may sell; nothing was leased");
}

Result<domain::StockLease> grant_lease(storage::UnitOfWork& work, const SiteId& site,
                                       const domain::StockLeased& wanted, UserId actor) {
  storage::Connection& connection = work.connection();
  if (auto ok = need_article(connection, wanted.sku); !ok) return fail(ok.error());
  const auto product = storage::find_product(connection, wanted.sku);
  if (product && !Quantity{wanted.milli, product->uom}.whole()) {
    return fail(ErrorCode::kInvalid, "bad_lease", "no part of a piece is leased");
  }
  const bool leasable = storage::beyond_lease_of(connection, wanted.sku).has_value();
  const UtcTime now = work.now();
  const auto leased = domain::decide(
      domain::GrantLease{wanted, leasable, can_be_leased_milli(connection, site, wanted.sku, now)},
      now);
  if (!leased) return fail(leased.error());
  domain::StockLease lease;
  lease.granted = *leased;
  lease.site = site;
  if (auto ok = record_lease(work, *leased, lease, actor); !ok) return fail(ok.error());
  return need_lease(connection, leased->lease);
}

Result<domain::StockLease> recall_lease(storage::UnitOfWork& work, StockLeaseId id, UserId actor) {
  const auto lease = need_lease(work.connection(), id);
  if (!lease) return fail(lease.error());
  const auto recalled = domain::recall(*lease);
  if (!recalled) return *lease;
  if (auto ok = record_lease(work, *recalled, *lease, actor); !ok) return fail(ok.error());
  return need_lease(work.connection(), id);
}

Result<std::size_t> write_off_leases(storage::UnitOfWork& work) {
  std::size_t ended = 0;
  for (const domain::Node& node : storage::nodes(work.connection())) {
    if (node.active) continue;
    for (const domain::StockLease& lease : storage::open_leases_of(work.connection(), node.id)) {
      const auto closed = domain::write_off(lease, work.now());
      if (!closed) continue;  // it may be sold yet
      if (auto ok = record_lease(work, *closed, lease, UserId{}); !ok) return fail(ok.error());
      ++ended;
    }
  }
  return ended;
}

Result<> close_leases(storage::UnitOfWork& work, const storage::Replica::Taken& taken) {
  std::map<NodeId, UtcTime> heard;
  for (const auto& [meta, event] : taken) {
    UtcTime& at = heard[meta.ref.node];
    at = std::max(at, meta.hlc.utc());
  }
  for (const auto& [node, at] : heard) {
    for (const domain::StockLease& lease : storage::open_leases_of(work.connection(), node)) {
      if (!domain::is_over(lease, at)) continue;
      const domain::LeaseClosed closed{domain::LeaseClose::kExpired};
      if (auto ok = record_lease(work, closed, lease, UserId{}); !ok) return fail(ok.error());
    }
  }
  return {};
}

}  // namespace cairn::central
