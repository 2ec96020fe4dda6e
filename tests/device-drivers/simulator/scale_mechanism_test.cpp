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
  CHECK(scale.shown(at(0)) == "00.000");
  scale.put(1250, at(0));
  CHECK(scale.state(at(299)) == State::kMoving);
  CHECK_FALSE(scale.shown(at(299)));
  CHECK(scale.state(at(300)) == State::kStable);
  CHECK(scale.shown(at(300)) == "01.250");
  CHECK(scale.grams(at(300)) == 1250);
}

TEST_CASE("scale mechanism: what is no weight has a state", "[simulator][scale]") {
  ScaleMechanism scale{Duration::zero()};
  scale.overload();
  CHECK(scale.state(at(0)) == State::kOver);
  scale.lift();
  CHECK(scale.state(at(0)) == State::kUnder);
  scale.move();
  CHECK(scale.state(at(60'000)) == State::kMoving);
  scale.put(5, at(0));
  CHECK(scale.shown(at(0)) == "00.005");
}

TEST_CASE("scale mechanism: is zeroed with what lies on it", "[simulator][scale]") {
  ScaleMechanism scale{milliseconds(300)};
  scale.put(200, at(0));
  CHECK_FALSE(scale.zero(at(0)));  // not while it moves
  CHECK(scale.shown(at(300)) == "00.200");
  CHECK(scale.zero(at(300)));
  CHECK(scale.shown(at(300)) == "00.000");
  scale.put(700, at(300));
  CHECK(scale.shown(at(600)) == "00.500");
  scale.put(0, at(600));
  CHECK(scale.state(at(900)) == State::kUnder);
  CHECK(scale.zero(at(900)));
  CHECK(scale.state(at(900)) == State::kStable);
}

TEST_CASE("scale mechanism: a tare is taken off until it is cleared", "[simulator][scale]") {
  ScaleMechanism scale{milliseconds(300)};
  scale.put(200, at(0));
  CHECK_FALSE(scale.tare(at(0)));
  CHECK(scale.tare(at(300)));
  CHECK(scale.is_net());
  CHECK(scale.tare_grams() == 200);
  CHECK(scale.shown(at(300)) == "00.000");
  scale.put(0, at(300));
  CHECK(scale.state(at(600)) == State::kUnder);
  scale.clear_tare();
  CHECK_FALSE(scale.is_net());
  CHECK(scale.shown(at(600)) == "00.000");
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
