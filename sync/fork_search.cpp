#include "sync/fork_search.h"

#include <algorithm>

namespace cairn::sync {

std::vector<std::uint64_t> ForkSearch::places() const {
  std::vector<std::uint64_t> places;
  const std::uint64_t between = differs_ - common_ - 1;
  const std::uint64_t count = std::min<std::uint64_t>(between, wire::Compare::kMost);
  for (std::uint64_t i = 1; i <= count; ++i) {
    places.push_back(common_ + (between == count ? i : (between + 1) * i / (count + 1)));
  }
  return places;
}

void ForkSearch::compared(const std::vector<bool>& agree) {
  const auto asked = places();
  if (agree.size() != asked.size()) return;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (!agree[i]) {
      differs_ = asked[i];
      return;
    }
    common_ = asked[i];
  }
}

}  // namespace cairn::sync
