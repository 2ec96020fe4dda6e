#include "core/base/money.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::money_test {
namespace {

using test::currency;
using test::gbp;

TEST_CASE("currency: three upper-case letters", "[base][money]") {
  CHECK(currency("GBP").text() == "GBP");
  CHECK(currency("ZZZ").text() == "ZZZ");
  CHECK(Currency{}.text() == "XXX");
  for (const std::string text : {"", "GB", "GBPX", "gbp", "GBp", "G P", "GB1", "\xc2\xa3P"}) {
    CAPTURE(text);
    const auto parsed = Currency::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::kInvalid);
    CHECK(parsed.error().reason == "bad_currency");
  }
}

TEST_CASE("money: the currency says how many digits follow the point", "[base][money]") {
  struct Row {
    std::string_view currency;
    std::string_view text;
    std::int64_t minor;
    std::string printed;
  };
  const std::vector<Row> rows{
      {"GBP", "2.55", 255, "2.55 GBP"},
      {"GBP", "2.5", 250, "2.50 GBP"},
      {"GBP", "2", 200, "2.00 GBP"},
      {"GBP", "0", 0, "0.00 GBP"},
      {"GBP", "0.07", 7, "0.07 GBP"},
      {"GBP", "-0.07", -7, "-0.07 GBP"},
      {"GBP", "-12.30", -1230, "-12.30 GBP"},
      {"GBP", "007.10", 710, "7.10 GBP"},
      {"JPY", "255", 255, "255 JPY"},
      {"JPY", "-3", -3, "-3 JPY"},
      {"BHD", "1.234", 1234, "1.234 BHD"},
      {"BHD", "0.005", 5, "0.005 BHD"},
      {"GBP", "92233720368547758.07", INT64_MAX, "92233720368547758.07 GBP"},
      {"GBP", "-92233720368547758.08", INT64_MIN, "-92233720368547758.08 GBP"},
      {"JPY", "9223372036854775807", INT64_MAX, "9223372036854775807 JPY"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.currency, row.text);
    const auto money = Money::parse(row.text, currency(row.currency));
    REQUIRE(money);
    CHECK(*money == Money{row.minor, currency(row.currency)});
    CHECK(money->text() == row.printed);
  }
}

TEST_CASE("money: amounts finer than the currency, too large or malformed are refused",
          "[base][money]") {
  struct Row {
    std::string_view currency;
    std::string_view text;
  };
  const std::vector<Row> rows{
      {"GBP", "2.555"},
      {"GBP", "2.550"},
      {"JPY", "2.5"},
      {"JPY", "2.0"},
      {"JPY", "2."},
      {"BHD", "1.2345"},
      {"GBP", ""},
      {"GBP", "-"},
      {"GBP", "."},
      {"GBP", ".5"},
      {"GBP", "1."},
      {"GBP", "2,55"},
      {"GBP", "+1"},
      {"GBP", "1e2"},
      {"GBP", "GBP 1"},
      {"GBP", "1 "},
      {"GBP", "92233720368547758.08"},
      {"GBP", "-92233720368547758.09"},
      {"GBP", "92233720368547759"},
      {"BHD", "9223372036854775.808"},
      {"JPY", "9223372036854775808"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.currency, row.text);
    const auto money = Money::parse(row.text, currency(row.currency));
    REQUIRE_FALSE(money);
    CHECK(money.error().code == ErrorCode::kInvalid);
    CHECK(money.error().reason == "bad_number");
  }
}

TEST_CASE("money: sums within one currency", "[base][money]") {
  CHECK(gbp(255).plus(gbp(-300)) == gbp(-45));
  CHECK(gbp(INT64_MAX).plus(gbp(0)) == gbp(INT64_MAX));
  CHECK(gbp(INT64_MAX).plus(gbp(INT64_MIN)) == gbp(-1));
  const auto mixed = gbp(1).plus(Money{1, currency("EUR")});
  REQUIRE_FALSE(mixed);
  CHECK(mixed.error().code == ErrorCode::kInvalid);
  CHECK(mixed.error().reason == "currency_mismatch");
}

TEST_CASE("money: a sum or product that does not fit is refused", "[base][money]") {
  for (const auto& result :
       {gbp(INT64_MAX).plus(gbp(1)), gbp(INT64_MIN).plus(gbp(-1)), gbp(INT64_MAX).times(2),
        gbp(INT64_MIN).times(-1), gbp(INT64_MAX / 2 + 1).times(2)}) {
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::kInvalid);
    CHECK(result.error().reason == "overflow");
  }
  CHECK(gbp(255).times(3) == gbp(765));
  CHECK(gbp(255).times(-1) == gbp(-255));
  CHECK(gbp(INT64_MAX).times(0) == gbp(0));
  CHECK(gbp(INT64_MAX).times(-1) == gbp(-INT64_MAX));
}

TEST_CASE("money: yen have no minor unit, dinars have three digits, most have two",
          "[base][money]") {
  // ISO 4217 table A.1, exponent 0 and 3.
  for (const std::string_view code : {"JPY", "KRW", "CLP", "ISK", "VND", "XAF", "XOF"}) {
    CAPTURE(code);
    CHECK(currency(code).places() == 0);
  }
  for (const std::string_view code : {"BHD", "JOD", "KWD", "OMR", "TND"}) {
    CAPTURE(code);
    CHECK(currency(code).places() == 3);
  }
  for (const std::string_view code : {"GBP", "EUR", "USD", "HUF", "CHF"}) {
    CAPTURE(code);
    CHECK(currency(code).places() == 2);
  }
}

TEST_CASE("money: the rarer currencies of ISO 4217 have their own digits too", "[base][money]") {
  for (const std::string_view code :
       {"BIF", "DJF", "GNF", "KMF", "PYG", "RWF", "UGX", "VUV", "XPF"}) {
    CAPTURE(code);
    CHECK(currency(code).places() == 0);
  }
  for (const std::string_view code : {"IQD", "LYD"}) {
    CAPTURE(code);
    CHECK(currency(code).places() == 3);
  }
}

}  // namespace
}  // namespace cairn::money_test
