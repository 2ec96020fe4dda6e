#include "core/domain/order/order_amounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace cairn::domain {
namespace {

struct Quotient {
  std::int64_t whole = 0;
  std::int64_t rest = 0;
};

/// a x b / divisor, whatever the product: a, b <= 2^41, divisor <= 2^61.
Quotient times_over(std::int64_t a, std::int64_t b, std::int64_t divisor) {
  Quotient sum;
  for (int bit = 41; bit >= 0; --bit) {
    const bool one = ((b >> bit) & 1) != 0;
    sum.rest = 2 * sum.rest + (one ? a % divisor : 0);
    sum.whole = 2 * sum.whole + (one ? a / divisor : 0) + sum.rest / divisor;
    sum.rest %= divisor;
  }
  return sum;
}

Error too_much() {
  return {ErrorCode::kInvalid, "overflow",
          fmt::format("an amount is more than {} minor units", kMaxMinor)};
}

/// The shares that promotions gave, beside those that are shared out. `most`: of each line.
Result<> add_promotions(const OrderPlaced& order, const std::vector<std::int64_t>& most,
                        std::vector<std::int64_t>& shares) {
  for (const OrderDiscount& discount : order.discounts) {
    for (const OrderDiscount::Share& share : discount.shares) {
      const auto line = std::ranges::find(order.lines, share.line, &OrderLine::line);
      const auto at = static_cast<std::size_t>(line - order.lines.begin());
      if (line == order.lines.end() || share.minor < 0 || share.minor > most[at] - shares[at]) {
        return fail(ErrorCode::kInvalid, "bad_order",
                    fmt::format("promotion {} takes more off line {} than it costs",
                                discount.promotion, share.line.value()));
      }
      shares[at] += share.minor;
    }
  }
  return {};
}

}  // namespace

std::vector<std::int64_t> apportion(std::int64_t amount, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> shares(weights.size(), 0);
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (sum <= 0) return shares;
  std::vector<std::pair<std::int64_t, std::size_t>> rests;
  std::int64_t left = amount;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Quotient part = times_over(amount, weights[i], sum);
    shares[i] = part.whole;
    left -= part.whole;
    rests.emplace_back(part.rest, i);
  }
  std::ranges::stable_sort(rests, std::greater<>{}, &std::pair<std::int64_t, std::size_t>::first);
  for (const auto& [rest, i] : rests) {
    if (left == 0) break;
    ++shares[i];
    --left;
  }
  return shares;
}

Result<std::int64_t> in_proportion(std::int64_t amount, std::int64_t part, std::int64_t whole) {
  // As a whole number it might not fit: 24 digits. This is exact enough to see that.
  const double about =
      static_cast<double>(amount) * static_cast<double>(part) / static_cast<double>(whole);
  if (about > 2.0 * static_cast<double>(kMaxMinor)) return fail(too_much());
  const Quotient exact = times_over(amount, part, whole);
  const std::int64_t rounded = exact.whole + (exact.rest >= whole - exact.rest ? 1 : 0);
  if (rounded > kMaxMinor) return fail(too_much());
  return rounded;
}

Result<std::int64_t> gross_minor(const OrderLine& line) {
  const auto exact = line.unit_price.times(line.ordered.milli);
  if (!exact) return fail(exact.error());
  const std::int64_t rounded =
      exact->minor / kMilliPerUnit + (exact->minor % kMilliPerUnit >= kMilliPerUnit / 2 ? 1 : 0);
  if (rounded > kMaxMinor) return fail(too_much());
  return rounded;
}

Result<OrderPlaced> share_discounts(OrderPlaced order) {
  std::vector<std::int64_t> weights;
  for (const OrderLine& line : order.lines) {
    const auto gross = gross_minor(line);
    if (!gross) return fail(gross.error());
    if (line.discount_minor > *gross) {
      return fail(ErrorCode::kInvalid, "bad_order",
                  fmt::format("line {} costs {} and its discount is {}", line.line.value(),
                              Money{*gross, line.unit_price.currency}.text(),
                              Money{line.discount_minor, line.unit_price.currency}.text()));
    }
    weights.push_back(line.service ? 0 : *gross - line.discount_minor);
  }
  std::int64_t amount = 0;
  for (const OrderDiscount& discount : order.discounts) {
    amount += discount.promotion.empty() ? discount.minor : 0;
  }
  const std::int64_t goods = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (goods > kMaxMinor) return fail(too_much());
  if (amount > goods) {
    return fail(
        ErrorCode::kInvalid, "bad_order",
        fmt::format("the order's discounts are {} minor units, its goods cost {}", amount, goods));
  }
  auto shares = apportion(amount, weights);
  if (auto ok = add_promotions(order, weights, shares); !ok) return fail(ok.error());
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    order.lines[i].order_discount_minor = shares[i];
  }
  return order;
}

Result<Money> total_of(const std::vector<OrderLine>& lines, bool tax_added) {
  Money total;
  for (const OrderLine& line : lines) {
    total.currency = line.unit_price.currency;
    const auto gross = gross_minor(line);
    if (!gross) return fail(gross.error());
    total.minor +=
        *gross - line.discount_minor - line.order_discount_minor + (tax_added ? line.tax_minor : 0);
    if (total.minor > kMaxMinor) return fail(too_much());
  }
  return total;
}

}  // namespace cairn::domain
