#include "core/gs1/coupon.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::gs1::coupon_test {
namespace {

std::string judged(const std::optional<Fault>& found) {
  if (!found) return "ok";
  return std::string(name_of(found->code)) + '@' + std::to_string(found->position);
}

// Company prefix 123456, offer 123456, save value 1, first purchase: requirement 1, code 0, family
// 123.
const std::string kShortest =
    "0123456"
    "123456"
    "11"
    "11"
    "0"
    "123";

TEST_CASE("gs1: coupons of AI (8110)", "[gs1]") {
  REQUIRE(kShortest == "012345612345611110123");
  struct Case {
    std::string value;
    std::string result;
  };
  const std::vector<Case> cases = {
      {kShortest, "ok"},
      {"a" + kShortest.substr(1), "charset@0"},
      {"7" + kShortest.substr(1), "coupon@0"},
      {kShortest.substr(0, 10), "coupon@7"},
      {kShortest.substr(0, 13) + "0", "coupon@13"},
      {kShortest.substr(0, 17) + "5123", "coupon@17"},
      {kShortest + "0", "coupon@21"},
      {kShortest + "1"
                   "0"
                   "11"
                   "0"
                   "123"
                   "0123456",
       "ok"},
      {kShortest + "1"
                   "0"
                   "11"
                   "0"
                   "123"
                   "9",
       "ok"},
      {kShortest + "1"
                   "4"
                   "11"
                   "0"
                   "123"
                   "9",
       "coupon@22"},
      {kShortest + "1"
                   "0"
                   "11"
                   "0"
                   "123"
                   "7",
       "coupon@29"},
      {kShortest + "2"
                   "11"
                   "0"
                   "123"
                   "9",
       "ok"},
      {kShortest + "3"
                   "260101",
       "ok"},
      {kShortest + "3"
                   "261301",
       "coupon@22"},
      {kShortest + "3"
                   "260101"
                   "4"
                   "260102",
       "coupon@35"},
      {kShortest + "3"
                   "260101"
                   "4"
                   "251231",
       "ok"},
      {kShortest + "5"
                   "0"
                   "123456",
       "ok"},
      {kShortest + "5"
                   "1"
                   "123456",
       "coupon@23"},
      {kShortest + "6"
                   "1"
                   "1234567",
       "ok"},
      {kShortest + "6"
                   "0"
                   "123456",
       "coupon@22"},
      {kShortest + "9"
                   "0"
                   "0"
                   "7"
                   "1",
       "ok"},
      {kShortest + "9"
                   "3"
                   "0"
                   "0"
                   "0",
       "coupon@22"},
      {kShortest + "9"
                   "0"
                   "0"
                   "0",
       "coupon@25"},
  };
  for (const Case& one : cases) {
    INFO(one.value);
    CHECK(judged(check_coupon(one.value)) == one.result);
  }
}

TEST_CASE("gs1: coupons of AI (8112)", "[gs1]") {
  CHECK(judged(check_positive_offer("001234561234560123456")) == "ok");
  CHECK(judged(check_positive_offer("201234561234560123456")) == "coupon@0");
  CHECK(judged(check_positive_offer("07")) == "coupon@1");
  CHECK(judged(check_positive_offer("0012345612345601234567")) == "coupon@21");
  CHECK(judged(check_positive_offer("00123456123456012345")) == "coupon@15");
  CHECK(judged(check_positive_offer("")) == "coupon@0");
}

}  // namespace
}  // namespace cairn::gs1::coupon_test
