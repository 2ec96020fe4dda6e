#include "edge-agent/devices/originals.h"

#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::agent::originals_test {
namespace {

using storage::test::node;

EventRef own(std::uint64_t seq) { return {node(1), Incarnation(1), seq}; }

TEST_CASE("originals: what was done here since the start has one, then only copies",
          "[agent][devices]") {
  Originals originals(own(10));
  CHECK(originals.take(own(11)));
  CHECK_FALSE(originals.take(own(11)));
  CHECK(originals.take(own(12)));
  originals.give_back(own(11));
  CHECK(originals.take(own(11)));
}

TEST_CASE("originals: of what was done before, or elsewhere, there are only copies",
          "[agent][devices]") {
  Originals originals(own(10));
  CHECK_FALSE(originals.take(own(10)));
  CHECK_FALSE(originals.take({node(2), Incarnation(1), 11}));
  CHECK_FALSE(originals.take({node(1), Incarnation(2), 11}));
  CHECK_FALSE(originals.take(EventRef{}));
}

TEST_CASE("originals: what is forgotten is a copy", "[agent][devices]") {
  constexpr std::uint64_t kMany = 10'000;
  Originals originals(own(0));
  for (std::uint64_t seq = 1; seq <= kMany; ++seq) CHECK(originals.take(own(seq)));
  for (std::uint64_t seq = 1; seq <= kMany; ++seq) CHECK_FALSE(originals.take(own(seq)));
}

}  // namespace
}  // namespace cairn::agent::originals_test
