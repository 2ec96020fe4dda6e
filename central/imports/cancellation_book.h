#pragma once
// The customers' lines that a cancellation without an order number may mean: those at the hub and,
// in a dry run, what earlier rows of the same file would have placed and cancelled. Loop only.

#include "core/domain/order/cancellation_match.h"
#include "core/domain/order/order.h"
#include "core/storage/unit_of_work.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cairn::central {

class CancellationBook {
 public:
  [[nodiscard]] std::vector<domain::CancellationCandidate> candidates(storage::UnitOfWork& work,
                                                                      const std::string& customer,
                                                                      const Sku& sku) const;

  // Dry run only: a real one finds these in the database.
  void would_place(const domain::OrderPlaced& order);
  void would_cancel(const domain::CancellationShare& share);

 private:
  using CustomerSku = std::pair<std::string, Sku>;

  std::map<CustomerSku, std::vector<domain::CancellationCandidate>> placed_;
  std::map<std::pair<OrderId, LineNo>, std::int64_t> cancelled_;
  std::uint64_t rank_ = 1ULL << 62U;  ///< after everything the hub has
};

}  // namespace cairn::central
