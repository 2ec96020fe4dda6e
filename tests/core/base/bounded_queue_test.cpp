#include "core/base/bounded_queue.h"

#include "tests/support/catch.h"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace cairn::bounded_queue_test {
namespace {

/// Longer than the whole run may take: whoever waits for it is killed by the runner.
constexpr Duration kForEver = std::chrono::hours(1);
constexpr Duration kNow{0};

TEST_CASE("queue: items come out in the order they went in", "[base][queue]") {
  BoundedQueue<int> queue(3);
  CHECK(queue.push(1));
  CHECK(queue.push(2));
  CHECK(queue.push(3));
  CHECK(queue.size() == 3);
  CHECK(queue.pop(kNow) == 1);
  CHECK(queue.pop(kNow) == 2);
  CHECK(queue.push(4));
  CHECK(queue.pop(kNow) == 3);
  CHECK(queue.pop(kNow) == 4);
  CHECK(queue.size() == 0);
}

TEST_CASE("queue: full means refused, and one taken makes room for one", "[base][queue]") {
  BoundedQueue<int> queue(2);
  CHECK(queue.push(1));
  CHECK(queue.push(2));
  CHECK_FALSE(queue.push(3));
  CHECK(queue.size() == 2);
  CHECK(queue.pop(kNow) == 1);
  CHECK(queue.push(4));
  CHECK_FALSE(queue.push(5));
  CHECK(queue.pop(kNow) == 2);
  CHECK(queue.pop(kNow) == 4);
}

TEST_CASE("queue: without capacity everything is refused", "[base][queue]") {
  BoundedQueue<int> queue(0);
  CHECK_FALSE(queue.push(1));
  CHECK_FALSE(queue.pop(kNow));
}

TEST_CASE("queue: an empty one gives nothing after the time-out", "[base][queue]") {
  BoundedQueue<int> queue(1);
  CHECK_FALSE(queue.pop(kNow));
  CHECK_FALSE(queue.pop(std::chrono::milliseconds(1)));
}

TEST_CASE("queue: items that can only be moved pass through", "[base][queue]") {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  CHECK(queue.push(std::make_unique<int>(7)));
  const auto item = queue.pop(kNow);
  REQUIRE(item);
  CHECK(**item == 7);
}

TEST_CASE("queue: a closed one takes nothing more but gives what it holds", "[base][queue]") {
  BoundedQueue<int> queue(3);
  CHECK(queue.push(1));
  CHECK(queue.push(2));
  CHECK_FALSE(queue.closed());
  queue.close();
  CHECK(queue.closed());
  CHECK_FALSE(queue.push(3));
  CHECK(queue.pop(kForEver) == 1);
  CHECK(queue.pop(kForEver) == 2);
  CHECK_FALSE(queue.pop(kForEver));
}

TEST_CASE("queue: closing wakes everybody who waits", "[base][queue]") {
  BoundedQueue<int> queue(1);
  std::vector<std::optional<int>> got(3, 99);
  std::vector<std::thread> waiting;
  for (auto& slot : got) {
    waiting.emplace_back([&queue, &slot] { slot = queue.pop(kForEver); });
  }
  queue.close();
  for (std::thread& thread : waiting) thread.join();
  CHECK(got == std::vector<std::optional<int>>(3));
}

TEST_CASE("queue: a push wakes one who waits", "[base][queue]") {
  BoundedQueue<int> queue(1);
  std::optional<int> got;
  std::thread waiting([&queue, &got] { got = queue.pop(kForEver); });
  const bool pushed = queue.push(7);
  waiting.join();
  CHECK(pushed);
  CHECK(got == 7);
}

TEST_CASE("queue: many producers lose nothing and keep their order", "[base][queue]") {
  constexpr int kProducers = 4;
  constexpr int kItems = 2000;
  using Item = std::pair<int, int>;
  BoundedQueue<Item> queue(16);
  std::vector<std::thread> producers;
  for (int producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&queue, producer] {
      for (int i = 0; i < kItems; ++i) {
        while (!queue.push({producer, i})) std::this_thread::yield();
      }
    });
  }
  std::vector<std::vector<int>> got(kProducers);
  std::size_t most = 0;
  for (int i = 0; i < kProducers * kItems; ++i) {
    most = std::max(most, queue.size());
    const auto item = queue.pop(kForEver);
    if (!item) break;
    got.at(static_cast<std::size_t>(item->first)).push_back(item->second);
  }
  queue.close();
  for (std::thread& producer : producers) producer.join();
  std::vector<int> all(kItems);
  for (int i = 0; i < kItems; ++i) all[static_cast<std::size_t>(i)] = i;
  for (const auto& items : got) CHECK(items == all);
  CHECK(most <= 16);
  CHECK(queue.size() == 0);
}

}  // namespace
}  // namespace cairn::bounded_queue_test
