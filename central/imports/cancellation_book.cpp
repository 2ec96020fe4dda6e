#include "central/imports/cancellation_book.h"

#include "core/storage/projections/orders.h"
#include "core/storage/projections/ship_groups.h"

#include <algorithm>

namespace cairn::central {

std::vector<domain::CancellationCandidate> CancellationBook::candidates(storage::UnitOfWork& work,
                                                                        const std::string& customer,
                                                                        const Sku& sku) const {
  work.replica().save_views();  // rows before this one are in the same transaction
  std::vector<domain::CancellationCandidate> all;
  for (const storage::CustomerLine& line :
       storage::customer_lines(work.connection(), customer, sku)) {
    const domain::LineProgress& progress = line.progress;
    domain::CancellationCandidate candidate;
    candidate.order = line.order.id;
    candidate.line = progress.line;
    candidate.placed_at = line.order.placed_at;
    candidate.placed_rank = static_cast<std::uint64_t>(line.order.rank);
    candidate.unrouted_milli = progress.service ? progress.ordered_milli - progress.cancelled_milli
                                                : progress.unrouted_milli();
    candidate.at_site_milli =
        storage::cancellable_milli(work.connection(), line.order.id, progress.line);
    candidate.shipped_milli = progress.shipped_milli;
    all.push_back(candidate);
  }
  if (const auto would = placed_.find({customer, sku}); would != placed_.end()) {
    all.insert(all.end(), would->second.begin(), would->second.end());
  }
  for (domain::CancellationCandidate& candidate : all) {
    const auto taken = cancelled_.find({candidate.order, candidate.line});
    if (taken == cancelled_.end()) continue;
    std::int64_t milli = taken->second;
    for (std::int64_t* const part :
         {&candidate.unrouted_milli, &candidate.at_site_milli, &candidate.shipped_milli}) {
      const std::int64_t part_taken = std::min(milli, *part);
      *part -= part_taken;
      milli -= part_taken;
    }
  }
  return all;
}

void CancellationBook::would_place(const domain::OrderPlaced& order) {
  ++rank_;
  for (const domain::OrderLine& line : order.lines) {
    placed_[{order.customer, line.sku}].push_back(
        {order.order, line.line, order.placed_at, rank_, line.ordered.milli, 0, 0});
  }
}

void CancellationBook::would_cancel(const domain::CancellationShare& share) {
  cancelled_[{share.order, share.line}] += share.milli;
}

}  // namespace cairn::central
