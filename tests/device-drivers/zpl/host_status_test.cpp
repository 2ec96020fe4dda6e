#include "device-drivers/zpl/host_status.h"

#include "tests/support/catch.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

namespace cairn::devices::host_status_test {
namespace {

/// As a printer sends it.
std::string answer(const std::string& first, const std::string& second,
                   const std::string& third = "1234,0") {
  return fmt::format("\x02{}\x03\r\n\x02{}\x03\r\n\x02{}\x03\r\n", first, second, third);
}

const std::string kIdleFirst = "030,0,0,1245,000,0,0,0,000,0,0,0";
const std::string kIdleSecond = "000,0,0,0,0,2,4,0,00000000,1,000";

TEST_CASE("host status: each field has its place", "[devices][zpl]") {
  struct Row {
    std::string first;
    std::string second;
    std::string fault;  ///< a word of it
    bool idle = true;
  };
  const std::vector<Row> rows{
      {kIdleFirst, kIdleSecond, ""},
      {"030,1,0,1245,000,0,0,0,000,0,0,0", kIdleSecond, "out of labels"},
      {"030,0,1,1245,000,0,0,0,000,0,0,0", kIdleSecond, "paused"},
      {"030,0,0,1245,003,0,0,0,000,0,0,0", kIdleSecond, "", false},
      {"030,0,0,1245,000,1,0,0,000,0,0,0", kIdleSecond, "memory is full"},
      {"030,0,0,1245,000,0,1,1,000,1,0,0", kIdleSecond, ""},  // diagnostics, partial, RAM
      {"030,0,0,1245,000,0,0,0,000,0,1,0", kIdleSecond, "too cold"},
      {"030,0,0,1245,000,0,0,0,000,0,0,1", kIdleSecond, "too hot"},
      {kIdleFirst, "000,0,1,0,0,2,4,0,00000000,1,000", "lid is open"},
      {kIdleFirst, "000,0,0,1,0,2,4,0,00000000,1,000", "ribbon"},
      {kIdleFirst, "000,0,0,0,1,2,4,0,00000000,1,000", ""},  // thermal transfer
      {kIdleFirst, "000,0,0,0,0,2,4,1,00000000,1,000", ""},  // peeled off, waits to be taken
      {kIdleFirst, "000,0,0,0,0,2,4,0,00000012,1,000", "", false},
      // What a person has to do first comes first.
      {"030,1,1,1245,000,0,0,0,000,0,0,0", "000,0,1,0,0,2,4,0,00000000,1,000", "out of labels"},
      // Newer firmware has letters for the print mode.
      {kIdleFirst, "000,0,0,0,0,K,4,0,00000000,1,000", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.first, row.second);
    HostStatusReader reader;
    const auto status = reader.feed(answer(row.first, row.second));
    REQUIRE(status);
    if (row.fault.empty()) {
      CHECK(status->fault().empty());
    } else {
      CHECK_THAT(status->fault(), Catch::Contains(row.fault));
    }
    CHECK(status->idle() == row.idle);
  }
  HostStatusReader reader;
  const auto status =
      reader.feed(answer("030,0,0,1245,007,0,0,0,000,0,0,0", "000,0,0,0,0,1,4,1,00000002,1,000"));
  REQUIRE(status);
  CHECK(status->formats_waiting == 7);
  CHECK(status->labels_remaining == 2);
  CHECK(status->label_waiting);
}

TEST_CASE("host status: firmware may have fewer fields at the end, or more", "[devices][zpl]") {
  struct Row {
    std::string first;
    std::string second;
  };
  const std::vector<Row> rows{
      {"030,0,0,1245,002", "000,0,1,0,0,2,4,0,00000000"},
      {kIdleFirst + ",0,0,0", kIdleSecond + ",17,abc"},
      {",0,0,,000", ",,0,0,,,,,0"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.first);
    HostStatusReader reader;
    const auto status = reader.feed(answer(row.first, row.second, ""));
    REQUIRE(status);
    CHECK_FALSE(status->too_hot);
    CHECK(status->head_open == (row.second == rows[0].second));
    CHECK(status->formats_waiting == (row.first == rows[0].first ? 2 : 0));
  }
}

TEST_CASE("host status: strings without what tells whether a label is printed are no answer",
          "[devices][zpl]") {
  const std::vector<std::string> rows{
      "\x02\x03\x02\x03\x02\x03",
      answer("", ""),
      answer("030,0,0,1245", kIdleSecond),
      answer("030,0,0,1245,x,0,0,0,000,0,0,0", kIdleSecond),
      answer("030,,0,1245,000", kIdleSecond),
      answer("030,-1,0,1245,000", kIdleSecond),
      answer(kIdleFirst, "000,0,0,0,0,2,4,0"),
      answer(kIdleFirst, "000,0,x,0,0,2,4,0,00000000,1,000"),
      answer(kIdleFirst, ""),
      answer("ZTC ZD420-203dpi ZPL,V84.20.18Z,8,8192KB", "", ""),  // to ~HI
  };
  for (const std::string& octets : rows) {
    CAPTURE(octets);
    HostStatusReader reader;
    CHECK_FALSE(reader.feed(octets));
    // A true answer behind it is found.
    auto status = reader.feed(answer("030,1,0,1245,000", kIdleSecond));
    REQUIRE(status);
    CHECK(status->paper_out);
  }
}

TEST_CASE("host status: it does not matter how the octets are split", "[devices][zpl]") {
  const std::string octets =
      answer("030,1,0,1245,005,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000003,1,000");
  for (std::size_t at = 0; at < octets.size(); ++at) {
    HostStatusReader reader;
    CAPTURE(at);
    const auto early = reader.feed(octets.substr(0, at));
    const auto late = reader.feed(octets.substr(at));
    REQUIRE(early.has_value() != late.has_value());
    const HostStatus status = early ? *early : *late;
    CHECK(status.paper_out);
    CHECK(status.formats_waiting == 5);
    CHECK(status.labels_remaining == 3);
  }
  HostStatusReader reader;
  int found = 0;
  for (const char octet : octets + octets) {
    if (reader.feed({&octet, 1})) ++found;
  }
  CHECK(found == 2);
}

TEST_CASE("host status: two answers at once are two", "[devices][zpl]") {
  HostStatusReader reader;
  const auto first = reader.feed(answer("030,1,0,1245,000", kIdleSecond) +
                                 answer("030,0,1,1245,000", kIdleSecond));
  REQUIRE(first);
  CHECK(first->paper_out);
  const auto second = reader.feed({});
  REQUIRE(second);
  CHECK(second->paused);
  CHECK_FALSE(reader.feed({}));
}

TEST_CASE("host status: noise in front, between and in the middle", "[devices][zpl]") {
  HostStatusReader reader;
  CHECK(reader.feed("\r\n\x03garbage" + answer(kIdleFirst, kIdleSecond)));
  // Cut off in the middle, then sent again.
  CHECK_FALSE(
      reader.feed("\x02"
                  "030,1,0,12"));
  const auto again = reader.feed(answer(kIdleFirst, kIdleSecond));
  REQUIRE(again);
  CHECK_FALSE(again->paper_out);
  // A wire that says nothing but this is no printer, and does not fill the memory.
  for (int i = 0; i < 100; ++i) CHECK_FALSE(reader.feed("\x02" + std::string(1000, 'x')));
  CHECK_FALSE(reader.feed(std::string(10'000, '\x02')));
  const auto after = reader.feed(answer(kIdleFirst, kIdleSecond));
  REQUIRE(after);
  CHECK(after->idle());
  reader.feed(
      "\x02"
      "030,1,0");
  reader.reset();
  CHECK_FALSE(reader.feed(",1245,000\x03"));
}

TEST_CASE("host status: numbers beyond all bounds do no harm", "[devices][zpl]") {
  HostStatusReader reader;
  const auto status =
      reader.feed(answer("030,0,0,1245,99999999999999", "000,0,0,0,0,2,4,0,18446744073709551615"));
  REQUIRE(status);
  CHECK_FALSE(status->idle());
  CHECK(status->formats_waiting > 0);
  CHECK(status->labels_remaining > 0);
}

}  // namespace
}  // namespace cairn::devices::host_status_test
