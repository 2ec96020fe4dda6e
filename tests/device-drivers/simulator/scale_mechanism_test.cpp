#include "tools/cairn-sim/scale_mechanism.h"

#include "tests/support/catch.h"

#include <chrono>
#include <utility>
#include <vector>

namespace cairn::simulator::scale_mechanism_test {
namespace {

using std::chrono::milliseconds;
using State = ScaleMechanism::State;

MonoTime at(int ms) { return MonoTime{1'000'000} + milliseconds(ms); }

TEST_CASE("scale mechanism: a weight moves, then rests", "[simulator][scale]") {
  ScaleMechanism scale{milliseconds(300)};
  CHECK(scale.state(at(0)) == State::kStable);
  CHECK(scale.answer('W', at(0)) ==
        "\x02"
        "00.000\r");
  scale.put(1250, at(0));
  CHECK(scale.state(at(299)) == State::kMoving);
  CHECK_FALSE(scale.shown(at(299)));
  CHECK(scale.answer('W', at(299)) == "\x02?A\r");
  CHECK(scale.state(at(300)) == State::kStable);
  CHECK(scale.shown(at(300)) == "01.250");
  CHECK(scale.answer('W', at(300)) ==
        "\x02"
        "01.250\r");
}

TEST_CASE("scale mechanism: what is no weight says why", "[simulator][scale]") {
  ScaleMechanism scale{Duration::zero()};
  scale.overload();
  CHECK(scale.state(at(0)) == State::kOver);
  CHECK(scale.answer('W', at(0)) == "\x02?B\r");
  scale.lift();
  CHECK(scale.state(at(0)) == State::kUnder);
  CHECK(scale.answer('W', at(0)) == "\x02?D\r");
  scale.move();
  CHECK(scale.answer('W', at(60'000)) == "\x02?A\r");
  scale.put(5, at(0));
  CHECK(scale.answer('W', at(0)) ==
        "\x02"
        "00.005\r");
}

TEST_CASE("scale mechanism: is zeroed with what lies on it", "[simulator][scale]") {
  ScaleMechanism scale{milliseconds(300)};
  scale.put(200, at(0));
  CHECK(scale.answer('Z', at(0)) == "\x02?A\r");  // not while it moves
  CHECK(scale.shown(at(300)) == "00.200");
  CHECK(scale.answer('Z', at(300)) == "\x02?P\r");
  CHECK(scale.shown(at(300)) == "00.000");
  scale.put(700, at(300));
  CHECK(scale.shown(at(600)) == "00.500");
  scale.put(0, at(600));
  CHECK(scale.state(at(900)) == State::kUnder);
  CHECK(scale.answer('W', at(900)) == "\x02?D\r");
  CHECK(scale.answer('Z', at(900)) == "\x02?P\r");
  CHECK(scale.state(at(900)) == State::kStable);
}

TEST_CASE("scale mechanism: does not answer what it does not know", "[simulator][scale]") {
  ScaleMechanism scale{Duration::zero()};
  for (const char command : {'w', 'A', '\r', '\n', '\0'})
    CHECK(scale.answer(command, at(0)).empty());
}

TEST_CASE("scale mechanism: a weight is typed in kilograms", "[simulator][scale]") {
  const std::vector<std::pair<std::string, std::int64_t>> good{
      {"0", 0}, {"1", 1000}, {"1.25", 1250}, {"0.005", 5}, {"99.999", 99'999}, {"01.250", 1250}};
  for (const auto& [text, grams] : good) {
    CAPTURE(text);
    CHECK(parse_kilograms(text) == grams);
  }
  for (const std::string text : {"", "-1", "-0", "100", "1.2345", "1,5", "x", "1 kg", ".", "1e1"}) {
    CAPTURE(text);
    const auto grams = parse_kilograms(text);
    REQUIRE_FALSE(grams);
    CHECK(grams.error().reason == "bad_weight");
  }
}

TEST_CASE("scale mechanism: the parity is the eighth bit, and even", "[simulator][scale]") {
  CHECK(with_even_parity("\x02") == "\x82");
  CHECK(with_even_parity("0") == "0");     // 0x30: two ones
  CHECK(with_even_parity("1") == "\xb1");  // 0x31: three
  CHECK(with_even_parity("\r") == "\x8d");
  CHECK(with_even_parity("?A") == "?A");
}

}  // namespace
}  // namespace cairn::simulator::scale_mechanism_test
