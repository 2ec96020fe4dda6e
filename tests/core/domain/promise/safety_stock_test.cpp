#include "core/domain/promise/safety_stock.h"

#include "core/base/quantity.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>
#include <vector>

namespace cairn::domain::safety_stock_test {
namespace {

using cairn::test::site;
using cairn::test::sku;
using cairn::test::utc;

SafetyStockRule rule(std::string name) {
  SafetyStockRule made;
  made.name = std::move(name);
  made.milli = 1'000;
  return made;
}

SafetyStockRule at(std::string name, std::string_view where) {
  SafetyStockRule made = rule(std::move(name));
  made.site = site(where);
  return made;
}

SafetyStockRule of(std::string name, std::string_view article) {
  SafetyStockRule made = rule(std::move(name));
  made.sku = sku(article);
  return made;
}

SafetyStockRule in(std::string name, FacilityKind kind) {
  SafetyStockRule made = rule(std::move(name));
  made.site_kind = kind;
  return made;
}

std::string holding(std::vector<SafetyStockRule> rules, const char* now = "2026-11-24T12:00:00Z") {
  // However they come: the ladder alone decides.
  std::ranges::sort(rules, {}, &SafetyStockRule::name);
  std::string found;
  do {
    const SafetyStock stock(rules);
    const auto* const one =
        stock.rule_for(site("leeds"), FacilityKind::kStore, sku("A1"), utc(now));
    const std::string name = one == nullptr ? "none" : one->name;
    if (!found.empty()) CHECK(found == name);
    found = name;
  } while (std::ranges::next_permutation(rules, {}, &SafetyStockRule::name).found);
  return found;
}

TEST_CASE("safety stock: a rule holds where all its conditions fit", "[domain][promise]") {
  CHECK(holding({}) == "none");
  CHECK(holding({rule("all")}) == "all");
  CHECK(holding({at("leeds", "leeds")}) == "leeds");
  CHECK(holding({at("york", "york")}) == "none");
  CHECK(holding({of("a1", "A1")}) == "a1");
  CHECK(holding({of("a2", "A2")}) == "none");
  CHECK(holding({in("stores", FacilityKind::kStore)}) == "stores");
  CHECK(holding({in("warehouses", FacilityKind::kWarehouse)}) == "none");
  SafetyStockRule withdrawn = rule("withdrawn");
  withdrawn.active = false;
  CHECK(holding({withdrawn}) == "none");
}

TEST_CASE("safety stock: the ladder where several fit", "[domain][promise]") {
  SafetyStockRule both = at("z-both", "leeds");
  both.sku = sku("A1");
  SafetyStockRule soon = rule("z-soon");
  soon.expires_at = utc("2026-12-01T00:00:00Z");
  SafetyStockRule later = rule("a-later");
  later.expires_at = utc("2026-12-02T00:00:00Z");
  // Most conditions.
  CHECK(holding({both, at("leeds", "leeds"), of("a1", "A1"), rule("all")}) == "z-both");
  // Then the earlier expiry; one that never expires is the last.
  CHECK(holding({later, soon, rule("a-for-good")}) == "z-soon");
  // Then node before item before node type.
  CHECK(holding({at("z", "leeds"), of("m", "A1"), in("a", FacilityKind::kStore)}) == "z");
  CHECK(holding({of("m", "A1"), in("a", FacilityKind::kStore)}) == "m");
  // Then the name.
  CHECK(holding({rule("b"), rule("a"), rule("c")}) == "a");
}

TEST_CASE("safety stock: a rule ends at its expiry", "[domain][promise]") {
  SafetyStockRule soon = rule("soon");
  soon.expires_at = utc("2026-12-01T00:00:00Z");
  CHECK(holding({soon, rule("after")}, "2026-11-30T23:59:59.999Z") == "soon");
  CHECK(holding({soon, rule("after")}, "2026-12-01T00:00:00Z") == "after");
}

TEST_CASE("safety stock: what is no rule is refused", "[domain][promise]") {
  CHECK(validate(rule("fine")));
  std::vector<SafetyStockRule> refused(6, rule("refused"));
  refused[0].name.clear();
  refused[1].name = std::string(65, 'n');
  refused[2].milli = -1;
  refused[3].milli = kMaxMilli + 1;
  // "Never", as many write it: a record cannot hold it.
  refused[4].expires_at = utc("9999-12-31T00:00:00Z");
  refused[5].expires_at = utc("1970-01-01T00:00:00Z");
  for (const SafetyStockRule& bad : refused) {
    CAPTURE(bad.name);
    const auto checked = validate(bad);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().reason == "bad_safety_stock");
  }
}

}  // namespace
}  // namespace cairn::domain::safety_stock_test
