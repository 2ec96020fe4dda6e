#include "tools/cairn-sim/epl_intake.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::simulator::epl_intake_test {
namespace {

using Labels = std::vector<std::string>;

TEST_CASE("epl intake: a label goes from N to P, however it is split", "[simulator][epl]") {
  const std::string octets =
      "noise\nN\nq812\nA10,10,0,4,1,1,N,\"P1 N\"\nP1\n\r\nN\r\nA2\r\nP2,1\r\nN\nhalf";
  const Labels expected{"N\nq812\nA10,10,0,4,1,1,N,\"P1 N\"\nP1\n", "N\r\nA2\r\nP2,1\r\n"};
  EplIntake whole;
  CHECK(whole.feed(octets) == expected);
  for (std::size_t split = 1; split < octets.size(); ++split) {
    CAPTURE(split);
    EplIntake intake;
    Labels found = intake.feed(octets.substr(0, split));
    for (auto& more : intake.feed(octets.substr(split))) found.push_back(std::move(more));
    CHECK(found == expected);
  }
}

TEST_CASE("epl intake: half a label is none, and N begins a new one", "[simulator][epl]") {
  EplIntake intake;
  CHECK(intake.feed("N\nA1\nA10,10,0,4,1,1,N,\"cut o").empty());
  CHECK(intake.feed("\nN\nA2\nP1\n") == Labels{"N\nA2\nP1\n"});
  CHECK(intake.feed("P1\n") == Labels{"N\nA2\nP1\n"});  // the image is still there
  intake.feed("N\nA3\n");
  intake.reset();
  CHECK(intake.feed("N\nA4\nP1\n") == Labels{"N\nA4\nP1\n"});
}

TEST_CASE("epl intake: commands within a picture's data are data", "[simulator][epl]") {
  const std::string picture = "GW0,0,3,3,\nP1\nN\nP1\n\n";  // nine octets behind its head
  EplIntake intake;
  CHECK(intake.feed("N\n" + picture).empty());
  CHECK(intake.feed("P1\n") == Labels{"N\n" + picture + "P1\n"});
  CHECK(intake.feed("N\nGWx\nP1\n") == Labels{"N\nGWx\nP1\n"});
}

TEST_CASE("epl intake: a line without end takes no more and no less than a label",
          "[simulator][epl]") {
  EplIntake intake;
  for (int i = 0; i < 3000; ++i) CHECK(intake.feed(std::string(1000, 'x')).empty());
  const Labels labels = intake.feed("\nN\nP1\n");
  CHECK(labels == Labels{"N\nP1\n"});
}

}  // namespace
}  // namespace cairn::simulator::epl_intake_test
