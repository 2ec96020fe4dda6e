#include "tools/cairn-sim/zpl_intake.h"

#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::simulator::zpl_intake_test {
namespace {

using Kind = ZplIntake::Arrival::Kind;
using Arrivals = std::vector<std::string>;

/// Formats as they are, questions as "?".
Arrivals text_of(const std::vector<ZplIntake::Arrival>& arrivals) {
  Arrivals texts;
  for (const auto& one : arrivals) texts.push_back(one.kind == Kind::kFormat ? one.zpl : "?");
  return texts;
}

TEST_CASE("zpl intake: finds formats and questions, however they are split", "[simulator][zpl]") {
  const std::string octets = "~HS\r\n^XA^FDa^FS^XZ\n noise ^xa^FDb~HS^FS^xz~JA~hs^XA^XZ";
  const Arrivals expected{"?", "^XA^FDa^FS^XZ", "?", "^xa^FDb^FS^xz", "?", "^XA^XZ"};
  ZplIntake whole;
  CHECK(text_of(whole.feed(octets)) == expected);
  for (std::size_t split = 1; split < octets.size(); ++split) {
    CAPTURE(split);
    ZplIntake intake;
    Arrivals found = text_of(intake.feed(octets.substr(0, split)));
    for (auto& more : text_of(intake.feed(octets.substr(split)))) found.push_back(std::move(more));
    CHECK(found == expected);
  }
}

TEST_CASE("zpl intake: a part of a format is none", "[simulator][zpl]") {
  ZplIntake intake;
  CHECK(intake.feed("^XA^FDhalf").empty());
  CHECK(intake.is_partial());
  intake.reset();
  CHECK_FALSE(intake.is_partial());
  CHECK(intake.feed(" of it^FS^XZ").empty());
  CHECK(text_of(intake.feed("^XA^FDwhole^FS^XZ")) == Arrivals{"^XA^FDwhole^FS^XZ"});
}

TEST_CASE("zpl intake: what follows half a format is printed into it", "[simulator][zpl]") {
  ZplIntake intake;
  CHECK(intake.feed("^XA^FDhalf").empty());
  CHECK(text_of(intake.feed("^XA^FDnext^FS^XZ")) == Arrivals{"^XA^FDhalf^XA^FDnext^FS^XZ"});
  CHECK(text_of(intake.feed("^XA^FDlast^FS^XZ")) == Arrivals{"^XA^FDlast^FS^XZ"});
}

TEST_CASE("zpl intake: what is outside of a format and unknown does nothing", "[simulator][zpl]") {
  ZplIntake intake;
  CHECK(intake.feed("hello^FDx^FS~JR~PP^XZ\xff\x00").empty());
  CHECK(text_of(intake.feed("^^XA~~HS^XZ")) == Arrivals{"?", "^XA~^XZ"});
}

TEST_CASE("zpl intake: a format without end is dropped", "[simulator][zpl]") {
  ZplIntake intake;
  intake.feed("^XA");
  for (int i = 0; i < 2100; ++i) intake.feed(std::string(1000, 'x'));
  CHECK_FALSE(intake.is_partial());
  CHECK(intake.feed("^XZ").empty());
  CHECK(text_of(intake.feed("^XA^XZ")) == Arrivals{"^XA^XZ"});
}

}  // namespace
}  // namespace cairn::simulator::zpl_intake_test
