#include "device-drivers/zpl/status_dialogue.h"

#include "device-drivers/network/tcp_connection.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/tcp_peer.h"
#include "tests/support/catch.h"

#include <cstdint>
#include <optional>

namespace cairn::devices::status_dialogue_test {
namespace {

using std::chrono::milliseconds;

/// An answer with so many formats waiting.
std::string answer(int waiting) {
  return "\x02"
         "030,0,0,1218,00" +
         std::to_string(waiting) +
         ",0,0,0,000,0,0,0\x03\r\n"
         "\x02"
         "001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n\x02"
         "1234,0\x03\r\n";
}

/// A dialogue with a printer that the test plays: what it says is written before it is asked.
struct Talk {
  Talk() { connect(0); }
  /// Anew, with so many answers owed.
  void connect(std::uint64_t owed) {
    auto opened = TcpConnection::open(peer.address(), in(milliseconds(20'000)), waker, clock);
    REQUIRE(opened);
    peer.accept();
    connection.emplace(*std::move(opened));
    dialogue = StatusDialogue(owed);
  }

  [[nodiscard]] MonoTime in(Duration duration) const { return clock.mono_now() + duration; }
  /// Formats waiting; -1: no answer in time, -2: the connection is lost.
  int ask(Duration within = milliseconds(20'000)) {
    const auto status = dialogue.ask(*connection, in(within), waker, clock);
    if (!status) return -2;
    CHECK(peer.read(5) == "~HS\r\n");
    return *status ? (*status)->formats_waiting : -1;
  }

  test::MachineClock clock;
  Waker waker;
  test::TcpPeer peer;
  std::optional<TcpConnection> connection;
  StatusDialogue dialogue;
};

TEST_CASE("status dialogue: a question has an answer", "[devices][zpl]") {
  Talk talk;
  talk.peer.write(answer(3));
  CHECK(talk.ask() == 3);
  CHECK(talk.ask(milliseconds(20)) == -1);
}

TEST_CASE("status dialogue: answers to questions from before the label do not count",
          "[devices][zpl]") {
  Talk talk;
  CHECK(talk.ask(milliseconds(10)) == -1);
  CHECK(talk.ask(milliseconds(10)) == -1);
  talk.dialogue.expect_news();
  talk.peer.write(answer(0) + answer(0));  // late, to the two of before
  CHECK(talk.ask(milliseconds(20)) == -1);
  talk.peer.write(answer(1));
  CHECK(talk.ask(milliseconds(20'000)) == 1);
}

TEST_CASE("status dialogue: answers to an earlier dialogue on the same line do not count",
          "[devices][zpl]") {
  Talk talk;
  CHECK(talk.ask(milliseconds(10)) == -1);
  CHECK(talk.dialogue.owed() == 1);
  talk.connect(1);
  talk.peer.write(answer(5) + answer(2));
  CHECK(talk.ask() == 2);
  CHECK(talk.dialogue.owed() == 0);
}

TEST_CASE("status dialogue: a printer that lost the questions of before is heard all the same",
          "[devices][zpl]") {
  Talk talk;
  talk.connect(7);
  talk.peer.write(answer(4));
  CHECK(talk.ask(milliseconds(50)) == 4);
  CHECK(talk.dialogue.owed() == 0);
  talk.peer.write(answer(3));
  CHECK(talk.ask() == 3);
}

TEST_CASE("status dialogue: without a label in between a late answer is as good as any",
          "[devices][zpl]") {
  Talk talk;
  CHECK(talk.ask(milliseconds(10)) == -1);
  talk.peer.write(answer(2));
  CHECK(talk.ask() == 2);
}

TEST_CASE("status dialogue: several answers that arrive at once are told apart", "[devices][zpl]") {
  Talk talk;
  CHECK(talk.ask(milliseconds(10)) == -1);
  talk.dialogue.expect_news();
  talk.peer.write(answer(0) + answer(4));
  CHECK(talk.ask() == 4);
}

TEST_CASE("status dialogue: a lost connection is no answer", "[devices][zpl]") {
  Talk talk;
  talk.peer.close();
  CHECK(talk.ask() == -2);
}

}  // namespace
}  // namespace cairn::devices::status_dialogue_test
