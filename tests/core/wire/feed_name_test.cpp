#include "core/wire/feed_name.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

namespace cairn::wire::feed_name_test {
namespace {

TEST_CASE("feed name: as cursors and frames spell it", "[wire][feed]") {
  CHECK(kCatalogueFeed == "cat");
  CHECK(site_feed(cairn::test::site("store-1")) == "site:store-1");
  CHECK(node_feed(cairn::test::node(7)) == "n:01920000-0000-7000-8000-000000000007");
}

}  // namespace
}  // namespace cairn::wire::feed_name_test
