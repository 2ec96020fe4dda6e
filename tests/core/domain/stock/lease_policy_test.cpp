#include "core/domain/stock/lease_policy.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::lease_policy_test {
namespace {

using cairn::test::sku;

LeasePolicy cups() { return {"cups", {sku("A1"), sku("A2")}, BeyondLease::kApprove, true}; }

TEST_CASE("lease policy: it names some articles, sorted, none twice", "[domain][stock]") {
  CHECK(validate(cups()));
  std::vector<LeasePolicy> bad(6, cups());
  bad[0].name.clear();
  bad[1].name = std::string(65, 'n');
  bad[2].skus.clear();
  bad[3].skus = {sku("A2"), sku("A1")};
  bad[4].skus = {sku("A1"), sku("A1")};
  bad[5].skus.clear();
  for (int i = 0; i <= 1'000; ++i) bad[5].skus.push_back(sku("A" + std::to_string(10'000 + i)));
  for (const LeasePolicy& policy : bad) {
    const auto refused = validate(policy);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_lease_policy");
  }
  bad[5].skus.pop_back();
  CHECK(validate(bad[5]));
}

TEST_CASE("lease policy: what a till does has a number and a name", "[domain][stock]") {
  const std::vector<std::pair<BeyondLease, std::string_view>> words{
      {static_cast<BeyondLease>(1), "WARN"},
      {static_cast<BeyondLease>(2), "APPROVE"},
      {static_cast<BeyondLease>(3), "REFUSE"}};
  for (const auto& [beyond, name] : words) {
    CHECK(name_of(beyond) == name);
    CHECK(parse_beyond_lease(name) == beyond);
  }
  CHECK(name_of(static_cast<BeyondLease>(0)).empty());
  CHECK(parse_beyond_lease("warn").error().reason == "bad_beyond_lease");
}

}  // namespace
}  // namespace cairn::domain::lease_policy_test
