#include "edge-agent/devices/label_queue.h"

#include "tests/support/catch.h"

namespace cairn::agent::label_queue_test {
namespace {

LabelOrder order(std::uint64_t seq) {
  LabelOrder label;
  label.start.seq = seq;
  return label;
}

std::vector<std::uint64_t> numbers(const auto& orders) {
  std::vector<std::uint64_t> found;
  for (const LabelOrder& one : orders) found.push_back(one.start.seq);
  return found;
}
using Numbers = std::vector<std::uint64_t>;

TEST_CASE("label queue: one at a time, in order, each printer its own", "[agent][labels]") {
  LabelQueue queue;
  CHECK(queue.add("zebra", order(1)));
  CHECK(queue.add("zebra", order(2)));
  CHECK(queue.add("tsc", order(3)));
  CHECK(queue.next("zebra")->start.seq == 1);
  CHECK_FALSE(queue.next("zebra"));
  CHECK(queue.next("tsc")->start.seq == 3);
  queue.ended("zebra", order(2).start);  // that one is not under way
  CHECK_FALSE(queue.next("zebra"));
  queue.ended("zebra", order(1).start);
  CHECK(queue.next("zebra")->start.seq == 2);
  CHECK_FALSE(queue.next("nobody"));
}

TEST_CASE("label queue: a paused printer begins none, and ends what it has", "[agent][labels]") {
  LabelQueue queue;
  queue.add("zebra", order(1));
  queue.add("zebra", order(2));
  REQUIRE(queue.next("zebra"));
  queue.pause("zebra", true);
  queue.ended("zebra", order(1).start);
  CHECK_FALSE(queue.next("zebra"));
  CHECK(queue.line("zebra").paused);
  CHECK(numbers(queue.line("zebra").waiting) == Numbers{2});
  queue.pause("zebra", false);
  CHECK(queue.next("zebra")->start.seq == 2);
}

TEST_CASE("label queue: what waits can be taken out, what is under way cannot", "[agent][labels]") {
  LabelQueue queue;
  for (const std::uint64_t seq : {1U, 2U, 3U, 4U}) queue.add("zebra", order(seq));
  REQUIRE(queue.next("zebra"));
  CHECK(queue.take("zebra", order(1).start).empty());
  CHECK(numbers(queue.take("zebra", order(3).start)) == Numbers{3});
  const auto rest = queue.take("zebra");
  CHECK(numbers(rest) == Numbers{2, 4});
  CHECK(queue.take("zebra").empty());
  queue.add("zebra", order(5));
  queue.put_back("zebra", rest);
  CHECK(numbers(queue.line("zebra").waiting) == Numbers{2, 4, 5});
}

TEST_CASE("label queue: what was not begun after all is the next one again", "[agent][labels]") {
  LabelQueue queue;
  queue.give_back("zebra");
  for (const std::uint64_t seq : {1U, 2U}) queue.add("zebra", order(seq));
  REQUIRE(queue.next("zebra"));
  queue.give_back("zebra");
  CHECK(numbers(queue.line("zebra").waiting) == Numbers{1, 2});
  CHECK(queue.next("zebra")->start.seq == 1);
}

TEST_CASE("label queue: what waits is noted once", "[agent][labels]") {
  LabelQueue queue;
  LabelOrder noted = order(2);
  noted.noted = true;
  queue.add("zebra", order(1));
  queue.add("zebra", noted);
  queue.add("zebra", order(3));
  queue.add("tsc", order(4));
  REQUIRE(queue.next("zebra"));
  CHECK(queue.to_note("zebra") == std::vector{order(3).start});
  CHECK(queue.to_note("zebra").empty());
  queue.ended("zebra", order(1).start);
  CHECK(queue.next("zebra")->noted);
}

TEST_CASE("label queue: a printer is busy while a label is there, and while it is paused",
          "[agent][labels]") {
  LabelQueue queue;
  CHECK_FALSE(queue.is_busy("zebra"));
  CHECK(queue.is_empty());
  queue.add("zebra", order(1));
  CHECK(queue.is_busy("zebra"));
  CHECK_FALSE(queue.is_busy("tsc"));
  REQUIRE(queue.next("zebra"));
  CHECK(queue.is_busy("zebra"));
  CHECK_FALSE(queue.is_empty());
  queue.ended("zebra", order(1).start);
  CHECK_FALSE(queue.is_busy("zebra"));
  CHECK(queue.is_empty());
  queue.pause("zebra", true);
  CHECK(queue.is_busy("zebra"));
  CHECK(queue.is_empty());
}

TEST_CASE("label queue: it is not endless", "[agent][labels]") {
  LabelQueue queue;
  for (std::size_t i = 0; i < LabelQueue::kWaitingMost; ++i) CHECK(queue.add("zebra", order(i)));
  CHECK_FALSE(queue.add("zebra", order(99)));
  CHECK(queue.add("tsc", order(99)));
}

}  // namespace
}  // namespace cairn::agent::label_queue_test
