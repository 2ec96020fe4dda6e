#include "central/payments/order_debt.h"

#include "tests/central/support/order_hub.h"

#include <numeric>
#include <vector>

namespace cairn::central::order_debt_test {
namespace {

using namespace test;

/// One line of so much, at so many minor units, of which the parts leave in groups of their own.
struct Sold {
  std::int64_t milli = 1000;
  std::int64_t price_minor = 0;
  std::int64_t discount_minor = 0;
  std::int64_t tax_minor = 0;  ///< on top
};

std::int64_t due_of(const Sold& sold, const std::vector<std::int64_t>& parts) {
  OrderHub hub;
  auto wanted = storage::test::placed("1", {{1, "A1", 1}});
  domain::OrderLine& line = wanted.lines.front();
  line.ordered = Quantity{sold.milli, Uom::kKilogram};
  line.unit_price = storage::test::pounds(sold.price_minor);
  line.discount_minor = sold.discount_minor;
  line.tax_minor = sold.tax_minor;
  wanted.tax_added = true;
  const auto order =
      hub.job([&wanted](UnitOfWork& work) { return place_order(work, wanted, user(3)); });
  REQUIRE(order);
  std::uint64_t group = 0;
  for (const std::int64_t milli : parts) {
    auto event = storage::test::allocated(group_id(++group), *order, {{1, "A1", 1}});
    event.lines.front().ordered = Quantity{milli, Uom::kKilogram};
    event.lines.front().unit_price = line.unit_price;
    hub.allocate(group, event);
  }
  for (std::size_t i = parts.size(); i > 0; --i) {  // the last one leaves first
    hub.happens(i, domain::LinePicked{LineNo(1), parts[i - 1], bin("B-1")});
    hub.happens(
        i,
        domain::PackageClosed{
            {{LineNo(1), parts[i - 1]}}, 510'000, 500'000, domain::WeightCheck::kMatched, {}, ""});
    hub.happens(i, domain::ShipGroupShipped{{{LineNo(1), parts[i - 1]}}});
  }
  const auto debt = hub.job([&order](UnitOfWork& work) { return debt_of(work, *order); });
  REQUIRE(debt);
  CHECK(debt->groups.size() == parts.size());
  return debt->due_minor;
}

TEST_CASE("order debt: a line is worth the same in however many groups it leaves",
          "[central][payment]") {
  CHECK(due_of({1000, 101}, {1000}) == 101);
  CHECK(due_of({1000, 101}, {500, 500}) == 101);
  CHECK(due_of({1000, 100}, {333, 333, 334}) == 100);
  CHECK(due_of({1000, 1001, 7, 167}, {500, 500}) == 1161);
  CHECK(due_of({3000, 333, 100, 150}, {1000, 1000, 1000}) == 1049);
}

}  // namespace
}  // namespace cairn::central::order_debt_test
