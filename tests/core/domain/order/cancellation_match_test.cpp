#include "core/domain/order/cancellation_match.h"

#include "tests/core/base/support/names.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace cairn::domain::cancellation_match_test {
namespace {

using namespace test;
using cairn::test::holds;
using What = CancellationShare::What;
using Shares = std::vector<CancellationShare>;

struct In {
  std::int64_t unrouted = 0;
  std::int64_t at_site = 0;
  std::int64_t shipped = 0;
};

/// Order `n` was placed at second `when` as the `rank`-th.
CancellationCandidate candidate(std::uint8_t n, std::int64_t when, std::uint64_t rank, In in,
                                std::uint32_t line = 1) {
  return {order_id(n), LineNo(line), UtcTime{when * 1'000'000}, rank, in.unrouted,
          in.at_site,  in.shipped};
}

CancellationShare share(What what, std::uint8_t order, std::int64_t milli, std::uint32_t line = 1) {
  return {what, order_id(order), LineNo(line), milli};
}

TEST_CASE("cancellation: the newest order gives first", "[domain][cancellation]") {
  const auto match =
      match_cancellation({candidate(1, 10, 1, {5000, 0, 0}), candidate(3, 30, 3, {1000, 0, 0}),
                          candidate(2, 20, 2, {1000, 0, 0})},
                         3000);
  CHECK(match.shares == Shares{share(What::kCancel, 3, 1000), share(What::kCancel, 2, 1000),
                               share(What::kCancel, 1, 1000)});
  CHECK(match.unmatched_milli == 0);
}

TEST_CASE("cancellation: of orders placed at the same instant the one placed last gives first",
          "[domain][cancellation]") {
  const auto match =
      match_cancellation({candidate(1, 10, 8, {1000, 0, 0}), candidate(2, 10, 9, {1000, 0, 0}),
                          candidate(3, 10, 7, {1000, 0, 0})},
                         3000);
  CHECK(match.shares == Shares{share(What::kCancel, 2, 1000), share(What::kCancel, 1, 1000),
                               share(What::kCancel, 3, 1000)});
}

TEST_CASE("cancellation: within one order the highest line gives first", "[domain][cancellation]") {
  const auto match = match_cancellation(
      {candidate(1, 10, 1, {1000, 0, 0}, 2), candidate(1, 10, 1, {1000, 0, 0}, 10),
       candidate(1, 10, 1, {1000, 0, 0}, 3)},
      3000);
  CHECK(match.shares == Shares{share(What::kCancel, 1, 1000, 10), share(What::kCancel, 1, 1000, 3),
                               share(What::kCancel, 1, 1000, 2)});
}

TEST_CASE("cancellation: the instant counts before the rank", "[domain][cancellation]") {
  const auto match = match_cancellation(
      {candidate(1, 10, 9, {1000, 0, 0}), candidate(2, 20, 1, {1000, 0, 0})}, 1000);
  CHECK(match.shares == Shares{share(What::kCancel, 2, 1000)});
}

TEST_CASE("cancellation: of one line, what no site has comes before what one has",
          "[domain][cancellation]") {
  const auto match = match_cancellation({candidate(1, 10, 1, {1000, 4000, 9000})}, 3000);
  CHECK(match.shares == Shares{share(What::kCancel, 1, 1000), share(What::kAtSite, 1, 2000)});
}

TEST_CASE("cancellation: all units not shipped come before any shipped one",
          "[domain][cancellation]") {
  const auto match =
      match_cancellation({candidate(3, 30, 3, {0, 0, 5000}), candidate(2, 20, 2, {1000, 0, 2000}),
                          candidate(1, 10, 1, {0, 1000, 1000})},
                         10'000);
  CHECK(match.shares == Shares{share(What::kCancel, 2, 1000), share(What::kAtSite, 1, 1000),
                               share(What::kReturn, 3, 5000), share(What::kReturn, 2, 2000),
                               share(What::kReturn, 1, 1000)});
  CHECK(match.unmatched_milli == 0);
}

TEST_CASE("cancellation: it takes no more than it names", "[domain][cancellation]") {
  const auto match = match_cancellation({candidate(1, 10, 1, {5000, 0, 0})}, 250);
  CHECK(match.shares == Shares{share(What::kCancel, 1, 250)});
  CHECK(match.unmatched_milli == 0);
}

TEST_CASE("cancellation: what nobody ordered stays unmatched", "[domain][cancellation]") {
  CHECK(match_cancellation({}, 2000).unmatched_milli == 2000);
  CHECK(match_cancellation({}, 2000).shares.empty());
  const auto match = match_cancellation({candidate(1, 10, 1, {1000, 0, 500})}, 2000);
  CHECK(match.shares == Shares{share(What::kCancel, 1, 1000), share(What::kReturn, 1, 500)});
  CHECK(match.unmatched_milli == 500);
}

TEST_CASE("cancellation: figures that fell below zero give nothing", "[domain][cancellation]") {
  const auto match = match_cancellation({candidate(1, 10, 1, {-1000, -1, 2000})}, 1000);
  CHECK(match.shares == Shares{share(What::kReturn, 1, 1000)});
}

/// (instant, unrouted, at site, shipped); the place in the list is the rank.
using Raw = std::vector<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint8_t>>;

std::vector<CancellationCandidate> candidates_of(const Raw& raw) {
  std::vector<CancellationCandidate> all;
  for (const auto& [when, unrouted, at_site, shipped] : raw) {
    const auto n = static_cast<std::uint8_t>(all.size());
    all.push_back(candidate(n, when % 4, n, {unrouted % 8, at_site % 8, shipped % 8}));
  }
  return all;
}

TEST_CASE("cancellation: shares and rest add up, and none takes more than there is",
          "[domain][cancellation]") {
  CHECK(holds("a match conserves units", [](const Raw& raw, std::uint16_t wanted) {
    const auto candidates = candidates_of(raw);
    const std::int64_t milli = wanted % 64;
    const auto match = match_cancellation(candidates, milli);
    std::int64_t there = 0;
    for (const auto& c : candidates) there += c.unrouted_milli + c.at_site_milli + c.shipped_milli;
    std::int64_t taken = 0;
    for (const auto& taking : match.shares) {
      RC_ASSERT(taking.milli > 0);
      taken += taking.milli;
      const auto& from = candidates.at(taking.order.value().octets().back());
      RC_ASSERT(taking.milli <= (taking.what == What::kCancel   ? from.unrouted_milli
                                 : taking.what == What::kAtSite ? from.at_site_milli
                                                                : from.shipped_milli));
    }
    RC_ASSERT(taken == std::min(milli, there));
    RC_ASSERT(match.unmatched_milli == milli - taken);
    RC_ASSERT(std::ranges::is_sorted(
        match.shares, {}, [](const CancellationShare& s) { return s.what == What::kReturn; }));
  }));
}

TEST_CASE("cancellation: the order of the candidates does not matter", "[domain][cancellation]") {
  CHECK(holds("reversed candidates give the same match", [](const Raw& raw, std::uint16_t wanted) {
    auto candidates = candidates_of(raw);
    const auto match = match_cancellation(candidates, wanted % 64);
    std::ranges::reverse(candidates);
    const auto again = match_cancellation(candidates, wanted % 64);
    return match.shares == again.shares && match.unmatched_milli == again.unmatched_milli;
  }));
}

}  // namespace
}  // namespace cairn::domain::cancellation_match_test
