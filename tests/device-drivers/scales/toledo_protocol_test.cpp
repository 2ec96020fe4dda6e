#include "device-drivers/scales/toledo_protocol.h"

#include "tests/device-drivers/support/scale_talk.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/scale_mechanism.h"

#include <string>
#include <vector>

namespace cairn::devices::toledo_protocol_test {
namespace {

using State = WeightReading::State;
using Answers = std::vector<std::string>;
using test::heard_in;

Answers heard(std::string_view octets) {
  ToledoProtocol scale(WeightUnit::kKilogram);
  return heard_in(scale, octets);
}

TEST_CASE("toledo: digits are a stable weight, exact to the milligram", "[devices][toledo]") {
  struct Row {
    WeightUnit unit;
    std::string answer;
    std::int64_t mg;
    std::string shown;
  };
  const std::vector<Row> rows{
      {WeightUnit::kKilogram, "01.250", 1'250'000, "1.250 kg"},
      {WeightUnit::kKilogram, "00.000", 0, "0.000 kg"},
      {WeightUnit::kKilogram, "00.005", 5'000, "0.005 kg"},
      {WeightUnit::kKilogram, "15.000", 15'000'000, "15.000 kg"},
      {WeightUnit::kKilogram, "0.0000001", -1, ""},  // finer than anything is weighed
      {WeightUnit::kKilogram, "0.000001", 1, "0.000001 kg"},
      {WeightUnit::kKilogram, "7", 7'000'000, "7 kg"},
      {WeightUnit::kKilogram, "01.250N", 1'250'000, "1.250 kg"},
      {WeightUnit::kGram, "01250", 1'250'000, "1250 g"},
      {WeightUnit::kGram, "0.5", 500, "0.5 g"},
      // An avoirdupois pound is 453.59237 g, an ounce a sixteenth of it.
      {WeightUnit::kPound, "01.00", 453'592, "1.00 lb"},
      {WeightUnit::kPound, "02.75", 1'247'379, "2.75 lb"},  // 1247.3790175 g
      {WeightUnit::kPound, "30.00", 13'607'771, "30.00 lb"},
      {WeightUnit::kOunce, "16.0", 453'592, "16.0 oz"},
      {WeightUnit::kOunce, "00.1", 2'835, "0.1 oz"},  // 2.8349523125 g
      {WeightUnit::kOunce, "10000", 283'495'231, "10000 oz"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.answer, name_of(row.unit));
    const auto reading = read_toledo(row.answer, row.unit);
    CHECK(reading.has_value() == (row.mg >= 0));
    if (!reading) continue;
    CHECK(reading->state == State::kStable);
    CHECK(reading->weight_mg == row.mg);
    CHECK(reading->shown == row.shown);
  }
}

TEST_CASE("toledo: every status octet is a state without a weight", "[devices][toledo]") {
  // Bit 0 motion, 1 over capacity, 2 under zero, 3 outside zero capture, 4 centre of zero, 5 net,
  // 6 always.
  for (unsigned bits = 0x40; bits < 0x80; ++bits) {
    const std::string answer{'?', static_cast<char>(bits)};
    CAPTURE(answer);
    const auto reading = read_toledo(answer, WeightUnit::kKilogram);
    REQUIRE(reading);
    const bool over = (bits & 0x02U) != 0;
    const bool under = (bits & 0x0CU) != 0;
    CHECK(reading->state == (over ? State::kOver : under ? State::kUnder : State::kUnstable));
    CHECK(reading->weight_mg == 0);
    CHECK(reading->shown.empty());
  }
}

TEST_CASE("toledo: what is neither digits nor a status is no reading", "[devices][toledo]") {
  const std::vector<std::string> rows{"",
                                      "N",
                                      ".",
                                      "?",
                                      "?AA",
                                      "01,250",
                                      " 1.250",
                                      "-01.250",
                                      "1.2.3",
                                      "1.",
                                      ".5",
                                      "01.25O",
                                      "W",
                                      "01.250g",
                                      "NN",
                                      "1.250NN",
                                      "12e3",
                                      "\xff",
                                      "1.250 ",
                                      "00000000000.00000",
                                      std::string("01.2\0000", 7),  // damaged on the line
                                      "999999999999999"};
  for (const std::string& answer : rows) {
    CAPTURE(answer);
    CHECK_FALSE(read_toledo(answer, WeightUnit::kKilogram));
  }
}

TEST_CASE("toledo: nothing that fits into an answer overflows", "[devices][toledo]") {
  for (const WeightUnit unit :
       {WeightUnit::kKilogram, WeightUnit::kGram, WeightUnit::kPound, WeightUnit::kOunce}) {
    for (std::size_t digits = 1; digits <= 16; ++digits) {
      const auto reading = read_toledo(std::string(digits, '9'), unit);
      if (reading) CHECK(reading->weight_mg > 0);
    }
  }
}

TEST_CASE("toledo: what is outside, too long or begun anew is dropped", "[devices][toledo]") {
  struct Row {
    std::string octets;
    Answers answers;
  };
  const std::vector<Row> rows{
      {"\x02"
       "01.250\r\x02?A\r",
       {"1.250 kg", "unstable"}},
      {"01.250\r", {}},
      {"\r\n\x02"
       "01.250\r\n",
       {"1.250 kg"}},
      {"noise\x02"
       "1\rnoise",
       {"1 kg"}},
      {"\x02"
       "01.2\x02"
       "03.400\r",
       {"3.400 kg"}},
      {"\x02\r", {}},
      {"\x02" + std::string(15, '0') + "1\r", {"1 kg"}},
      {"\x02" + std::string(16, '0') +
           "1\r\x02"
           "2\r",
       {"2 kg"}},
      {"\x02" + std::string(5000, '1'), {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.octets);
    CHECK(heard(row.octets) == row.answers);
  }
}

TEST_CASE("toledo: a new question forgets half an answer", "[devices][toledo]") {
  ToledoProtocol scale(WeightUnit::kKilogram);
  CHECK(scale.ask() == "W");
  for (const char octet : std::string_view("\x02"
                                           "01.")) {
    CHECK_FALSE(scale.take(octet));
  }
  CHECK(heard_in(scale, "250\r").empty());
}

TEST_CASE("toledo: a parity bit that nobody took away does not matter", "[devices][toledo]") {
  const std::string octets = simulator::with_even_parity(
      "\x02"
      "01.250\r\x02?a\r");
  CHECK(octets.find('\xb1') != std::string::npos);  // "1" has three ones
  CHECK(heard(octets) == Answers{"1.250 kg", "unstable"});
  std::string odd;
  for (const char octet : octets) {
    odd.push_back(static_cast<char>(static_cast<unsigned char>(octet) ^ 0x80U));
  }
  CHECK(heard(odd) == Answers{"1.250 kg", "unstable"});
}

TEST_CASE("toledo: orders are single letters", "[devices][toledo]") {
  const ToledoProtocol scale(WeightUnit::kKilogram);
  CHECK(scale.order(ScaleOrder::kZero) == "Z");
  CHECK(scale.order(ScaleOrder::kTare) == "T");
  CHECK(scale.order(ScaleOrder::kClearTare) == "C");
}

TEST_CASE("toledo: units have names", "[devices][toledo]") {
  for (const std::string_view name : {"kg", "g", "lb", "oz"}) {
    const auto unit = parse_weight_unit(name);
    REQUIRE(unit);
    CHECK(name_of(*unit) == name);
  }
  for (const std::string_view name : {"", "KG", "kg ", "mg", "stone"}) {
    const auto unit = parse_weight_unit(name);
    REQUIRE_FALSE(unit);
    CHECK(unit.error().code == ErrorCode::kInvalid);
    CHECK(unit.error().reason == "bad_unit");
    CHECK_THAT(unit.error().message, Catch::Contains("known: kg, g, lb, oz"));
  }
  CHECK(name_of(State::kStable) == "stable");
  CHECK(name_of(State::kUnstable) == "unstable");
  CHECK(name_of(State::kOver) == "over");
  CHECK(name_of(State::kUnder) == "under");
}

}  // namespace
}  // namespace cairn::devices::toledo_protocol_test
