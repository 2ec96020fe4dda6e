#include "core/gs1/value_rules.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::gs1::value_rules_test {
namespace {

std::string judged(std::string_view ai, std::string_view value) {
  const auto found = check_value(*find_identifier(ai), ai, value);
  if (!found) return "ok";
  return std::string(name_of(found->code)) + '@' + std::to_string(found->position);
}

struct Case {
  std::string ai;
  std::string value;
  std::string result;
};

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    INFO("(" << one.ai << ")" << one.value);
    CHECK(judged(one.ai, one.value) == one.result);
  }
}

TEST_CASE("gs1: check digits and company prefixes", "[gs1]") {
  check({{"00", "106141412345678908", "ok"},
         {"00", "106141412345678909", "check_digit@17"},
         {"402", "12345678901234561", "check_digit@16"},
         {"401", "1234X", "ok"},
         {"401", "123", "company_prefix@0"},
         {"401", "12X45", "company_prefix@2"},
         {"8003", "01234567890128", "ok"},
         {"8003", "11234567890128", "zero@0"},
         {"8003", "01234567890127", "check_digit@13"},
         {"8003", "01234567890128AZ9", "ok"},
         {"8010", "1234#/-X", "ok"},
         {"8010", "1234a", "charset@4"}});
}

TEST_CASE("gs1: the check characters of a GMN", "[gs1]") {
  // GS1 General Specifications 7.9.5: the example of the standard.
  check({{"8013", "1987654Ad4X4bL5ttr2310c2K", "ok"},
         {"8013", "1987654Ad4X4bL5ttr2310c2X", "check_characters@23"},
         {"8013", "1987654Ad4X4bL5ttr2310cO1", "charset@23"},
         {"8013", "1", "length@0"},
         {"8014", "1987654Ad4X4bL5ttr2310c2K", "ok"}});
}

TEST_CASE("gs1: dates and times", "[gs1]") {
  check({{"17", "260228", "ok"},           {"17", "260229", "date@4"},
         {"17", "240229", "ok"},           {"17", "000229", "ok"},
         {"17", "260200", "ok"},           {"17", "261300", "date@2"},
         {"17", "260001", "date@2"},       {"17", "260431", "date@4"},
         {"4326", "260200", "date@4"},     {"7250", "19000229", "date@6"},
         {"7250", "20000229", "ok"},       {"7250", "00000101", "ok"},
         {"7003", "2601312359", "ok"},     {"7003", "2601312400", "time@6"},
         {"7003", "2601310060", "time@8"}, {"8008", "26013123", "ok"},
         {"8008", "2601312359", "ok"},     {"8008", "260131235959", "ok"},
         {"8008", "26013124", "time@6"},   {"8008", "260131236", "length@0"},
         {"8008", "2601312360", "time@8"}, {"8008", "260131235960", "time@10"},
         {"7007", "260131260201", "ok"},   {"7007", "26013126", "length@0"}});
}

TEST_CASE("gs1: codes from lists", "[gs1]") {
  check({{"3910", "97812", "ok"},
         {"3910", "00012", "currency@0"},
         {"3910", "978", "length@0"},
         {"3910", "92412", "ok"},
         {"422", "826", "ok"},
         {"422", "999", "country@0"},
         {"423", "826756", "ok"},
         {"423", "826757", "country@3"},
         {"423", "8267", "length@0"},
         {"7030", "999X", "ok"},
         {"7030", "000X", "country@0"},
         {"4307", "GB", "ok"},
         {"4307", "UK", "country@0"},
         {"4307", "gb", "country@0"},
         {"7241", "01", "ok"},
         {"7241", "11", "not_in_list@0"},
         {"7241", "80", "ok"},
         {"7041", "PX", "ok"},
         {"7041", "201", "ok"},
         {"7041", "8", "ok"},
         {"7041", "??", "not_in_list@0"},
         {"4321", "1", "ok"},
         {"4321", "2", "not_in_list@0"},
         {"7252", "9", "ok"},
         {"7252", "3", "not_in_list@0"}});
}

TEST_CASE("gs1: numbers that must be something", "[gs1]") {
  check({{"8006", "095060001343520102", "ok"},
         {"8006", "095060001343520002", "piece_of_total@14"},
         {"8006", "095060001343520100", "piece_of_total@16"},
         {"8006", "095060001343520302", "piece_of_total@14"},
         {"7258", "1/3", "ok"},
         {"7258", "3/1", "piece_of_total@0"},
         {"7258", "0/1", "zero@0"},
         {"7258", "1/0", "zero@2"},
         {"7258", "1-3", "piece_of_total@0"},
         {"7258", "12/", "piece_of_total@0"},
         {"8001", "00010000100190", "ok"},
         {"8001", "00000000100190", "zero@0"},
         {"8001", "00010000100120", "not_in_list@12"},
         {"8011", "0", "zero@0"},
         {"8011", "10", "ok"},
         {"4309", "18000000003600000000", "ok"},
         {"4309", "18000000010000000000", "coordinate@0"},
         {"4309", "00000000003600000001", "coordinate@10"}});
}

TEST_CASE("gs1: texts that must be something", "[gs1]") {
  check({{"4300", "A%20B", "ok"},
         {"4300", "A%2", "percent_encoding@1"},
         {"4300", "A%GG", "percent_encoding@1"},
         {"4330", "000100", "ok"},
         {"4330", "000100-", "ok"},
         {"4330", "000100+", "charset@6"},
         {"7040", "1ABC", "ok"},
         {"7040", "1AB*", "charset@3"},
         {"7040", "1AB=", "charset@3"},
         {"8007", "DE91100000000123456789", "ok"},
         {"8007", "DE91100000000123456788", "iban@2"},
         {"8007", "XX91100000000123456789", "iban@0"},
         {"8007", "DE9110", "iban@0"},
         {"8007", "DE91x00000000123456789", "iban@4"},
         {"8030", "ab-_", "ok"},
         {"8030", "ab=", "ok"},
         {"8030", "abc=", "charset@3"},
         {"8030", "a===", "charset@1"},
         {"8030", "a.b", "charset@1"},
         {"90", std::string(31, 'A'), "length@30"}});
}

}  // namespace
}  // namespace cairn::gs1::value_rules_test
