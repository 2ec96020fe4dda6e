#include "tools/cairn-sim/escpos_intake.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::simulator::escpos_intake_test {
namespace {

using namespace std::string_literals;
using Kind = EscPosIntake::Arrival::Kind;

std::vector<std::string> words_of(std::string_view octets, std::size_t at_once) {
  EscPosIntake intake;
  std::vector<std::string> words;
  for (std::size_t at = 0; at < octets.size(); at += at_once) {
    for (const auto& arrival : intake.feed(octets.substr(at, at_once))) {
      words.push_back(arrival.kind == Kind::kPrinted          ? "printed " + arrival.octets
                      : arrival.kind == Kind::kProcessedAsked ? "processed?"
                      : arrival.kind == Kind::kDrawer
                          ? "drawer"
                          : "status " + std::to_string(arrival.question));
    }
  }
  return words;
}

TEST_CASE("escpos intake: questions within data are data", "[simulator][escpos]") {
  // A QR code and both kinds of bar code whose data holds DLE EOT 1 and GS r.
  const std::string qr = "\x1d(k\x06\x00"s + "1P0" + "\x10\x04\x01";
  const std::string code128 = "\x1dkI\x04{B\x1dr";
  const std::string ean = "\x1dk\x02"s + "4006381333931\0"s;
  const std::string octets =
      "a\x10\x04\x02" + qr + code128 + ean + "\x1bp\x00\x32\xfa"s + "b\x1dr\x01";
  const std::vector<std::string> words{"status 2", "drawer", "printed a" + qr + code128 + ean + "b",
                                       "processed?"};
  CHECK(words_of(octets, octets.size()) == words);
  CHECK(words_of(octets, 1) == words);
}

}  // namespace
}  // namespace cairn::simulator::escpos_intake_test
