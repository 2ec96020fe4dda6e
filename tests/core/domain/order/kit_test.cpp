#include "core/domain/order/kit.h"

#include "core/domain/order/order_amounts.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <rapidcheck.h>
#include <string>
#include <vector>

namespace cairn::domain::kit_test {
namespace {

using namespace test;

OrderLine sold(std::int64_t kits, std::int64_t minor, std::int64_t discount = 0,
               std::int64_t tax = 0) {
  OrderLine line;
  line.line = LineNo(3);
  line.sku = sku("TEA-SET");
  line.name = "Tea set";
  line.ordered = Quantity::pieces(kits);
  line.unit_price = gbp(minor);
  line.discount_minor = discount;
  line.tax_minor = tax;
  line.together = 7;
  return line;
}

OfferedPart part(std::string_view name, std::int64_t units,
                 std::optional<std::int64_t> minor = std::nullopt) {
  OfferedPart offered{sku(name), std::string(name), Uom::kPiece, units, std::nullopt};
  if (minor) offered.price = gbp(*minor);
  return offered;
}

/// Units, unit price, discount and tax of each part.
using Row = std::vector<std::int64_t>;
std::vector<Row> rows(const Result<std::vector<OrderLine>>& lines) {
  std::vector<Row> all;
  REQUIRE(lines);
  for (const OrderLine& line : *lines) {
    all.push_back({line.ordered.milli / kMilliPerUnit, line.unit_price.minor, line.discount_minor,
                   line.tax_minor});
  }
  return all;
}

std::string refusal(const OrderLine& kit, const std::vector<OfferedPart>& parts) {
  const auto lines = parts_of(kit, parts);
  return lines ? "" : lines.error().reason;
}

TEST_CASE("kit: what it costs is shared out by the list prices of its parts", "[domain][order]") {
  // A pot of 20.00 and four cups of 5.00, together for 30.00.
  CHECK(rows(parts_of(sold(1, 3000), {part("POT", 1, 2000), part("CUP", 4, 500)})) ==
        std::vector<Row>{{1, 1500, 0, 0}, {4, 375, 0, 0}});
  // Two of them, 1.00 off, 5.00 of tax.
  CHECK(rows(parts_of(sold(2, 3000, 100, 500), {part("POT", 1, 2000), part("CUP", 4, 500)})) ==
        std::vector<Row>{{2, 1500, 50, 250}, {8, 375, 50, 250}});
}

TEST_CASE("kit: without list prices by units; a unit price is rounded up, the rest is discount",
          "[domain][order]") {
  CHECK(rows(parts_of(sold(1, 1000), {part("A", 1), part("B", 2, 300)})) ==
        std::vector<Row>{{1, 333, 0, 0}, {2, 334, 1, 0}});
  // A list price of nothing or in another currency is none.
  auto dollars = part("B", 2);
  dollars.price = Money{300, *Currency::parse("USD")};
  CHECK(rows(parts_of(sold(1, 1000), {part("A", 1, 900), dollars})) ==
        std::vector<Row>{{1, 333, 0, 0}, {2, 334, 1, 0}});
  CHECK(rows(parts_of(sold(1, 0), {part("A", 1, 0), part("B", 1, 1)})) ==
        std::vector<Row>{{1, 0, 0, 0}, {1, 0, 0, 0}});
}

TEST_CASE("kit: each part says of which kit it is, and the kit can be read of it",
          "[domain][order]") {
  const OrderLine kit = sold(2, 3000, 100, 500);
  const auto lines = parts_of(kit, {part("POT", 1, 2000), part("CUP", 4, 500)});
  REQUIRE(lines);
  for (const OrderLine& line : *lines) {
    CHECK(line.line == LineNo());
    CHECK(line.together == 7);
    CHECK(line_of(line) == kit);
    CHECK(line.name == line.sku.text());
  }
  CHECK(line_of(OrderLine{}) == OrderLine{});
}

TEST_CASE("kit: what it cannot be resolved for", "[domain][order]") {
  CHECK(refusal(sold(1, 100), {}) == "bad_order");
  OrderLine half = sold(1, 100);
  half.ordered.milli = 500;
  CHECK(refusal(half, {part("A", 1)}) == "bad_order");
  CHECK(refusal(sold(1, 100, 101), {part("A", 1)}) == "bad_order");
  OrderLine many = sold(1, 1);
  many.ordered.milli = kMaxMilli;
  CHECK(refusal(many, {part("A", 1)}).empty());
  CHECK(refusal(many, {part("A", 2)}) == "overflow");
  many.unit_price = gbp(kMaxMinor);
  CHECK(refusal(many, {part("A", 1)}) == "overflow");
  CHECK(refusal(sold(1, 1), {part("A", 2, kMaxMinor)}) == "overflow");
  CHECK(refusal(sold(1, 1), {part("A", 1, kMaxMinor), part("B", 1, 1)}) == "overflow");
}

TEST_CASE("kit: all parts together cost what it costs, to the minor unit", "[domain][order]") {
  CHECK(rc::check("parts of a kit", [] {
    const auto kits = *rc::gen::inRange<std::int64_t>(1, 100);
    const auto price = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    const auto discount = *rc::gen::inRange<std::int64_t>(0, kits * price + 1);
    const auto tax = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    std::vector<OfferedPart> parts;
    const auto count = *rc::gen::inRange(1, 9);
    for (int i = 0; i < count; ++i) {
      parts.push_back(part("P" + std::to_string(i), *rc::gen::inRange<std::int64_t>(1, 13),
                           *rc::gen::inRange<std::int64_t>(0, 5'000)));
    }
    const auto lines = parts_of(sold(kits, price, discount, tax), parts);
    RC_ASSERT(lines.has_value());
    std::int64_t cost = 0;
    std::int64_t taxes = 0;
    for (const OrderLine& line : *lines) {
      const std::int64_t gross = gross_minor(line).value();
      RC_ASSERT(line.discount_minor >= 0);
      RC_ASSERT(line.discount_minor <= gross);
      cost += gross - line.discount_minor;
      taxes += line.tax_minor;
    }
    RC_ASSERT(cost == kits * price - discount);
    RC_ASSERT(taxes == tax);
  }));
}

}  // namespace
}  // namespace cairn::domain::kit_test
