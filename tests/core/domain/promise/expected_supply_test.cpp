#include "core/domain/promise/expected_supply.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::domain::expected_supply_test {
namespace {

using cairn::test::site;
using cairn::test::sku;
using cairn::test::utc;

ExpectedSupply pencils() {
  return {"PO-1/1",     SupplySource::kPurchaseOrder, sku("PENCIL-HB"),
          site("york"), utc("2026-12-01T00:00:00Z"),  10'000};
}

TEST_CASE("expected supply: sources have names", "[domain][promise]") {
  for (const auto source : {SupplySource::kPurchaseOrder, SupplySource::kDispatchNotice,
                            SupplySource::kSupplierStock}) {
    CHECK(parse_supply_source(name_of(source)) == source);
  }
  CHECK(parse_supply_source("MAGIC").error().reason == "bad_supply_source");
  CHECK(name_of(static_cast<SupplySource>(9)).empty());
}

TEST_CASE("expected supply: what says nothing is refused", "[domain][promise]") {
  CHECK(validate(pencils()));
  const auto refused = [](auto change) {
    ExpectedSupply supply = pencils();
    change(supply);
    const auto ok = validate(supply);
    return !ok && ok.error().reason == "bad_supply";
  };
  CHECK(refused([](ExpectedSupply& s) { s.reference.clear(); }));
  CHECK(refused([](ExpectedSupply& s) { s.reference = std::string(65, 'x'); }));
  CHECK(refused([](ExpectedSupply& s) { s.milli = -1; }));
  CHECK(refused([](ExpectedSupply& s) { s.milli = 2'000'000'000'000; }));
  CHECK(refused([](ExpectedSupply& s) { s.due = UtcTime::parse("9999-12-31T23:59:59Z").value(); }));
  CHECK_FALSE(refused([](ExpectedSupply& s) { s.site = {}; }));
  CHECK_FALSE(refused([](ExpectedSupply& s) { s.milli = 0; }));
}

TEST_CASE("expected supply: a date that has passed, or nothing, is no promise",
          "[domain][promise]") {
  const ExpectedSupply here = pencils();
  ExpectedSupply come = pencils();
  come.milli = 0;
  CHECK(promisable({here, come}, here.due) == std::vector<Supply>{{here.due, 10'000}});
  CHECK(promisable({here}, UtcTime{here.due.us + 1}).empty());
}

}  // namespace
}  // namespace cairn::domain::expected_supply_test
