#include "tools/bench/raw/raw_routing.h"

#include <algorithm>

namespace cairn::bench::raw {

std::int64_t CheapestSites::cost(const Order& order) {
  const std::size_t states = std::size_t{1} << order.lines;
  best_.assign(states, std::int64_t{1} << 60U);
  open_.resize(states);
  best_[0] = 0;
  for (std::size_t site = 0; site < order.fixed.size(); ++site) {
    for (std::size_t state = 0; state < states; ++state) {
      open_[state] = best_[state] + order.fixed[site];
    }
    for (std::size_t line = 0; line < order.lines; ++line) {
      const std::int64_t cost = order.costs[site * order.lines + line];
      if (cost == kNotStocked) continue;
      const std::size_t bit = std::size_t{1} << line;
      for (std::size_t state = 0; state < states; state += 2 * bit) {
        for (std::size_t low = state; low < state + bit; ++low) {
          open_[low + bit] = std::min(open_[low + bit], open_[low] + cost);
        }
      }
    }
    for (std::size_t state = 0; state < states; ++state) {
      best_[state] = std::min(best_[state], open_[state]);
    }
  }
  return best_[states - 1];
}

}  // namespace cairn::bench::raw
