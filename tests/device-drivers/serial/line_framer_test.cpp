#include "device-drivers/serial/line_framer.h"

#include "core/base/barcode.h"
#include "tests/support/catch.h"

namespace cairn::devices::line_framer_test {
namespace {

using Reason = FailedRead::Reason;
using Reads = std::vector<LineFramer::Read>;
using std::string_literals::operator""s;

constexpr Duration kGap = std::chrono::seconds(1);
constexpr MonoTime kStart{1'000'000};

LineFramer::Read refused(Reason reason) { return tl::unexpected(reason); }

Reads feed_whole(std::string_view octets) { return LineFramer(kGap).feed(octets, kStart); }

/// Feeds `octets` in pieces that end at the given places.
Reads feed_pieces(std::string_view octets, std::initializer_list<std::size_t> ends) {
  LineFramer framer(kGap);
  Reads reads;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    for (auto& read : framer.feed(octets.substr(begin, end - begin), kStart)) reads.push_back(read);
    begin = end;
  }
  return reads;
}

TEST_CASE("framer: each suffix ends a read, CR LF only one", "[devices][framer]") {
  struct Row {
    std::string octets;
    Reads reads;
  };
  const std::vector<Row> rows{
      {"4006381333931\r", {"4006381333931"}},
      {"4006381333931\n", {"4006381333931"}},
      {"4006381333931\r\n", {"4006381333931"}},
      {"A\r\nB\r\n", {"A", "B"}},
      {"A\rB\nC\r\nD\r", {"A", "B", "C", "D"}},
      {"A\n\rB\n\r", {"A", "B"}},
      {"\r\n\r\n\n\n\r\r", {}},
      {"", {}},
      {"A", {}},
      {" \r", {" "}},
      {"]C10109521234567881\x1d"
       "17\r",
       {"]C10109521234567881\x1d"
        "17"}},
      {"Gr\xc3\xbc\xc3\x9f"
       "e\r",
       {"Gr\xc3\xbc\xc3\x9f"
        "e"}},
      {"\xff\x80\x11\x13\x1b\x7f\r", {"\xff\x80\x11\x13\x1b\x7f"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.octets);
    CHECK(feed_whole(row.octets) == row.reads);
  }
}

TEST_CASE("framer: it does not matter how the octets are split", "[devices][framer]") {
  const std::string octets = "4006381333931\r\n]E0\r\xc3\xa4\n\n\0\0B\r\nC\rD\0E\r\n\r\nF\n"s;
  const Reads expected{
      "4006381333931", "]E0", "\xc3\xa4", "B", "C", refused(Reason::kIncomplete), "F"};
  for (std::size_t first = 0; first <= octets.size(); ++first) {
    for (std::size_t second = first; second <= octets.size(); ++second) {
      CAPTURE(first, second);
      REQUIRE(feed_pieces(octets, {first, second, octets.size()}) == expected);
    }
  }
}

TEST_CASE("framer: CR and LF seconds apart are one end", "[devices][framer]") {
  LineFramer framer(kGap);
  CHECK(framer.feed("A\r", kStart) == Reads{"A"});
  CHECK_FALSE(framer.deadline());
  CHECK_FALSE(framer.quiet(kStart + std::chrono::seconds(5)));
  CHECK(framer.feed("\n", kStart + std::chrono::seconds(5)).empty());
  CHECK(framer.feed("B\r", kStart + std::chrono::seconds(5)) == Reads{"B"});
}

TEST_CASE("framer: a read of the greatest size passes, a longer one is refused once",
          "[devices][framer]") {
  const std::string longest(Barcode::kMaxSize, '7');
  CHECK(feed_whole(longest + "\r") == Reads{longest});
  CHECK(feed_whole(longest + "7\rB\r") == Reads{refused(Reason::kTooLong), "B"});
  CHECK(feed_whole(std::string(10 * Barcode::kMaxSize, '7') + "\r\nB\r\n") ==
        Reads{refused(Reason::kTooLong), "B"});
  CHECK(feed_whole(longest + "77\r" + longest + "77\r") ==
        Reads{refused(Reason::kTooLong), refused(Reason::kTooLong)});
}

TEST_CASE("framer: an endless line is refused as soon as it is too long", "[devices][framer]") {
  LineFramer framer(kGap);
  CHECK(framer.feed(std::string(Barcode::kMaxSize + 1, '7'), kStart) ==
        Reads{refused(Reason::kTooLong)});
  CHECK(framer.feed(std::string(1000, '7'), kStart).empty());
  // Silence ends it too, without a second report.
  CHECK(framer.deadline() == kStart + kGap);
  CHECK_FALSE(framer.quiet(kStart + kGap));
  CHECK(framer.feed("B\r", kStart + kGap) == Reads{"B"});
}

TEST_CASE("framer: a read that goes quiet is given up", "[devices][framer]") {
  LineFramer framer(kGap);
  CHECK(framer.feed("40063", kStart).empty());
  CHECK(framer.deadline() == kStart + kGap);
  CHECK_FALSE(framer.quiet(kStart + kGap + Duration(-1)));
  CHECK(framer.quiet(kStart + kGap) == Reason::kIncomplete);
  CHECK_FALSE(framer.deadline());
  CHECK_FALSE(framer.quiet(kStart + 2 * kGap));
  CHECK(framer.feed("4006381333931\r", kStart + 2 * kGap) == Reads{"4006381333931"});
}

TEST_CASE("framer: every octet starts the silence anew", "[devices][framer]") {
  LineFramer framer(kGap);
  MonoTime now = kStart;
  for (int i = 0; i < 5; ++i) {
    CHECK(framer.feed("4", now).empty());
    now = now + std::chrono::milliseconds(999);
    CHECK_FALSE(framer.quiet(now));
  }
  CHECK(framer.feed("\r", now) == Reads{"44444"});
}

TEST_CASE("framer: octets that waited unread do not count as silence", "[devices][framer]") {
  LineFramer framer(kGap);
  CHECK(framer.feed("40063", kStart).empty());
  CHECK(framer.feed("81333931\r", kStart + 5 * kGap) == Reads{"4006381333931"});
}

TEST_CASE("framer: NUL is noise before a read and damage within", "[devices][framer]") {
  CHECK(feed_whole("\0\0\0A\r"s) == Reads{"A"});
  CHECK(feed_whole("A\r\0\0B\r\0"s) == Reads{"A", "B"});
  CHECK(feed_whole("\0\r"s).empty());
  CHECK(feed_whole("A\0B\rC\r"s) == Reads{refused(Reason::kIncomplete), "C"});
  LineFramer framer(kGap);
  CHECK(framer.feed("\0"s, kStart).empty());
  CHECK_FALSE(framer.deadline());
}

TEST_CASE("framer: a replug cuts a read off and starts afresh", "[devices][framer]") {
  LineFramer framer(kGap);
  CHECK_FALSE(framer.reset());
  CHECK(framer.feed("40063", kStart).empty());
  CHECK(framer.reset() == Reason::kIncomplete);
  CHECK_FALSE(framer.reset());
  CHECK(framer.feed("A\r", kStart) == Reads{"A"});

  CHECK(framer.feed(std::string(300, '7'), kStart) == Reads{refused(Reason::kTooLong)});
  CHECK_FALSE(framer.reset());
  CHECK(framer.feed("B\r", kStart) == Reads{"B"});
}

TEST_CASE("framer: an octet that nobody knows spoils its read, wherever it is",
          "[devices][framer]") {
  LineFramer framer(kGap);
  CHECK(framer.spoil(kStart) == Reason::kIncomplete);  // the first
  CHECK_FALSE(framer.spoil(kStart));
  CHECK(framer.feed("12\rA\r4", kStart) == Reads{"A"});
  CHECK(framer.spoil(kStart) == Reason::kIncomplete);
  CHECK(framer.deadline() == kStart + kGap);
  CHECK(framer.feed("5", kStart).empty());
  CHECK_FALSE(framer.quiet(kStart + kGap));  // it was told
  CHECK(framer.feed("6\r", kStart) == Reads{"6"});
}

}  // namespace
}  // namespace cairn::devices::line_framer_test
