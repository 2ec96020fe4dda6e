#include "core/storage/projections/stock_leases.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <algorithm>
#include <string_view>

namespace cairn::storage {
namespace {

constexpr std::string_view kLease =
    "SELECT id, site, node, inc, sku, milli, granted_utc_us, expires_utc_us, grace_s, recalled,"
    " closed, sold_milli, returned_milli FROM stock_lease";
constexpr std::string_view kOpen = " returned_milli IS NULL AND closed IS NULL";

domain::StockLease read_lease(const Statement& row) {
  domain::StockLease lease;
  lease.granted.lease = StockLeaseId(row.uuid(0));
  lease.site = stored_site(row.text(1));
  lease.granted.node = NodeId(row.uuid(2));
  lease.granted.inc = Incarnation(row.unsigned_integer(3));
  lease.granted.sku = stored_sku(row.text(4));
  lease.granted.milli = row.integer(5);
  lease.granted_at = UtcTime{row.integer(6)};
  lease.granted.expires_at = UtcTime{row.integer(7)};
  lease.granted.grace_s = row.integer(8);
  lease.recalled = row.integer(9) != 0;
  if (!row.is_null(10)) {
    lease.closed = domain::parse_lease_close(row.text(10));
    CAIRN_ASSERT(lease.closed.has_value(), "stored ends of leases are known");
  }
  lease.sold_milli = row.integer(11);
  lease.returned_milli = row.optional_integer(12);
  return lease;
}

std::vector<domain::StockLease> read_leases(Statement& select) {
  std::vector<domain::StockLease> leases;
  while (select.step()) leases.push_back(read_lease(select));
  return leases;
}

domain::BeyondLease stored_beyond(const std::string& text) {
  const auto beyond = domain::parse_beyond_lease(text);
  CAIRN_ASSERT(beyond.has_value(), "stored words about leases are known");
  return *beyond;
}

}  // namespace

std::optional<StockLeases::Cell> StockLeases::apply(const domain::Envelope& meta, BytesView key,
                                                    const domain::LeaseEvent& event) {
  const BytesView lease = key.substr(1);
  std::visit([this, &meta, lease](const auto& e) { apply_one(meta, lease, e); }, event);
  if (std::holds_alternative<domain::LeasePolicyDefined>(event)) return std::nullopt;
  sum_up(lease);
  Statement& select = connection_->prepare("SELECT site, sku FROM stock_lease WHERE id = ?1");
  std::optional<Cell> cell;
  if (select.bind(Blob{lease}).step()) {
    cell.emplace(stored_site(select.text(0)), stored_sku(select.text(1)));
  }
  select.reset();
  return cell;
}

void StockLeases::apply_one(const domain::Envelope& meta, BytesView lease,
                            const domain::StockLeased& leased) {
  connection_
      ->prepare(
          "INSERT OR IGNORE INTO stock_lease (id, site, node, inc, sku, milli, granted_utc_us,"
          " expires_utc_us, grace_s, recalled, sold_milli)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0)")
      .bind(Blob{lease}, meta.site.text(), leased.node.value(), leased.inc.value(),
            leased.sku.text(), leased.milli, meta.hlc.utc().us, leased.expires_at.us,
            leased.grace_s)
      .run();
}

void StockLeases::apply_one(const domain::Envelope&, BytesView lease,
                            const domain::LeaseRecalled&) {
  connection_
      ->prepare(
          "INSERT INTO stock_lease_hub (lease, recalled) VALUES (?1, 1)"
          " ON CONFLICT (lease) DO UPDATE SET recalled = 1")
      .bind(Blob{lease})
      .run();
}

void StockLeases::apply_one(const domain::Envelope&, BytesView lease,
                            const domain::LeaseClosed& closed) {
  connection_
      ->prepare(
          "INSERT INTO stock_lease_hub (lease, recalled, closed) VALUES (?1, 0, ?2)"
          " ON CONFLICT (lease) DO UPDATE SET closed = coalesce(closed, excluded.closed)")
      .bind(Blob{lease}, name_of(closed.why))
      .run();
}

void StockLeases::apply_one(const domain::Envelope& meta, BytesView lease,
                            const domain::LeaseReturned& returned) {
  connection_
      ->prepare(
          "INSERT INTO stock_lease_return (lease, node, site, milli) VALUES (?1, ?2, ?3, ?4)"
          " ON CONFLICT (lease, node, site) DO UPDATE SET milli = min(milli, excluded.milli)")
      .bind(Blob{lease}, meta.ref.node.value(), meta.site.text(), returned.milli)
      .run();
}

void StockLeases::apply_one(const domain::Envelope&, BytesView,
                            const domain::LeasePolicyDefined& defined) {
  const domain::LeasePolicy& policy = defined.policy;
  connection_
      ->prepare("INSERT OR REPLACE INTO lease_policy (name, beyond, active) VALUES (?1, ?2, ?3)")
      .bind(policy.name, name_of(policy.beyond), policy.active)
      .run();
  connection_->prepare("DELETE FROM lease_policy_sku WHERE policy = ?1").bind(policy.name).run();
  for (const Sku& sku : policy.skus) {
    connection_->prepare("INSERT INTO lease_policy_sku (sku, policy) VALUES (?1, ?2)")
        .bind(sku.text(), policy.name)
        .run();
  }
}

void StockLeases::apply_sale(const domain::Envelope& meta, const domain::StockMoved& moved) {
  if (moved.lease == StockLeaseId{}) return;
  const Bytes lease = moved.lease.value().bytes();
  connection_
      ->prepare(
          "INSERT INTO stock_lease_sale (lease, node, site, sku, milli)"
          " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (lease, node, site, sku)"
          " DO UPDATE SET milli = milli + excluded.milli")
      .bind(Blob{lease}, meta.ref.node.value(), meta.site.text(), moved.sku.text(),
            moved.quantity.milli)
      .run();
  sum_up(lease);
}

/// What everybody said, beside what was granted. Nothing happens before it was.
void StockLeases::sum_up(BytesView lease) {
  connection_
      ->prepare(
          "UPDATE stock_lease SET"
          " recalled = coalesce((SELECT h.recalled FROM stock_lease_hub h WHERE h.lease = id), 0),"
          " closed = (SELECT h.closed FROM stock_lease_hub h WHERE h.lease = id),"
          " sold_milli = coalesce((SELECT s.milli FROM stock_lease_sale s WHERE s.lease = id AND"
          "  s.node = stock_lease.node AND s.site = stock_lease.site AND s.sku = stock_lease.sku),"
          "  0),"
          " returned_milli = (SELECT r.milli FROM stock_lease_return r WHERE r.lease = id AND"
          "  r.node = stock_lease.node AND r.site = stock_lease.site)"
          " WHERE id = ?1")
      .bind(Blob{lease})
      .run();
}

void StockLeases::reset() {
  connection_->execute(
      "DELETE FROM stock_lease; DELETE FROM stock_lease_hub; DELETE FROM stock_lease_sale;"
      "DELETE FROM stock_lease_return; DELETE FROM lease_policy; DELETE FROM lease_policy_sku;");
}

std::optional<domain::StockLease> find_lease(Connection& connection, StockLeaseId id) {
  static const std::string kSql = std::string(kLease) + " WHERE id = ?1";
  auto found = read_leases(connection.prepare(kSql).bind(id.value()));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<domain::StockLease> leases_page(Connection& connection, const LeasePage& page) {
  static const std::string kSql =
      std::string(kLease) +
      " WHERE (?1 IS NULL OR site = ?1) AND (?2 IS NULL OR sku = ?2) AND (?3 = 0 OR" +
      std::string(kOpen) + ") AND (?4 IS NULL OR id > ?4) ORDER BY id LIMIT ?5";
  const auto site = page.site ? std::optional(page.site->text()) : std::nullopt;
  const auto sku = page.sku ? std::optional(page.sku->text()) : std::nullopt;
  return read_leases(connection.prepare(kSql).bind(site, sku, page.open, page.after,
                                                   static_cast<std::int64_t>(page.limit)));
}

std::vector<domain::StockLease> open_leases_of(Connection& connection, NodeId node) {
  static const std::string kSql =
      std::string(kLease) + " WHERE node = ?1 AND" + std::string(kOpen) + " ORDER BY id";
  return read_leases(connection.prepare(kSql).bind(node.value()));
}

std::vector<domain::StockLease> open_leases_of(Connection& connection, NodeId node,
                                               const Sku& sku) {
  static const std::string kSql = std::string(kLease) + " WHERE node = ?1 AND sku = ?2 AND" +
                                  std::string(kOpen) + " ORDER BY id";
  return read_leases(connection.prepare(kSql).bind(node.value(), sku.text()));
}

std::vector<domain::LeasePolicy> lease_policies(Connection& connection) {
  Statement& select =
      connection.prepare("SELECT name, beyond, active FROM lease_policy ORDER BY name");
  select.bind();
  std::vector<domain::LeasePolicy> policies;
  while (select.step()) {
    policies.push_back({select.text(0), {}, stored_beyond(select.text(1)), select.integer(2) != 0});
  }
  for (domain::LeasePolicy& policy : policies) {
    Statement& skus =
        connection.prepare("SELECT sku FROM lease_policy_sku WHERE policy = ?1 ORDER BY sku");
    skus.bind(policy.name);
    while (skus.step()) policy.skus.push_back(stored_sku(skus.text(0)));
  }
  return policies;
}

std::optional<domain::LeasePolicy> find_lease_policy(Connection& connection,
                                                     const std::string& name) {
  auto policies = lease_policies(connection);
  const auto found = std::ranges::find(policies, name, &domain::LeasePolicy::name);
  return found == policies.end() ? std::nullopt : std::optional(std::move(*found));
}

std::optional<domain::BeyondLease> beyond_lease_of(Connection& connection, const Sku& sku) {
  Statement& select = connection.prepare(
      "SELECT p.beyond FROM lease_policy_sku s JOIN lease_policy p ON p.name = s.policy"
      " WHERE s.sku = ?1 AND p.active = 1");
  select.bind(sku.text());
  std::optional<domain::BeyondLease> strictest;
  while (select.step()) {
    const domain::BeyondLease one = stored_beyond(select.text(0));
    strictest = strictest ? std::max(*strictest, one) : one;
  }
  return strictest;
}

}  // namespace cairn::storage
