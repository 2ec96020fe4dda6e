#include "device-drivers/escpos/status.h"

#include "tests/support/catch.h"

#include <string>

namespace cairn::devices::status_test {
namespace {

using namespace std::string_literals;
using Kind = EscPosStatusReader::Heard::Kind;

EscPosStatus answered(int question, char octet) {
  EscPosStatusReader reader;
  reader.expect(question);
  const auto heard = reader.feed(std::string(1, octet));
  REQUIRE(heard.size() == 1);
  CHECK(heard.front().kind == Kind::kAnswer);
  return heard.front().status;
}

TEST_CASE("escpos status: each answer has its own bits", "[devices][escpos]") {
  for (int question = 1; question <= 4; ++question) {
    CHECK(answered(question, 0x12) == EscPosStatus{});
    CHECK(answered(question, 0x12).fault().empty());
    CHECK(ask_status(question) == "\x10\x04"s + static_cast<char>(question));
  }
  CHECK(answered(1, 0x1a).offline);
  CHECK(answered(1, 0x16).drawer_pin_high);
  CHECK(answered(2, 0x16).cover_open);
  CHECK(answered(2, 0x1a).fed_by_key);
  CHECK(answered(2, 0x32).paper_out);
  CHECK(answered(3, 0x1a).cutter_error);
  CHECK(answered(3, 0x32).needs_service);
  CHECK(answered(3, 0x52).recovers);
  CHECK(answered(4, 0x1e).paper_near_end);
  CHECK_FALSE(answered(4, 0x1e).paper_out);
  CHECK(answered(4, 0x7e).paper_out);
}

TEST_CASE("escpos status: faults are sentences", "[devices][escpos]") {
  CHECK(answered(2, 0x16).fault() == "its cover is open");
  CHECK(answered(4, 0x72).fault() == "it is out of paper");
  CHECK_THAT(answered(3, 0x1a).fault(), Catch::Contains("cutter is blocked"));
  CHECK(answered(4, 0x1e).fault().empty());  // near its end it still prints
  CHECK(answered(1, 0x1a).fault() == "it is offline");
}

TEST_CASE("escpos status: the automatic status is told apart from answers", "[devices][escpos]") {
  EscPosStatusReader reader;
  reader.expect(1);
  // A block, an answer within it, XON, and the end of the block.
  const auto heard = reader.feed("\x30\x00\x12\x11\x0c\x00"s);
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].kind == Kind::kAnswer);
  CHECK(heard[1].kind == Kind::kAutomatic);
  CHECK(heard[1].status.cover_open);
  CHECK(heard[1].status.paper_out);
  // However it is split.
  EscPosStatusReader split;
  std::size_t blocks = 0;
  for (const char octet : "\x10\x08\x03\x00"s) blocks += split.feed(std::string(1, octet)).size();
  CHECK(blocks == 1);
}

TEST_CASE("escpos status: the answer behind a receipt comes once", "[devices][escpos]") {
  EscPosStatusReader reader;
  reader.expect_processed();
  const auto heard = reader.feed("\x12\x00\x00"s);
  REQUIRE(heard.size() == 1);
  CHECK(heard.front().kind == Kind::kProcessed);
}

TEST_CASE("escpos status: what is none is dropped", "[devices][escpos]") {
  EscPosStatusReader reader;
  CHECK(reader.feed("\x12\x12").empty());  // nobody asked
  CHECK(reader.feed("\x00\x01\x02"s).empty());
  CHECK(reader.feed("\x10\x90\x00\x00\x00"s).empty());
  reader.expect(2);
  CHECK(reader.feed("garbage \x16").size() == 1);
  CHECK(reader.feed("\x16").empty());  // one answer to one question
}

TEST_CASE("escpos status: answers to what was asked behind earlier receipts are counted",
          "[devices][escpos]") {
  EscPosStatusReader reader;
  const std::string answer(1, '\0');
  CHECK(reader.feed(answer).empty());
  reader.expect_processed();
  reader.reset();  // the wire was opened anew, and the answer may come there
  reader.expect_processed();
  CHECK(reader.feed(answer).size() == 1);
  CHECK(reader.unanswered() == 1);
  CHECK(reader.feed(answer + answer).size() == 1);
  CHECK(reader.unanswered() == 0);
  reader.expect_processed();
  reader.forget_processed();
  CHECK(reader.feed(answer).empty());
}

}  // namespace
}  // namespace cairn::devices::status_test
