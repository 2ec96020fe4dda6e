#include "central/promise/stock_leases.h"

#include "tests/central/support/capture_hub.h"

namespace cairn::central::stock_leases_test {
namespace {

using namespace test;

TEST_CASE("stock leases: what a closed site has covers no order of the queue",
          "[central][promise]") {
  CaptureHub hub;
  hub.count("leeds", "A1", 10);
  hub.count("york", "A1", 50);
  hub.place("1", {{1, "A1", 10}});
  const auto free = [&hub](std::string_view at) {
    return can_be_leased_milli(hub.connection(), site(at), sku("A1"), hub.clock.now);
  };
  CHECK(free("leeds") == pieces(10));  // york can fill the order
  hub.facility("york", false);
  CHECK(free("leeds") == 0);
  CHECK(free("york") == 0);
}

}  // namespace
}  // namespace cairn::central::stock_leases_test
