#include "core/runtime/system_clock.h"
#include "core/runtime/system_random.h"
#include "tests/support/catch.h"

#include <chrono>
#include <set>

namespace cairn::runtime::system_test {
namespace {

TEST_CASE("system clock: wall time is now, monotonic time does not go back", "[runtime][system]") {
  const SystemClock clock;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seen = Duration(clock.utc_now().us);
  CHECK(seen >= std::chrono::duration_cast<Duration>(now));
  CHECK(seen - now < std::chrono::minutes(1));
  const MonoTime first = clock.mono_now();
  CHECK(clock.mono_now() >= first);
}

TEST_CASE("system random: numbers do not repeat over several blocks, nor between two sources",
          "[runtime][system]") {
  SystemRandom one;
  SystemRandom other;
  std::set<std::uint64_t> numbers;
  for (int i = 0; i < 200; ++i) {
    numbers.insert(one.next());
    numbers.insert(other.next());
  }
  CHECK(numbers.size() == 400);
}

}  // namespace
}  // namespace cairn::runtime::system_test
