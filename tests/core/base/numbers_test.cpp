#include "core/base/numbers.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::numbers_test {
namespace {

using std::string_literals::operator""s;

template <class T>
void check_bad(const Result<T>& result) {
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::kInvalid);
  CHECK(result.error().reason == "bad_number");
}

TEST_CASE("unsigned: digits up to the greatest", "[base][numbers]") {
  CHECK(parse_unsigned("0") == 0U);
  CHECK(parse_unsigned("7") == 7U);
  CHECK(parse_unsigned("0007") == 7U);
  CHECK(parse_unsigned("18446744073709551615") == UINT64_MAX);
  for (const std::string& text :
       {""s, "-1"s, "-0"s, "+1"s, " 1"s, "1 "s, "1.0"s, "1e3"s, "0x10"s, "18446744073709551616"s,
        "99999999999999999999"s, "1\0"s, "\xd9\xa1"s, "1_000"s, "1,000"s}) {
    CAPTURE(text);
    check_bad(parse_unsigned(text));
  }
  check_bad(parse_unsigned({}));
}

TEST_CASE("signed: one leading minus, within 64 bits", "[base][numbers]") {
  CHECK(parse_signed("0") == 0);
  CHECK(parse_signed("-0") == 0);
  CHECK(parse_signed("-7") == -7);
  CHECK(parse_signed("007") == 7);
  CHECK(parse_signed("-007") == -7);
  CHECK(parse_signed("9223372036854775807") == INT64_MAX);
  CHECK(parse_signed("-9223372036854775808") == INT64_MIN);
  for (const std::string& text :
       {""s, "-"s, "--1"s, "+1"s, "-+1"s, "1-"s, "- 1"s, "9223372036854775808"s,
        "-9223372036854775809"s, "1.5"s, "inf"s, "nan"s}) {
    CAPTURE(text);
    check_bad(parse_signed(text));
  }
}

TEST_CASE("decimal: scaled by its places", "[base][numbers]") {
  struct Row {
    std::string_view text;
    int places;
    std::int64_t scaled;
  };
  const std::vector<Row> rows{
      {"2.5", 2, 250},
      {"2.50", 2, 250},
      {"2", 2, 200},
      {"0", 3, 0},
      {"-0.5", 2, -50},
      {"-0", 2, 0},
      {"-0.00", 2, 0},
      {"0.001", 3, 1},
      {"-0.001", 3, -1},
      {"00012.5", 1, 125},
      {"-007.25", 2, -725},
      {"12", 0, 12},
      {"9223372036854775.807", 3, INT64_MAX},
      {"-9223372036854775.808", 3, INT64_MIN},
      {"9223372036854775807", 0, INT64_MAX},
      {"0.000000000000000001", 18, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text, row.places);
    CHECK(parse_decimal(row.text, row.places) == row.scaled);
  }
}

TEST_CASE("decimal: malformed, too fine or too large is refused", "[base][numbers]") {
  struct Row {
    std::string_view text;
    int places;
  };
  const std::vector<Row> rows{
      {"", 2},
      {"-", 2},
      {".", 2},
      {"-.", 2},
      {"1.", 2},
      {".5", 2},
      {"-.5", 2},
      {"1.5.", 2},
      {"1..5", 2},
      {"1.2.3", 4},
      {"1.-5", 3},
      {"1.+5", 3},
      {"1.5-", 3},
      {"+1.5", 2},
      {" 1.5", 2},
      {"1.5 ", 2},
      {"1. 5", 3},
      {"1 .5", 3},
      {"1,5", 2},
      {"1e2", 2},
      {"1.5e1", 4},
      {"2.555", 2},
      {"1.0", 0},
      {"1.", 0},
      {"--1", 2},
      {"-1.5.5", 4},
      {"0x1.8", 3},
      {"1.\xd9\xa1", 3},
      {"9223372036854775.808", 3},
      {"-9223372036854775.809", 3},
      {"9223372036854776", 3},
      {"92233720368547758070", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text, row.places);
    check_bad(parse_decimal(row.text, row.places));
  }
}

TEST_CASE("decimal: printed without needless zeros", "[base][numbers]") {
  struct Row {
    std::int64_t scaled;
    int places;
    int min_places;
    std::string text;
  };
  const std::vector<Row> rows{
      {2500, 3, 0, "2.5"},
      {2500, 3, 2, "2.50"},
      {2500, 3, 3, "2.500"},
      {2000, 3, 0, "2"},
      {2000, 3, 1, "2.0"},
      {0, 3, 0, "0"},
      {0, 2, 2, "0.00"},
      {1, 3, 0, "0.001"},
      {-1, 3, 0, "-0.001"},
      {-50, 2, 0, "-0.5"},
      {100, 0, 0, "100"},
      {1000, 2, 0, "10"},
      {INT64_MAX, 3, 0, "9223372036854775.807"},
      {INT64_MIN, 3, 0, "-9223372036854775.808"},
      {INT64_MIN, 0, 0, "-9223372036854775808"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.scaled, row.places, row.min_places);
    CHECK(format_decimal(row.scaled, row.places, row.min_places) == row.text);
    CHECK(parse_decimal(row.text, row.places) == row.scaled);
  }
}

}  // namespace
}  // namespace cairn::numbers_test
