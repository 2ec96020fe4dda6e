#include "core/gs1/measured_article.h"

#include "tests/support/catch.h"

namespace cairn::gs1::measured_article_test {
namespace {

MeasureTemplate own(std::string_view pattern, MeasureKind kind, int decimals,
                    std::string_view unit) {
  auto made = MeasureTemplate::parse(pattern, kind, decimals, unit);
  REQUIRE(made);
  return *made;
}

std::string digits(std::string_view without_check) {
  return std::string(without_check) + static_cast<char>('0' + gs1_check_digit(without_check));
}

TEST_CASE("gs1: a number with a measure names the article whose value is zero", "[gs1]") {
  const auto scheme = national_scheme("se");
  const auto found = read_measured_article(scheme, {"E0", digits("231234561234")});
  REQUIRE(found);
  CHECK(found->measure == Measure{MeasureKind::kWeight, "123456", 1234, 3, "kg"});
  CHECK(found->gtin.text() == "0" + digits("231234560000"));
  CHECK(read_measured_article(scheme, {"", digits("231234561234")}));
}

TEST_CASE("gs1: the verifier of an article's number is zero, too", "[gs1]") {
  const auto scheme = national_scheme("us");
  const std::string price = "0199";
  const std::string upc = digits("212345" + std::to_string(price_verifier(price)) + price);
  const auto found = read_measured_article(scheme, {"E0", upc});
  REQUIRE(found);
  CHECK(found->gtin.text() == "0" + digits("021234500000"));
  const auto as_ean = read_measured_article(scheme, {"E0", "0" + upc});
  REQUIRE(as_ean);
  CHECK(as_ean->gtin == found->gtin);
}

TEST_CASE("gs1: what has no measure names no article", "[gs1]") {
  const auto scheme = national_scheme("se");
  CHECK_FALSE(read_measured_article({}, {"E0", digits("231234561234")}));
  CHECK_FALSE(read_measured_article(scheme, {"E0", "4006381333931"}));
  CHECK_FALSE(read_measured_article(scheme, {"E0", "2312345612340"}));  // check digit
  CHECK_FALSE(read_measured_article(scheme, {"C0", digits("231234561234")}));
  CHECK_FALSE(read_measured_article(scheme, {"E0", ""}));
  CHECK_FALSE(read_measured_article(scheme, {"E0", "23123456123\xFF\xFF"}));
}

TEST_CASE("gs1: weights in milligrams", "[gs1]") {
  const auto mg = [](std::int64_t value, int decimals, const std::string& unit) {
    return weight_mg({MeasureKind::kWeight, "1", value, decimals, unit});
  };
  CHECK(mg(1234, 3, "kg") == 1'234'000);
  CHECK(mg(1, 6, "kg") == 1);
  CHECK(mg(12, 0, "g") == 12'000);
  CHECK(mg(5, 4, "g") == 1);  // half a milligram
  CHECK(mg(100, 2, "lb") == 453'592);
  CHECK(mg(1, 0, "oz") == 28'350);
  CHECK(mg(0, 3, "kg") == 0);
  CHECK(mg(1'000'000'000, 0, "kg") == 1'000'000'000'000'000);
  CHECK_FALSE(mg(1'000'000'001, 0, "kg"));
  CHECK_FALSE(weight_mg({MeasureKind::kPrice, "1", 1, 2, "EUR"}));
}

TEST_CASE("gs1: of a site's templates the first that fits decides", "[gs1]") {
  const MeasureScheme scheme = {own("29IIIIIPPPPPC", MeasureKind::kWeight, 3, "kg"),
                                own("2IIIIIIIPPPPC", MeasureKind::kPrice, 2, "EUR")};
  CHECK(read_measured_article(scheme, {"E0", digits("291234501234")})->measure.unit == "kg");
  CHECK(read_measured_article(scheme, {"E0", digits("281234501234")})->measure.unit == "EUR");
}

}  // namespace
}  // namespace cairn::gs1::measured_article_test
