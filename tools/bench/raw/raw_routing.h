#pragma once
// The least cost of an order by the barest means: numbers in, a number out, nobody is told who
// gives what. And by a solver of integer programs that knows nothing of orders, where it is
// installed.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::bench::raw {

inline constexpr std::int64_t kNotStocked = -1;

struct Order {
  std::size_t lines = 0;
  std::vector<std::int64_t> fixed;  ///< by site: once it gives anything
  std::vector<std::int64_t> costs;  ///< site after site, by line; kNotStocked: it has not all of it
};

/// Dynamic programming over the lines given so far, O(sites x lines x 2^lines), in memory of its
/// own.
class CheapestSites {
 public:
  /// The least sum; every line is stocked somewhere.
  std::int64_t cost(const Order& order);

 private:
  std::vector<std::int64_t> best_;
  std::vector<std::int64_t> open_;
};

/// By COIN-OR CBC: a variable for each site, one for each line at each site. Nothing where the
/// benchmark was built without it (Debian: coinor-libcbc-dev). Costs must be whole.
std::optional<std::int64_t> cost_by_cbc(const Order& order);

}  // namespace cairn::bench::raw
