#include "core/base/time.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::time_test {
namespace {

TEST_CASE("time: known instants are read and printed", "[base][time]") {
  struct Row {
    std::string text;
    std::int64_t us;
  };
  // Microseconds from `date -u -d <text> +%s`.
  const std::vector<Row> rows{
      {"1970-01-01T00:00:00.000Z", 0},
      {"1970-01-01T00:00:00.001Z", 1'000},
      {"1969-12-31T23:59:59.999Z", -1'000},
      {"1969-12-31T00:00:00.000Z", -86'400'000'000},
      {"1900-03-01T00:00:00.000Z", -2'203'891'200'000'000},
      {"1900-02-28T23:59:59.000Z", -2'203'891'201'000'000},
      {"2000-02-29T12:00:00.000Z", 951'825'600'000'000},
      {"2024-02-29T23:59:59.999Z", 1'709'251'199'999'000},
      {"2024-03-01T00:00:00.000Z", 1'709'251'200'000'000},
      {"2026-11-24T08:15:30.123Z", 1'795'508'130'123'000},
      {"2038-01-19T03:14:08.000Z", 2'147'483'648'000'000},
      {"9999-12-31T23:59:59.999Z", 253'402'300'799'999'000},
      {"0001-01-01T00:00:00.000Z", -62'135'596'800'000'000},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto time = UtcTime::parse(row.text);
    REQUIRE(time);
    CHECK(time->us == row.us);
    CHECK(time->text() == row.text);
  }
}

TEST_CASE("time: every day of four centuries round-trips", "[base][time]") {
  const std::int64_t first = UtcTime::parse("1868-01-01T00:00:00Z")->us;
  for (std::int64_t day = 0; day < 146'097; day += 13) {
    const UtcTime time{first + day * 86'400'000'000 + day * 7'919'000 % 86'400'000'000};
    REQUIRE(UtcTime::parse(time.text()) == UtcTime{time.us});
  }
}

TEST_CASE("time: up to six decimals are read, three are printed", "[base][time]") {
  const std::int64_t second = UtcTime::parse("2026-11-24T08:15:30Z")->us;
  CHECK(UtcTime::parse("2026-11-24T08:15:30.1Z") == UtcTime{second + 100'000});
  CHECK(UtcTime::parse("2026-11-24T08:15:30.12Z") == UtcTime{second + 120'000});
  CHECK(UtcTime::parse("2026-11-24T08:15:30.000001Z") == UtcTime{second + 1});
  CHECK(UtcTime::parse("2026-11-24T08:15:30.999999Z") == UtcTime{second + 999'999});
  CHECK(UtcTime{second + 999'999}.text() == "2026-11-24T08:15:30.999Z");
  // Cut off, not rounded: also before 1970.
  CHECK(UtcTime{-1}.text() == "1969-12-31T23:59:59.999Z");
  CHECK(UtcTime{-1'001}.text() == "1969-12-31T23:59:59.998Z");
}

TEST_CASE("time: dates that do not exist and other spellings are refused", "[base][time]") {
  for (const std::string text : {
           "",
           "2026-11-24",
           "2026-11-24T08:15Z",
           "2026-11-24T08:15:30",
           "2026-11-24T08:15:30z",
           "2026-11-24t08:15:30Z",
           "2026-11-24 08:15:30Z",
           "2026-11-24T08:15:30+00:00",
           "2026-11-24T08:15:30.Z",
           "2026-11-24T08:15:30,5Z",
           "2026-11-24T08:15:30.1234567Z",
           "2026-11-24T08:15:30.-1Z",
           "2026-11-24T08:15:30.12 Z",
           "2026-11-24T08:15:30.5ZZ",
           "2026-11-24T24:00:00Z",
           "2026-11-24T08:60:00Z",
           "2026-11-24T23:59:60Z",
           "2026-00-24T08:15:30Z",
           "2026-13-24T08:15:30Z",
           "2026-11-00T08:15:30Z",
           "2026-11-31T08:15:30Z",
           "2026-02-29T08:15:30Z",
           "1900-02-29T08:15:30Z",
           "2100-02-29T08:15:30Z",
           "2026-11-24T-8:15:30Z",
           "2026-11-24T+8:15:30Z",
           "2026-11-24T 8:15:30Z",
           "-026-11-24T08:15:30Z",
           "20260-11-24T08:15:3Z",
           "2026/11/24T08:15:30Z",
           "2026-11-24T08.15.30Z",
           " 2026-11-24T08:15:30Z",
           "2026-11-24T08:15:30Z ",
       }) {
    CAPTURE(text);
    const auto time = UtcTime::parse(text);
    REQUIRE_FALSE(time);
    CHECK(time.error().code == ErrorCode::kInvalid);
    CHECK(time.error().reason == "bad_time");
  }
}

TEST_CASE("time: a duration after an instant", "[base][time]") {
  const MonoTime start{1'000};
  CHECK(start + std::chrono::milliseconds(2) == MonoTime{3'000});
  CHECK(MonoTime{3'000} - start == std::chrono::milliseconds(2));
  CHECK(start - MonoTime{3'000} == std::chrono::milliseconds(-2));
  CHECK(start < start + Duration(1));
}

TEST_CASE("time: instants outside the years 1 to 9999 have no RFC 3339 text either",
          "[base][time]") {
  for (const UtcTime time : {UtcTime{253'402'300'800'000'000}, UtcTime{-62'167'219'200'000'001}}) {
    CAPTURE(time.text());
    CHECK(UtcTime::parse(time.text()).has_value());
  }
}

}  // namespace
}  // namespace cairn::time_test
