#pragma once
// Selling at the counter, with the network or without: goods leave in a customer's hand. What is
// recorded is what left, and under which leases; prices, taxes, payment and receipt are a till's,
// which is not here yet. Each function runs inside a job of the writer. Loop only.

#include "core/domain/stock/counter_sale.h"
#include "core/storage/unit_of_work.h"
#include "edge-agent/workflows/operator.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::agent {

struct CounterSaleWanted {
  std::string code;  ///< of the article: GTIN or SKU
  std::int64_t milli = 0;
  std::optional<LocationCode> from;  ///< nothing: the bin a pick would come from
  UserId approved_by;                ///< nil: nobody
};

struct CounterSaleDone {
  Sku sku;
  std::string name;
  LocationCode from;
  std::int64_t milli = 0;
  domain::CounterSale sale;
  std::vector<EventRef> events;
};

/// Errors: kRejected "unknown_item", "no_location" (the article was never in a bin here); kInvalid
/// "sale_location" (of a hold or a tote); those of domain::decide().
Result<CounterSaleDone> sell_at_counter(storage::UnitOfWork& work, const Operator& by,
                                        const CounterSaleWanted& wanted);

}  // namespace cairn::agent
