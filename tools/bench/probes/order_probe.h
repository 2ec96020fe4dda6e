#pragma once
// Orders until they are in the database for good: captured and given to sites, by callers in
// process; captured over HTTP by connections of a running hub.

#include <cstdint>
#include <string>

namespace cairn::bench {

/// 50 sites, 1,000 articles of which each site stocks 300, orders of one to four lines. One caller
/// on the loop, then 64 on threads of their own; each order is captured and routed in one job.
/// Prints routed_p50_ms, routed_rate, captured_rate (sixteen callers, not routed).
void order_probe(const std::string& folder, std::uint64_t rounds);

/// The same orders by POST /api/v1/orders at `url`, as many connections at a time as there are
/// threads; `token`: of somebody who may. Prints captured_rate and p50_ms, a line for each round.
void order_load(const std::string& url, const std::string& token, std::uint64_t rounds,
                std::uint64_t connections);

/// The articles and stock of order_probe() as CSV files for a hub that order_load() asks.
void order_trade(const std::string& folder);

}  // namespace cairn::bench
