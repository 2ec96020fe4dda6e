#include "core/domain/order/cancellation_match.h"

#include <algorithm>
#include <tuple>

namespace cairn::domain {
namespace {

class Taker {
 public:
  explicit Taker(std::int64_t milli) { match_.unmatched_milli = milli; }

  void take(CancellationShare::What what, const CancellationCandidate& from,
            std::int64_t available) {
    const std::int64_t taken = std::clamp<std::int64_t>(available, 0, match_.unmatched_milli);
    if (taken == 0) return;
    match_.shares.push_back({what, from.order, from.line, taken});
    match_.unmatched_milli -= taken;
  }

  CancellationMatch finish() { return std::move(match_); }

 private:
  CancellationMatch match_;
};

}  // namespace

CancellationMatch match_cancellation(std::vector<CancellationCandidate> candidates,
                                     std::int64_t milli) {
  const auto age = [](const CancellationCandidate& c) {
    return std::tuple(c.placed_at, c.placed_rank, c.line);
  };
  std::ranges::sort(candidates, std::ranges::greater(), age);
  Taker taker(milli);
  for (const auto& candidate : candidates) {
    taker.take(CancellationShare::What::kCancel, candidate, candidate.unrouted_milli);
    taker.take(CancellationShare::What::kAtSite, candidate, candidate.at_site_milli);
  }
  for (const auto& candidate : candidates) {
    taker.take(CancellationShare::What::kReturn, candidate, candidate.shipped_milli);
  }
  return taker.finish();
}

}  // namespace cairn::domain
