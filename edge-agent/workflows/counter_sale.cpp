#include "edge-agent/workflows/counter_sale.h"

#include "core/storage/projections/stock_leases.h"
#include "core/storage/projections/stock_on_hand.h"
#include "edge-agent/workflows/articles.h"

namespace cairn::agent {
namespace {

/// Where it is taken from. Errors: as sell_at_counter().
Result<LocationCode> shelf_of(storage::UnitOfWork& work, const SiteId& site, const Sku& sku,
                              const std::optional<LocationCode>& wanted) {
  if (wanted) {
    const bool kept = domain::is_hold(*wanted) || wanted->text().starts_with("TOTE-");
    if (!kept) return *wanted;
    return fail(ErrorCode::kInvalid, "sale_location",
                "what is on hold or in a tote is not sold at the counter; nothing was sold");
  }
  const auto bin = storage::pick_location(work.connection(), site, sku);
  if (bin) return *bin;
  return fail(ErrorCode::kRejected, "no_location",
              sku.text() +
                  " was never in a bin of this site: say where it is taken from; nothing "
                  "was sold");
}

}  // namespace

Result<CounterSaleDone> sell_at_counter(storage::UnitOfWork& work, const Operator& by,
                                        const CounterSaleWanted& wanted) {
  const storage::Identity& self = work.replica().identity();
  const Barcode barcode = parse_barcode(wanted.code, false);
  const auto product = find_article(work.connection(), barcode);
  if (!product) return fail(unknown_item(barcode));
  if (!Quantity{wanted.milli, product->uom}.whole()) {
    return fail(ErrorCode::kInvalid, "bad_sale", "no part of a piece is sold; nothing was sold");
  }
  const auto from = shelf_of(work, self.site, product->sku, wanted.from);
  if (!from) return fail(from.error());
  const domain::SellAtCounter command{
      product->sku,
      wanted.milli,
      storage::open_leases_of(work.connection(), self.node, product->sku),
      {self.node, self.inc},
      work.replica().clock().floor(),
      storage::beyond_lease_of(work.connection(), product->sku),
      by.user,
      wanted.approved_by};
  auto sale = domain::decide(command);
  if (!sale) return fail(sale.error());
  CounterSaleDone done{product->sku, product->name, *from, wanted.milli, *std::move(sale), {}};
  const auto leave = [&](std::int64_t milli, StockLeaseId lease, UserId approved_by) -> Result<> {
    domain::StockMoved moved{product->sku,
                             *from,
                             LocationCode{},
                             {milli, product->uom},
                             domain::MovementReason::kSale,
                             {}};
    moved.lease = lease;
    moved.approved_by = approved_by;
    const auto written = work.record({domain::StockEvent(moved), {}, self.site, by.user, {}, {}});
    if (!written) return fail(written.error());
    done.events.push_back(*written);
    return {};
  };
  for (const domain::CounterSale::Draw& draw : done.sale.draws) {
    if (auto ok = leave(draw.milli, draw.lease, {}); !ok) return fail(ok.error());
  }
  if (done.sale.beyond_milli > 0) {
    const UserId approver = done.sale.beyond_lease ? wanted.approved_by : UserId{};
    if (auto ok = leave(done.sale.beyond_milli, {}, approver); !ok) return fail(ok.error());
  }
  return done;
}

}  // namespace cairn::agent
