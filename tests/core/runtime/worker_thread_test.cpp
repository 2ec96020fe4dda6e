#include "core/runtime/worker_thread.h"

#include "tests/support/catch.h"

#include <atomic>
#include <future>
#include <vector>

namespace cairn::runtime::worker_thread_test {
namespace {

TEST_CASE("worker thread: tasks run elsewhere, in their order", "[runtime]") {
  std::vector<int> seen;
  std::promise<std::thread::id> done;
  WorkerThread worker(8);
  for (int i = 0; i < 5; ++i) REQUIRE(worker.post([&seen, i] { seen.push_back(i); }));
  REQUIRE(worker.post([&done] { done.set_value(std::this_thread::get_id()); }));
  CHECK(done.get_future().get() != std::this_thread::get_id());
  CHECK(seen == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("worker thread: no more wait than it has room for", "[runtime]") {
  std::promise<void> begun;
  std::promise<void> go_on;
  WorkerThread worker(2);
  REQUIRE(worker.post([&begun, &go_on] {
    begun.set_value();
    go_on.get_future().wait();
  }));
  begun.get_future().wait();
  CHECK(worker.post([] {}));
  CHECK(worker.post([] {}));
  CHECK_FALSE(worker.post([] {}));
  go_on.set_value();
}

TEST_CASE("worker thread: its end waits for the task that runs, not for the next", "[runtime]") {
  std::atomic<int> ran = 0;
  {
    std::promise<void> begun;
    WorkerThread worker(2);
    REQUIRE(worker.post([&begun, &ran] {
      begun.set_value();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      ++ran;
    }));
    REQUIRE(worker.post([&ran] { ran += 10; }));
    begun.get_future().wait();
  }
  CHECK(ran == 1);
}

}  // namespace
}  // namespace cairn::runtime::worker_thread_test
